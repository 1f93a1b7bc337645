"""The only source of now.

Rules are given their day; everything else asks here, so that a test, or a demonstration, can stand still.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_standing_at: datetime | None = None


def now() -> datetime:
    """This moment, aware, in UTC."""
    return _standing_at or datetime.now(UTC)


def today(time_zone: str) -> date:
    """The date on the wall at a place."""
    return now().astimezone(ZoneInfo(time_zone)).date()


@contextmanager
def stand_still(at: datetime) -> Iterator[None]:
    """Hold every reading of the clock at one moment, in every thread of this process."""
    if at.tzinfo is None:
        raise ValueError("the clock needs a moment with a time zone")
    global _standing_at
    before, _standing_at = _standing_at, at.astimezone(UTC)
    try:
        yield
    finally:
        _standing_at = before
