"""The phone lines of a center: written by Noor, public while they are answered, and no longer."""

from datetime import datetime, time
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse

from stepwell.trust.setup.rules.hours import Open
from stepwell.trust.setup.rules.phone_lines import Answered, stored

if TYPE_CHECKING:
    from stepwell.trust.accounts.models import User
    from stepwell.trust.people.testing import Clinic

WEEK = (Open.at(0, "08:30", "12:00"), Open.at(0, "13:00", "17:00"))
MONDAY = datetime(2026, 11, 23)  # noqa: DTZ001 - as the clock on the wall shows it


@pytest.mark.parametrize(
    ("shows", "answered"),
    [("08:29", False), ("08:30", True), ("11:59", True), ("12:00", False), ("16:59", True), ("17:00", False)],
)
def test_a_line_is_answered_in_its_hours_to_the_minute(shows: str, answered: bool):
    face = datetime.combine(MONDAY, time.fromisoformat(shows))
    assert Answered(False, WEEK).at(face, is_closed_day=False) is answered
    assert Answered(False, WEEK).at(face, is_closed_day=True) is False
    assert Answered(False, WEEK).at(face.replace(day=24), is_closed_day=False) is False
    assert Answered(True).at(face, is_closed_day=True) is True


def test_hours_are_read_as_they_were_stored():
    assert Answered.of(False, stored(WEEK)) == Answered(False, WEEK)


def line_url(clinic: "Clinic", kind: str = "nurse", route: str = "phone_line") -> str:
    return reverse(f"setup:{route}", args=[clinic.center.pk, kind])


@pytest.fixture
def page(clinic: "Clinic", noor: "User") -> Client:
    return clinic.client(noor)


def test_noor_writes_a_line_changes_it_and_takes_it_off(page: Client, clinic: "Clinic"):
    from stepwell.trust.organizations.models import PhoneLine

    given = {"phone": "937 555 0142", "opens_0_0": "08:30", "closes_0_0": "17:00"}
    page.post(line_url(clinic), given)
    line = PhoneLine.objects.get()
    assert (line.kind, line.phone, line.hours) == ("nurse", "+19375550142", [[0, "08:30", "17:00"]])
    listed = page.get(reverse("setup:phone_lines", args=[clinic.center.pk])).content.decode()
    assert "(937) 555-0142" in listed
    assert "Monday 8:30 AM to 5 PM" in listed

    page.post(
        line_url(clinic), {"phone": "937 555 0142", "is_always": "on", "opens_0_0": "", "closes_0_0": ""}
    )
    line.refresh_from_db()
    assert (line.is_always, line.hours) == (True, [])

    page.post(line_url(clinic, route="line_removal"))
    assert not PhoneLine.objects.exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"phone": "", "is_always": "on"}, "Write the number that is answered."),
        ({"phone": "937 555 0142"}, "Write when it is answered, or say that it is answered day and night."),
        ({"phone": "12", "is_always": "on"}, "Write the phone number with its area code"),
        ({"phone": "937 555 0142", "opens_0_0": "9:00"}, "Write both times, or leave both empty."),
    ],
)
def test_a_line_that_would_mislead_is_not_kept(
    page: Client, clinic: "Clinic", given: dict[str, str], said: str
):
    from stepwell.trust.organizations.models import PhoneLine

    answer = page.post(line_url(clinic), given)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not PhoneLine.objects.exists()


def test_a_line_that_there_is_not_is_not_found(page: Client, clinic: "Clinic"):
    assert page.get(line_url(clinic, "psychic")).status_code == 404


def test_a_counselor_finds_no_lines_to_change(clinic: "Clinic", dana: "User"):
    assert clinic.client(dana).get(line_url(clinic)).status_code == 403


def test_what_is_published_says_where_it_lies_and_by_which_clock(page: Client, clinic: "Clinic"):
    from stepwell.trust.organizations.models import Center, PublishedCenter

    Center.objects.filter(pk=clinic.center.pk).update(
        postal_code="45402", phone="+19375550100", time_zone="America/Chicago"
    )
    page.post(
        reverse("setup:directory", args=[clinic.center.pk]),
        {
            "publish": "1",
            "services": ["iop", "day"],
            "languages": ["en"],
            "plans": ["medicaid"],
            "books_online": "on",
        },
    )
    entry = PublishedCenter.objects.get()
    assert entry.point is not None
    assert round(entry.point.latitude) == 40
    assert (entry.time_zone, entry.plans, entry.books_online) == ("America/Chicago", ["medicaid"], True)
