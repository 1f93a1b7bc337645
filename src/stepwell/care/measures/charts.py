"""Where a trend's line, points and bands stand on paper. Plain numbers: the template draws them as SVG."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import groupby, pairwise

from stepwell.care.measures.rules.trends import Point, day_in_words, when_in_words
from stepwell.care.measures.scoring.definitions import EACH_SUBSTANCE, Definition

WIDTH, HEIGHT = 440, 146
# Band names stand to the right of the picture, the numbers of what happened above.
LEFT, RIGHT, TOP, BOTTOM = 26, 104, 24, 20
LABEL_FITS = 17


@dataclass(frozen=True)
class Mark:
    x: float
    y: float
    value: int
    on: str
    is_last: bool
    with_staff: bool  # drawn as a square: answered with staff or on paper

    @property
    def size(self) -> int:
        return 8 if self.is_last else 6

    @property
    def left(self) -> float:
        return round(self.x - self.size / 2, 1)

    @property
    def above(self) -> float:
        return round(self.y - self.size / 2, 1)


@dataclass(frozen=True)
class BandLine:
    y: float
    label: str
    label_y: float


@dataclass(frozen=True)
class Wash:
    """Every other band is tinted, so that they show without their lines."""

    y: float
    height: float


@dataclass(frozen=True)
class Happened:
    """Something that stands on a day of every trend: a first dose, another level, a plan signed, words of staff."""

    on: date
    words: str
    by: str = ""


@dataclass(frozen=True)
class Flagpole:
    """A day on which something happened: its number above the picture, its words in the list below."""

    x: float
    number: int
    on: date
    happened: tuple[Happened, ...]


@dataclass(frozen=True)
class Chart:
    marks: tuple[Mark, ...]
    lines: tuple[str, ...]
    bands: tuple[BandLine, ...]
    washes: tuple[Wash, ...]
    poles: tuple[Flagpole, ...]
    top: float
    floor: float
    maximum: int
    minimum: int
    first_on: str
    last_on: str

    width = WIDTH
    height = HEIGHT
    left = LEFT
    right = WIDTH - RIGHT
    breadth = WIDTH - RIGHT - LEFT

    @property
    def is_mixed(self) -> bool:
        return len({mark.with_staff for mark in self.marks}) > 1


def chart(
    definition: Definition,
    score_id: str,
    points: Sequence[Point],
    happened: Iterable[Happened] = (),
    *,
    by_clock: bool = False,
) -> Chart | None:
    """A line over time, with the published bands behind it. Nothing for fewer than two points."""
    if len(points) < 2:
        return None
    score = definition.score(score_id)
    span = (points[-1].moment - points[0].moment).total_seconds() or 1.0
    when = when_in_words(points, by_clock=by_clock)

    def across(moment: datetime) -> float:
        share = (moment - points[0].moment).total_seconds() / span
        return round(LEFT + 4 + share * (WIDTH - LEFT - RIGHT - 8), 1)

    def y(value: float) -> float:
        share = (value - score.minimum) / (score.maximum - score.minimum)
        return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)

    marks = tuple(
        Mark(
            across(point.moment),
            y(point.value),
            point.value,
            day_in_words(point.on),
            point is points[-1],
            with_staff=point.mode not in ("", "self"),
        )
        for point in points
    )
    # Another version is another line: what they ask is not the same.
    strokes = [
        " ".join(f"{mark.x},{mark.y}" for mark, _point in run)
        for _version, run in groupby(zip(marks, points, strict=True), key=lambda pair: pair[1].version)
    ]
    shown = sorted(
        (each for each in happened if points[0].on <= each.on <= points[-1].on), key=lambda each: each.on
    )
    least, most = LEFT + 4, WIDTH - RIGHT - 4
    poles = tuple(
        Flagpole(
            min(max(across(datetime.combine(on, time(12))), least), most), number, on, tuple(of_that_day)
        )
        for number, (on, of_that_day) in enumerate(groupby(shown, key=lambda each: each.on), 1)
    )
    edges = sorted(
        band.minimum
        for band in definition.bands
        if band.score in (score_id, EACH_SUBSTANCE)
        and not band.sex
        and band.scheme in ("", *definition.schemes[:1])
        and score.minimum < band.minimum <= score.maximum
    )
    lines = tuple(
        BandLine(y(edge - 0.5), _label(definition, score_id, edge), y(edge - 0.5) + 4) for edge in edges
    )
    return Chart(
        marks=marks,
        lines=tuple(strokes),
        bands=lines,
        washes=_washes([y(score.minimum), *(line.y for line in lines), y(score.maximum)]),
        poles=poles,
        top=y(score.maximum),
        floor=y(score.minimum),
        maximum=score.maximum,
        minimum=score.minimum,
        first_on=_foot(when(points[0])),
        last_on=_foot(when(points[-1])),
    )


def _washes(edges: Sequence[float]) -> tuple[Wash, ...]:
    """The second band from the floor, the fourth, and so on."""
    stretches = list(pairwise(edges))
    return tuple(Wash(upper, round(lower - upper, 1)) for lower, upper in stretches[1::2])


def _label(definition: Definition, score_id: str, edge: int) -> str:
    """The band that begins here, in its first words: `Elevated risk - examine further` is Elevated risk.

    What is longer than the margin is cut; the sentence and the table say it whole.
    """
    whole = next(
        band.label
        for band in definition.bands
        if band.score in (score_id, EACH_SUBSTANCE) and band.minimum == edge
    )
    short = whole.split(" - ")[0]
    return short if len(short) <= LABEL_FITS else f"{short[: LABEL_FITS - 1].rstrip()}…"


def _foot(when: str) -> str:
    return when.split(" ", 1)[1]
