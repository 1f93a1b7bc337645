"""Who has naloxone, and whom to ask again. June 10."""

from datetime import date, timedelta

import pytest

from stepwell.care.admission.rules.naloxone import ASK_AGAIN_AFTER, Offered, Outcome, Standing, standing

JUNE_10 = date(2026, 6, 10)
DAY = timedelta(days=1)


def test_nothing_written_down_is_never_a_box_in_their_hands():
    assert standing(None, JUNE_10) is Standing.NEVER_OFFERED


def test_a_reason_for_not_offering_it_is_no_offer():
    assert standing(Offered(Outcome.NOT_OFFERED, JUNE_10), JUNE_10) is Standing.NEVER_OFFERED


@pytest.mark.parametrize("outcome", [Outcome.GIVEN, Outcome.HAS_IT])
def test_a_box_is_good_through_the_day_it_says(outcome):
    box = Offered(outcome, JUNE_10, expires_on=JUNE_10)
    assert standing(box, JUNE_10) is Standing.IN_HAND
    assert standing(box, JUNE_10 + DAY) is Standing.EXPIRED


@pytest.mark.parametrize("outcome", [Outcome.DECLINED, Outcome.PRESCRIBED])
def test_who_said_no_or_waits_for_a_pharmacy_is_asked_again_after_thirty_days(outcome):
    said = Offered(outcome, JUNE_10)
    assert standing(said, JUNE_10 + ASK_AGAIN_AFTER - DAY) is Standing.NOT_IN_HAND
    assert standing(said, JUNE_10 + ASK_AGAIN_AFTER) is Standing.ASK_AGAIN
