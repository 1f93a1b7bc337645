"""What a draft lacks is said in the order of the page."""

from dataclasses import replace

from stepwell.care.care_plans.rules.completeness import (
    DraftPlan,
    Lack,
    Lacking,
    PlannedGoal,
    PlannedIntervention,
    minutes_apart,
    what_is_lacking,
)

SKILLS = PlannedIntervention(minutes_a_week=480)
ONE_TO_ONE = PlannedIntervention(minutes_a_week=60)
LEOS_GAMES = PlannedGoal("Be at every one of Leo's games, and remember them.", (SKILLS, ONE_TO_ONE))
PLAN = DraftPlan(minutes_a_week=540, goals=(LEOS_GAMES,), is_first=True)


def test_one_goal_in_their_words_and_two_interventions_are_a_first_plan():
    assert what_is_lacking(PLAN) == ()


def test_a_plan_without_a_goal_is_refused():
    assert what_is_lacking(replace(PLAN, goals=())) == (Lacking(Lack.NO_GOAL),)


def test_a_goal_needs_words_and_something_that_will_be_done():
    empty = PlannedGoal("  ")
    assert what_is_lacking(replace(PLAN, goals=(LEOS_GAMES, empty))) == (
        Lacking(Lack.GOAL_WITHOUT_WORDS, goal=2),
        Lacking(Lack.GOAL_WITHOUT_INTERVENTION, goal=2),
    )


def test_one_intervention_is_too_few_for_a_first_plan_and_enough_for_a_later_one():
    narrow = replace(PLAN, goals=(replace(LEOS_GAMES, interventions=(SKILLS,)),))
    assert what_is_lacking(narrow) == (Lacking(Lack.TOO_FEW_INTERVENTIONS),)
    assert what_is_lacking(replace(narrow, is_first=False)) == ()


def test_hours_are_above_zero():
    assert what_is_lacking(replace(PLAN, minutes_a_week=0)) == (Lacking(Lack.NO_HOURS),)


def test_minutes_that_do_not_add_up_are_told_and_not_refused():
    short = replace(PLAN, minutes_a_week=600)
    assert minutes_apart(PLAN) == 0
    assert minutes_apart(short) == -60
    assert what_is_lacking(short) == ()
