"""Looks are told by day and person, and a page does not cut a day in two."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit.did import Purpose
from stepwell.trust.audit.rules.looks import Look, by_day_and_person, whole_days
from stepwell.trust.audit.rules.purposes import purpose_of

NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)
DANA, RUTH = UUID(int=1), UUID(int=2)


def look(minutes: int, by: UUID = DANA, did: str = "opened", purpose: str = "treatment") -> Look:
    return Look(
        NINE - timedelta(minutes=minutes), by, "Dana" if by == DANA else "Ruth", ("counselor",), did, purpose
    )


def test_one_line_for_a_person_a_day_and_a_purpose():
    [day] = by_day_and_person([look(0), look(30, did="signed"), look(10, RUTH), look(60)])
    first, second = day.visits
    assert (first.by_name, first.times, first.first_at, first.last_at, first.acts) == (
        "Dana",
        3,
        NINE - timedelta(minutes=60),
        NINE,
        ("opened", "signed"),
    )
    assert second.by_name == "Ruth"


def test_another_purpose_is_another_line():
    [day] = by_day_and_person([look(0), look(5, purpose="emergency")])
    assert [visit.purpose for visit in day.visits] == ["treatment", "emergency"]


def test_a_page_ends_with_a_whole_day():
    yesterday = [look(24 * 60 + n) for n in range(3)]
    assert whole_days([look(0), look(1), *yesterday], most=4) == 2
    assert whole_days([look(0), look(1), *yesterday], most=5) == 5


def test_a_day_with_more_than_a_page_is_cut():
    assert whole_days([look(n) for n in range(5)], most=3) == 3


@pytest.mark.parametrize(
    ("roles", "about", "own", "purpose"),
    [
        ({Role.COUNSELOR}, True, False, Purpose.TREATMENT),
        ({Role.COUNSELOR}, False, False, Purpose.OPERATIONS),
        ({Role.COUNSELOR, Role.COMPLIANCE}, True, False, Purpose.TREATMENT),
        ({Role.COMPLIANCE}, True, False, Purpose.COMPLIANCE),
        ({Role.BILLER}, True, False, Purpose.PAYMENT),
        ({Role.FRONT_DESK}, True, False, Purpose.OPERATIONS),
        ({Role.PATIENT}, True, False, Purpose.OWN),
        ({Role.PATIENT, Role.PEER}, True, True, Purpose.OWN),
        (set(), True, False, Purpose.OPERATIONS),
    ],
)
def test_what_for_is_read_from_the_part_that_somebody_plays(roles, about, own, purpose):
    assert purpose_of(roles, about_a_patient=about, at_own_door=own) == purpose
