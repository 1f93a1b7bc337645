"""A person's measures as a page reads them: series by instrument and score, and flags in words."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from stepwell.care.measures import in_use
from stepwell.care.measures.charts import Chart, Happened, chart
from stepwell.care.measures.models import Response
from stepwell.care.measures.rules import safety, trends
from stepwell.care.measures.rules.safety import Raised
from stepwell.care.measures.rules.trends import Point, Trend
from stepwell.care.measures.scoring import Definition
from stepwell.trust.people.models import Patient


@dataclass(frozen=True)
class ScoreSeries:
    """One score of one instrument, over time."""

    definition: Definition
    score_id: str
    points: tuple[Point, ...]
    trend: Trend
    chart: Chart | None

    @property
    def name(self) -> str:
        words = self.score_id.replace("_", " ")
        return self.definition.short_title if words == "total" else f"{self.definition.short_title}: {words}"

    @property
    def last(self) -> Point | None:
        return self.points[-1] if self.points else None

    @property
    def values(self) -> list[int]:
        return [point.value for point in self.points]

    @property
    def low(self) -> int:
        return self.definition.score(self.score_id).minimum

    @property
    def high(self) -> int:
        return self.definition.score(self.score_id).maximum

    @property
    def threshold_source(self) -> str:
        """Where the change that counts as real comes from; nothing where none is published."""
        has_one = self.definition.change.reliable is not None and self.score_id == "total"
        return self.definition.change.source if has_one and len(self.points) > 1 else ""

    @property
    def range(self) -> str:
        return trends.range_in_words(self.definition, self.score_id)


@dataclass(frozen=True)
class Series:
    """One instrument: everything finished, newest first, and what each of its scores says over time."""

    definition: Definition
    responses: tuple[Response, ...]
    scores: tuple[ScoreSeries, ...]

    @property
    def last(self) -> Response:
        return self.responses[0]

    @property
    def says(self) -> str:
        """What it said last, in one line."""
        return _in_one_line(self.last)


def series_of(patient: Patient, happened: Iterable[Happened] = ()) -> list[Series]:
    """Every finished measure of a person, in one query; with what happened meanwhile, on its days."""
    happened = tuple(happened)
    by_instrument: dict[str, list[Response]] = defaultdict(list)
    finished = Response.objects.completed().filter(patient=patient).select_related("answered_by")
    for response in finished.order_by("taken_at", "completed_at"):
        by_instrument[response.instrument].append(response)
    found = [_series(responses, patient.center.time_zone, happened) for responses in by_instrument.values()]
    return sorted(found, key=lambda each: each.definition.short_title)


def _series(responses: list[Response], time_zone: str, happened: tuple[Happened, ...]) -> Series:
    definition = in_use.worded(responses[-1].definition)
    scores = tuple(
        score_series(definition, score.id, responses, time_zone, happened) for score in definition.scores
    )
    return Series(definition, tuple(reversed(responses)), scores)


def score_series(
    definition: Definition,
    score_id: str,
    responses: Iterable[Response],
    time_zone: str,
    happened: Iterable[Happened] = (),
    *,
    by_clock: bool = False,
) -> ScoreSeries:
    """Responses in the order they were taken; one without this score leaves a gap."""
    zone = ZoneInfo(time_zone)
    points = tuple(
        Point(
            taken.date(),
            value,
            response.result.get(f"{score_id}_band") or "",
            taken.time(),
            response.mode,
            response.instrument_version,
        )
        for response in responses
        if (value := response.score_of(score_id)) is not None
        for taken in [(response.taken_at or response.recorded_at).astimezone(zone)]
    )
    return ScoreSeries(
        definition,
        score_id,
        points,
        trends.read_trend(definition, score_id, points, by_clock=by_clock),
        chart(definition, score_id, points, happened, by_clock=by_clock),
    )


def flags_in_words(response: Response) -> list[Raised]:
    """The most urgent first."""
    definition = response.definition
    found = [
        safety.in_words(definition, response.answers, response.result, code, response.told.get(code, ()))
        for code in response.flags
    ]
    found.sort(key=lambda raised: raised.urgency)
    # A total of 26 passes the mark at 13 as well: the stronger one says it all.
    return list({raised.says: raised for raised in reversed(found)}.values())[::-1]


@dataclass(frozen=True)
class ScoreLine:
    """One score of one finished response."""

    name: str
    value: int | None
    range: str
    band: str
    bounds: tuple[int, int] | None


def score_lines(response: Response) -> list[ScoreLine]:
    definition = response.definition
    return [
        ScoreLine(
            name="Total" if score.id == "total" else score.id.replace("_", " ").capitalize(),
            value=response.score_of(score.id),
            range=trends.range_in_words(definition, score.id),
            band=response.result.get(f"{score.id}_band") or "",
            bounds=tuple(bounds) if (bounds := response.result.get("bounds", {}).get(score.id)) else None,
        )
        for score in definition.scores
    ]


def warnings_in_words(response: Response) -> list[str]:
    """`item5>item4` as the sentence a clinician can act on."""
    said = []
    for code in response.result.get("warnings", []):
        if ">" in code:
            more, less = (part.removeprefix("item") for part in code.split(">", 1))
            said.append(f"Question {more} counts more days than question {less}. Ask again which is right.")
        elif code.startswith("all_points_from_"):
            said.append(
                "Every point comes from how often. Ask about the amount before reading this as risky."
            )
        elif code == "item_key_not_held":
            said.append("No score: which question belongs to which stage was not verified.")
        else:
            item = code.split(":", 1)[0].rsplit("_", 1)[-1]
            said.append(f"Question {item} was answered although an earlier answer closes it.")
    return said


@dataclass(frozen=True)
class LatestScore:
    """What an instrument said last: evidence for a rating."""

    name: str
    says: str
    response: Response


def latest_scores(patient: Patient) -> list[LatestScore]:
    """The newest finished response of each instrument, as one line each."""
    newest = (
        Response.objects.completed()
        .filter(patient=patient)
        .order_by("instrument", "-taken_at")
        .distinct("instrument")
    )
    return [LatestScore(each.definition.short_title, _in_one_line(each), each) for each in newest]


_ALERTS = {"ALERT": "Alert", "NONE": "No alert"}


def _in_one_line(response: Response) -> str:
    if triage := response.result.get("triage"):
        return str(response.result.get("triage_band") or triage)
    if "alert" in response.result:
        return _ALERTS.get(response.result["alert"], "Answers are missing")
    parts = []
    for line in score_lines(response):
        said = "no score" if line.value is None else str(line.value)
        named = said if line.name == "Total" else f"{line.name.lower()} {said}"
        parts.append(f"{named} ({line.band.lower()})" if line.band else named)
    return ", ".join(parts)
