from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from stepwell.care.tasks.rules import making
from stepwell.care.tasks.rules.life_cycle import NEXT, OPEN, NotNow, Status, Step, after, may_take_back
from stepwell.care.tasks.rules.making import RULES, VERSIONS, Barrier, RuleId, Urgency
from stepwell.care.tasks.rules.standing import Due, Falls, Place, falls_to_the_queue, how_due

OHIO = ZoneInfo("America/New_York")
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=OHIO)
FRIDAY_GROUP = datetime(2026, 11, 20, 13, 0, tzinfo=OHIO)
ONE = UUID(int=1)
FIGURES = VERSIONS[0]


def test_what_is_done_is_not_done_again_nor_handed_over() -> None:
    for step in set(Step) - {Step.TAKE_BACK}:
        with pytest.raises(NotNow):
            after(Status.COMPLETED, step)


def test_every_open_task_can_be_taken_tried_done_handed_over_and_called_off() -> None:
    for status in OPEN:
        assert {step for at, step in NEXT if at is status} == set(Step) - {Step.TAKE_BACK}


def test_an_end_is_taken_back_within_ten_minutes() -> None:
    assert may_take_back(ended_at=MONDAY, at=MONDAY + timedelta(minutes=10))
    assert not may_take_back(ended_at=MONDAY, at=MONDAY + timedelta(minutes=11))
    assert not may_take_back(ended_at=None, at=MONDAY)


def test_a_miss_on_friday_asks_for_contact_within_a_day() -> None:
    wanted = making.after_a_miss(
        ONE, starts_at=FRIDAY_GROUP, session="Skills", called="Devon", at=FRIDAY_GROUP, figures=FIGURES
    )
    assert wanted is not None
    assert (wanted.due_at, wanted.due_on) == (FRIDAY_GROUP + timedelta(hours=24), date(2026, 11, 21))
    assert wanted.why == "Did not come to Skills on Fri Nov 20."


def test_a_miss_of_last_week_asks_for_nothing_any_more() -> None:
    late = FRIDAY_GROUP + timedelta(days=7, hours=1)
    assert (
        making.after_a_miss(
            ONE, starts_at=FRIDAY_GROUP, session="Skills", called="Devon", at=late, figures=FIGURES
        )
        is None
    )


def test_somebody_admitted_on_friday_is_to_be_reached_by_monday() -> None:
    wanted = making.in_the_first_days(
        ONE, admitted_on=date(2026, 11, 20), called="Hannah", on=date(2026, 11, 20), figures=FIGURES
    )
    assert wanted is not None
    assert wanted.due_on == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("urgency", "due_on", "by_the_hour"),
    [
        (Urgency.NOW, date(2026, 11, 23), True),
        (Urgency.TODAY, date(2026, 11, 23), False),
        (Urgency.THIS_WEEK, date(2026, 11, 28), False),
    ],
)
def test_a_critical_answer_is_due_as_the_measure_says(
    urgency: Urgency, due_on: date, by_the_hour: bool
) -> None:
    wanted = making.critical_answer(
        ONE,
        says="Question 9 above 0.",
        measure="PHQ-9",
        answered_at=MONDAY,
        urgency=urgency,
        called="Wendell",
        figures=FIGURES,
    )
    assert wanted.is_urgent
    assert (wanted.due_on, wanted.due_at is not None) == (due_on, by_the_hour)


def test_no_rule_about_a_danger_lets_go_by_itself() -> None:
    assert {rule.id for rule in RULES.values() if not rule.lets_go} == {RuleId.CRITICAL_ANSWER}


def test_every_rule_says_its_source_and_how_sure_it_is() -> None:
    assert set(RULES) == set(RuleId)
    assert all(rule.source and rule.sureness and rule.roles for rule in RULES.values())


@pytest.mark.parametrize("barrier", Barrier)
def test_a_barrier_has_two_days(barrier: Barrier) -> None:
    wanted = making.barrier_in_the_way(
        ONE, barrier, why="The bus.", called="Tomás", on=date(2026, 11, 23), figures=FIGURES
    )
    assert wanted.due_on == date(2026, 11, 25)
    assert "Tomás" in wanted.what


def test_a_plan_review_is_asked_for_seven_days_ahead() -> None:
    def wanted(due_on: date) -> making.Wanted | None:
        return making.plan_review(
            ONE, ONE, due_on=due_on, called="Maya", on=date(2026, 11, 23), figures=FIGURES
        )

    assert wanted(date(2026, 11, 30)) is not None
    assert wanted(date(2026, 12, 1)) is None


@pytest.mark.parametrize(
    ("expires_on", "due_on"),
    [
        (date(2027, 1, 20), date(2026, 12, 21)),
        (date(2026, 12, 5), date(2026, 11, 30)),
        (date(2026, 11, 25), date(2026, 11, 25)),
        (date(2026, 11, 1), date(2026, 11, 23)),
    ],
)
def test_a_license_is_renewed_well_before_it_ends_or_at_once(expires_on: date, due_on: date) -> None:
    wanted = making.license_runs_out(
        ONE, ONE, whose="Joel", kind="RN", expires_on=expires_on, on=date(2026, 11, 23), figures=FIGURES
    )
    assert wanted is not None
    assert wanted.due_on == due_on


def test_an_old_version_of_the_figures_still_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    newer = replace(FIGURES, effective_on=date(2027, 1, 1), reach_within_days=2)
    monkeypatch.setattr(making, "VERSIONS", (FIGURES, newer))
    assert making.in_force(date(2026, 12, 31)).reach_within_days == 3
    assert making.in_force(date(2027, 1, 1)).reach_within_days == 2
    assert making.in_force(date(2020, 1, 1)) is FIGURES


def test_late_by_the_day_or_by_the_hour() -> None:
    assert how_due(due_on=date(2026, 11, 22), due_at=None, now=MONDAY) is Due.LATE
    assert how_due(due_on=MONDAY.date(), due_at=MONDAY - timedelta(hours=1), now=MONDAY) is Due.LATE
    assert how_due(due_on=MONDAY.date(), due_at=None, now=MONDAY) is Due.TODAY
    assert how_due(due_on=MONDAY.date(), due_at=None, now=MONDAY, is_urgent=True) is Due.NOW
    assert how_due(due_on=date(2026, 11, 24), due_at=None, now=MONDAY) is Due.LATER


GIVEN = MONDAY - timedelta(days=5)


def falls(*places: Place, works: bool = True) -> Falls | None:
    return falls_to_the_queue(
        works_in_that_part=works, places=places, given_at=GIVEN, given_on=GIVEN.date(), at=MONDAY
    )


def test_a_task_stays_with_somebody_on_the_team_or_who_never_was() -> None:
    assert falls(Place()) is None
    assert falls() is None


def test_a_task_falls_to_the_queue_when_the_place_on_the_team_ends_or_runs_out() -> None:
    assert falls(Place(ended_on=MONDAY.date())) is Falls.PLACE_ENDED
    assert falls(Place(expires_at=MONDAY - timedelta(hours=1))) is Falls.PLACE_ENDED


def test_another_place_keeps_it_and_a_place_that_had_ended_before_does_not_count() -> None:
    assert falls(Place(ended_on=MONDAY.date()), Place()) is None
    assert falls(Place(ended_on=GIVEN.date() - timedelta(days=1))) is None


def test_a_task_falls_to_the_queue_when_the_role_ends() -> None:
    assert falls(Place(), works=False) is Falls.ROLE_ENDED
