"""Stepping care up or down, and ending it: what is refused, and what has to be seen to afterwards."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from stepwell.care.episodes.levels import LevelOfCare

#: How far ahead a step may be set: our own design default, so that a step is decided on what is true now.
FURTHEST_AHEAD = timedelta(days=30)

_BY_INTENSITY = tuple(LevelOfCare)


class Direction(StrEnum):
    DOWN = "down"
    UP = "up"
    END = "end"


@dataclass(frozen=True)
class Standing:
    """The level an episode stands at last, and since when."""

    level: LevelOfCare
    since: date


@dataclass(frozen=True)
class Wish:
    """What is asked for: another level from a day on, or, without a level, the end of care."""

    to: LevelOfCare | None
    on: date | None
    because: str


class Objection(StrEnum):
    NOT_IN_CARE = "there is no open episode of care"
    SAME_LEVEL = "the episode stands at that level already"
    NO_REASON = "no reason is given"
    NO_DAY = "no day is given"
    BEFORE_THIS_LEVEL_BEGAN = "the day is before the present level began"
    TOO_FAR_AHEAD = "the day is too far ahead"
    END_IN_THE_FUTURE = "an end cannot lie in the future"


def objections(standing: Standing | None, wish: Wish, *, today: date) -> tuple[Objection, ...]:
    """Every reason to refuse; none at all when the step may be taken."""
    if standing is None:
        return (Objection.NOT_IN_CARE,)
    return tuple(_objections(standing, wish, today))


def _objections(standing: Standing, wish: Wish, today: date) -> Iterator[Objection]:
    if wish.to is standing.level:
        yield Objection.SAME_LEVEL
    if not wish.because.strip():
        yield Objection.NO_REASON
    if wish.on is None:
        yield Objection.NO_DAY
        return
    # A level lasts a day at least, so that no day has two; care may end on the day its last level began.
    earliest = standing.since if wish.to is None else standing.since + timedelta(days=1)
    if wish.on < earliest:
        yield Objection.BEFORE_THIS_LEVEL_BEGAN
    elif wish.to is None and wish.on > today:
        yield Objection.END_IN_THE_FUTURE
    elif wish.on > today + FURTHEST_AHEAD:
        yield Objection.TOO_FAR_AHEAD


def direction(standing: Standing, to: LevelOfCare | None) -> Direction:
    """Whether that is less care, more care, or the end of it."""
    if to is None:
        return Direction.END
    return Direction.DOWN if _BY_INTENSITY.index(to) < _BY_INTENSITY.index(standing.level) else Direction.UP


@dataclass(frozen=True)
class WeeklyHours:
    """The clinical hours that belong to a level, in minutes a week; ``below`` is the first too many."""

    least: int = 0
    below: int | None = None

    def hold(self, minutes: int) -> bool:
        return self.least <= minutes and (self.below is None or minutes < self.below)


# Adults. Under 9 hours outpatient, 9 to under 20 intensive outpatient, 20 and more above it (SAMHSA Advisory
# "Clinical Issues in Intensive Outpatient Treatment", 2021; COMAR 10.63.03.03). Other levels have no such
# bound that we could read, so nothing is said of them.
WEEKLY_HOURS: dict[LevelOfCare, WeeklyHours] = {
    LevelOfCare.OUTPATIENT: WeeklyHours(below=9 * 60),
    LevelOfCare.INTENSIVE_OUTPATIENT: WeeklyHours(least=9 * 60, below=20 * 60),
    LevelOfCare.HIGH_INTENSITY_OUTPATIENT: WeeklyHours(least=20 * 60),
    LevelOfCare.MEDICAL_INTENSIVE_OUTPATIENT: WeeklyHours(least=20 * 60),
}


class Consequence(StrEnum):
    """What somebody has to see to after the step. Nothing of it happens by itself."""

    PLAN_ASKS_OTHER_HOURS = "the plan asks for hours that belong to another level"
    PLAN_AWAITS_SIGNATURES = "a plan still awaits its signatures"
    NO_PLAN = "there is no plan in force"
    PLACES_STAY = "places in groups stay as they are"
    PLACES_END = "places in groups end"
    APPOINTMENTS_END = "booked appointments are cancelled"


@dataclass(frozen=True)
class Circumstances:
    """What the step meets: the plan in force, a plan on its way, and what lies ahead in the week."""

    minutes_asked: int | None
    plan_awaits_signatures: bool
    places: int
    places_to_end: int
    appointments_ahead: int


def what_follows(to: LevelOfCare | None, now: Circumstances) -> tuple[Consequence, ...]:
    """What the step brings with it, in the order in which somebody would see to it."""
    return tuple(_what_follows(to, now))


def _what_follows(to: LevelOfCare | None, now: Circumstances) -> Iterator[Consequence]:
    if now.plan_awaits_signatures:
        yield Consequence.PLAN_AWAITS_SIGNATURES
    if to is None:
        if now.places:
            yield Consequence.PLACES_END
        if now.appointments_ahead:
            yield Consequence.APPOINTMENTS_END
        return
    if now.minutes_asked is None:
        yield Consequence.NO_PLAN
    elif to in WEEKLY_HOURS and not WEEKLY_HOURS[to].hold(now.minutes_asked):
        yield Consequence.PLAN_ASKS_OTHER_HOURS
    if now.places_to_end:
        yield Consequence.PLACES_END
    if now.places > now.places_to_end:
        yield Consequence.PLACES_STAY
