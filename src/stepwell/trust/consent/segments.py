"""What each part of the record holds, supplied by the rooms above.

A room registers a provider in its ``apps.ready()``. A provider is given one patient and from which day on, and answers
with that patient's own facts: never another member's name. A part that no room supplies cannot be disclosed.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, time

from stepwell.trust.access import Permission
from stepwell.trust.accounts.models import User
from stepwell.trust.consent import words
from stepwell.trust.consent.rules.vocabulary import Segment
from stepwell.trust.people.models import Patient


@dataclass(frozen=True)
class Content:
    """A table: what the columns are called, and the rows, newest first."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Part:
    """One part of the record, as it is read."""

    segment: Segment
    title: str
    content: Content


@dataclass(frozen=True)
class Looking:
    """For whom a provider gathers: the patient, who asks, and the first day that is wanted."""

    patient: Patient
    by: User
    since: date | None = None

    @property
    def from_moment(self) -> datetime:
        """The first moment of that day at the patient's center; the beginning of time where no day is named."""
        day = self.since or date(1900, 1, 1)
        return datetime.combine(day, time(), self.patient.center.zone)

    def on(self, moment: datetime) -> str:
        """The day of a moment, at the patient's center."""
        return day_in_words(self.patient.center.day_of(moment))


def day_in_words(day: date) -> str:
    return f"{day:%b} {day.day}, {day.year}"


Provider = Callable[[Looking], Content]


@dataclass(frozen=True)
class Supply:
    #: What somebody must be allowed to see before they can tell it.
    seen_with: Permission
    provide: Provider


_supplies: dict[Segment, Supply] = {}


def supply(segment: Segment, provide: Provider, *, seen_with: Permission) -> None:
    """Say which room a part of the record comes from. One room for each part."""
    known = _supplies.get(segment)
    if known is not None and known.provide is not provide:
        raise ValueError(f"{segment} is supplied already")
    _supplies[segment] = Supply(seen_with, provide)


def supply_of(segment: Segment) -> Supply | None:
    return _supplies.get(segment)


def supplied() -> list[Segment]:
    """The parts that can be told today."""
    return [segment for segment in Segment if segment in _supplies]


def gathered(segments: Collection[Segment], looking: Looking) -> tuple[Part, ...]:
    """These parts of the record, in their order. Whoever asks has asked first whether each may be told."""
    return tuple(
        Part(segment, str(words.SHORT[segment]), _supplies[segment].provide(looking))
        for segment in supplied()
        if segment in segments
    )
