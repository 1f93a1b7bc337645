"""How a task stands now: late, today, soon. And whether the one it was given to can still do it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Due(StrEnum):
    LATE = "late"
    NOW = "now"
    TODAY = "today"
    LATER = "later"


def how_due(*, due_on: date, due_at: datetime | None, now: datetime, is_urgent: bool = False) -> Due:
    """``now`` and ``due_at`` by the clock of the place."""
    if due_on < now.date() or (due_at is not None and due_at < now):
        return Due.LATE
    if is_urgent and due_on == now.date():
        return Due.NOW
    return Due.TODAY if due_on == now.date() else Due.LATER


@dataclass(frozen=True)
class Place:
    """A place on the care team of the person a task is about: it ended, runs until, or goes on."""

    ended_on: date | None = None
    expires_at: datetime | None = None

    def is_over(self, at: datetime) -> bool:
        return self.ended_on is not None or (self.expires_at is not None and self.expires_at <= at)

    def was_over_before(self, given: datetime, given_on: date) -> bool:
        """Whether it had ended when the task was given: then the task does not hang on it."""
        if self.ended_on is not None:
            return self.ended_on < given_on
        return self.expires_at is not None and self.expires_at <= given


class Falls(StrEnum):
    """Why a task falls to the queue of its part."""

    ROLE_ENDED = "role ended"
    PLACE_ENDED = "place ended"


def falls_to_the_queue(
    *, works_in_that_part: bool, places: tuple[Place, ...], given_at: datetime, given_on: date, at: datetime
) -> Falls | None:
    """Nobody's task is lost: one that its holder can no longer see to is there for all who could.

    ``places`` are those of the holder on the care team of the person it is about. Who never had one was given it
    without, and keeps it.
    """
    if not works_in_that_part:
        return Falls.ROLE_ENDED
    if any(not place.is_over(at) for place in places):
        return None
    if any(not place.was_over_before(given_at, given_on) for place in places):
        return Falls.PLACE_ENDED
    return None
