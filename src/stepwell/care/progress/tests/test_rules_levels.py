"""A step up, down or out of care needs an open episode, another level, a day that fits, and a reason."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from stepwell.care.episodes.levels import LevelOfCare
from stepwell.care.episodes.rules import levels
from stepwell.care.progress.rules.levels import (
    Circumstances,
    Consequence,
    Direction,
    Objection,
    Wish,
    direction,
    objection,
    what_follows,
)

NOV_23 = date(2026, 11, 23)
OCT_20 = date(2026, 10, 20)
IOP = levels.Standing(LevelOfCare.INTENSIVE_OUTPATIENT, since=OCT_20, admitted_on=OCT_20)
DOWN = Wish(LevelOfCare.OUTPATIENT, on=date(2026, 11, 30), because="Cravings are low and work starts again.")
END = Wish(None, on=NOV_23, because="Moved to Columbus; care goes on there.")
QUIET = Circumstances(
    minutes_asked=540, plan_awaits_signatures=False, places=0, places_to_end=0, appointments_ahead=0
)


@pytest.mark.parametrize("wish", [DOWN, END, replace(DOWN, on=NOV_23), replace(END, on=OCT_20)])
def test_a_step_with_a_day_that_fits_and_a_reason_is_taken(wish):
    assert objection(IOP, wish, today=NOV_23) is None


def test_somebody_not_in_care_does_not_step():
    assert objection(None, DOWN, today=NOV_23) == (Objection.NOT_IN_CARE, None)


@pytest.mark.parametrize(
    ("wish", "refusal"),
    [
        (replace(DOWN, to=LevelOfCare.INTENSIVE_OUTPATIENT), (levels.Objection.SAME_LEVEL, "level")),
        (replace(DOWN, because="  "), (levels.Objection.NO_REASON, "because")),
        (replace(DOWN, on=OCT_20 - timedelta(days=1)), (levels.Objection.BEFORE_ADMISSION, "on")),
        (replace(DOWN, on=NOV_23 + timedelta(days=31)), (Objection.TOO_FAR_AHEAD, "on")),
        (replace(END, because=""), (levels.Objection.NO_REASON, "because")),
        (replace(END, on=NOV_23 + timedelta(days=1)), (levels.Objection.IN_THE_FUTURE, "on")),
    ],
)
def test_a_step_is_refused_with_its_reason_and_its_field(wish, refusal):
    assert objection(IOP, wish, today=NOV_23) == refusal


def test_the_last_day_that_is_not_too_far_ahead():
    assert objection(IOP, replace(DOWN, on=NOV_23 + timedelta(days=30)), today=NOV_23) is None


def test_less_care_is_down_and_more_is_up():
    now = LevelOfCare.INTENSIVE_OUTPATIENT
    assert direction(now, LevelOfCare.OUTPATIENT) is Direction.DOWN
    assert direction(now, LevelOfCare.HIGH_INTENSITY_OUTPATIENT) is Direction.UP
    assert direction(now, None) is Direction.END


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
        Consequence.CARE_TEAM_ENDS,
    )


def test_the_end_of_care_names_what_does_not_end_by_itself():
    goes_on = replace(QUIET, medications=1, open_measures=2)
    assert what_follows(None, goes_on) == (
        Consequence.MEDICATION_GOES_ON,
        Consequence.MEASURES_OPEN,
        Consequence.CARE_TEAM_ENDS,
    )
    assert what_follows(None, QUIET) == (Consequence.CARE_TEAM_ENDS,)
    assert Consequence.MEDICATION_GOES_ON not in what_follows(LevelOfCare.OUTPATIENT, goes_on)
