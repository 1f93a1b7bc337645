"""What a draft lacks before it may be sent for signatures, and what is only worth a second look."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

#: A first plan names at least two things that will be done: our own design default, for a program to change.
LEAST_IN_A_FIRST_PLAN = 2


@dataclass(frozen=True)
class PlannedIntervention:
    minutes_a_week: int


@dataclass(frozen=True)
class PlannedGoal:
    words: str
    interventions: tuple[PlannedIntervention, ...] = ()


@dataclass(frozen=True)
class DraftPlan:
    minutes_a_week: int
    goals: tuple[PlannedGoal, ...]
    is_first: bool

    @property
    def interventions(self) -> tuple[PlannedIntervention, ...]:
        return tuple(intervention for goal in self.goals for intervention in goal.interventions)

    @property
    def planned_minutes(self) -> int:
        return sum(intervention.minutes_a_week for intervention in self.interventions)


class Lack(StrEnum):
    NO_HOURS = "no hours"
    NO_GOAL = "no goal"
    GOAL_WITHOUT_WORDS = "a goal without words"
    GOAL_WITHOUT_INTERVENTION = "a goal for which nothing will be done"
    TOO_FEW_INTERVENTIONS = "a first plan in which too little will be done"


@dataclass(frozen=True)
class Lacking:
    """One thing that is missing; ``goal`` counts from 1 where it is missing in one goal."""

    lack: Lack
    goal: int | None = None


def what_is_lacking(draft: DraftPlan) -> tuple[Lacking, ...]:
    """Everything that keeps a draft from being sent, in the order of the page. Nothing: it may be sent."""
    return tuple(_lacking(draft))


def _lacking(draft: DraftPlan) -> Iterator[Lacking]:
    if draft.minutes_a_week <= 0:
        yield Lacking(Lack.NO_HOURS)
    if not draft.goals:
        yield Lacking(Lack.NO_GOAL)
        return
    for number, goal in enumerate(draft.goals, start=1):
        if not goal.words.strip():
            yield Lacking(Lack.GOAL_WITHOUT_WORDS, goal=number)
        if not goal.interventions:
            yield Lacking(Lack.GOAL_WITHOUT_INTERVENTION, goal=number)
    if draft.is_first and 0 < len(draft.interventions) < LEAST_IN_A_FIRST_PLAN:
        yield Lacking(Lack.TOO_FEW_INTERVENTIONS)


def minutes_apart(draft: DraftPlan) -> int:
    """How many minutes a week the interventions add up to, beyond those asked. Below zero: fewer.

    A warning, not a refusal: a week may be asked for before every group in it is chosen.
    """
    return draft.planned_minutes - draft.minutes_a_week
