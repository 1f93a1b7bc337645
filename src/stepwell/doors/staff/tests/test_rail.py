"""The rail shows the places that a role may open, and what waits there."""

import pytest

from stepwell.care.episodes.models import Referral
from stepwell.care.notes.owed import notes_to_sign
from stepwell.doors.testing import at, booked, came, meets, read
from stepwell.trust.accounts.roles import Role

pytestmark = pytest.mark.django_db


def rail(client, address="/staff/today/"):
    page = read(client, address)
    return page[page.index("Stepwell", page.index("Skip")) : page.index("Sign out")]


@pytest.mark.parametrize(
    ("role", "sees", "not_there"),
    [
        (Role.COUNSELOR, ["Today", "Caseload", "Groups", "Referrals"], []),
        (Role.FRONT_DESK, ["Today", "Groups", "Referrals"], ["Caseload", "Notes to sign"]),
        (Role.BILLER, ["Today"], ["Caseload", "Groups", "Referrals", "Notes to sign"]),
        (Role.COMPLIANCE, ["Today", "Caseload"], ["Groups", "Referrals", "Notes to sign"]),
        (Role.ADMINISTRATOR, ["Today"], ["Caseload", "Groups", "Referrals", "Notes to sign"]),
        (Role.PEER, ["Today", "Caseload", "Groups"], ["Referrals", "Notes to sign"]),
    ],
)
def test_each_role_has_its_places(clinic, role, sees, not_there):
    words = rail(clinic.client(clinic.user(role)))
    assert all(place in words for place in sees)
    assert not any(place in words for place in not_there)


def test_new_referrals_are_counted(clinic):
    tess = clinic.user(Role.FRONT_DESK, "Tess Nguyen")
    Referral.objects.create(patient=clinic.patient("Lena Horvath"), source="self", recorded_by=tess)
    assert "Referrals 1" in rail(clinic.client(tess))


def test_the_foot_says_who_i_am_and_where(clinic, dana):
    assert "Dana Whitfield Counselor · Alder Creek" in rail(clinic.client(dana))


def test_the_place_we_are_in_is_marked_in_a_chart_as_the_caseload(clinic, dana, maya):
    page = clinic.client(dana).get(f"/staff/people/{maya.pk}/").content.decode()
    here = page[page.index('aria-current="page"') :]
    assert "Caseload" in here[: here.index("</a>")]


def test_a_note_to_sign_counts_until_it_is_signed(clinic, dana, maya, skills):
    came(booked(maya, meets(skills, at(1, 9))), signed=False)
    assert notes_to_sign(dana).count() == 1
    assert notes_to_sign(clinic.user(Role.COUNSELOR, "Renee Castillo")).count() == 0
