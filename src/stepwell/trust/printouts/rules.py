"""What may go on paper, what for, from which day on, and how long the file is kept."""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum

from stepwell.trust.consent.rules.vocabulary import Segment

#: Every part of the record but counseling notes, which are kept apart from it (42 CFR 2.11 [V]); they go on no paper
#: with anything else.
MAY_BE_PRINTED = tuple(segment for segment in Segment if segment is not Segment.COUNSELING_NOTES)

#: Ticked to begin with [D]: what is asked for most. What is told in confidence is asked for by name.
USUAL = frozenset({Segment.ATTENDANCE, Segment.EPISODE, Segment.PLAN, Segment.MEDICATION, Segment.MEASURES})

#: How long a file is kept, and how long anybody waits for one [D].
KEPT_FOR = timedelta(days=1)
WAITED_FOR = timedelta(hours=1)
MOST_WAITING = 3
#: A paper of more lines is no paper that anybody reads.
MOST_LINES = 3000

#: So many letters without a space are no word, but a link or a held-down key; three columns of them fit a page.
LONGEST_UNBROKEN = 16
_UNBROKEN = re.compile(rf"(\S{{{LONGEST_UNBROKEN}}})(?=\S)")


class For(StrEnum):
    """Whose paper it is. All three stay inside: the first two with those who may see the record here (42 CFR 2.12(c)(3)
    [V]), the third with the patient, whom Part 2 does not keep from their own record (2.23 [K]; 45 CFR 164.524 [K])."""

    TREATMENT = "treatment"
    REVIEW = "review"
    PATIENT = "patient"


class Period(StrEnum):
    MONTH = "30"
    QUARTER = "90"
    ALL = "all"
    SINCE = "since"


class Failure(StrEnum):
    """Why there is no file."""

    NO_LIBRARIES = "libraries"
    TOO_LONG = "too long"
    NOT_ALLOWED = "not allowed"
    BROKE = "broke"
    NEVER_MADE = "never made"


class State(StrEnum):
    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"
    GONE = "gone"


def first_day(period: Period, *, since: date | None, today: date) -> date | None:
    """From which day on; None: everything there is."""
    if period is Period.ALL:
        return None
    return since if period is Period.SINCE else today - timedelta(days=int(period))


def state(*, made_at: datetime | None, failed: str, forgotten_at: datetime | None, now: datetime) -> State:
    if failed:
        return State.FAILED
    if made_at is None:
        return State.WAITING
    return State.GONE if forgotten_at is not None or now >= made_at + KEPT_FOR else State.READY


def in_order(segments: Iterable[Segment]) -> list[Segment]:
    """As the record has them, each once."""
    asked = set(segments)
    return [segment for segment in MAY_BE_PRINTED if segment in asked]


def breakable(words: str) -> str:
    """The same words, with places in the long ones where a line may end: U+200B, which is not seen.

    A style that lets a line end anywhere costs the square of the length: five thousand letters took a minute.
    """
    return _UNBROKEN.sub("\\1\u200b", words)
