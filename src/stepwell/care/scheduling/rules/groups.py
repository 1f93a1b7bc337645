"""When a weekly group meets, and whether there is a place in it for somebody."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

ENGLISH = "en"


def meeting_days(
    weekday: int, *, first: date, until: date, starts_on: date, ends_on: date | None
) -> Iterator[date]:
    """The days a series meets, from one day to another, both included; ``ends_on`` is its first day without."""
    day = max(first, starts_on)
    day += timedelta(days=(weekday - day.weekday()) % 7)
    while day <= until and (ends_on is None or day < ends_on):
        yield day
        day += timedelta(days=7)


@dataclass(frozen=True)
class Place:
    """A standing place, from a day until the day before ``ends_on``."""

    starts_on: date
    ends_on: date | None = None

    def holds_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)

    def holds_from(self, day: date) -> bool:
        """Whether it takes a seat on that day or on any day after it."""
        return self.ends_on is None or (self.ends_on > day and self.ends_on > self.starts_on)


def seats_left(seats: int, places: Iterable[Place], *, from_day: date) -> int:
    """Seats that stay free from a day on. A place that begins later needs its seat then, so it counts now."""
    return max(seats - sum(place.holds_from(from_day) for place in places), 0)


class Unfit(StrEnum):
    """Why a group is not offered to a person."""

    IN_IT = "has a place in it already"
    OVER = "the group ends before"
    LANGUAGE = "the group speaks another language"
    FULL = "no seat is left"
    CLASH = "something else is at that time"


@dataclass(frozen=True)
class Group:
    language: str
    seats_left: int
    ends_on: date | None


@dataclass(frozen=True)
class Newcomer:
    """What is known of somebody who looks for a place."""

    language: str
    needs_interpreter: bool
    is_in_it: bool
    has_clash: bool


def unfit(group: Group, newcomer: Newcomer, *, from_day: date) -> Unfit | None:
    """The first reason not to offer it, or None."""
    if newcomer.is_in_it:
        return Unfit.IN_IT
    if group.ends_on is not None and group.ends_on <= from_day:
        return Unfit.OVER
    if not understands(newcomer, group.language):
        return Unfit.LANGUAGE
    if group.seats_left == 0:
        return Unfit.FULL
    return Unfit.CLASH if newcomer.has_clash else None


def understands(newcomer: Newcomer, language: str) -> bool:
    """Their own language; English also for someone who asked for another, but needs no interpreter."""
    return newcomer.language == language or (language == ENGLISH and not newcomer.needs_interpreter)
