"""Nobody's telephone lights up at night, in whatever zone, on whatever day the clocks change."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st

from stepwell.trust.outbox.rules.quiet import USUAL, QuietHours, first_allowed

ZONES = [
    "America/New_York",
    "America/Los_Angeles",
    "America/Phoenix",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Puerto_Rico",
    "America/St_Johns",
    "America/Havana",  # The clock is put forward at midnight.
    "Australia/Lord_Howe",  # By half an hour.
    "Asia/Kathmandu",
    "Pacific/Apia",  # Left a whole day out in 2011.
    "Africa/Casablanca",
]
FIRST, LAST = datetime(2011, 1, 1), datetime(2037, 12, 31)  # noqa: DTZ001 - Hypothesis adds the zone
moments = st.datetimes(FIRST, LAST, timezones=st.just(UTC))
hours = st.builds(QuietHours, st.times(), st.times())
NEW_YORK = ZoneInfo("America/New_York")


@settings(max_examples=500, deadline=None, derandomize=True)
@given(moments, st.sampled_from(ZONES).map(ZoneInfo), st.one_of(st.just(USUAL), hours))
@example(datetime(2011, 12, 30, 9, tzinfo=UTC), ZoneInfo("Pacific/Apia"), USUAL)
@example(datetime(2026, 3, 8, 6, 30, tzinfo=UTC), NEW_YORK, QuietHours(time(1), time(2, 30)))
@example(datetime(2026, 11, 1, 5, 45, tzinfo=UTC), NEW_YORK, QuietHours(time(1, 30), time(1, 50)))
def test_never_in_quiet_hours_and_never_earlier_than_asked(
    asked: datetime, zone: ZoneInfo, quiet: QuietHours
):
    allowed = first_allowed(asked, zone, quiet)
    assert allowed >= asked
    assert not quiet.are_at(allowed, zone)
    assert allowed - asked <= timedelta(hours=50)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(moments, st.sampled_from(ZONES).map(ZoneInfo))
def test_what_may_go_now_goes_now(asked: datetime, zone: ZoneInfo):
    if 8 <= asked.astimezone(zone).hour < 21:
        assert first_allowed(asked, zone) == asked


def test_at_half_past_nine_in_the_evening_it_waits_for_eight():
    asked = datetime(2026, 11, 23, 21, 30, tzinfo=NEW_YORK)
    assert first_allowed(asked, NEW_YORK) == datetime(2026, 11, 24, 8, tzinfo=NEW_YORK)


def test_the_night_is_that_of_the_person():
    """7:30 AM in Dayton is 4:30 AM in Los Angeles."""
    asked = datetime(2026, 11, 23, 8, 30, tzinfo=NEW_YORK)
    assert first_allowed(asked, NEW_YORK) == asked
    los_angeles = ZoneInfo("America/Los_Angeles")
    assert first_allowed(asked, los_angeles) == datetime(2026, 11, 23, 8, tzinfo=los_angeles)


def test_on_the_nights_when_the_clock_changes_eight_is_eight():
    for evening, hours in (
        (datetime(2026, 3, 7, 22, tzinfo=NEW_YORK), 9),
        (datetime(2026, 10, 31, 22, tzinfo=NEW_YORK), 11),
    ):
        allowed = first_allowed(evening, NEW_YORK)
        assert allowed.astimezone(NEW_YORK).time() == time(8)
        assert allowed - evening.astimezone(UTC) == timedelta(hours=hours)
