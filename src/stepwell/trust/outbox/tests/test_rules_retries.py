"""What could not be handed over is tried again, later each time, and not for ever."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from stepwell.trust.outbox.rules.retries import MOST_TRIES, WAITS, next_try

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.integers(1, MOST_TRIES - 1), st.floats(0, 1))
def test_a_try_comes_within_half_and_one_and_a_half_of_its_wait(tries: int, chance: float):
    again = next_try(tries, at=NOON, chance=chance)
    assert again is not None
    wait = timedelta(minutes=WAITS[tries - 1])
    assert wait * 0.5 <= again - NOON <= wait * 1.5


def test_after_the_last_try_there_is_none():
    assert next_try(MOST_TRIES, at=NOON, chance=0.5) is None
    assert next_try(0, at=NOON, chance=0.5) is None


def test_a_provider_that_says_how_long_to_wait_is_heard():
    assert next_try(1, at=NOON, chance=0.5, asked_to_wait=timedelta(minutes=7)) == NOON + timedelta(minutes=7)
    assert next_try(1, at=NOON, chance=0.5, asked_to_wait=timedelta(days=7)) == NOON + timedelta(hours=3)
