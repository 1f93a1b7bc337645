"""By when a note is due."""

from datetime import UTC, datetime, timedelta

import pytest

from stepwell.care.notes.rules.deadlines import Lateness, deadline

FRIDAY_NOON = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours_later", "lateness", "hours"),
    [
        (0, Lateness.ON_TIME, 24),
        (24, Lateness.ON_TIME, 0),
        (25, Lateness.LATE, 1),
        (72, Lateness.LATE, 48),
        (73, Lateness.TOO_LATE, 49),
    ],
)
def test_a_note_is_due_in_a_day_and_holds_up_its_bill_after_three(hours_later, lateness, hours):
    due = deadline(ended_at=FRIDAY_NOON, at=FRIDAY_NOON + timedelta(hours=hours_later))
    assert (due.lateness, due.hours) == (lateness, hours)
