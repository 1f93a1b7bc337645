"""A plan is looked at every 14 days in the first month of care, then every 30."""

from datetime import date

import pytest

from stepwell.care.care_plans.rules.reviews import DEFAULT

ADMITTED = date(2026, 10, 20)


@pytest.mark.parametrize(
    ("signed_on", "due_on"),
    [
        (date(2026, 10, 22), date(2026, 11, 5)),
        (date(2026, 11, 18), date(2026, 12, 2)),  # day 29 of care
        (date(2026, 11, 19), date(2026, 12, 19)),  # day 30
        (date(2027, 1, 30), date(2027, 3, 1)),
    ],
)
def test_the_clock_slows_after_the_first_month(signed_on, due_on):
    assert DEFAULT.due_after(signed_on, admitted_on=ADMITTED) == due_on


def test_the_clock_says_where_it_comes_from():
    assert DEFAULT.source
