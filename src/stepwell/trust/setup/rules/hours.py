"""The hours of a week: that no two stretches overlap, and how they read in English and Spanish."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import time
from itertools import pairwise
from typing import Self

WEEKDAYS = range(7)
IN_ENGLISH = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
IN_SPANISH = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")


@dataclass(frozen=True, order=True)
class Open:
    """One stretch of one weekday, Monday being 0."""

    weekday: int
    opens: time
    closes: time

    @classmethod
    def at(cls, weekday: int, opens: str, closes: str) -> Self:
        """As a clock shows it: ``Open.at(0, "08:30", "20:30")``."""
        return cls(weekday, time.fromisoformat(opens), time.fromisoformat(closes))


def overlapping(week: Iterable[Open]) -> tuple[Open, Open] | None:
    """The first two stretches of one day that overlap."""
    return next(
        (
            (one, other)
            for one, other in pairwise(sorted(week))
            if one.weekday == other.weekday and other.opens < one.closes
        ),
        None,
    )


def in_english(week: Sequence[Open]) -> str:
    """Monday to Friday 8:30 AM to 8:30 PM, Saturday 9 AM to 2 PM."""
    lines = [
        f"{_run(days, IN_ENGLISH, ' to ', ' and ')} "
        + " and ".join(f"{_english(opens)} to {_english(closes)}" for opens, closes in stretches)
        for days, stretches in _alike(week)
    ]
    return ", ".join(lines)


def in_spanish(week: Sequence[Open]) -> str:
    """Lunes a viernes de 8:30 a. m. a 8:30 p. m., sábado de 9 a. m. a 2 p. m."""
    lines = [
        f"{_run(days, IN_SPANISH, ' a ', ' y ')} "
        + " y ".join(f"de {_spanish(opens)} a {_spanish(closes)}" for opens, closes in stretches)
        for days, stretches in _alike(week)
    ]
    text = ", ".join(lines)
    return text[:1].upper() + text[1:]


def _alike(week: Sequence[Open]) -> list[tuple[list[int], tuple[tuple[time, time], ...]]]:
    """Days in a row that have the same hours, together."""
    found: list[tuple[list[int], tuple[tuple[time, time], ...]]] = []
    for day in WEEKDAYS:
        stretches = tuple((one.opens, one.closes) for one in sorted(week) if one.weekday == day)
        if not stretches:
            continue
        if found and found[-1][1] == stretches and found[-1][0][-1] == day - 1:
            found[-1][0].append(day)
        else:
            found.append(([day], stretches))
    return found


def _run(days: Sequence[int], names: Sequence[str], through: str, both: str) -> str:
    if len(days) == 1:
        return names[days[0]]
    return f"{names[days[0]]}{both if len(days) == 2 else through}{names[days[-1]]}"


def _hour(at: time) -> str:
    hour = at.hour % 12 or 12
    return f"{hour}:{at.minute:02}" if at.minute else str(hour)


def _english(at: time) -> str:
    return f"{_hour(at)} {'AM' if at.hour < 12 else 'PM'}"


def _spanish(at: time) -> str:
    return f"{_hour(at)} {'a. m.' if at.hour < 12 else 'p. m.'}"
