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
    mode: str = ""  # how it was answered
    version: str = ""

    @property
    def moment(self) -> datetime:
        return datetime.combine(self.on, self.at or time())


@dataclass(frozen=True)
class Trend:
    sentence: str
    turn: Turn | None = None
    change: int | None = None
    is_real: bool | None = None  # None: no published threshold says

    @property
    def after_name(self) -> str:
        """To stand behind the name of the score: `PHQ-9 went from 14 to 9`."""
        return self.sentence[0].lower() + self.sentence[1:]


def read_trend(
    definition: Definition, score_id: str, points: Sequence[Point], *, by_clock: bool = False
) -> Trend:
    """Points in the order they were taken. What another version of the measure said is not compared."""
    if not points:
        return Trend("Not asked yet.")
    last = points[-1]
    alike = comparable(points)
    aside = "" if len(alike) == len(points) else " Earlier answers are of another version and are left out."
    when = when_in_words(alike, by_clock=by_clock)
    now = f"{last.value}{_in_band(last)} {when(last)}"
    if len(alike) == 1:
        return Trend(f"First score: {now}.{aside}")
    first = alike[0]
    if first.mode != last.mode:
        aside += " One was answered alone and one with staff or on paper: compare with care."
    change = last.value - first.value
    span = f"from {first.value}{_in_band(first)} {when(first)} to {now}, {_in_time(first, last)}"
    if change == 0:
        return Trend(f"Unchanged, {span}.{aside}", Turn.LEVEL, 0, None)
    turn = _turn(definition.score(score_id).higher, change)
    reliable = definition.change.reliable if score_id == "total" else None
    if reliable is None:
        said = f"Went {span}. No published threshold says what change is real."
        return Trend(f"{said}{aside}", turn, change)
    is_real = abs(change) >= reliable
    verdict = "a real change" if is_real else "not yet a real change"
    return Trend(f"Went {span}: {verdict} ({reliable} or more).{aside}", turn, change, is_real)


def comparable(points: Sequence[Point]) -> list[Point]:
    """The points of the newest version: what another version asked is not the same."""
    return [point for point in points if point.version == points[-1].version]


def _in_time(first: Point, last: Point) -> str:
    """`in four weeks`; within a day by hours and minutes."""
    apart = last.moment - first.moment
    days = (last.on - first.on).days
    if days == 0:
        minutes = int(apart.total_seconds()) // 60
        hours, rest = divmod(minutes, 60)
        said = [f"{hours} h"] * bool(hours) + [f"{rest} min"] * bool(rest or not hours)
        return f"in {' '.join(said)}"
    if days < 14:
        return "in 1 day" if days == 1 else f"in {days} days"
    weeks = round(days / 7)
    return f"in {_NUMBERS.get(weeks, str(weeks))} weeks"


_NUMBERS = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine"}


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


def when_in_words(points: Sequence[Point], *, by_clock: bool = False) -> Callable[[Point], str]:
    """By the day; a series within one day, or one taken by the clock, by the clock."""
    is_one_day = len({point.on for point in points}) == 1
    if not (by_clock or (is_one_day and len(points) > 1)) or any(point.at is None for point in points):
        return lambda point: f"on {day_in_words(point.on)}"
    if is_one_day:
        return lambda point: f"at {clock_in_words(point.moment)}"
    return lambda point: f"on {point.on:%a} at {clock_in_words(point.moment)}"


def clock_in_words(moment: datetime) -> str:
    return f"{moment.hour % 12 or 12}:{moment:%M} {'AM' if moment.hour < 12 else 'PM'}"


def day_in_words(day: date) -> str:
    return f"{day:%b} {day.day}"
