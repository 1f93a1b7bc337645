"""Attendance and the hours of a week: what may be marked, for how many minutes, and which minutes count.

An adult in an intensive outpatient program is asked for 9 clinical hours a week (SAMHSA Advisory 2021,
"Clinical Issues in Intensive Outpatient Treatment"); what one person is asked for stands in their plan.
Only signed attendance counts. Nothing here ends or changes anyone's care.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, StrEnum
from uuid import UUID

from stepwell.ground.kit.weeks import Week

MINUTE = timedelta(minutes=1)

#: People come in a few at a time and are marked at the door, so marking begins before the session does. Half an
#: hour covers that; sooner, a mark would be a guess about somebody who has not come yet.
DOOR_OPENS = timedelta(minutes=30)

#: Nobody is seen for longer than this in one session; a larger number is a slip of the finger.
LONGEST = 480


class Mark(StrEnum):
    """How somebody came, or that they did not."""

    HERE = "here"
    VIDEO = "video"
    LATE = "late"
    ABSENT = "absent"


class Reason(StrEnum):
    """Why somebody did not come."""

    UNKNOWN = "unknown"
    ILL = "ill"
    WORK = "work"
    CHILDCARE = "childcare"
    TRANSPORT = "transport"
    APPOINTMENT = "appointment"
    OTHER = "other"


def is_excused(reason: Reason) -> bool:
    """Any reason that is known excuses: people are asked why so that the next time can be made easier."""
    return reason is not Reason.UNKNOWN


class Kind(StrEnum):
    """What was held, as far as counting goes."""

    INTAKE = "intake"
    INDIVIDUAL = "individual"
    GROUP = "group"
    MEDICAL = "medical"
    FAMILY = "family"


def is_clinical(kind: Kind, *, group_is_clinical: bool = True) -> bool:
    """Whether the minutes count toward the week: groups that say so, counseling, and family sessions.

    An intake comes before the plan that asks for hours, and a dose is not a session.
    """
    if kind is Kind.GROUP:
        return group_is_clinical
    return kind in {Kind.INDIVIDUAL, Kind.FAMILY}


# ---------- marking ----------


class WhyNot(Enum):
    """Why a mark is refused."""

    CANCELLED = "the session was cancelled"
    TOO_EARLY = "the doors are not open yet"
    NEEDS_MINUTES = "late, and nobody said for how long they were there"
    NO_MINUTES = "less than one minute"
    LONGER_THAN_PLANNED = "more minutes than the session had"
    TOO_LONG = "more minutes than anybody is seen at once"
    LATE_BUT_WHOLE = "late, and yet there from beginning to end"


@dataclass(frozen=True)
class Seen:
    """From when to when somebody was there."""

    starts_at: datetime
    minutes: int

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + self.minutes * MINUTE


def why_not_mark(*, starts_at: datetime, is_cancelled: bool, at: datetime) -> WhyNot | None:
    """What stands in the way of marking anybody at that moment."""
    if is_cancelled:
        return WhyNot.CANCELLED
    return WhyNot.TOO_EARLY if at < starts_at - DOOR_OPENS else None


def seen(
    mark: Mark,
    minutes: int | None,
    *,
    starts_at: datetime,
    ends_at: datetime,
    at: datetime,
    overran: bool = False,
) -> Seen | WhyNot:
    """For how long somebody was there.

    Without minutes: the whole session; for somebody who walks in late, what is left of it at that moment.
    """
    planned = (ends_at - starts_at) // MINUTE
    if minutes is None:
        if mark is not Mark.LATE:
            minutes = planned
        elif starts_at < at < ends_at:
            minutes = max((ends_at - at) // MINUTE, 1)
        else:
            return WhyNot.NEEDS_MINUTES
    if minutes < 1:
        return WhyNot.NO_MINUTES
    if minutes > LONGEST:
        return WhyNot.TOO_LONG
    if minutes > planned and not overran:
        return WhyNot.LONGER_THAN_PLANNED
    if mark is Mark.LATE and minutes == planned:
        return WhyNot.LATE_BUT_WHOLE
    if mark is Mark.LATE and minutes < planned:
        return Seen(ends_at - minutes * MINUTE, minutes)
    return Seen(starts_at, minutes)


# ---------- counting ----------


@dataclass(frozen=True)
class Attended:
    """Somebody came."""

    starts_at: datetime
    minutes: int
    is_clinical: bool = True
    is_signed: bool = True
    is_in_force: bool = True
    what: str = ""
    id: UUID | None = None


@dataclass(frozen=True)
class Booked:
    """Somebody is expected, or was."""

    starts_at: datetime
    minutes: int
    is_clinical: bool = True
    is_kept: bool = True  # Not cancelled, and not entered in error.
    is_marked: bool = False  # An encounter or an absence says what came of it.
    what: str = ""
    id: UUID | None = None


class Counted(StrEnum):
    """Into which number of the week some minutes went."""

    SIGNED = "signed"
    UNSIGNED = "unsigned"
    PLANNED = "planned"
    NOT = "not counted"


@dataclass(frozen=True)
class Line:
    """Some minutes of the week, and where they were counted."""

    of: Attended | Booked
    counted: Counted


@dataclass(frozen=True)
class WeekHours:
    """One person's week, in minutes. ``lines`` are what the numbers are made of, in order of time."""

    asked: int
    signed: int
    unsigned: int
    planned: int
    left: int
    lines: tuple[Line, ...] = ()

    @property
    def short(self) -> int:
        """What will be missing even if everything planned is kept, and all of it signed."""
        return max(self.asked - self.signed - self.unsigned - self.planned, 0)

    def those(self, counted: Counted) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.counted is counted)


def count_hours(
    encounters: Iterable[Attended],
    appointments: Iterable[Booked],
    week: Week,
    asked: int,
    *,
    time_zone: str,
) -> WeekHours:
    """Count one person's week by the calendar of the center.

    What begins before midnight on Sunday belongs to the week it begins in, whole. ``left`` is what is still
    missing from the minutes asked for, as long as only signed minutes count.
    """
    first, after = week.bounds(time_zone)
    everything: list[Attended | Booked] = [*encounters, *appointments]
    lines = [
        Line(each, _counted(each)) for each in everything if first <= each.starts_at < after and _stands(each)
    ]
    lines.sort(key=lambda line: (line.of.starts_at, line.counted, line.of.what))
    minutes = {
        counted: sum(line.of.minutes for line in lines if line.counted is counted) for counted in Counted
    }
    return WeekHours(
        asked=asked,
        signed=minutes[Counted.SIGNED],
        unsigned=minutes[Counted.UNSIGNED],
        planned=minutes[Counted.PLANNED],
        left=max(asked - minutes[Counted.SIGNED], 0),
        lines=tuple(lines),
    )


def _stands(each: Attended | Booked) -> bool:
    if isinstance(each, Attended):
        return each.is_in_force
    return each.is_kept and not each.is_marked


def _counted(each: Attended | Booked) -> Counted:
    if not each.is_clinical:
        return Counted.NOT
    if isinstance(each, Booked):
        return Counted.PLANNED
    return Counted.SIGNED if each.is_signed else Counted.UNSIGNED
