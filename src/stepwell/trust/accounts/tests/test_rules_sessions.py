"""How long a sign-in holds, in plain Python."""

from datetime import UTC, datetime, timedelta

import pytest

from stepwell.trust.accounts import rules
from stepwell.trust.accounts.rules import Limits, Standing

NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)
MINUTES = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("unused", "stands"),
    [(0, Standing.OPEN), (14, Standing.OPEN), (15, Standing.IDLE), (600, Standing.IDLE)],
)
def test_a_session_that_nobody_uses_is_covered_after_fifteen_minutes(unused, stands):
    now = NINE + unused * MINUTES
    assert rules.standing(began_at=NINE, active_at=NINE, now=now, limits=Limits()) is stands


def test_a_session_in_use_ends_after_twelve_hours_all_the_same():
    now = NINE + timedelta(hours=12)
    assert rules.standing(began_at=NINE, active_at=now, now=now, limits=Limits()) is Standing.OVER


def test_what_is_left_is_the_nearer_of_the_two_ends():
    late = NINE + timedelta(hours=11, minutes=55)
    assert rules.left(began_at=NINE, active_at=late, now=late, limits=Limits()) == 5 * MINUTES
    assert rules.left(began_at=NINE, active_at=NINE, now=NINE, limits=Limits()) == 15 * MINUTES
    assert rules.left(began_at=NINE, active_at=NINE, now=late, limits=Limits()) == timedelta(0)


def test_proof_is_fresh_until_its_time_is_up():
    assert rules.is_fresh(proven_at=NINE, now=NINE + 9 * MINUTES, within=rules.FRESH_FOR_RISK)
    assert not rules.is_fresh(proven_at=NINE, now=NINE + 10 * MINUTES, within=rules.FRESH_FOR_RISK)


@pytest.mark.parametrize(
    ("path", "asks"),
    [
        ("/me/notes/", True),
        ("/me/notes/today/", True),
        ("/me/privacy/", True),
        ("/me/progress/", True),
        ("/me/messages/3/", True),
        ("/me/", False),
        ("/me/notebook/", False),
        ("/staff/me/notes/", False),
    ],
)
def test_three_parts_of_a_patients_pages_ask_again(path, asks):
    assert rules.asks_again(path) is asks
