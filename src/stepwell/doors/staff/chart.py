"""The overview of one chart: the picture since day 1, measures, the plan, this week's hours, medicine, who may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepwell.care.admission.models import NaloxoneOffer
from stepwell.care.admission.rules.naloxone import Standing
from stepwell.care.care_plans.models import CarePlan, Goal, Step
from stepwell.care.care_plans.rules.life_cycle import Status
from stepwell.care.encounters.ledger import WeekHours, hours_of
from stepwell.care.encounters.models import Absence, Encounter
from stepwell.care.encounters.rules import Counted, Line
from stepwell.care.episodes.models import EpisodeOfCare, PlannedEnd
from stepwell.care.measures.models import CheckIn
from stepwell.care.measures.reading import ScoreSeries, series_of
from stepwell.care.measures.rules.trends import Turn
from stepwell.care.medication import words as medication_words
from stepwell.care.medication.models import DrugTest, MedicationAdministration, MedicationRequest
from stepwell.care.medication.rules.doses import Due, NextDose, next_dose
from stepwell.care.medication.rules.expectations import Verdict
from stepwell.care.medication.vocabulary import Medicine
from stepwell.care.scheduling.models import Appointment
from stepwell.doors.staff import words
from stepwell.doors.staff.since import Answer, Since, since_day_one
from stepwell.doors.staff.timeline import Asked, Read, Told, timeline
from stepwell.ground.kit.weeks import Week
from stepwell.ground.web.charts import LineChart, Mark, Note, Reading, Row, Shape, Tone
from stepwell.trust.accounts.models import User
from stepwell.trust.people.models import Patient

#: Measures of the overview, in this order: (instrument, score).
QUAD = (("bam_iop", "use"), ("bam_iop", "risk"), ("bam_iop", "protective"), ("phq9", "total"))

HEIGHTS = (
    (0, gettext_lazy("None")),
    (2, gettext_lazy("Some")),
    (4, gettext_lazy("Very strong")),
)


NALOXONE = {
    Standing.NEVER_OFFERED: lambda: (_("Not offered"), "warn"),
    Standing.IN_HAND: lambda: (_("Has it"), "ok"),
    Standing.EXPIRED: lambda: (_("Out of date: offer a new one"), "warn"),
    Standing.ASK_AGAIN: lambda: (_("Does not have it: ask again"), "warn"),
    Standing.NOT_IN_HAND: lambda: (_("Does not have it yet"), ""),
}


@dataclass(frozen=True)
class Measure:
    """One of the four figures."""

    name: str
    value: int
    change: str
    tone: str
    values: tuple[int, ...]
    low: int
    high: int
    range: str
    sentence: str


@dataclass(frozen=True)
class GoalLine:
    goal: Goal
    step: Step | None
    worked_on_in: str
    done: int
    steps: int


@dataclass(frozen=True)
class PlanPanel:
    plan: CarePlan | None
    waiting: CarePlan | None
    goals: tuple[GoalLine, ...]
    review_tone: str

    @property
    def signed_on(self) -> datetime | None:
        if self.plan is None:
            return None
        return max(
            at for at in (self.plan.signed_by_patient_at, self.plan.signed_by_clinician_at) if at is not None
        )


@dataclass(frozen=True)
class MedicineLine:
    request: MedicationRequest
    last: MedicationAdministration | None
    next: NextDose | None
    when: str
    tone: str
    booked_at: datetime | None


@dataclass(frozen=True)
class HoursPanel:
    week: Week
    hours: WeekHours

    @property
    def lines(self) -> list[tuple[Line, bool]]:
        """What was held this week, and whether it is signed."""
        held = (Counted.SIGNED, Counted.UNSIGNED)
        return [(line, line.counted is Counted.SIGNED) for line in self.hours.lines if line.counted in held]

    @property
    def tone(self) -> str:
        return "warn" if self.hours.short else ""

    @property
    def in_words(self) -> str:
        return _("%(signed)s of %(asked)s hours signed") % {
            "signed": words.hours(self.hours.signed),
            "asked": words.hours(self.hours.asked),
        }

    @property
    def ahead(self) -> str:
        parts = []
        if self.hours.unsigned:
            parts.append(_("%(hours)s h held, not signed") % {"hours": words.hours(self.hours.unsigned)})
        if self.hours.planned:
            parts.append(_("%(hours)s h booked") % {"hours": words.hours(self.hours.planned)})
        if self.hours.short:
            parts.append(_("%(hours)s h short") % {"hours": words.hours(self.hours.short)})
        return ", ".join(parts)


class Overview:
    """Each part is read when the page draws it, and only for a reader who may see it."""

    def __init__(self, patient: Patient, episode: EpisodeOfCare, reader: User, now: datetime) -> None:
        self.patient = patient
        self.episode = episode
        self.reader = reader
        self.now = now
        self.today = now.date()

    # The picture since day 1

    @cached_property
    def check_ins(self) -> list[CheckIn]:
        rows = CheckIn.objects.in_force().filter(
            patient=self.patient, on__gte=self.episode.admitted_on, on__lte=self.today
        )
        return list(rows.order_by("on"))

    @cached_property
    def groups(self) -> list[tuple[date, Shape, str]]:
        """Each group since day 1: came, came late, did not come."""
        since = datetime.combine(self.episode.admitted_on, time(), self.now.tzinfo)
        came = Encounter.objects.in_force().filter(
            patient=self.patient, kind=Appointment.Kind.GROUP, starts_at__gte=since
        )
        missed = Absence.objects.in_force().filter(
            patient=self.patient, appointment__kind=Appointment.Kind.GROUP, starts_at__gte=since
        )
        marks = [
            (
                at.astimezone(self.now.tzinfo).date(),
                Shape.HALF_SQUARE if attendance == Encounter.Attendance.LATE else Shape.SQUARE,
                _("late, %(n)s min") % {"n": minutes}
                if attendance == Encounter.Attendance.LATE
                else _("%(n)s min") % {"n": minutes},
            )
            for at, attendance, minutes in came.values_list("starts_at", "attendance", "minutes")
        ]
        marks += [
            (
                at.astimezone(self.now.tzinfo).date(),
                Shape.FAINT_SQUARE if excused else Shape.OPEN_SQUARE,
                _("excused") if excused else _("did not come"),
            )
            for at, excused in missed.values_list("starts_at", "excused")
        ]
        return sorted(marks, key=lambda mark: mark[0])

    @cached_property
    def drug_tests(self) -> list[DrugTest]:
        tests = DrugTest.objects.visible_to(self.reader).in_force().with_results()
        return list(tests.filter(patient=self.patient, episode=self.episode))

    @cached_property
    def since(self) -> Since:
        return since_day_one(
            [Answer(c.on, c.craving, c.used) for c in self.check_ins if c.craving is not None],
            missed=[on for on, shape, _words in self.groups if shape is Shape.OPEN_SQUARE],
            admitted_on=self.episode.admitted_on,
            today=self.today,
        )

    @cached_property
    def line(self) -> LineChart:
        rows = [Row(_("Groups"), tuple(Mark(on, said, shape) for on, shape, said in self.groups))]
        given = [dose for dose in self.given if dose.request.every_days]
        if given:
            rows.append(Row(_("Doses"), tuple(self._dose_marks(given))))
        if self.drug_tests:
            rows.append(Row(_("Drug tests"), tuple(self._test_marks())))
        first = [self._day(given[0].given_at)] if given else []
        return LineChart(
            sentence=self.since.whole,
            measure=_("Craving, 0 to 4"),
            first=self.episode.admitted_on,
            last=self.today,
            low=0,
            high=4.6,  # Room for a label above the highest answer.
            ticks=tuple((height, str(name)) for height, name in HEIGHTS),
            readings=tuple(Reading(c.on, c.craving) for c in self.check_ins if c.craving is not None),
            rows=tuple(rows),
            notes=tuple(
                Note(on, _("First dose"), line=True) for on in first if on > self.episode.admitted_on
            ),
            last_label=_("Today"),
        )

    def _dose_marks(self, given: Sequence[MedicationAdministration]) -> list[Mark]:
        marks = [Mark(self._day(dose.given_at), dose.dose, Shape.DIAMOND) for dose in given]
        due = [
            m.next for m in self.medicines if m.next and m.next.due in (Due.TODAY, Due.LATE, Due.NEEDS_REVIEW)
        ]
        return marks + [Mark(self.today, _("due"), Shape.OPEN_DIAMOND) for _due in due[:1]]

    def _test_marks(self) -> list[Mark]:
        return [
            Mark(
                self._day(test.collected_at),
                str(medication_words.VERDICTS[test.summary.verdict]),
                Shape.DOT,
                Tone.PLAIN if test.summary.verdict is Verdict.AS_EXPECTED else Tone.WARN,
            )
            for test in self.drug_tests
        ]

    def _day(self, at: datetime) -> date:
        return at.astimezone(self.now.tzinfo).date()

    # What happened

    def timeline(self, asked: Asked) -> Told:
        read = Read(self.check_ins, self.drug_tests, self.given)
        return timeline(self.patient, self.episode, self.reader, self.now, read, asked)

    # How long

    @cached_property
    def planned_end(self) -> PlannedEnd | None:
        return PlannedEnd.objects.of(self.episode).first()

    # Naloxone

    @cached_property
    def naloxone(self) -> NaloxoneOffer | None:
        return NaloxoneOffer.objects.visible_to(self.reader).last_for(self.patient)

    @property
    def naloxone_says(self) -> tuple[str, str]:
        """How it stands today, and the tone of it."""
        if self.naloxone is None:
            return _("No offer is written down"), "warn"
        return NALOXONE[self.naloxone.standing(self.today)]()

    # Measures

    @cached_property
    def measures(self) -> list[Measure]:
        found = {
            (series.definition.id, score.score_id): score
            for series in series_of(self.patient)
            for score in series.scores
        }
        return [_measure(found[key]) for key in QUAD if key in found and found[key].points]

    # Plan

    @cached_property
    def plan(self) -> PlanPanel:
        plans = CarePlan.objects.whole().filter(
            Q(status=Status.ACTIVE) | Q(status=Status.AWAITING_SIGNATURES),
            patient=self.patient,
            episode=self.episode,
            entered_in_error_at=None,
        )
        by_status = {plan.status: plan for plan in plans}
        active, waiting = by_status.get(Status.ACTIVE), by_status.get(Status.AWAITING_SIGNATURES)
        shown = active or waiting
        due = active.review_due_on if active else None
        days = (due - self.today).days if due else 99
        return PlanPanel(
            active,
            waiting,
            tuple(self._goals(shown)) if shown else (),
            "urgent" if days < 0 else "warn" if days <= 14 else "",
        )

    def _goals(self, plan: CarePlan) -> list[GoalLine]:
        goals = list(plan.goals.all())
        steps = list(Step.objects.in_force().filter(goal__in=goals).order_by("week_of", "recorded_at"))
        this_week = Week.of(self.today).monday
        lines = []
        for goal in goals:
            own = [step for step in steps if step.goal_id == goal.pk]
            kinds = dict.fromkeys(str(each.get_kind_display()) for each in goal.interventions.all())
            lines.append(
                GoalLine(
                    goal,
                    next((step for step in own if step.week_of == this_week), None),
                    ", ".join(kinds),
                    sum(step.done_on is not None for step in own),
                    len(own),
                )
            )
        return lines

    # This week's hours

    @cached_property
    def hours(self) -> HoursPanel:
        week = Week.of(self.today)
        return HoursPanel(week, hours_of(self.patient, week))

    # Medicine

    @cached_property
    def given(self) -> list[MedicationAdministration]:
        doses = MedicationAdministration.objects.visible_to(self.reader).in_force()
        return list(
            doses.filter(patient=self.patient, request__episode=self.episode).select_related(
                "request", "given_by"
            )
        )

    @cached_property
    def medicines(self) -> list[MedicineLine]:
        requests = MedicationRequest.objects.visible_to(self.reader).filter(patient=self.patient)
        last = {dose.request_id: dose for dose in self.given}
        visit = (
            Appointment.objects.booked()
            .filter(patient=self.patient, kind=Appointment.Kind.MEDICAL, starts_at__gte=self.now)
            .first()
        )
        booked = visit.starts_at.astimezone(self.now.tzinfo) if visit else None
        return [
            self._medicine(request, last.get(request.pk), booked)
            for request in requests.current(self.today).select_related("prescriber").order_by("starts_on")
        ]

    def _medicine(
        self, request: MedicationRequest, last: MedicationAdministration | None, booked: datetime | None
    ) -> MedicineLine:
        if last is None or not request.every_days:
            return MedicineLine(request, last, None, "", "", None)
        dose = next_dose(
            Medicine(request.medicine),
            last_given_on=self._day(last.given_at),
            every_days=request.every_days,
            on=self.today,
        )
        tones = {Due.TODAY: "accent", Due.SOON: "accent", Due.LATE: "warn", Due.NEEDS_REVIEW: "urgent"}
        is_booked = booked is not None and booked.date() >= dose.due_on
        when = medication_words.when_due(dose)
        if booked is not None and booked.date() == dose.due_on:
            when = f"{when}, {words.clock_time(booked)}"
        return MedicineLine(request, last, dose, when, tones.get(dose.due, ""), booked if is_booked else None)


def _measure(series: ScoreSeries) -> Measure:
    score = series.definition.score(series.score_id)
    change = series.trend.change
    tones = {Turn.BETTER: "ok-ink", Turn.WORSE: "urgent-ink"}
    last = series.points[-1]
    return Measure(
        name=series.name.replace(":", ""),
        value=last.value,
        change="" if not change else f"{change:+d}".replace("-", "−"),
        tone=tones.get(series.trend.turn, "") if series.trend.turn else "",
        values=tuple(point.value for point in series.points),
        low=score.minimum,
        high=score.maximum,
        range=series.range,
        sentence=f"{series.name}, {series.range}. {series.trend.sentence}",
    )
