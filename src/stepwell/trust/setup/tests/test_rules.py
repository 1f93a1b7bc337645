"""Hours in words, holidays of a year, and who must stay."""

from datetime import date, time
from uuid import UUID

import pytest

from stepwell.trust.setup.rules.administrators import Administers, leaves_nobody
from stepwell.trust.setup.rules.closed_days import federal_holidays
from stepwell.trust.setup.rules.hours import Open, in_english, in_spanish, overlapping

MORNING, NIGHT, NOON = time(8, 30), time(20, 30), time(12)
WORKDAYS = [Open(day, MORNING, NIGHT) for day in range(5)]
SATURDAY = Open(5, time(9), time(14))


def test_days_with_the_same_hours_are_said_together():
    assert in_english([*WORKDAYS, SATURDAY]) == "Monday to Friday 8:30 AM to 8:30 PM, Saturday 9 AM to 2 PM"
    assert in_spanish([*WORKDAYS, SATURDAY]) == (
        "Lunes a viernes de 8:30 a. m. a 8:30 p. m., sábado de 9 a. m. a 2 p. m."
    )


def test_a_day_off_in_between_parts_them():
    week = [Open(day, time(9), time(17)) for day in (0, 1, 3, 4)]
    assert in_english(week) == "Monday and Tuesday 9 AM to 5 PM, Thursday and Friday 9 AM to 5 PM"
    assert in_spanish(week) == "Lunes y martes de 9 a. m. a 5 p. m., jueves y viernes de 9 a. m. a 5 p. m."


def test_a_day_that_closes_at_noon_and_opens_again():
    week = [Open(2, time(13), time(17)), Open(2, time(9), NOON)]
    assert in_english(week) == "Wednesday 9 AM to 12 PM and 1 PM to 5 PM"
    assert in_spanish(week) == "Miércoles de 9 a. m. a 12 p. m. y de 1 p. m. a 5 p. m."


def test_no_hours_are_no_words():
    assert in_english([]) == in_spanish([]) == ""


@pytest.mark.parametrize(
    ("second", "clash"),
    [
        (Open(0, NOON, NIGHT), False),
        (Open(0, time(11, 59), NIGHT), True),
        (Open(1, MORNING, NOON), False),
        (Open(0, time(7), time(23)), True),
    ],
)
def test_stretches_of_one_day_may_touch_and_not_overlap(second: Open, clash: bool):
    assert bool(overlapping([Open(0, MORNING, NOON), second])) is clash


def test_the_federal_holidays_of_2026():
    days = {day.on: day.reason for day in federal_holidays(2026)}
    assert days[date(2026, 11, 26)] == "Thanksgiving Day"
    assert days[date(2026, 7, 3)] == "Independence Day (observed)"
    assert {day.year for day in days} == {2026}


MARTA, NOOR = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize(
    ("before", "after", "nobody"),
    [
        ([(NOOR, True)], [], True),
        ([(NOOR, True)], [(NOOR, True)], False),
        ([(NOOR, True), (MARTA, True)], [(MARTA, True)], False),
        ([(NOOR, True)], [(NOOR, False)], True),
        ([(NOOR, True), (MARTA, False)], [(MARTA, False)], True),
        ([(MARTA, False)], [], True),
        ([], [], False),
    ],
)
def test_an_organization_is_not_left_without_an_administrator(
    before: list[tuple[UUID, bool]], after: list[tuple[UUID, bool]], nobody: bool
):
    assert (
        leaves_nobody([Administers(*one) for one in before], [Administers(*one) for one in after]) is nobody
    )
