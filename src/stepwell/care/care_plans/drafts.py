"""What is written in a draft, on its way between the page and the database."""

from dataclasses import dataclass, field
from uuid import UUID

from stepwell.care.care_plans.models import CarePlan, Goal, Intervention
from stepwell.care.care_plans.rules.completeness import DraftPlan, PlannedGoal, PlannedIntervention
from stepwell.care.care_plans.rules.life_cycle import IN_FORCE


@dataclass(frozen=True)
class InterventionText:
    kind: Intervention.Kind
    description: str
    minutes_a_week: int
    #: The row that this changes; a row without one is new. Two texts that say the same are the same.
    id: UUID | None = field(default=None, compare=False)


@dataclass(frozen=True)
class GoalText:
    words: str
    label: str
    interventions: tuple[InterventionText, ...] = ()
    id: UUID | None = field(default=None, compare=False)


@dataclass(frozen=True)
class PlanText:
    """The whole of a draft. What is not in it any more is taken out."""

    minutes_a_week: int
    goals: tuple[GoalText, ...] = ()


def text_of(plan: CarePlan) -> PlanText:
    """What a stored plan says now. Read it with ``whole()``."""
    return PlanText(plan.minutes_a_week, tuple(_goal_text(goal) for goal in plan.goals.all()))


def _goal_text(goal: Goal) -> GoalText:
    interventions = tuple(
        InterventionText(Intervention.Kind(each.kind), each.description, each.minutes_a_week, each.id)
        for each in goal.interventions.all()
    )
    return GoalText(goal.words, goal.label, interventions, goal.id)


def facts_of(plan: CarePlan) -> DraftPlan:
    """A stored plan as the rules see it. Read it with ``whole()``."""
    earlier = CarePlan.objects.in_force().filter(episode=plan.episode_id, status__in=[*IN_FORCE])
    return DraftPlan(
        minutes_a_week=plan.minutes_a_week,
        goals=tuple(
            PlannedGoal(
                goal.words,
                tuple(PlannedIntervention(each.minutes_a_week) for each in goal.interventions.all()),
            )
            for goal in plan.goals.all()
        ),
        is_first=not earlier.exists(),
    )
