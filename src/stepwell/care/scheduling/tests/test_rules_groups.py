"""When a group meets, and who finds a place in it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepwell.care.scheduling.rules.groups import (
    Group,
    Newcomer,
    Place,
    Unfit,
    meeting_days,
    seats_left,
    unfit,
)
from stepwell.care.scheduling.rules.hours import Planned, planned_minutes

NOV_23 = date(2026, 11, 23)
MONDAY, TUESDAY = 0, 1


def days_from(first: date, until: date, **change) -> list[date]:
    given: dict[str, Any] = {"weekday": MONDAY, "starts_on": date(2026, 9, 1), "ends_on": None}
    return list(meeting_days(first=first, until=until, **given | change))


def test_a_monday_group_meets_on_mondays():
    assert days_from(NOV_23, NOV_23 + timedelta(days=14)) == [NOV_23, date(2026, 11, 30), date(2026, 12, 7)]


def test_a_group_does_not_meet_before_it_begins_nor_from_its_end_on():
    assert days_from(NOV_23, date(2026, 12, 31), starts_on=date(2026, 11, 24), ends_on=date(2026, 12, 7)) == [
        date(2026, 11, 30)
    ]


@given(st.integers(0, 6), st.dates(date(2026, 1, 1), date(2027, 1, 1)), st.integers(-3, 60))
def test_a_group_meets_once_in_every_seven_days(weekday, first, length):
    until = first + timedelta(days=length)
    found = days_from(first, until, weekday=weekday, starts_on=first)
    expected = [first + timedelta(days=n) for n in range(length + 1)]
    assert found == [day for day in expected if day.weekday() == weekday]


def test_a_place_that_begins_later_already_takes_its_seat():
    places = [Place(NOV_23), Place(date(2026, 12, 7))]
    assert seats_left(2, places, from_day=NOV_23) == 0


def test_a_place_that_has_ended_leaves_its_seat():
    assert seats_left(2, [Place(date(2026, 9, 1), NOV_23)], from_day=NOV_23) == 2
    assert seats_left(2, [Place(date(2026, 9, 1), NOV_23 + timedelta(days=1))], from_day=NOV_23) == 1


def test_a_place_taken_back_before_it_began_never_took_a_seat():
    assert (
        seats_left(2, [Place(NOV_23 + timedelta(days=7), NOV_23 + timedelta(days=7))], from_day=NOV_23) == 2
    )


def test_seats_left_are_never_less_than_none():
    assert seats_left(1, [Place(NOV_23)] * 3, from_day=NOV_23) == 0


@given(
    st.integers(1, 15),
    st.lists(st.tuples(st.integers(-40, 40), st.one_of(st.none(), st.integers(0, 60))), max_size=20),
)
def test_seats_said_to_be_left_are_left_on_every_later_day(seats, stays):
    places = [
        Place(
            NOV_23 + timedelta(days=start),
            None if length is None else NOV_23 + timedelta(days=start + length),
        )
        for start, length in stays
    ]
    left = seats_left(seats, places, from_day=NOV_23)
    for offset in range(0, 120, 7):
        day = NOV_23 + timedelta(days=offset)
        taken = sum(place.holds_on(day) for place in places)
        assert left == 0 or taken + left <= seats


GROUP = Group("en", seats_left=2, ends_on=None)
ROSA = Newcomer("es", needs_interpreter=True, is_in_it=False, has_clash=False)
MAYA = replace(ROSA, language="en", needs_interpreter=False)


@pytest.mark.parametrize(
    ("group", "newcomer", "reason"),
    [
        (GROUP, MAYA, None),
        (GROUP, ROSA, Unfit.LANGUAGE),
        (GROUP, replace(ROSA, needs_interpreter=False), None),
        (replace(GROUP, language="es"), ROSA, None),
        (replace(GROUP, language="es"), MAYA, Unfit.LANGUAGE),
        (replace(GROUP, seats_left=0), MAYA, Unfit.FULL),
        (replace(GROUP, ends_on=NOV_23), MAYA, Unfit.OVER),
        (GROUP, replace(MAYA, has_clash=True), Unfit.CLASH),
        (GROUP, replace(MAYA, is_in_it=True, has_clash=True), Unfit.IN_IT),
    ],
)
def test_a_group_is_offered_to_those_whom_it_fits(group, newcomer, reason):
    assert unfit(group, newcomer, from_day=NOV_23) is reason


def test_planned_hours_leave_out_visits_that_are_not_treatment():
    week = [
        Planned("group", 180, is_clinical_group=True),
        Planned("group", 60),
        Planned("individual", 50),
        Planned("intake", 60),
        Planned("medical", 20),
    ]
    assert planned_minutes(week) == 230
