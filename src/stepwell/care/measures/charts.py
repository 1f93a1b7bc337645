"""Where a trend's line, points and bands stand on paper. Plain numbers: the template draws them as SVG."""

from collections.abc import Sequence
from dataclasses import dataclass

from stepwell.care.measures.rules.trends import Point, day_in_words, when_in_words
from stepwell.care.measures.scoring.definitions import EACH_SUBSTANCE, Definition

WIDTH, HEIGHT = 440, 132
LEFT, RIGHT, TOP, BOTTOM = 26, 104, 10, 20  # band names stand to the right of the picture


@dataclass(frozen=True)
class Mark:
    x: float
    y: float
    value: int
    on: str
    is_last: bool


@dataclass(frozen=True)
class BandLine:
    y: float
    label: str
    label_y: float


@dataclass(frozen=True)
class Chart:
    marks: tuple[Mark, ...]
    line: str
    bands: tuple[BandLine, ...]
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


def chart(definition: Definition, score_id: str, points: Sequence[Point]) -> Chart | None:
    """A line over time, with the published bands behind it. Nothing for fewer than two points."""
    if len(points) < 2:
        return None
    score = definition.score(score_id)
    span = (points[-1].moment - points[0].moment).total_seconds() or 1.0
    when = when_in_words(points)

    def x(point: Point) -> float:
        share = (point.moment - points[0].moment).total_seconds() / span
        return round(LEFT + 4 + share * (WIDTH - LEFT - RIGHT - 8), 1)

    def y(value: float) -> float:
        share = (value - score.minimum) / (score.maximum - score.minimum)
        return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)

    marks = tuple(
        Mark(x(point), y(point.value), point.value, day_in_words(point.on), point is points[-1])
        for point in points
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
        line=" ".join(f"{mark.x},{mark.y}" for mark in marks),
        bands=lines,
        top=y(score.maximum),
        floor=y(score.minimum),
        maximum=score.maximum,
        minimum=score.minimum,
        first_on=_foot(when(points[0])),
        last_on=_foot(when(points[-1])),
    )


def _label(definition: Definition, score_id: str, edge: int) -> str:
    """The band that begins here, in its first words: `Elevated risk - examine further` is Elevated risk."""
    whole = next(
        band.label
        for band in definition.bands
        if band.score in (score_id, EACH_SUBSTANCE) and band.minimum == edge
    )
    return whole.split(" - ")[0]


def _foot(when: str) -> str:
    return when.split(" ", 1)[1]
