"""When the next dose is due, and how long a supply lasts."""

from datetime import date, timedelta

import pytest

from stepwell.care.medication.rules.doses import Due, next_dose, supply
from stepwell.care.medication.vocabulary import Medicine

OCT_27 = date(2026, 10, 27)


@pytest.mark.parametrize(
    ("days_after", "due"),
    [
        (0, Due.LATER),
        (25, Due.LATER),
        (26, Due.SOON),
        (28, Due.TODAY),
        (29, Due.LATE),
        (42, Due.LATE),
        (43, Due.NEEDS_REVIEW),
    ],
)
def test_the_monthly_buprenorphine_shot(days_after, due):
    told = next_dose(
        Medicine.BUPRENORPHINE_ER, last_given_on=OCT_27, every_days=28, on=OCT_27 + timedelta(days=days_after)
    )
    assert told.due is due
    assert told.due_on == date(2026, 11, 24)
    assert told.not_before == date(2026, 11, 22)
    assert told.days == 28 - days_after


def test_a_naltrexone_shot_35_days_old_needs_a_new_check_first():
    told = next_dose(
        Medicine.NALTREXONE_ER, last_given_on=OCT_27, every_days=28, on=OCT_27 + timedelta(days=35)
    )
    assert told.due is Due.NEEDS_REVIEW


def test_the_share_of_the_interval_gone_stays_between_0_and_100():
    def gone(days: int) -> int:
        on = OCT_27 + timedelta(days=days)
        return next_dose(Medicine.BUPRENORPHINE_ER, last_given_on=OCT_27, every_days=28, on=on).percent_gone

    assert (gone(0), gone(14), gone(27), gone(90)) == (0, 50, 96, 100)


def test_a_supply_of_seven_days_given_on_monday_lasts_through_sunday():
    monday = date(2026, 11, 23)
    told = supply(given_on=monday, days_supplied=7, on=monday)
    assert (told.lasts_through, told.days_left, told.has_run_out) == (date(2026, 11, 29), 6, False)
    assert supply(given_on=monday, days_supplied=7, on=date(2026, 11, 30)).has_run_out
