"""The clock stands still when told to, and weeks survive clock changes and year ends."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepwell.ground.kit import clock
from stepwell.ground.kit.weeks import Week

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_the_clock_stands_still_and_then_goes_on():
    with clock.stand_still(NOON):
        assert clock.now() == NOON
        with clock.stand_still(NOON + timedelta(days=1)):
            assert clock.now() == NOON + timedelta(days=1)
        assert clock.now() == NOON


def test_the_date_is_the_one_on_the_wall_at_the_center():
    with clock.stand_still(datetime(2026, 11, 24, 4, 30, tzinfo=UTC)):
        assert clock.today("America/New_York") == date(2026, 11, 23)
        assert clock.today("UTC") == date(2026, 11, 24)


def test_a_moment_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"), clock.stand_still(NOON.replace(tzinfo=None)):
        pass


def test_the_week_of_a_clock_change_is_an_hour_longer_or_shorter():
    def length(day: date) -> timedelta:
        start, end = Week.of(day).bounds("America/New_York")
        return end - start

    assert length(date(2026, 11, 1)) == timedelta(hours=169)
    assert length(date(2026, 3, 8)) == timedelta(hours=167)
    assert length(date(2026, 11, 23)) == timedelta(hours=168)


def test_a_week_has_its_iso_name():
    assert str(Week.of(date(2026, 11, 23))) == "2026-W48"
    assert Week.named("2026-W48") == Week.of(date(2026, 11, 29))


@pytest.mark.parametrize("name", ["", "2026-W99", "W48", "2026-11-23", "2026-W48; drop"])
def test_a_name_that_is_no_week_is_refused(name):
    with pytest.raises(ValueError):
        Week.named(name)


@given(st.dates(min_value=date(2000, 1, 3), max_value=date(2100, 12, 20)))
def test_every_day_is_in_its_own_week(day):
    week = Week.of(day)
    assert day in week.days
    assert week.next.before == week
    assert Week.named(str(week)) == week
