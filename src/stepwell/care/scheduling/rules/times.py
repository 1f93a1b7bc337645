"""Stretches of time, who is taken when, and the times that are open.

Everything is compared in UTC: on the day the clocks change, two times on the wall may be the same hour, or none.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from stepwell.trust.setup.rules.hours import Open

#: How far ahead sessions and appointments are laid down.
WEEKS_AHEAD = 4


@dataclass(frozen=True, order=True)
class Stretch:
    """From a moment until just before another, kept in UTC. Where one ends the next may begin."""

    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        if self.starts_at.tzinfo is None or self.ends_at.tzinfo is None:
            raise ValueError("a stretch needs moments with a time zone")
        object.__setattr__(self, "starts_at", self.starts_at.astimezone(UTC))
        object.__setattr__(self, "ends_at", self.ends_at.astimezone(UTC))
        if self.ends_at <= self.starts_at:
            raise ValueError("a stretch ends after it starts")

    @classmethod
    def of(cls, starts_at: datetime, minutes: int) -> "Stretch":
        starts_at = starts_at.astimezone(UTC)
        return cls(starts_at, starts_at + timedelta(minutes=minutes))

    def overlaps(self, other: "Stretch") -> bool:
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)


@dataclass(frozen=True)
class Wish:
    """Somebody or something is wanted for a stretch."""

    whom: UUID
    during: Stretch


@dataclass(frozen=True)
class Taken:
    """Somebody or something is taken for a stretch; ``by`` is whatever holds it."""

    whom: UUID
    during: Stretch
    by: object = None


TakenT = TypeVar("TakenT", bound=Taken)


def clashes(wishes: Iterable[Wish], taken: Iterable[TakenT]) -> tuple[tuple[Wish, TakenT], ...]:
    """Every wish with what stands in its way, earliest first."""
    by_whom: dict[UUID, list[TakenT]] = {}
    for one in taken:
        by_whom.setdefault(one.whom, []).append(one)
    found = (
        (wish, one)
        for wish in wishes
        for one in by_whom.get(wish.whom, ())
        if wish.during.overlaps(one.during)
    )
    return tuple(sorted(found, key=lambda pair: (pair[0].during, pair[1].during)))


#: The hours of a center that has written none down, our own default: Monday to Friday, 9 to 5.
USUAL_WEEK = tuple(Open(weekday, time(9), time(17)) for weekday in range(5))


def doors(day: date, week: Iterable[Open], zone: ZoneInfo) -> tuple[Stretch, ...]:
    """When the doors are open on that day, by the clock on the wall; nothing when they stay shut.

    One that closes at 0:00 is open until the end of the day. One that the clocks of a spring day leave nothing of is
    left out.
    """
    of_day = sorted(one for one in week if one.weekday == day.weekday())
    ends = (
        at_wall(day + timedelta(days=1) if one.closes == time() else day, one.closes, zone) for one in of_day
    )
    starts = (at_wall(day, one.opens, zone) for one in of_day)
    return tuple(Stretch(start, end) for start, end in zip(starts, ends, strict=True) if start < end)


def open_times(
    day: date,
    *,
    minutes: int,
    zone: ZoneInfo,
    taken: Collection[Stretch],
    not_before: datetime,
    week: Iterable[Open] = USUAL_WEEK,
    every: int = 60,
) -> tuple[Stretch, ...]:
    """The times of a day that nobody wanted has taken, each wholly within opening hours and not begun yet."""
    return tuple(
        stretch
        for within in doors(day, week, zone)
        for stretch in _offered(within, minutes=minutes, zone=zone, every=every)
        if stretch.starts_at >= not_before and not any(stretch.overlaps(other) for other in taken)
    )


def _offered(within: Stretch, *, minutes: int, zone: ZoneInfo, every: int) -> Iterator[Stretch]:
    """Times at regular places on the clock face. One that the clocks skip on this day is not offered."""
    face = within.starts_at.astimezone(zone).replace(tzinfo=None)
    day = face.date()
    while face.date() == day:
        if exists(face, zone):
            stretch = Stretch.of(face.replace(tzinfo=zone), minutes)
            if within.starts_at <= stretch.starts_at and stretch.ends_at <= within.ends_at:
                yield stretch
        face += timedelta(minutes=every)


def exists(face: datetime, zone: ZoneInfo) -> bool:
    """Whether the clocks of that place ever show this time: in spring they skip an hour."""
    return face.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) == face


def at_wall(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The moment, in UTC, at which the clock shows that time; a skipped time is the moment of the skip plus as much."""
    return datetime.combine(day, at, zone).astimezone(UTC)


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()
