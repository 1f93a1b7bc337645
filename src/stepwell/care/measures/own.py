"""What a person reads of their own answers over time: plain names, a sentence, a picture, and what it means.

The scores are those their team reads (`reading`). The words are ours, and in the person's language: which way it went,
what we do then, and no name for the person. What is never shown here is in `rules.own`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from stepwell.care.measures import reading
from stepwell.care.measures.models import Response
from stepwell.care.measures.reading import ScoreSeries, Series
from stepwell.care.measures.rules import own, trends
from stepwell.care.measures.rules.own import Place
from stepwell.care.measures.rules.trends import Point, Turn
from stepwell.care.measures.scoring import Definition, Direction
from stepwell.ground.web.charts import LineChart, Reading
from stepwell.trust.people.models import Patient

#: What each asks about. A measure that is not named here is called by its own title.
NAMES: Mapping[str, object] = {
    "phq9": gettext_lazy("Mood, sleep and energy"),
    "phq2": gettext_lazy("Mood, in short"),
    "gad7": gettext_lazy("Worry and tension"),
    "gad2": gettext_lazy("Worry, in short"),
    "core10": gettext_lazy("How the week felt"),
    "k6": gettext_lazy("How hard the month was"),
    "bam": gettext_lazy("Your last 30 days"),
    "bam_r": gettext_lazy("Your last 30 days"),
    "bam_iop": gettext_lazy("Your last 7 days"),
    "barc10": gettext_lazy("What you can build on"),
    "craving_nrs": gettext_lazy("Cravings"),
    "pacs": gettext_lazy("Thoughts of drinking"),
    "audit_c": gettext_lazy("Drinking, how much and how often"),
    "audit": gettext_lazy("Drinking, and what came of it"),
    "dast10": gettext_lazy("Drug use, and what came of it"),
    "taps": gettext_lazy("What you used in the last 3 months"),
    "single_item_screeners": gettext_lazy("Days of use in the last year"),
    "pc_ptsd5": gettext_lazy("After something frightening, in short"),
    "pcl5": gettext_lazy("After something very stressful"),
    "pcl5_weekly": gettext_lazy("After something very stressful"),
    "socrates8a": gettext_lazy("What you think about change"),
    "socrates8d": gettext_lazy("What you think about change"),
    "readiness_ruler": gettext_lazy("Ready for change"),
    "session_feedback": gettext_lazy("How our sessions suit you"),
}
#: What each part of a measure is about. The total of a measure is called as the measure is.
PARTS: Mapping[str, object] = {
    "use": gettext_lazy("Drinking and drug use"),
    "risk": gettext_lazy("What makes it harder"),
    "protective": gettext_lazy("What helps you"),
    "recognition": gettext_lazy("Seeing a reason to change"),
    "ambivalence": gettext_lazy("Not being sure"),
    "taking_steps": gettext_lazy("Taking steps"),
    "importance": gettext_lazy("How much it matters to you"),
    "confidence": gettext_lazy("How sure you are that you can"),
    "readiness": gettext_lazy("How ready you are"),
    "now": gettext_lazy("Right then"),
    "peak": gettext_lazy("At its strongest"),
    "consumption": gettext_lazy("How much and how often"),
    "dependence": gettext_lazy("How hard it was to stop"),
    "problems": gettext_lazy("What came of it"),
    "B": gettext_lazy("Memories that come back"),
    "C": gettext_lazy("Keeping away from reminders"),
    "D": gettext_lazy("Thoughts and feelings since"),
    "E": gettext_lazy("Being on guard"),
    "tobacco": gettext_lazy("Tobacco"),
    "alcohol": gettext_lazy("Alcohol"),
    "cannabis": gettext_lazy("Cannabis"),
    "stimulant_illicit": gettext_lazy("Cocaine or methamphetamine"),
    "heroin": gettext_lazy("Heroin"),
    "opioid_rx": gettext_lazy("Opioid medicines"),
    "sedative_rx": gettext_lazy("Medicines for sleep or worry"),
    "stimulant_rx": gettext_lazy("Stimulant medicines"),
    "other": gettext_lazy("Other substances"),
    "drug": gettext_lazy("Drugs"),
}
MEANS: Mapping[Place, object] = {
    Place.EASIEST: gettext_lazy("This is the easiest of the ranges."),
    Place.BETWEEN: gettext_lazy("This is between the easiest range and the hardest. We look at it with you."),
    Place.HARDEST: gettext_lazy(
        "This is the hardest of the ranges. You do not have to carry it alone. Talk with us about it."
    ),
    Place.CALM: gettext_lazy("Nothing here asks for more questions."),
    Place.ASKS: gettext_lazy("Here we ask more, to see what would help. It is not a diagnosis."),
}
#: The ends of the picture, said in words; the numbers stand in the sentence and in the table.
ENDS: Mapping[Direction, tuple[object, object]] = {
    Direction.WORSE: (pgettext_lazy("answers", "Easier"), pgettext_lazy("answers", "Harder")),
    Direction.BETTER: (pgettext_lazy("answers", "Less"), pgettext_lazy("answers", "More")),
}
#: Answers further apart than this are two stretches, and not one line.
JOINED_WITHIN = timedelta(weeks=9)
#: A measure of more parts than this is shown as a list, without pictures.
MANY = 4


def named(definition: Definition) -> str:
    return str(NAMES.get(definition.id, "")) or definition.title


def has_own_name(definition: Definition) -> bool:
    """Whether the name is ours; otherwise it is its owner's, in the language of that."""
    return definition.id in NAMES


def is_whole(definition: Definition, score_id: str) -> bool:
    """Whether this score stands for the whole measure."""
    return score_id == "total" or len(definition.scores) == 1


def score_named(definition: Definition, score_id: str) -> str:
    if is_whole(definition, score_id):
        return named(definition)
    return str(PARTS.get(score_id, "")) or score_id.replace("_", " ").capitalize()


def range_in_words(definition: Definition, score_id: str) -> str:
    """`0 to 27, lower is easier`."""
    score = definition.score(score_id)
    said = {
        Direction.WORSE: _("%(low)s to %(high)s, lower is easier"),
        Direction.BETTER: _("%(low)s to %(high)s, higher is better"),
        None: _("%(low)s to %(high)s"),
    }
    return said[score.higher] % {"low": score.minimum, "high": score.maximum}


@dataclass(frozen=True)
class OwnScore:
    """One score over time, as the person reads it."""

    series: ScoreSeries

    @property
    def definition(self) -> Definition:
        return self.series.definition

    @property
    def is_whole(self) -> bool:
        return is_whole(self.definition, self.series.score_id)

    @cached_property
    def name(self) -> str:
        return score_named(self.definition, self.series.score_id)

    @property
    def range(self) -> str:
        return range_in_words(self.definition, self.series.score_id)

    @cached_property
    def points(self) -> list[Point]:
        return trends.comparable(self.series.points)

    @cached_property
    def sentence(self) -> str:
        first, last = self.points[0], self.points[-1]
        trend = self.series.trend
        if len(self.points) == 1:
            said = _("%(value)s on %(day)s.") % {"value": last.value, "day": day(last.on)}
        elif trend.turn is Turn.LEVEL:
            said = _("The same: %(value)s on %(first)s and on %(last)s.") % {
                "value": last.value,
                "first": day(first.on),
                "last": day(last.on),
            }
        else:
            said = _("From %(before)s on %(first)s to %(value)s on %(last)s.") % {
                "before": first.value,
                "first": day(first.on),
                "value": last.value,
                "last": day(last.on),
            }
        if len(self.points) < len(self.series.points):
            said += " " + _("Older answers were to other questions and are left out.")
        if first.mode != last.mode:
            said += " " + _("You did one alone and one with us, so compare with care.")
        return said

    @property
    def verdict(self) -> str:
        """Which way it went, and whether that is more than the usual ups and downs; nothing where nobody can say."""
        trend = self.series.trend
        match trend.turn, trend.is_real:
            case Turn.BETTER, True:
                return _("Better, and more than the usual ups and downs.")
            case Turn.BETTER, False:
                return _("A little better. It may be one of the usual ups and downs.")
            case Turn.BETTER, None:
                return _("Better than before.")
            case Turn.WORSE, True:
                return _(
                    "Harder than before, and more than the usual ups and downs. Tell us what would help."
                )
            case Turn.WORSE, False:
                return _("A little harder. It may be one of the usual ups and downs.")
            case Turn.WORSE, None:
                return _("Harder than before. Tell us what would help.")
        return ""

    @property
    def meaning(self) -> str:
        where = own.place(self.definition, self.series.score_id, self.points[-1].band)
        return str(MEANS[where]) if where else ""

    @cached_property
    def chart(self) -> LineChart | None:
        """Nothing for answers of one day."""
        first, last = self.points[0].on, self.points[-1].on
        if first == last:
            return None
        score = self.definition.score(self.series.score_id)
        low, high = ENDS[score.higher] if score.higher else (score.minimum, score.maximum)
        return LineChart(
            sentence=f"{self.name}. {self.sentence}",
            measure=self.name,
            first=first,
            last=last,
            low=score.minimum,
            high=score.maximum,
            ticks=((score.minimum, str(low)), (score.maximum, str(high))),
            readings=tuple(Reading(point.on, point.value) for point in self.points),
            joined_within=JOINED_WITHIN,
        )


@dataclass(frozen=True)
class OwnMeasure:
    """One measure: its scores over time, and every time it was answered, newest first."""

    series: Series

    @property
    def definition(self) -> Definition:
        return self.series.definition

    @property
    def name(self) -> str:
        return named(self.definition)

    @property
    def is_named_by_us(self) -> bool:
        return has_own_name(self.definition)

    @cached_property
    def scores(self) -> Sequence[OwnScore]:
        return [OwnScore(score) for score in self.series.scores if score.points]

    @property
    def is_a_list(self) -> bool:
        return len(self.scores) > MANY

    @property
    def answered(self) -> Sequence[Response]:
        return self.series.responses


def measures_of(patient: Patient) -> list[OwnMeasure]:
    """What this person answered, what they answered last first."""
    shown = [each for each in reading.series_of(patient) if own.is_shown(each.definition)]
    shown.sort(key=lambda each: each.last.taken_at or each.last.recorded_at, reverse=True)
    return [OwnMeasure(each) for each in shown]


def scored(response: Response, definition: Definition) -> list[tuple[str, int, str]]:
    """What the answers of one time add up to: name, value, and what it lies between."""
    return [
        (score_named(definition, each.id), value, range_in_words(definition, each.id))
        for each in definition.scores
        if (value := response.score_of(each.id)) is not None
    ]


def day(on: date) -> str:
    return str(date_format(on, _("M j")))
