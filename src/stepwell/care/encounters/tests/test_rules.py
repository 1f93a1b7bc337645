"""Which minutes count, in which week, and what may be marked when."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepwell.care.encounters.rules import (
    DOOR_OPENS,
    MINUTE,
    Attended,
    Booked,
    Counted,
    Kind,
    Mark,
    Reason,
    Seen,
    WhyNot,
    count_hours,
    is_clinical,
    is_excused,
    seen,
    why_not_mark,
)
from stepwell.ground.kit.weeks import Week

DAYTON = "America/New_York"
THANKSGIVING_WEEK = Week.named("2026-W48")
NINE_HOURS = 540


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo(DAYTON))


MONDAY_GROUP = Attended(at(23, 9), 180, what="Skills group")


def counted(*encounters, appointments=(), week=THANKSGIVING_WEEK, asked=NINE_HOURS, time_zone=DAYTON):
    return count_hours(encounters, appointments, week, asked, time_zone=time_zone)


# ---------- counting ----------


def test_only_signed_minutes_count():
    hours = counted(
        MONDAY_GROUP,
        replace(MONDAY_GROUP, starts_at=at(24, 9), minutes=90, is_signed=False),
        appointments=[Booked(at(27, 9), 180)],
    )
    assert (hours.signed, hours.unsigned, hours.planned) == (180, 90, 180)
    assert hours.left == 360
    assert hours.short == 90


def test_what_was_entered_in_error_does_not_count():
    assert counted(replace(MONDAY_GROUP, is_in_force=False)).lines == ()


def test_a_medical_visit_is_shown_and_does_not_count():
    shot = Attended(at(23, 12, 10), 20, is_clinical=False)
    hours = counted(shot)
    assert (hours.signed, hours.those(Counted.NOT)[0].of) == (0, shot)


def test_a_cancelled_place_is_not_planned():
    assert counted(appointments=[Booked(at(26, 9), 180, is_kept=False)]).planned == 0


def test_a_place_that_is_marked_is_not_planned_as_well():
    assert counted(MONDAY_GROUP, appointments=[Booked(at(23, 9), 180, is_marked=True)]).planned == 0


def test_nothing_is_left_once_the_plan_is_reached():
    hours = counted(replace(MONDAY_GROUP, minutes=480), replace(MONDAY_GROUP, minutes=120))
    assert (hours.left, hours.short) == (0, 0)


def test_without_a_plan_nothing_is_asked_for():
    assert counted(MONDAY_GROUP, asked=0).left == 0


@pytest.mark.parametrize(
    ("starts_at", "is_in"),
    [
        (at(22, 23, 59), False),
        (at(23, 0, 0), True),
        (at(29, 23, 59), True),
        (at(30, 0, 0), False),
    ],
)
def test_a_week_runs_from_monday_midnight_to_sunday_midnight_on_the_wall_of_the_center(starts_at, is_in):
    assert (counted(replace(MONDAY_GROUP, starts_at=starts_at)).signed > 0) is is_in


def test_what_runs_past_midnight_on_sunday_belongs_to_the_week_it_began_in():
    late = replace(MONDAY_GROUP, starts_at=at(29, 23, 30), minutes=60)
    assert counted(late).signed == 60
    assert counted(late, week=THANKSGIVING_WEEK.next).signed == 0


@pytest.mark.parametrize("sunday", [date(2026, 3, 8), date(2026, 11, 1)])
def test_the_last_hour_of_a_sunday_on_which_clocks_change_is_still_that_week(sunday):
    last = datetime(sunday.year, sunday.month, sunday.day, 23, 30, tzinfo=ZoneInfo(DAYTON))
    week = Week.of(sunday)
    assert counted(replace(MONDAY_GROUP, starts_at=last.astimezone(UTC)), week=week).signed == 180
    assert counted(replace(MONDAY_GROUP, starts_at=last + timedelta(hours=1)), week=week).signed == 0


def test_the_same_moment_may_lie_in_two_weeks_at_two_centers():
    sunday_evening_in_honolulu = replace(MONDAY_GROUP, starts_at=datetime(2026, 11, 23, 5, 0, tzinfo=UTC))
    before = THANKSGIVING_WEEK.before
    assert counted(sunday_evening_in_honolulu, week=before, time_zone="Pacific/Honolulu").signed == 180
    assert counted(sunday_evening_in_honolulu, week=before, time_zone=DAYTON).signed == 0


moments = st.integers(0, 44 * 24 * 60).map(
    lambda minutes: datetime(2026, 11, 1, tzinfo=UTC) + minutes * MINUTE
)
encounters = st.builds(
    Attended, moments, st.integers(1, 480), st.booleans(), st.booleans(), st.booleans(), st.text(max_size=3)
)
bookings = st.builds(
    Booked, moments, st.integers(15, 480), st.booleans(), st.booleans(), st.booleans(), st.text(max_size=3)
)


@given(st.lists(encounters), st.lists(bookings), st.integers(0, 1200))
def test_every_number_is_the_sum_of_the_lines_it_opens_to(came, booked, asked):
    hours = counted(*came, appointments=booked, asked=asked)
    for number, part in (
        (hours.signed, Counted.SIGNED),
        (hours.unsigned, Counted.UNSIGNED),
        (hours.planned, Counted.PLANNED),
    ):
        assert number == sum(line.of.minutes for line in hours.those(part))
    assert hours.left == max(asked - hours.signed, 0)
    assert hours.short <= hours.left


@given(st.lists(encounters), st.lists(bookings))
def test_every_minute_is_counted_in_exactly_one_week(came, booked):
    weeks = [Week.of(date(2026, 10, 26) + timedelta(weeks=n)) for n in range(9)]
    found = [line.of for week in weeks for line in counted(*came, appointments=booked, week=week).lines]
    standing = [e for e in came if e.is_in_force] + [b for b in booked if b.is_kept and not b.is_marked]
    assert sorted(map(repr, found)) == sorted(map(repr, standing))


@given(st.lists(encounters))
def test_counting_does_not_depend_on_the_order(came):
    assert counted(*came).signed == counted(*reversed(came)).signed


def test_groups_say_themselves_whether_they_count():
    assert is_clinical(Kind.GROUP, group_is_clinical=True)
    assert not is_clinical(Kind.GROUP, group_is_clinical=False)
    assert {kind for kind in Kind if is_clinical(kind)} == {Kind.GROUP, Kind.INDIVIDUAL, Kind.FAMILY}


# ---------- marking ----------

STARTS, ENDS = at(23, 9), at(23, 10, 30)


def marked(mark, minutes=None, *, now=ENDS, overran=False):
    return seen(mark, minutes, starts_at=STARTS, ends_at=ENDS, at=now, overran=overran)


def test_doors_open_half_an_hour_before():
    def asked(now):
        return why_not_mark(starts_at=STARTS, is_cancelled=False, at=now)

    assert asked(STARTS - DOOR_OPENS) is None
    assert asked(STARTS - DOOR_OPENS - timedelta(seconds=1)) is WhyNot.TOO_EARLY


def test_nobody_is_marked_in_a_cancelled_session():
    assert why_not_mark(starts_at=STARTS, is_cancelled=True, at=ENDS) is WhyNot.CANCELLED


@pytest.mark.parametrize("mark", [Mark.HERE, Mark.VIDEO])
def test_here_is_the_whole_session_unless_said(mark):
    assert marked(mark) == Seen(STARTS, 90)
    assert marked(mark, 40) == Seen(STARTS, 40)


def test_who_walks_in_late_has_what_is_left():
    assert marked(Mark.LATE, now=at(23, 9, 25)) == Seen(at(23, 9, 25), 65)


def test_late_is_counted_back_from_the_end():
    there = marked(Mark.LATE, 65)
    assert (there.starts_at, there.ends_at) == (at(23, 9, 25), ENDS)


@pytest.mark.parametrize("now", [STARTS, at(23, 8, 45), ENDS, at(23, 14)])
def test_late_needs_minutes_when_the_clock_cannot_tell(now):
    assert marked(Mark.LATE, now=now) is WhyNot.NEEDS_MINUTES


def test_late_and_there_from_beginning_to_end_cannot_both_be():
    assert marked(Mark.LATE, 90) is WhyNot.LATE_BUT_WHOLE


@pytest.mark.parametrize(
    ("minutes", "why"), [(0, WhyNot.NO_MINUTES), (-5, WhyNot.NO_MINUTES), (91, WhyNot.LONGER_THAN_PLANNED)]
)
def test_minutes_fit_the_session(minutes, why):
    assert marked(Mark.HERE, minutes) is why


def test_a_session_that_went_on_longer_says_so():
    assert marked(Mark.HERE, 105, overran=True) == Seen(STARTS, 105)
    assert marked(Mark.HERE, 481, overran=True) is WhyNot.TOO_LONG


@given(
    st.sampled_from([Mark.HERE, Mark.VIDEO, Mark.LATE]),
    st.none() | st.integers(-10, 600),
    st.integers(-60, 300),
    st.booleans(),
)
def test_what_is_seen_is_always_whole_minutes_that_fit(mark, minutes, after, overran):
    there = marked(mark, minutes, now=STARTS + after * MINUTE, overran=overran)
    if isinstance(there, Seen):
        assert 1 <= there.minutes <= 480
        assert there.ends_at == there.starts_at + there.minutes * MINUTE
        assert overran or (there.starts_at >= STARTS and there.ends_at <= ENDS)


def test_any_known_reason_excuses():
    assert [reason for reason in Reason if not is_excused(reason)] == [Reason.UNKNOWN]
