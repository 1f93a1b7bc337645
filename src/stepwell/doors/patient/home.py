"""What a person finds on their front page, each part read when it is drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from stepwell.care.care_plans.models import CarePlan, Goal, Step
from stepwell.care.measures.forms import CravingForm
from stepwell.care.measures.models import CheckIn, Response, next_asked
from stepwell.care.measures.rules import asking
from stepwell.care.medication.models import MedicationAdministration, MedicationRequest
from stepwell.care.medication.rules.doses import next_dose
from stepwell.care.medication.vocabulary import Medicine
from stepwell.care.scheduling.models import Appointment
from stepwell.doors.patient.my_days import MyWeek, Visit, called, day_in_words, my_week, visits, weekday, when
from stepwell.ground.kit.weeks import Week
from stepwell.ground.web.charts import LineChart, Reading
from stepwell.trust.accounts.models import User
from stepwell.trust.people.models import CareTeamMember, Patient

WEEKS_OF_CRAVING = 4
HIGH = 3
SHOTS = frozenset({Medicine.BUPRENORPHINE_ER, Medicine.NALTREXONE_ER})

STRENGTHS = (
    pgettext_lazy("craving", "none"),
    pgettext_lazy("craving", "a little"),
    pgettext_lazy("craving", "some"),
    pgettext_lazy("craving", "strong"),
    pgettext_lazy("craving", "very strong"),
)
HEIGHTS = (
    (0, pgettext_lazy("craving", "None")),
    (2, pgettext_lazy("craving", "Some")),
    (3, pgettext_lazy("craving", "Strong")),
)

#: One small thing for a day without a plan; the next day has another.
COPING_STEPS = (
    gettext_lazy("Put your phone on charge, then walk for ten minutes. Notice five things you can see."),
    gettext_lazy("Eat something warm at a set time today. An empty stomach can feel like craving."),
    gettext_lazy("Write down who you could call tonight. One name is enough."),
    gettext_lazy("Choose one hour that is often hard, and decide now where you will be."),
    gettext_lazy("Breathe in for four, out for six, ten times. The wave gets smaller."),
    gettext_lazy("Do one small job at home that you can finish in fifteen minutes."),
    gettext_lazy("Send a few words to someone who is on your side."),
)


@dataclass(frozen=True)
class NextDose:
    title: str
    detail: str


@dataclass(frozen=True)
class Waiting:
    """Questions that wait to be answered."""

    response: Response
    title: str
    detail: str


class Home:
    def __init__(self, patient: Patient, user: User, now: datetime) -> None:
        self.patient = patient
        self.user = user
        self.now = now
        self.today = now.date()

    @cached_property
    def hello(self) -> str:
        name = {"name": self.patient.called}
        if self.now.hour < 12:
            return _("Good morning, %(name)s") % name
        return (
            _("Good afternoon, %(name)s") % name if self.now.hour < 18 else _("Good evening, %(name)s") % name
        )

    @property
    def date_in_words(self) -> str:
        return date_format(self.today, _("l, F j"))

    # Now

    @cached_property
    def next_today(self) -> Visit | None:
        """What comes next today, or is going on."""
        days = next(day for day in self.week.days if day.is_today)
        return next((visit for visit in days.visits if visit.ends_at > self.now), None)

    @property
    def had_something_today(self) -> bool:
        return any(day.visits for day in self.week.days if day.is_today)

    @cached_property
    def next_after(self) -> Visit | None:
        """The next thing booked after today, within two weeks."""
        midnight = datetime.combine(self.today + timedelta(days=1), time(), self.now.tzinfo)
        return next(iter(visits(self.patient, midnight, midnight + timedelta(days=14), self.now)), None)

    @property
    def next_after_when(self) -> str:
        return when(self.next_after.starts_at, self.today) if self.next_after else ""

    @property
    def coping_step(self) -> str:
        return str(COPING_STEPS[self.today.toordinal() % len(COPING_STEPS)])

    # Check-in

    @cached_property
    def check_ins(self) -> list[CheckIn]:
        since = self.today - timedelta(weeks=WEEKS_OF_CRAVING)
        rows = CheckIn.objects.in_force().filter(patient=self.patient, on__gt=since, on__lte=self.today)
        return list(rows.order_by("on"))

    @property
    def checked_in(self) -> CheckIn | None:
        return next((one for one in self.check_ins if one.on == self.today), None)

    @cached_property
    def craving_form(self) -> CravingForm:
        return CravingForm()

    # Week

    @cached_property
    def week(self) -> MyWeek:
        return my_week(self.patient, Week.of(self.today), self.now)

    # Goal

    @cached_property
    def plan(self) -> CarePlan | None:
        return CarePlan.objects.active_for(self.patient)

    @cached_property
    def plan_to_sign(self) -> bool:
        waiting = CarePlan.objects.being_written_for(self.patient)
        return waiting is not None and waiting.awaits_signatures and waiting.signed_by_patient_id is None

    @cached_property
    def goal(self) -> Goal | None:
        return Goal.objects.in_force().filter(plan=self.plan).first() if self.plan else None

    @cached_property
    def steps(self) -> list[Step]:
        if self.goal is None:
            return []
        return list(
            self.goal.steps.in_force().filter(week_of=Week.of(self.today).monday).order_by("recorded_at")
        )

    # The rest

    @cached_property
    def dose(self) -> NextDose | None:
        """The next dose that is given at the center, where there is one."""
        requests = MedicationRequest.objects.visible_to(self.user).filter(patient=self.patient)
        request = requests.current(self.today).filter(every_days__gt=1).first()
        if request is None or request.every_days is None:
            return None
        given = MedicationAdministration.objects.visible_to(self.user).in_force().filter(request=request)
        last = given.order_by("given_at").last()
        if last is None:
            return None
        dose = next_dose(
            Medicine(request.medicine),
            last_given_on=last.given_at.astimezone(self.now.tzinfo).date(),
            every_days=request.every_days,
            on=self.today,
        )
        visit = self._visit_for(dose.due_on)
        is_shot = Medicine(request.medicine) in SHOTS
        if visit:
            at = when(visit.starts_at.astimezone(self.now.tzinfo), self.today)
            who = _("with %(name)s") % {"name": called(visit.practitioner)} if visit.practitioner else ""
        else:
            at = _("by %(day)s") % {"day": day_in_words(dose.due_on, self.today)}
            if dose.due_on < self.today:
                at = _("it is time, call us")
            who = ""
        title = _("Next shot: %(when)s") if is_shot else _("Next medicine pick-up: %(when)s")
        return NextDose(
            title % {"when": at}, who or _("At %(center)s") % {"center": self.patient.center.name}
        )

    def _visit_for(self, due_on: date) -> Appointment | None:
        """The medical visit that fits a dose: today or later, on the day it is due or within a week after."""
        since = max(due_on, self.today)
        visits = Appointment.objects.booked().filter(patient=self.patient, kind=Appointment.Kind.MEDICAL)
        fitting = visits.filter(
            ends_at__gt=self.now,
            starts_at__gte=datetime.combine(since, time(), self.now.tzinfo),
            starts_at__lt=datetime.combine(since + timedelta(days=8), time(), self.now.tzinfo),
        )
        return fitting.select_related("practitioner").order_by("starts_at").first()

    @cached_property
    def waiting(self) -> Waiting | None:
        """Everything asked and not finished as one sitting: `3 questions for you, about 1 minute`."""
        responses = next_asked(self.patient)
        if not responses:
            return None
        count = sum(
            item.id not in response.answers
            for response in responses
            for item in asking.called_for(response.definition, response.answers)
        )
        minutes = asking.minutes_of(
            sum(asking.seconds(response.definition, response.answers) for response in responses)
        )
        about = ngettext("About %(n)s minute", "About %(n)s minutes", minutes) % {"n": minutes}
        first = responses[0]
        if first.due_on and first.due_on >= self.today:
            about = _("%(about)s, by %(day)s") % {
                "about": about,
                "day": day_in_words(first.due_on, self.today),
            }
        if count == 0:
            return Waiting(first, _("Your answers are ready to send"), "")
        return Waiting(
            first, ngettext("%(n)s question for you", "%(n)s questions for you", count) % {"n": count}, about
        )

    @cached_property
    def team_count(self) -> int:
        members = CareTeamMember.objects.current().filter(patient=self.patient)
        return members.values("practitioner").distinct().count()

    @property
    def who_sees(self) -> str:
        return ngettext(
            "%(n)s person on your care team", "%(n)s people on your care team", self.team_count
        ) % {"n": self.team_count}

    # Cravings in words

    @cached_property
    def answered(self) -> list[CheckIn]:
        return [check_in for check_in in self.check_ins if check_in.craving is not None]

    @cached_property
    def craving_sentence(self) -> str:
        return craving_in_words([(one.on, one.craving or 0, one.used) for one in self.answered], self.today)

    @cached_property
    def craving_chart(self) -> LineChart:
        return LineChart(
            sentence=self.craving_sentence,
            measure=_("Craving"),
            first=self.today - timedelta(weeks=WEEKS_OF_CRAVING) + timedelta(days=1),
            last=self.today,
            low=0,
            high=4,
            ticks=tuple((height, str(name)) for height, name in HEIGHTS),
            readings=tuple(Reading(one.on, one.craving or 0) for one in self.answered),
            last_label=_("Today"),
        )


def craving_in_words(answers: Sequence[tuple[date, int, bool | None]], today: date) -> str:
    """`From strong to a little. Saturday was hard, and it passed.` Never a score, never a count of days."""
    if not answers:
        return _("No check-in yet. A blank day is a blank day.")
    if len(answers) < 4:
        return _("A few check-ins so far. The line will tell more as you go.")
    n = min(3, len(answers) // 2)
    first = sorted(craving for _on, craving, _used in answers[:n])[(n - 1) // 2]
    last = sorted(craving for _on, craving, _used in answers[-n:])[(n - 1) // 2]
    if first == last:
        said = _("About the same: %(now)s.") % {"now": STRENGTHS[last]}
    else:
        said = _("From %(first)s to %(now)s.") % {"first": STRENGTHS[first], "now": STRENGTHS[last]}
    week = [answer for answer in answers if (today - answer[0]).days < 7]
    if len(week) > 1:
        on, craving, used = max(week[:-1], key=lambda answer: (answer[1], answer[0]))
        if craving >= HIGH and craving - week[-1][1] >= 2 and not used:
            said += " " + _("%(day)s was hard, and it passed.") % {"day": weekday(on)}
    return said
