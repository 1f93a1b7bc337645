"""A place on a care team opens a chart until it ends or runs out, and an emergency opens less, and for less long."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from stepwell.ground.kit import clock
from stepwell.trust.access import Permission, may
from stepwell.trust.accounts.roles import Role
from stepwell.trust.people.joining import join_care_team, lets_themself_in
from stepwell.trust.people.models import CareTeamMember, Practitioner

HOUR = timedelta(hours=1)


@pytest.fixture
def dana(clinic):
    return clinic.user(Role.COUNSELOR, "Dana Whitfield")


@pytest.fixture
def tess(clinic):
    return clinic.user(Role.FRONT_DESK, "Tess Nguyen")


@pytest.fixture
def maya(clinic):
    return clinic.patient("Maya Reyes")


def let_in(clinic, patient, user, **more):
    part = clinic.join(patient, user)
    CareTeamMember.objects.filter(pk=part.pk).update(ended_on=clinic.today)
    return CareTeamMember.objects.create(
        patient=patient,
        practitioner=part.practitioner,
        role=part.role,
        started_on=clinic.today,
        kind=CareTeamMember.Kind.EMERGENCY,
        because="danger to life",
        **({"expires_at": clock.now() + HOUR} | more),
    )


def test_a_place_with_an_end_opens_the_chart_until_then_and_nothing_has_to_run(clinic, dana, maya):
    part = clinic.join(maya, dana)
    part.expires_at = clock.now() + HOUR
    part.save()
    assert may(dana, Permission.SEE_CHART, maya)
    with clock.stand_still(part.expires_at - timedelta(seconds=1)):
        assert may(dana, Permission.SEE_CHART, maya)
        assert list(CareTeamMember.objects.current()) == [part]
    with clock.stand_still(part.expires_at):
        assert not may(dana, Permission.SEE_CHART, maya)
        assert not CareTeamMember.objects.current().exists()


def test_who_joins_again_after_the_place_ran_out_has_a_new_one(clinic, dana, tess, maya):
    part = clinic.join(maya, dana)
    CareTeamMember.objects.filter(pk=part.pk).update(
        started_on=clinic.today - timedelta(days=40), expires_at=clock.now() - timedelta(days=10)
    )
    again = join_care_team(maya, part.practitioner, Role.COUNSELOR, on=clinic.today, by=tess)
    assert again.pk != part.pk
    assert may(dana, Permission.SEE_CHART, maya)
    part.refresh_from_db()
    assert part.ended_on == clinic.today - timedelta(days=10)


def test_who_joins_again_before_it_runs_out_stays(clinic, dana, tess, maya):
    part = clinic.join(maya, dana)
    CareTeamMember.objects.filter(pk=part.pk).update(expires_at=clock.now() + HOUR)
    assert join_care_team(maya, part.practitioner, Role.COUNSELOR, on=clinic.today, by=tess) == part
    part.refresh_from_db()
    assert part.expires_at is None


def test_an_emergency_opens_the_chart_to_read_and_nothing_is_written_under_it(clinic, dana, maya):
    let_in(clinic, maya, dana)
    for permission in (Permission.SEE_CHART, Permission.SEE_NOTES, Permission.SEE_MEDICATION):
        assert may(dana, permission, maya), permission
    for permission in (Permission.SIGN_PLAN, Permission.CHANGE_LEVEL, Permission.DISCLOSE):
        assert not may(dana, permission, maya), permission
    with clock.stand_still(clock.now() + HOUR):
        assert not may(dana, Permission.SEE_CHART, maya)


def test_who_was_let_in_by_an_emergency_looks_after_nobody(clinic, dana, maya):
    let_in(clinic, maya, dana)
    assert not CareTeamMember.objects.current().exists()
    assert CareTeamMember.objects.in_emergency().count() == 1


def test_an_emergency_opens_nothing_to_those_who_may_not_open_one(clinic, maya):
    luis = clinic.user(Role.PEER, "Luis Ortega")
    let_in(clinic, maya, luis)
    assert not may(luis, Permission.SEE_CHART, maya)


def test_the_database_does_not_let_an_emergency_be_prolonged(clinic, dana, maya):
    part = let_in(clinic, maya, dana)
    later = CareTeamMember.objects.filter(pk=part.pk)
    for change in (
        {"expires_at": part.expires_at + timedelta(seconds=1)},
        {"kind": CareTeamMember.Kind.REGULAR},
        {"patient": clinic.patient("Devon Tate")},
    ):
        with pytest.raises(IntegrityError, match="not prolonged"), transaction.atomic():
            later.update(**change)
    later.update(expires_at=clock.now(), ended_on=clinic.today)
    assert not may(dana, Permission.SEE_CHART, maya)


def test_the_database_asks_an_emergency_for_its_end_and_its_reason(clinic, dana, maya):
    with pytest.raises(IntegrityError, match="emergency_runs_out"), transaction.atomic():
        let_in(clinic, maya, dana, expires_at=None)


def test_nobody_lets_themselves_in(clinic, dana, tess, maya):
    """Booking a time or leading a group gives a place on the team, and the place opens the chart."""
    renee = clinic.user(Role.COUNSELOR, "Renee Castillo")
    clinic.join(maya, dana)
    assert lets_themself_in(maya, clinic.practitioner(Role.COUNSELOR, "Renee Castillo"), by=renee)
    assert not lets_themself_in(maya, clinic.practitioner(Role.COUNSELOR, "Renee Castillo"), by=tess)
    assert not lets_themself_in(maya, Practitioner.objects.get(user=dana), by=dana)


def test_an_emergency_does_not_become_a_place_for_good(clinic, dana, maya):
    renee = clinic.user(Role.COUNSELOR, "Renee Castillo")
    let_in(clinic, maya, renee)
    clinic.join(maya, dana)
    assert may(renee, Permission.SEE_CHART, maya)
    assert lets_themself_in(maya, clinic.practitioner(Role.COUNSELOR, "Renee Castillo"), by=renee)


def test_whom_nobody_looks_after_yet_is_taken_on_by_oneself(clinic, dana, maya):
    assert not lets_themself_in(maya, clinic.practitioner(Role.COUNSELOR, "Dana Whitfield"), by=dana)


def test_a_supervisor_sees_the_chart_anyway_and_may_join(clinic, dana, maya):
    marcus = clinic.user(Role.CLINICAL_SUPERVISOR, "Marcus Bell")
    clinic.join(maya, dana)
    assert not lets_themself_in(maya, Practitioner.objects.get(user=marcus), by=marcus)
