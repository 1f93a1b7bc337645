"""The hours page."""

import pytest
from django.urls import reverse

from stepwell.care.care_plans.testing import signed_by_both
from stepwell.care.encounters import actions
from stepwell.care.encounters.models import Encounter
from stepwell.care.encounters.rules import Mark
from stepwell.ground.kit import clock
from stepwell.trust.access.rules import Permission, Relation, relations_for
from stepwell.trust.accounts.roles import Role


def page(room, client, name="Aisha", query=""):
    return client.get(reverse("encounters:hours", args=[room.patient(name).pk]) + query)


@pytest.fixture
def as_dana(room, clinic):
    return clinic.client(room.dana)


def test_every_number_opens_to_its_minutes(room, clinic, as_dana):
    aisha = room.patient("Aisha")
    clinic.patient_user(aisha)
    signed_by_both(aisha, by=room.dana)
    actions.mark(room.place("Aisha"), Mark.LATE, minutes=65, by=room.dana, at=clock.now())
    told = page(room, as_dana).content.decode()
    assert "0 h of 9 h counted" in told
    assert "7 h 55 min will be missing" in told
    actions.sign_attendance(Encounter.objects.get(), by=room.dana, at=clock.now())
    told = page(room, as_dana).content.decode()
    assert "1 h 5 min of 9 h counted" in told
    assert "Riding out cravings" in told
    assert "Mon Nov 23" in told
    assert ">65<" in told


def test_another_week_has_its_own_address(room, as_dana):
    assert "Nothing signed this week." in page(room, as_dana, query="?week=2026-W40").content.decode()
    assert "Riding out cravings" in page(room, as_dana, query="?week=2026-W48").content.decode()


@pytest.mark.parametrize("name", ["2026-W60", "last", "2026", "9999-W99", "0001-W01", "1900-W01"])
def test_a_week_that_is_none_is_not_found(room, as_dana, name):
    assert page(room, as_dana, query=f"?week={name}").status_code == 404


def test_a_past_place_that_nobody_marked_says_so(room, as_dana):
    assert "Not marked yet" in page(room, as_dana).content.decode()


@pytest.mark.parametrize("role", [role for role in Role if role.is_staff])
@pytest.mark.parametrize("on_team", [True, False])
def test_who_sees_hours(room, clinic, role, on_team):
    reader = clinic.user(role, f"Reader {role.value}")
    if on_team:
        clinic.join(room.patient("Aisha"), reader)
    stands = {Relation.CENTER, *([Relation.CARE_TEAM] if on_team else [])}
    expected = 200 if relations_for(Permission.SEE_HOURS, [role]) & stands else 404
    assert page(room, clinic.client(reader)).status_code == expected
