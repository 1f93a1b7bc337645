"""What a series of scores says, in one sentence, and whether a change is more than the usual swing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from stepwell.care.measures.scoring import Definition, Direction


class Turn(StrEnum):
    BETTER = "better"
    WORSE = "worse"
    LEVEL = "level"


@dataclass(frozen=True)
class Point:
    on: date
    value: int
    band: str = ""
    at: time | None = None  # on the wall, for a series within a day

    @property
    def moment(self) -> datetime:
        return datetime.combine(self.on, self.at or time())


@dataclass(frozen=True)
class Trend:
    sentence: str
    turn: Turn | None = None
    change: int | None = None
    is_real: bool | None = None  # None: no published threshold says


def read_trend(definition: Definition, score_id: str, points: Sequence[Point]) -> Trend:
    """Points in the order they were taken."""
    if not points:
        return Trend("Not asked yet.")
    last = points[-1]
    when = when_in_words(points)
    now = f"{last.value}{_in_band(last)} {when(last)}"
    if len(points) == 1:
        return Trend(f"First score: {now}.")
    first = points[0]
    change = last.value - first.value
    span = f"from {first.value}{_in_band(first)} {when(first)} to {now}"
    if change == 0:
        return Trend(f"Unchanged, {span}.", Turn.LEVEL, 0, None)
    turn = _turn(definition.score(score_id).higher, change)
    moved = f"{'Up' if change > 0 else 'Down'} {abs(change)}, {span}"
    reliable = definition.change.reliable if score_id == "total" else None
    if reliable is None:
        return Trend(f"{moved}. No published threshold says what change is real.", turn, change)
    if abs(change) >= reliable:
        return Trend(f"{moved}. A real change: {reliable} or more.", turn, change, is_real=True)
    return Trend(
        f"{moved}. Not yet a real change: that takes {reliable} or more.", turn, change, is_real=False
    )


def range_in_words(definition: Definition, score_id: str) -> str:
    """`0 to 27, lower is better`."""
    score = definition.score(score_id)
    better = {Direction.WORSE: ", lower is better", Direction.BETTER: ", higher is better", None: ""}
    return f"{score.minimum} to {score.maximum}{better[score.higher]}"


def _turn(higher: Direction | None, change: int) -> Turn | None:
    if higher is None:
        return None
    return Turn.BETTER if (change > 0) == (higher is Direction.BETTER) else Turn.WORSE


def _in_band(point: Point) -> str:
    return f" ({point.band[0].lower()}{point.band[1:]})" if point.band else ""


def when_in_words(points: Sequence[Point]) -> Callable[[Point], str]:
    """By the day; a series within one day by the clock."""
    if len({point.on for point in points}) > 1 or any(point.at is None for point in points):
        return lambda point: f"on {day_in_words(point.on)}"
    return lambda point: f"at {point.moment:%I:%M %p}".replace("at 0", "at ")


def day_in_words(day: date) -> str:
    return f"{day:%b} {day.day}"
