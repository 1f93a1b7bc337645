"""Nobody is in two places, and an open time is truly open, also on the days the clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepwell.care.scheduling.rules.times import (
    USUAL_WEEK,
    Stretch,
    Taken,
    Wish,
    at_wall,
    clashes,
    doors,
    exists,
    open_times,
)
from stepwell.trust.setup.rules.hours import Open

DAYTON = ZoneInfo("America/New_York")
MONDAY, THANKSGIVING, SATURDAY = date(2026, 11, 23), date(2026, 11, 26), date(2026, 11, 28)
# Clocks go from 2 to 3 AM on the first, and from 2 back to 1 AM on the second.
SPRING, FALL = date(2027, 3, 14), date(2026, 11, 1)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
DAY_AND_NIGHT = tuple(Open(day, time(0), time(0)) for day in range(7))
WITH_A_BREAK = (Open.at(0, "08:30", "12:00"), Open.at(0, "17:30", "20:30"))
DANA, ROOM = UUID(int=1), UUID(int=2)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), DAYTON)


def stretch(day: date, hour: int, minutes: int = 60) -> Stretch:
    return Stretch.of(at(day, hour), minutes)


def faces(stretches) -> list[str]:
    return [f"{one.starts_at.astimezone(DAYTON):%H:%M}" for one in stretches]


def offered(day: date, **change) -> list[str]:
    given: dict[str, Any] = {"minutes": 60, "zone": DAYTON, "taken": (), "not_before": LONG_AGO}
    return faces(open_times(day, **given | change))


def test_where_one_ends_the_next_may_begin():
    assert not stretch(MONDAY, 9).overlaps(stretch(MONDAY, 10))
    assert stretch(MONDAY, 9, 61).overlaps(stretch(MONDAY, 10))


def test_a_stretch_needs_a_time_zone_and_some_length():
    with pytest.raises(ValueError, match="time zone"):
        Stretch(datetime(2026, 11, 23, 9), datetime(2026, 11, 23, 10))  # noqa: DTZ001
    with pytest.raises(ValueError, match="ends after"):
        Stretch(at(MONDAY, 9), at(MONDAY, 9))


def test_a_clash_names_what_holds_the_one_who_is_wanted():
    group = Taken(DANA, stretch(MONDAY, 9, 90), by="Skills A")
    wish = Wish(DANA, stretch(MONDAY, 10))
    assert clashes([wish], [group, Taken(ROOM, stretch(MONDAY, 10))]) == ((wish, group),)


def test_an_intake_is_offered_on_the_hour_from_nine_to_four():
    assert offered(MONDAY) == ["09:00", "10:00", "11:00", "12:00", "13:00", "14:00", "15:00", "16:00"]


def test_what_is_taken_is_not_offered():
    taken = [stretch(MONDAY, 9, 90), stretch(MONDAY, 13, 50)]
    assert offered(MONDAY, taken=taken) == ["11:00", "12:00", "14:00", "15:00", "16:00"]


def test_a_time_that_has_begun_is_not_offered():
    assert offered(MONDAY, not_before=at(MONDAY, 14, 1)) == ["15:00", "16:00"]


def test_nothing_is_offered_on_a_weekday_when_the_doors_stay_shut():
    assert offered(SATURDAY) == []


def test_a_center_that_shuts_over_midday_offers_its_morning_and_its_evening():
    assert offered(MONDAY, week=WITH_A_BREAK) == ["08:30", "09:30", "10:30", "17:30", "18:30", "19:30"]
    assert offered(MONDAY, week=WITH_A_BREAK, minutes=240) == []


def test_doors_that_would_open_only_in_the_hour_that_spring_skips_stay_shut():
    assert doors(SPRING, [Open.at(6, "02:30", "03:00")], DAYTON) == ()


def test_a_long_visit_must_end_by_closing():
    assert offered(MONDAY, minutes=120, every=60)[-1] == "15:00"


def test_midnight_is_the_end_of_its_day():
    assert offered(MONDAY, week=DAY_AND_NIGHT)[-1] == "23:00"
    assert offered(MONDAY, week=DAY_AND_NIGHT, minutes=61)[-1] == "22:00"


def test_the_hour_that_spring_skips_is_not_offered():
    assert offered(SPRING, week=DAY_AND_NIGHT)[:4] == ["00:00", "01:00", "03:00", "04:00"]


def test_the_hour_that_fall_repeats_is_offered_once():
    times = offered(FALL, week=DAY_AND_NIGHT)
    assert times == [f"{hour:02}:00" for hour in range(24)]


def test_a_stretch_over_the_change_is_as_long_as_it_says():
    over = Stretch.of(at(SPRING, 1), 120)
    assert over.ends_at.astimezone(DAYTON).hour == 4
    assert over.minutes == 120


def test_two_times_on_the_wall_that_are_different_hours_do_not_clash():
    first = Stretch.of(datetime(2026, 11, 1, 1, 0, fold=0, tzinfo=DAYTON), 60)
    second = Stretch.of(datetime(2026, 11, 1, 1, 0, fold=1, tzinfo=DAYTON), 60)
    assert not first.overlaps(second)
    assert second.starts_at - first.starts_at == timedelta(hours=1)


days = st.one_of(
    st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.sampled_from([SPRING, FALL, MONDAY, THANKSGIVING])
)
some_weeks = st.sampled_from(
    [
        USUAL_WEEK,
        DAY_AND_NIGHT,
        WITH_A_BREAK,
        tuple(Open(day, time(7, 30), time(20, 15)) for day in (0, 6)),
    ]
)
lengths = st.integers(15, 240)


@st.composite
def taken_on(draw, day: date) -> list[Stretch]:
    midnight = at_wall(day, time(), DAYTON)
    starts = draw(st.lists(st.integers(-180, 24 * 60 + 180), max_size=8))
    return [Stretch.of(midnight + timedelta(minutes=n), draw(st.integers(1, 300))) for n in starts]


@given(st.data(), days, some_weeks, lengths, st.sampled_from([15, 30, 60]))
def test_every_time_offered_is_free_open_ahead_and_whole(data, day, week, minutes, every):
    taken = data.draw(taken_on(day))
    not_before = at_wall(day, time(), DAYTON) + timedelta(minutes=data.draw(st.integers(-60, 1500)))
    found = open_times(
        day, minutes=minutes, zone=DAYTON, taken=taken, not_before=not_before, week=week, every=every
    )
    open_then = doors(day, week, DAYTON)
    for one in found:
        assert one.minutes == minutes
        assert not any(one.overlaps(other) for other in taken)
        assert one.starts_at >= not_before
        assert any(each.starts_at <= one.starts_at and one.ends_at <= each.ends_at for each in open_then)
        assert one.starts_at.astimezone(DAYTON).date() == day
    assert list(found) == sorted(set(found))


@given(st.data(), days, some_weeks, lengths)
def test_no_open_time_is_kept_back(data, day, week, minutes):
    taken = data.draw(taken_on(day))
    found = set(
        open_times(day, minutes=minutes, zone=DAYTON, taken=taken, not_before=LONG_AGO, week=week, every=30)
    )
    for each in doors(day, week, DAYTON):
        first = each.starts_at.astimezone(DAYTON).replace(tzinfo=None)
        for half_hours in range(48):
            face = first + timedelta(minutes=30 * half_hours)
            if face.date() != day or not exists(face, DAYTON):
                continue
            one = Stretch.of(face.replace(tzinfo=DAYTON), minutes)
            is_open = each.starts_at <= one.starts_at and one.ends_at <= each.ends_at
            if is_open:
                assert (one in found) == (not any(one.overlaps(other) for other in taken))


@given(st.data(), days)
def test_clashes_are_just_the_pairs_that_overlap(data, day):
    whom = st.sampled_from([DANA, ROOM])
    wishes = [Wish(data.draw(whom), one) for one in data.draw(taken_on(day))]
    taken = [Taken(data.draw(whom), one) for one in data.draw(taken_on(day))]
    expected = [
        (wish, one)
        for wish in wishes
        for one in taken
        if wish.whom == one.whom and wish.during.overlaps(one.during)
    ]
    found = clashes(wishes, taken)
    assert len(found) == len(expected) and all(pair in expected for pair in found)


@given(days, st.integers(0, 1439), lengths, st.integers(0, 1439), lengths)
def test_overlapping_goes_both_ways(day, a, a_minutes, b, b_minutes):
    midnight = at_wall(day, time(), DAYTON)
    one = Stretch.of(midnight + timedelta(minutes=a), a_minutes)
    other = Stretch.of(midnight + timedelta(minutes=b), b_minutes)
    assert one.overlaps(other) == other.overlaps(one)
    assert one.overlaps(other) == (max(a, b) < min(a + a_minutes, b + b_minutes))
