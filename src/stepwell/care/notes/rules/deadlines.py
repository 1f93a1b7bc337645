"""By when a note is due: within a day of the service; after three days unsigned, it holds up its bill.

Our own default, after the practice of several states; a state's profile may ask for less.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

DUE_AFTER = timedelta(hours=24)
TOO_LATE_AFTER = timedelta(hours=72)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


class Lateness(StrEnum):
    ON_TIME = "on time"
    LATE = "late"
    TOO_LATE = "so late that nothing can be billed before it is signed"


@dataclass(frozen=True)
class Deadline:
    due_at: datetime
    lateness: Lateness
    #: Whole hours until it is due, or since it was.
    hours: int

    @property
    def days(self) -> int:
        return self.hours // 24


def deadline(*, ended_at: datetime, at: datetime) -> Deadline:
    """How it stands with a note that is not signed at that moment."""
    due_at = ended_at + DUE_AFTER
    if at > ended_at + TOO_LATE_AFTER:
        lateness = Lateness.TOO_LATE
    elif at > due_at:
        lateness = Lateness.LATE
    else:
        lateness = Lateness.ON_TIME
    return Deadline(due_at, lateness, abs(at - due_at) // HOUR)
