"""When each measure is asked: lines of the specification, and what holds for any schedule and any weeks."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stepwell.care.measures import library
from stepwell.care.measures.rules import asking
from stepwell.care.measures.rules.schedule import (
    DEFAULT,
    Asked,
    Change,
    Every,
    Line,
    Program,
    State,
    Stay,
    due,
    heaviest_week,
    held_up,
    monday,
    reminder_days,
    standings,
    step_down_day,
)

SEPT_14 = date(2026, 9, 14)  # a Monday
NOV_23 = date(2026, 11, 23)
STAY = Stay(SEPT_14, "2.1")
DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)


def takes(instrument: str) -> int:
    return {"phq9": 47, "gad7": 35, "bam_iop": 85, "barc10": 50, "pcl5": 100}.get(instrument, 20)


def program(*lines: Line, load: int = 90) -> Program:
    return replace(DEFAULT, lines=lines, load=load)


def at(day, asked=(), lines=DEFAULT, stay=STAY, changes=(), **more):
    return due(lines, changes, asked, stay, today=day, takes=takes, **more)


def states(day, asked=(), lines=DEFAULT, stay=STAY, changes=(), **more):
    found = standings(lines, changes, asked, stay, today=day, takes=takes, **more)
    return {(each.instrument, each.every): each.state for each in found}


WEEKLY = program(Line("phq2", Every.WEEK))


# The specification


def test_the_week_of_admission_belongs_to_the_intake_set_which_is_gone_through_together():
    found = states(SEPT_14)
    assert found["phq9", Every.INTAKE] is State.TOGETHER
    assert at(SEPT_14) == ()


def test_a_weekly_measure_is_asked_on_the_next_monday_and_the_one_after():
    assert at(SEPT_14 + 6 * DAY, lines=WEEKLY) == ()
    assert at(SEPT_14 + WEEK, lines=WEEKLY) == ("phq2",)
    answered = [Asked("phq2", SEPT_14 + WEEK, SEPT_14 + WEEK + 2 * DAY)]
    assert at(SEPT_14 + WEEK + 6 * DAY, answered, WEEKLY) == ()
    assert at(SEPT_14 + 2 * WEEK, answered, WEEKLY) == ("phq2",)


def test_one_that_was_missed_waits_and_is_not_asked_again():
    asked = [Asked("phq2", SEPT_14 + WEEK)]
    assert at(SEPT_14 + 5 * WEEK, asked, WEEKLY) == ()
    assert states(SEPT_14 + 5 * WEEK, asked, WEEKLY) == {("phq2", Every.WEEK): State.ASKED}


def test_answered_late_the_next_one_comes_a_whole_interval_later():
    late = [Asked("phq2", SEPT_14 + WEEK, SEPT_14 + 3 * WEEK + 4 * DAY)]
    assert at(SEPT_14 + 3 * WEEK + 5 * DAY, late, WEEKLY) == ()
    assert at(SEPT_14 + 4 * WEEK, late, WEEKLY) == ("phq2",)


def test_what_does_not_fit_in_ninety_seconds_waits_and_comes_first_the_week_after():
    lines = program(Line("bam_iop", Every.TWO_WEEKS), Line("phq9", Every.TWO_WEEKS))
    first = SEPT_14 + WEEK
    assert at(first, lines=lines) == ("bam_iop",)
    assert states(first, lines=lines)["phq9", Every.TWO_WEEKS] is State.WAITS
    answered = [Asked("bam_iop", first, first)]
    assert at(first + DAY, answered, lines) == ()
    assert at(first + WEEK, answered, lines) == ("phq9",)


def test_longer_than_a_weeks_load_or_rated_by_staff_is_for_a_visit():
    lines = program(Line("pcl5", Every.MONTH), Line("cows", Every.MONTH))
    found = states(SEPT_14 + WEEK, lines=lines, rated_by_staff={"cows"})
    assert set(found.values()) == {State.TOGETHER}


def test_another_level_of_care_has_other_lines():
    outpatient = replace(STAY, level="1.5")
    assert ("bam_iop", Every.WEEK) in states(NOV_23)
    assert ("bam_iop", Every.WEEK) not in states(NOV_23, stay=outpatient)
    assert ("phq9", Every.MONTH) in states(NOV_23, stay=outpatient)


def test_after_the_end_of_care_only_the_discharge_set_is_due():
    left = replace(STAY, left_on=NOV_23)
    found = states(NOV_23, stay=left)
    assert {every for _instrument, every in found} == {Every.DISCHARGE}
    assert set(found.values()) == {State.TOGETHER}
    recent = [Asked("phq9", NOV_23 - 5 * DAY, NOV_23 - 5 * DAY)]
    assert states(NOV_23, recent, stay=left)["phq9", Every.DISCHARGE] is State.DONE
    assert states(NOV_23 + 5 * WEEK, stay=left) == {}


def test_the_closing_set_is_due_before_the_day_once_a_step_down_is_decided():
    down = replace(STAY, steps_down_on=NOV_23)

    def closing(day, asked=(), stay=down):
        found = states(day, asked, program(Line("barc10", Every.DISCHARGE)), stay)
        return found.get(("barc10", Every.DISCHARGE))

    assert closing(NOV_23 - 15 * DAY) is None
    assert closing(NOV_23 - 14 * DAY) is State.TOGETHER
    answered = [Asked("barc10", NOV_23 - 3 * DAY, NOV_23 - 3 * DAY)]
    assert closing(NOV_23 - 2 * DAY, answered) is State.DONE
    assert closing(NOV_23 + 27 * DAY) is State.TOGETHER
    assert closing(NOV_23 + 28 * DAY) is None
    assert closing(NOV_23 + 28 * DAY, answered) is None
    gone = replace(down, left_on=NOV_23 + 60 * DAY)
    assert closing(NOV_23 + 60 * DAY, answered, gone) is State.TOGETHER


def test_only_from_intensive_care_into_less_is_a_step_down_that_closes_something():
    begins, later, last = SEPT_14, SEPT_14 + 4 * WEEK, SEPT_14 + 8 * WEEK
    assert step_down_day([]) is None
    assert step_down_day([(begins, "2.1")]) is None
    assert step_down_day([(begins, "2.5"), (later, "2.1")]) is None
    assert step_down_day([(begins, "2.5"), (later, "2.1"), (last, "1.5")]) == last
    assert step_down_day([(begins, "1.5"), (later, "2.1")]) is None
    assert step_down_day([(begins, "2.1"), (later, "3.5")]) is None


def test_what_is_gone_through_at_a_visit_is_due_and_takes_nothing_of_the_phone():
    lines = program(Line("bam_iop", Every.WEEK, at_visit=True), Line("phq9", Every.WEEK))
    first = SEPT_14 + WEEK
    assert states(first, lines=lines) == {
        ("bam_iop", Every.WEEK): State.TOGETHER,
        ("phq9", Every.WEEK): State.ASK,
    }
    together = [Asked("bam_iop", first, first, by_schedule=False)]
    assert at(first, together, lines) == ("phq9",)
    assert states(first, together, lines)["bam_iop", Every.WEEK] is State.LATER
    on_the_phone_by_hand = [Asked("bam_iop", first, by_schedule=False)]
    assert at(first + WEEK, on_the_phone_by_hand, lines) == ("phq9",)
    rarer = [Change("bam_iop", Every.MONTH)]
    assert states(first, lines=lines, changes=rarer)["bam_iop", Every.MONTH] is State.TOGETHER


def test_the_intake_set_was_done_when_it_was_first_answered():
    asked = [Asked("phq9", day, day) for day in (SEPT_14, SEPT_14 + 2 * WEEK)]
    [done] = standings(
        program(Line("phq9", Every.INTAKE)), (), asked, STAY, today=SEPT_14 + 3 * WEEK, takes=takes
    )
    assert (done.state, done.on) == (State.DONE, SEPT_14)


def test_staff_add_stop_change_and_pause_for_one_person():
    added = [Change("craving_nrs", Every.WEEK)]
    assert at(NOV_23, changes=added, lines=WEEKLY) == ("phq2", "craving_nrs")
    assert at(NOV_23, changes=[Change("phq2", stopped=True)], lines=WEEKLY) == ()
    rarer = [Change("phq2", Every.MONTH)]
    answered = [Asked("phq2", NOV_23 - 2 * WEEK, NOV_23 - 2 * WEEK)]
    assert at(NOV_23, answered, WEEKLY, changes=rarer) == ()
    assert at(NOV_23 + 2 * WEEK, answered, WEEKLY, changes=rarer) == ("phq2",)
    paused = [Change("phq2", paused_until=NOV_23 + 3 * DAY)]
    assert states(NOV_23, changes=paused, lines=WEEKLY) == {("phq2", Every.WEEK): State.PAUSED}
    assert at(NOV_23 + 3 * DAY, changes=paused, lines=WEEKLY) == ("phq2",)


def test_the_last_thing_settled_counts():
    changes = [Change("phq2", stopped=True), Change("phq2", Every.TWO_WEEKS)]
    assert at(NOV_23, changes=changes, lines=WEEKLY) == ("phq2",)


def test_on_a_closed_day_nothing_is_asked_until_the_center_opens():
    assert at(NOV_23, lines=WEEKLY, closed={NOV_23}) == ()
    assert at(NOV_23 + DAY, lines=WEEKLY, closed={NOV_23}) == ("phq2",)


def test_a_week_that_is_closed_throughout_is_asked_all_the_same():
    closed = {NOV_23 + n * DAY for n in range(7)}
    assert at(NOV_23, lines=WEEKLY, closed=closed) == ("phq2",)


def test_leap_day_and_the_turn_of_the_clock_move_nothing():
    leap = Stay(date(2028, 2, 21), "2.1")
    answered = [Asked("phq2", date(2028, 2, 29), date(2028, 2, 29))]
    assert at(date(2028, 3, 5), answered, WEEKLY, leap) == ()
    assert at(date(2028, 3, 6), answered, WEEKLY, leap) == ("phq2",)
    for turned in (date(2026, 11, 1), date(2027, 3, 14)):
        last = [Asked("phq2", turned, turned)]
        assert at(turned + DAY, last, WEEKLY) == ("phq2",)


def test_the_default_fits_in_its_own_load_and_names_only_measures_that_are_kept():
    known = library.instruments()
    costs = {name: asking.seconds(definition) for name, definition in known.items()}
    assert {line.instrument for line in DEFAULT.lines} <= set(known)
    for level in ("1.5", "2.1", "2.5"):
        assert 60 <= heaviest_week(DEFAULT, level, costs.__getitem__) <= DEFAULT.load
    for line in DEFAULT.lines:
        if line.every.weeks:
            assert costs[line.instrument] <= DEFAULT.load


def seconds(instrument: str) -> int:
    return asking.seconds(library.instrument(instrument))


@pytest.mark.parametrize("level", ["1.5", "1.7", "2.1", "2.5", "2.7"])
def test_the_default_keeps_every_interval_within_ninety_seconds(level):
    assert held_up(DEFAULT, level, seconds) == {}


def test_bam_iop_every_week_on_the_phone_would_hold_up_the_question_that_must_not_wait():
    lines = [replace(line, at_visit=False) for line in DEFAULT.lines]
    assert held_up(program(*lines), "2.1", seconds)["phq9"] > 2


@settings(max_examples=40)
@given(
    start=st.dates(date(2024, 1, 1), date(2028, 12, 31)),
    intake=st.booleans(),
    level=st.sampled_from(["1.5", "2.1", "2.5"]),
)
def test_half_a_year_of_the_default_for_somebody_who_answers_on_the_day(start, intake, level):
    """At most 90 seconds in any week, and after the first round nothing ever comes late."""
    stay = Stay(start, level)
    history: list[Asked] = []
    spent: dict[date, int] = {}
    if intake:
        history = [Asked(name, start, start) for name in ("phq9", "gad7", "bam", "barc10")]
    for n in range(26 * 7):
        today = start + n * DAY
        for name in due(DEFAULT, (), history, stay, today=today, takes=seconds):
            history.append(Asked(name, today, today))
            week = monday(today)
            spent[week] = spent.get(week, 0) + seconds(name)
    assert spent
    assert max(spent.values()) <= 90
    for line in DEFAULT.lines:
        if line.every.weeks and line.stands_at(level) and not line.at_visit:
            weeks = [monday(each.on) for each in history if each.instrument == line.instrument][1:]
            gaps = {(later - earlier).days // 7 for earlier, later in pairwise(weeks)}
            assert gaps == {line.every.weeks}, line


@pytest.mark.parametrize(("reminders", "days"), [(0, ()), (1, (0,)), (2, (0, 3)), (3, (0, 3, 6))])
def test_never_more_messages_than_the_program_said(reminders, days):
    assert reminder_days(reminders) == days


# For any schedule and any weeks

INSTRUMENTS = ("phq9", "gad7", "bam_iop", "barc10", "phq2", "craving_nrs")
lines_of_a_program = st.lists(
    st.builds(
        Line,
        st.sampled_from(INSTRUMENTS),
        st.sampled_from([Every.WEEK, Every.TWO_WEEKS, Every.MONTH, Every.INTAKE]),
        at_visit=st.booleans(),
    ),
    max_size=8,
)


@settings(max_examples=150)
@given(
    lines=lines_of_a_program,
    load=st.integers(30, 200),
    delays=st.lists(st.integers(0, 30), min_size=1, max_size=12),
    start=st.dates(date(2024, 1, 1), date(2028, 12, 31)),
    closed=st.sets(st.integers(0, 70), max_size=12),
)
def test_ten_weeks_of_any_schedule(lines, load, delays, start, closed):
    """Never asked while open, never twice in its interval, never more than the load in a week."""
    plan, stay = program(*lines, load=load), Stay(start, "2.1")
    off = {start + n * DAY for n in closed}
    history: list[Asked] = []
    answers_on: dict[int, date] = {}
    asked_days: list[tuple[str, date]] = []
    for n in range(70):
        today = start + n * DAY
        for index, day in list(answers_on.items()):
            if day == today:
                history[index] = replace(history[index], answered_on=today)
                del answers_on[index]
        for instrument in at(today, history, plan, stay, closed=off):
            assert not [one for one in history if one.instrument == instrument and one.answered_on is None]
            history.append(Asked(instrument, today))
            answers_on[len(history) - 1] = today + (1 + delays[len(history) % len(delays)]) * DAY
            asked_days.append((instrument, today))
        assert at(today, history, plan, stay, closed=off) == ()  # run again on the same day, nothing more
        week = monday(today)
        assert sum(takes(name) for name, day in asked_days if monday(day) == week) <= load
        assert sum(takes(one.instrument) for one in history if one.answered_on is None) <= load
    for instrument in INSTRUMENTS:
        weeks = [monday(day) for name, day in asked_days if name == instrument]
        assert len(weeks) == len(set(weeks))
