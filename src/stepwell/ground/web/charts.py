"""Where each mark of a chart stands. Plain geometry: no Django, no words, no color.

A chart is a picture of facts with gaps: a day without an answer is a gap in the line, never a zero.
The templates in `web/components/` turn these into SVG, sized by attributes, so that no inline style is needed.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum


@dataclass(frozen=True)
class Point:
    """A place in the picture. Down is more."""

    x: float
    y: float


class Tone(StrEnum):
    """What a mark means. Always said in words as well."""

    PLAIN = "plain"
    OK = "ok"
    WARN = "warn"
    URGENT = "urgent"


class Shape(StrEnum):
    """A mark below a line chart: the same shapes everywhere, so that people learn them once."""

    SQUARE = "square"  # came
    OPEN_SQUARE = "open-square"  # did not come
    FAINT_SQUARE = "faint-square"  # did not come, and said so
    HALF_SQUARE = "half-square"  # came late
    DIAMOND = "diamond"  # a dose given
    OPEN_DIAMOND = "open-diamond"  # a dose that is due
    DOT = "dot"


class Came(StrEnum):
    """How one meeting of a group went for one person."""

    PRESENT = "present"
    LATE = "late"
    ABSENT = "absent"
    EXCUSED = "excused"


def number(value: float) -> str:
    """A coordinate: one decimal, no trailing zero, never `-0`, never anything but a number."""
    if not math.isfinite(value):
        return "0"
    text = f"{value:.1f}"
    text = text.removesuffix(".0")
    return "0" if text == "-0" else text


def path(points: Iterable[Point | None]) -> str:
    """An SVG path that lifts the pen where there is nothing. A point alone becomes a dot."""
    return "".join(_stroke(run) for run in runs(points))


def runs(points: Iterable[Point | None]) -> Iterator[list[Point]]:
    """The unbroken stretches."""
    run: list[Point] = []
    for point in points:
        if point is not None:
            run.append(point)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _stroke(run: Sequence[Point]) -> str:
    first, *rest = (f"{number(point.x)} {number(point.y)}" for point in run)
    # A line of no length: its round ends draw the dot.
    return f"M{first}" + ("".join(f"L{place}" for place in rest) if rest else "h0")


def known(values: Iterable[float | None]) -> list[float | None]:
    """Values with everything that is not a number taken as not answered."""
    return [value if value is not None and math.isfinite(value) else None for value in values]


@dataclass(frozen=True)
class Band:
    """The vertical room a value may stand in: `low` at `bottom`, `high` at `top`."""

    low: float
    high: float
    top: float
    bottom: float

    def y(self, value: float) -> float:
        # Halved, so that even the largest numbers have a difference.
        span = self.high / 2 - self.low / 2
        if span <= 0 or not math.isfinite(span):
            return (self.top + self.bottom) / 2
        share = (value / 2 - self.low / 2) / span
        return self.bottom - min(max(share, 0.0), 1.0) * (self.bottom - self.top)


# --- meter -------------------------------------------------------------------------------------


def percent(part: float | None, whole: float | None) -> int:
    """How much of the whole, 0 to 100, for the width of a bar."""
    if part is None or whole is None or not math.isfinite(part) or not math.isfinite(whole) or whole <= 0:
        return 0
    return round(min(max(part / whole, 0.0), 1.0) * 100)


# --- sparkline ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class SparkPicture:
    width: int
    height: int
    baseline: float
    path: str
    end: Point | None


def spark(
    values: Iterable[float | None],
    *,
    low: float | None = None,
    high: float | None = None,
    width: int = 86,
    height: int = 30,
) -> SparkPicture:
    """A line small enough for a row. Without `low` and `high` it spans its own values."""
    series = known(values)
    answered = [value for value in series if value is not None]
    baseline = height - 2.5
    if not answered:
        return SparkPicture(width, height, baseline, "", None)
    band = Band(
        low if low is not None else min(answered),
        high if high is not None else max(answered),
        top=3.0,
        bottom=baseline - 0.5,
    )
    left, right = 2.0, width - 6.0
    step = (right - left) / (len(series) - 1) if len(series) > 1 else 0.0
    points = [
        Point(left + index * step, band.y(value)) if value is not None else None
        for index, value in enumerate(series)
    ]
    end = next(point for point in reversed(points) if point is not None)
    return SparkPicture(width, height, baseline, path(points), end)


# --- line chart --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reading:
    """One answer on one day."""

    on: date
    value: float


@dataclass(frozen=True)
class Mark:
    """One thing on one day in a row below the line. `words` say it in the table; `shown` prints them beside it."""

    on: date
    words: str
    shape: Shape = Shape.SQUARE
    tone: Tone = Tone.PLAIN
    shown: bool = False


@dataclass(frozen=True)
class Row:
    """A named row of marks, such as Groups, Shots or Tests."""

    label: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Note:
    """Words in the picture: `line` draws an upright at that day, otherwise they stand above the point."""

    on: date
    words: str
    line: bool = False


@dataclass(frozen=True)
class LineChart:
    """What to draw. `sentence` says the same as the picture. `ticks` name heights: (2, "Some")."""

    sentence: str
    measure: str
    first: date
    last: date
    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    readings: tuple[Reading, ...]
    rows: tuple[Row, ...] = ()
    notes: tuple[Note, ...] = ()
    last_label: str = ""
    #: Readings no further apart than this are joined; further apart there is a gap.
    joined_within: timedelta = timedelta(days=1)


@dataclass(frozen=True)
class PlacedTick:
    y: float
    label: str


@dataclass(frozen=True)
class PlacedDay:
    x: float
    on: date
    anchor: str
    label: str = ""


@dataclass(frozen=True)
class PlacedMark:
    x: float
    y: float
    mark: Mark

    @property
    def diamond(self) -> str:
        """The outline of a diamond around this place."""
        return f"M{number(self.x)} {number(self.y - 7)}l6 7-6 7-6-7z"


@dataclass(frozen=True)
class PlacedRow:
    label: str
    y: float
    marks: tuple[PlacedMark, ...]


@dataclass(frozen=True)
class PlacedNote:
    x: float
    y: float
    words: str
    line: bool
    anchor: str
    text_x: float


@dataclass(frozen=True)
class TableLine:
    """One day of the table that says the same as the picture."""

    on: date
    value: float | None
    marks: tuple[str, ...]
    notes: str


@dataclass(frozen=True)
class LinePicture:
    width: int
    height: int
    left: float
    right: float
    foot: float
    path: str
    points: tuple[Point, ...]
    ticks: tuple[PlacedTick, ...]
    days: tuple[PlacedDay, ...]
    rows: tuple[PlacedRow, ...]
    notes: tuple[PlacedNote, ...]
    table: tuple[TableLine, ...] = field(default=(), repr=False)

    @property
    def last(self) -> Point | None:
        return self.points[-1] if self.points else None


LINE_TOP, LINE_BOTTOM, ROW_HEIGHT = 14.0, 132.0, 20.0
#: Room for one letter, and for one date, of the 11-unit type in a chart.
CHARACTER, DATE_WIDTH = 6.1, 68.0


def draw(chart: LineChart, *, width: int = 620, line_bottom: float = LINE_BOTTOM) -> LinePicture:
    """Place every mark of a line chart."""
    names = [label for _, label in chart.ticks] + [row.label for row in chart.rows]
    left = round(max((len(name) for name in names), default=0) * CHARACTER + 16)
    right = float(width - 10)
    span = max((chart.last - chart.first).days, 0)

    def x(on: date) -> float:
        return left + (right - left) * ((on - chart.first).days / span if span else 1.0)

    def inside(on: date) -> bool:
        return chart.first <= on <= chart.last

    # The words of an upright stand above the line, where no answer can lie under them.
    top = LINE_TOP + 12 if any(note.line for note in chart.notes) else LINE_TOP
    band = Band(chart.low, chart.high, top, line_bottom)
    by_day = {
        reading.on: reading.value
        for reading in chart.readings
        if inside(reading.on) and math.isfinite(reading.value)
    }
    points = {on: Point(x(on), band.y(value)) for on, value in by_day.items()}
    every_day = [chart.first + timedelta(days=n) for n in range(span + 1)]
    rows = tuple(
        _row(row, line_bottom + 26 + ROW_HEIGHT * index, x, inside) for index, row in enumerate(chart.rows)
    )
    # From the line's foot to the foot of the last row; dates stand below.
    foot = line_bottom + 12 + ROW_HEIGHT * len(rows) if rows else line_bottom
    return LinePicture(
        width=width,
        height=round(foot + 28),
        left=left,
        right=right,
        foot=foot,
        path=path(_with_gaps(points, chart.joined_within)),
        points=tuple(points[on] for on in every_day if on in points),
        ticks=tuple(PlacedTick(band.y(value), label) for value, label in chart.ticks),
        days=_days(chart, span, x, right - left),
        rows=rows,
        notes=tuple(
            _note(note, x(note.on), points.get(note.on), left, right)
            for note in chart.notes
            if inside(note.on)
        ),
        table=_table(chart, by_day),
    )


def _with_gaps(points: Mapping[date, Point], joined_within: timedelta) -> Iterator[Point | None]:
    before: date | None = None
    for on in sorted(points):
        if before is not None and on - before > joined_within:
            yield None
        yield points[on]
        before = on


def _row(row: Row, y: float, x: Callable[[date], float], inside: Callable[[date], bool]) -> PlacedRow:
    return PlacedRow(row.label, y, tuple(PlacedMark(x(m.on), y, m) for m in row.marks if inside(m.on)))


def _days(chart: LineChart, span: int, x: Callable[[date], float], across: float) -> tuple[PlacedDay, ...]:
    """Dates along the foot, whole weeks apart and far enough to be read, and the last day."""
    weeks = max(1, math.ceil(span / 7 * DATE_WIDTH / across))
    placed = [
        PlacedDay(x(on), on, "middle" if n else "start")
        for n in range(0, span, 7 * weeks)
        for on in [chart.first + timedelta(days=n)]
    ]
    end = PlacedDay(x(chart.last), chart.last, "end", chart.last_label)
    return (*(day for day in placed if end.x - day.x > DATE_WIDTH), end)


def _note(note: Note, x: float, point: Point | None, left: float, right: float) -> PlacedNote:
    half = len(note.words) * CHARACTER / 2
    if note.line:
        fits = x + 6 + 2 * half <= right
        return PlacedNote(x, LINE_TOP, note.words, True, "start" if fits else "end", x + (6 if fits else -6))
    anchor, text_x = "middle", x
    if x + half > right + 8:
        anchor, text_x = "end", right + 8
    elif x - half < left:
        anchor, text_x = "start", left
    y = max(point.y - 10, 10.0) if point else LINE_TOP + 8
    return PlacedNote(x, y, note.words, False, anchor, text_x)


def _table(chart: LineChart, by_day: dict[date, float]) -> tuple[TableLine, ...]:
    marked = {mark.on for row in chart.rows for mark in row.marks} | {note.on for note in chart.notes}
    days = sorted((marked | set(by_day)) & set(_between(chart.first, chart.last)), reverse=True)
    return tuple(
        TableLine(
            on,
            by_day.get(on),
            tuple("; ".join(mark.words for mark in row.marks if mark.on == on) for row in chart.rows),
            "; ".join(note.words for note in chart.notes if note.on == on),
        )
        for on in days
    )


def _between(first: date, last: date) -> Iterator[date]:
    for n in range((last - first).days + 1):
        yield first + timedelta(days=n)


# --- how much of a week ------------------------------------------------------------------------


@dataclass(frozen=True)
class Stretch:
    """Time in care on one day, in hours since midnight."""

    starts: float
    hours: float


@dataclass(frozen=True)
class Rectangle:
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class WeekPicture:
    width: int
    height: int
    heads: tuple[float, ...]
    boxes: tuple[Rectangle, ...]
    filled: tuple[Rectangle, ...]


BOX, BOX_GAP, BOX_HEIGHT, HEAD = 27.0, 5.0, 58.0, 15.0


def week(days: Sequence[Sequence[Stretch]], *, heads: bool, height: float = BOX_HEIGHT) -> WeekPicture:
    """Seven boxes of 24 hours, with the time in care filled in to scale."""
    if len(days) != 7:
        raise ValueError("a week has seven days")
    top = HEAD if heads else 0.0
    lefts = [index * (BOX + BOX_GAP) for index in range(7)]
    return WeekPicture(
        width=round(lefts[-1] + BOX),
        height=round(top + height),
        heads=tuple(left + BOX / 2 for left in lefts) if heads else (),
        boxes=tuple(Rectangle(left, top, BOX, height) for left in lefts),
        filled=tuple(
            _filled(stretch, left, top, height)
            for left, stretches in zip(lefts, days, strict=True)
            for stretch in stretches
        ),
    )


def _filled(stretch: Stretch, left: float, top: float, height: float) -> Rectangle:
    starts = min(max(stretch.starts, 0.0), 24.0)
    ends = min(max(starts + stretch.hours, starts), 24.0)
    tall = max((ends - starts) / 24 * height, 4.0)  # Thinner would not be seen.
    return Rectangle(left, top + min(starts / 24 * height, height - tall), BOX, tall)


# --- a person's own week -----------------------------------------------------------------------


class Block(StrEnum):
    """One thing in a person's day."""

    PLANNED = "planned"
    DONE = "done"
    MISSED = "missed"


@dataclass(frozen=True)
class Hours:
    """Time in care on a day of the strip."""

    hours: float
    state: Block = Block.PLANNED

    @property
    def step(self) -> int:
        """Which of the six heights it is drawn at."""
        return min(max(round(self.hours), 1), 6) if math.isfinite(self.hours) else 1

    @property
    def text(self) -> str:
        return f"{number(self.hours)}h"


@dataclass(frozen=True)
class StripDay:
    """One day of the strip: today is `now`; a day the center is closed is `off`, not missing."""

    on: date
    blocks: tuple[Hours, ...] = ()
    now: bool = False
    off: bool = False


# --- attendance --------------------------------------------------------------------------------


def counted(attendance: Iterable[Came]) -> tuple[tuple[Came, int], ...]:
    """How often each happened, leaving out what never did."""
    seen = list(attendance)
    return tuple((came, seen.count(came)) for came in Came if came in seen)
