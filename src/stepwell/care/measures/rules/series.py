"""A measure rated by the clock: when the next reading is due, and what changed since the last one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from stepwell.care.measures.scoring import Definition
from stepwell.care.measures.scoring.conditions import Comparison, Threshold


class Due(StrEnum):
    NOW = "now"  # the first one, or one whose time has come
    LATE = "late"
    LATER = "later"
    ENDED = "ended"


#: A reading counts as late when more than a quarter of its interval has gone by.
LATE_SHARE = 4


@dataclass(frozen=True)
class Next:
    due: Due
    at: datetime | None = None
    minutes: int = 0  # until then, or since


def next_reading(
    *,
    started_at: datetime,
    every: timedelta,
    taken_at: Sequence[datetime],
    ended_at: datetime | None,
    now: datetime,
) -> Next:
    """Counted from the last reading: one taken late does not bring the next one forward."""
    if ended_at is not None:
        return Next(Due.ENDED)
    at = max(taken_at) + every if taken_at else started_at
    minutes = int(abs(now - at).total_seconds()) // 60
    if now < at:
        return Next(Due.LATER, at, minutes)
    return Next(Due.LATE if now - at > every / LATE_SHARE else Due.NOW, at, minutes)


def asks_for(definition: Definition) -> list[tuple[str, str]]:
    """What the definition advises, by score or answer: `13 or more` and what it asks for."""
    return [
        (f"{_whose(rule.targets)}{_reached(rule.threshold)}", rule.action)
        for rule in definition.critical
        if rule.threshold is not None
    ]


def _whose(targets: Sequence[str]) -> str:
    if "total" in targets:
        return ""
    numbers = [target.rsplit("_", 1)[-1] for target in targets]
    return f"Question{'s' if len(numbers) > 1 else ''} {', '.join(numbers)}: "


def _reached(threshold: Threshold) -> str:
    words = {
        Comparison.AT_LEAST: "{} or more",
        Comparison.ABOVE: "more than {}",
        Comparison.AT_MOST: "{} or less",
        Comparison.BELOW: "less than {}",
        Comparison.EQUAL: "{}",
    }
    return words[threshold.comparison].format(threshold.value)


def changes(values: Sequence[int | None]) -> tuple[int | None, ...]:
    """For each reading, how much it changed since the last one that has a score."""
    found: list[int | None] = []
    before: int | None = None
    for value in values:
        found.append(None if value is None or before is None else value - before)
        before = value if value is not None else before
    return tuple(found)
