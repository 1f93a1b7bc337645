"""Stepping care up or down, and ending it: what is refused, and what has to be seen to afterwards.

Whether an episode can stand at a level from a day on is decided in ``episodes.rules.levels``; here is what
the program adds to it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from stepwell.care.episodes.levels import LevelOfCare
from stepwell.care.episodes.rules import levels

#: How far ahead a step may be set: our own design default, so that a step is decided on what is true now.
FURTHEST_AHEAD = timedelta(days=30)

_BY_INTENSITY = tuple(LevelOfCare)


class Direction(StrEnum):
    DOWN = "down"
    UP = "up"
    END = "end"


@dataclass(frozen=True)
class Wish:
    """What is asked for: another level from a day on, or, without a level, that day as the last of care."""

    to: LevelOfCare | None
    on: date
    because: str


class Objection(StrEnum):
    NOT_IN_CARE = "there is no open episode of care"
    TOO_FAR_AHEAD = "the day is too far ahead"


Refusal = tuple[Objection | levels.Objection, str | None]


def objection(standing: levels.Standing | None, wish: Wish, *, today: date) -> Refusal | None:
    """The first reason to refuse a step, and the field it is about; None when it may be taken."""
    if standing is None:
        return Objection.NOT_IN_CARE, None
    if wish.to is None:
        return levels.objection_to_end(standing, on=wish.on, because=wish.because, today=today)
    if wish.on > today + FURTHEST_AHEAD:
        return Objection.TOO_FAR_AHEAD, "on"
    return levels.objection_to_change(standing, to=wish.to, on=wish.on, because=wish.because)


def direction(level: LevelOfCare, to: LevelOfCare | None) -> Direction:
    """Whether that is less care, more care, or the end of it."""
    if to is None:
        return Direction.END
    return Direction.DOWN if _BY_INTENSITY.index(to) < _BY_INTENSITY.index(level) else Direction.UP


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
    """What the step does by itself, and what somebody has to see to after it."""

    PLAN_ASKS_OTHER_HOURS = "the plan asks for hours that belong to another level"
    PLAN_AWAITS_SIGNATURES = "a plan still awaits its signatures"
    NO_PLAN = "there is no plan in force"
    PLACES_STAY = "places in groups stay as they are"
    PLACES_END = "places in groups end"
    APPOINTMENTS_END = "booked appointments are cancelled"
    CARE_TEAM_ENDS = "the care team ends, but for the counselor"
    MEDICATION_GOES_ON = "medication is still prescribed"
    MEASURES_OPEN = "measures are asked and not answered"


#: What the step has done when it is taken, so that nobody has to see to it.
DONE_WITH_IT = frozenset({Consequence.PLACES_END, Consequence.APPOINTMENTS_END, Consequence.CARE_TEAM_ENDS})


@dataclass(frozen=True)
class Circumstances:
    """What the step meets: the plan in force, a plan on its way, and what lies ahead in the week."""

    minutes_asked: int | None
    plan_awaits_signatures: bool
    places: int
    places_to_end: int
    appointments_ahead: int
    medications: int = 0
    open_measures: int = 0


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
        if now.medications:
            yield Consequence.MEDICATION_GOES_ON
        if now.open_measures:
            yield Consequence.MEASURES_OPEN
        yield Consequence.CARE_TEAM_ENDS
        return
    if now.minutes_asked is None:
        yield Consequence.NO_PLAN
    elif to in WEEKLY_HOURS and not WEEKLY_HOURS[to].hold(now.minutes_asked):
        yield Consequence.PLAN_ASKS_OTHER_HOURS
    if now.places_to_end:
        yield Consequence.PLACES_END
    if now.places > now.places_to_end:
        yield Consequence.PLACES_STAY
