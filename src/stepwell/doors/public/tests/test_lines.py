"""Whom to call now: a line that somebody answers, or 911, Poison Control and 988, and nothing else."""

import re
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from stepwell.ground.kit import clock
from stepwell.trust.organizations.models import Closure, PhoneLine, PublishedCenter
from stepwell.trust.people.testing import Clinic, open_clinic

pytestmark = pytest.mark.django_db
DAYTON = ZoneInfo("America/New_York")


@pytest.fixture
def clinic() -> Iterator[Clinic]:
    with open_clinic() as clinic:
        PublishedCenter.objects.create(
            organization=clinic.organization,
            center=clinic.center,
            name="Alder Creek",
            slug="alder-creek",
            city="Dayton",
            state="OH",
            postal_code="45402",
            phone="+19375550100",
            confirmed_on=clinic.today,
        )
        for kind, phone, always in (("nurse", "+19375550142", False), ("crisis", "+19375550143", False)):
            PhoneLine.objects.create(
                organization=clinic.organization,
                center=clinic.center,
                kind=kind,
                phone=phone,
                is_always=always,
                hours=[[0, "08:00", "17:00"]],
            )
        yield clinic


def called_now(client: Client, at: datetime) -> list[str]:
    with clock.stand_still(at):
        page = client.get("/centers/alder-creek/").content.decode()
    section = page.partition('id="call"')[2].partition("</section>")[0]
    return re.findall(r'href="tel:([^"]+)"', section)


def test_in_the_morning_the_lines_that_are_answered_the_most_pressing_first(client: Client, clinic: Clinic):
    assert called_now(client, datetime(2026, 11, 23, 9, tzinfo=DAYTON)) == ["+19375550143", "+19375550142"]


@pytest.mark.parametrize("hour", [3, 17, 23])
def test_at_night_911_poison_control_and_988_and_nothing_else(client: Client, clinic: Clinic, hour: int):
    at = datetime(2026, 11, 23, hour, tzinfo=DAYTON)
    assert called_now(client, at) == ["911", "+18002221222", "988"]


def test_on_a_closed_day_only_a_line_that_is_always_answered(client: Client, clinic: Clinic):
    Closure.objects.create(center=clinic.center, on=clinic.today, reason="Staff training")
    at = datetime(2026, 11, 23, 9, tzinfo=DAYTON)
    assert called_now(client, at) == ["911", "+18002221222", "988"]
    PhoneLine.objects.filter(kind="nurse").update(is_always=True, hours=[])
    assert called_now(client, at) == ["+19375550142"]
