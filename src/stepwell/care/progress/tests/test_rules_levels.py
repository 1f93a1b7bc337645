"""A step up, down or out of care needs an open episode, another level, a day that fits, and a reason."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from stepwell.care.episodes.levels import LevelOfCare
from stepwell.care.progress.rules.levels import (
    Circumstances,
    Consequence,
    Direction,
    Objection,
    Standing,
    Wish,
    direction,
    objections,
    what_follows,
)

NOV_23 = date(2026, 11, 23)
IOP = Standing(LevelOfCare.INTENSIVE_OUTPATIENT, since=date(2026, 10, 20))
DOWN = Wish(LevelOfCare.OUTPATIENT, on=date(2026, 11, 30), because="Cravings are low and work starts again.")
END = Wish(None, on=NOV_23, because="Moved to Columbus; care goes on there.")
QUIET = Circumstances(
    minutes_asked=540, plan_awaits_signatures=False, places=0, places_to_end=0, appointments_ahead=0
)


def test_a_step_down_with_a_reason_is_taken():
    assert objections(IOP, DOWN, today=NOV_23) == ()


def test_care_may_end_today():
    assert objections(IOP, END, today=NOV_23) == ()
    assert objections(IOP, replace(END, on=IOP.since), today=NOV_23) == ()


def test_somebody_not_in_care_does_not_step():
    assert objections(None, DOWN, today=NOV_23) == (Objection.NOT_IN_CARE,)


@pytest.mark.parametrize(
    ("wish", "objection"),
    [
        (replace(DOWN, to=LevelOfCare.INTENSIVE_OUTPATIENT), Objection.SAME_LEVEL),
        (replace(DOWN, because="  "), Objection.NO_REASON),
        (replace(DOWN, on=None), Objection.NO_DAY),
        (replace(DOWN, on=IOP.since), Objection.BEFORE_THIS_LEVEL_BEGAN),
        (replace(DOWN, on=NOV_23 + timedelta(days=31)), Objection.TOO_FAR_AHEAD),
        (replace(END, on=NOV_23 + timedelta(days=1)), Objection.END_IN_THE_FUTURE),
        (replace(END, on=IOP.since - timedelta(days=1)), Objection.BEFORE_THIS_LEVEL_BEGAN),
    ],
)
def test_a_step_is_refused_with_its_reason(wish, objection):
    assert objections(IOP, wish, today=NOV_23) == (objection,)


def test_everything_that_is_wrong_is_told_at_once():
    wrong = Wish(LevelOfCare.INTENSIVE_OUTPATIENT, on=None, because="")
    assert objections(IOP, wrong, today=NOV_23) == (
        Objection.SAME_LEVEL,
        Objection.NO_REASON,
        Objection.NO_DAY,
    )


def test_less_care_is_down_and_more_is_up():
    assert direction(IOP, LevelOfCare.OUTPATIENT) is Direction.DOWN
    assert direction(IOP, LevelOfCare.HIGH_INTENSITY_OUTPATIENT) is Direction.UP
    assert direction(IOP, None) is Direction.END


@pytest.mark.parametrize(
    ("to", "minutes", "fits"),
    [
        (LevelOfCare.OUTPATIENT, 539, True),
        (LevelOfCare.OUTPATIENT, 540, False),
        (LevelOfCare.INTENSIVE_OUTPATIENT, 540, True),
        (LevelOfCare.INTENSIVE_OUTPATIENT, 1199, True),
        (LevelOfCare.INTENSIVE_OUTPATIENT, 1200, False),
        (LevelOfCare.HIGH_INTENSITY_OUTPATIENT, 1200, True),
        (LevelOfCare.MEDICAL_RESIDENTIAL, 60, True),
    ],
)
def test_a_plan_whose_hours_belong_to_another_level_is_to_be_revised(to, minutes, fits):
    told = what_follows(to, replace(QUIET, minutes_asked=minutes))
    assert (Consequence.PLAN_ASKS_OTHER_HOURS not in told) is fits


def test_places_that_nobody_ends_stay():
    told = what_follows(LevelOfCare.OUTPATIENT, replace(QUIET, places=3, places_to_end=2))
    assert told == (
        Consequence.PLAN_ASKS_OTHER_HOURS,
        Consequence.PLACES_END,
        Consequence.PLACES_STAY,
    )


def test_the_end_of_care_ends_what_lies_ahead():
    told = what_follows(None, replace(QUIET, places=2, appointments_ahead=5, plan_awaits_signatures=True))
    assert told == (
        Consequence.PLAN_AWAITS_SIGNATURES,
        Consequence.PLACES_END,
        Consequence.APPOINTMENTS_END,
    )
