"""What may go on paper, from which day on, and how long it is kept."""

from datetime import UTC, date, datetime, timedelta

import pytest

from stepwell.trust.consent.rules.vocabulary import Segment
from stepwell.trust.printouts.rules import (
    KEPT_FOR,
    MAY_BE_PRINTED,
    USUAL,
    Period,
    State,
    breakable,
    first_day,
    in_order,
    state,
)

MONDAY = date(2026, 11, 23)
NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_private_counseling_notes_go_on_no_paper():
    assert Segment.COUNSELING_NOTES not in MAY_BE_PRINTED
    assert set(MAY_BE_PRINTED) | {Segment.COUNSELING_NOTES} == set(Segment)
    assert in_order(Segment) == list(MAY_BE_PRINTED)


def test_what_is_told_in_confidence_is_not_ticked_to_begin_with():
    assert set(MAY_BE_PRINTED) >= USUAL
    assert not {Segment.NOTES, Segment.DRUG_TESTS} & USUAL


@pytest.mark.parametrize(
    ("period", "day"),
    [
        (Period.MONTH, date(2026, 10, 24)),
        (Period.QUARTER, date(2026, 8, 25)),
        (Period.ALL, None),
        (Period.SINCE, date(2026, 11, 2)),
    ],
)
def test_each_period_has_its_first_day(period, day):
    assert first_day(period, since=date(2026, 11, 2), today=MONDAY) == day


def test_a_file_is_there_for_one_day():
    def stands(now, made_at=NINE, failed="", forgotten_at=None):
        return state(made_at=made_at, failed=failed, forgotten_at=forgotten_at, now=now)

    assert stands(NINE, made_at=None) is State.WAITING
    assert stands(NINE + KEPT_FOR - timedelta(seconds=1)) is State.READY
    assert stands(NINE + KEPT_FOR) is State.GONE
    assert stands(NINE, forgotten_at=NINE) is State.GONE
    assert stands(NINE, made_at=None, failed="broke") is State.FAILED


def test_a_word_as_long_as_no_word_is_may_go_on_in_the_next_line():
    assert breakable("Skills group, Monday at 9") == "Skills group, Monday at 9"
    assert breakable("characteristics") == "characteristics"
    assert breakable("x" * 40) == "\u200b".join(("x" * 16, "x" * 16, "x" * 8))
    assert breakable("x" * 32 + " y") == "\u200b".join(("x" * 16, "x" * 16)) + " y"
    assert breakable("") == ""
