"""How each person of a list is doing now: everything that Today and the caseload show, in a fixed number of queries.

Only what the reader may see is asked for: a list holds the people whose chart they may open, and medicines are read
through their own permission.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F, Max, Min, Window
from django.db.models.functions import RowNumber

from stepwell.care.care_plans.models import CarePlan
from stepwell.care.care_plans.rules.life_cycle import Status
from stepwell.care.encounters.ledger import WeekHours, hours_of_many
from stepwell.care.encounters.models import Absence, Encounter
from stepwell.care.episodes.levels import LevelOfCare
from stepwell.care.episodes.models import EpisodeOfCare, EpisodeQuerySet, LevelOfCarePeriod
from stepwell.care.measures.models import CheckIn, Response
from stepwell.care.measures.reading import flags_in_words
from stepwell.care.medication.models import DrugTestResult, MedicationAdministration, MedicationRequest
from stepwell.care.medication.rules.doses import Due, NextDose, next_dose
from stepwell.care.medication.vocabulary import Medicine, Result, Substance
from stepwell.care.notes.owed import notes_to_sign
from stepwell.care.progress.models import SetAside
from stepwell.care.progress.rules import needs as rules
from stepwell.care.progress.rules.needs import InNeed, Need
from stepwell.care.progress.rules.one_place import NEED_OF
from stepwell.care.scheduling.models import Appointment
from stepwell.care.tasks.contacts import last_reached
from stepwell.care.tasks.lines import Line
from stepwell.care.tasks.models import Task
from stepwell.care.tasks.rules.making import CONTACTS
from stepwell.ground.kit.weeks import Week
from stepwell.ground.web.charts import Came
from stepwell.trust.access import Permission, may
from stepwell.trust.access.rules import Relation
from stepwell.trust.access.visibility import standing
from stepwell.trust.accounts.models import User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.organizations.models import Closure
from stepwell.trust.people.models import CareTeamMember, Patient

DAYS_OF_CRAVING = 14
DAYS_OF_ATTENDANCE = 14
#: So long after its booked time a visit is taken to be over.
AFTER_A_VISIT = timedelta(hours=1)
#: How far back the last use is looked for.
DAYS_OF_USE = 120
BAM = "bam_iop"
OPIOIDS = (
    Substance.OPIATES,
    Substance.FENTANYL,
    Substance.OXYCODONE,
    Substance.METHADONE,
    Substance.BUPRENORPHINE,
)
OPIOID_MEDICINES = (Medicine.BUPRENORPHINE_NALOXONE, Medicine.BUPRENORPHINE_ER, Medicine.METHADONE_ELSEWHERE)


class Scope(StrEnum):
    """Whose people: those one looks after, those of the colleagues one works with, or everyone."""

    MINE = "mine"
    TEAM = "team"
    WHOLE = "whole"


@dataclass(frozen=True)
class Contact:
    """The last time somebody saw the person."""

    at: datetime
    kind: str
    by_video: bool


@dataclass(frozen=True)
class PersonNow:
    """One person in care, as a row of a list shows them."""

    patient: Patient
    on: date
    episode: EpisodeOfCare | None
    level: LevelOfCare | None
    day: int
    counselor: str
    hours: WeekHours | None
    attendance: tuple[Came, ...]
    craving: tuple[int | None, ...]
    use: int | None
    risk: int | None
    risk_before: int | None
    dose: NextDose | None
    dose_booked_at: datetime | None
    last_contact: Contact | None
    needs: tuple[Need, ...]
    aside: tuple[tuple[Need, rules.Aside], ...] = ()
    #: The open tasks that say the same as a need, by its rule: whose it is, by when, and what was tried.
    owed: Mapping[str, Line] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.patient.short_name

    @property
    def level_name(self) -> str:
        return self.level.short if self.level else ""

    @property
    def missed(self) -> int:
        return sum(came is Came.ABSENT for came in self.attendance)

    @property
    def risk_change(self) -> int | None:
        return None if self.risk is None or self.risk_before is None else self.risk - self.risk_before

    @property
    def in_need(self) -> InNeed["PersonNow"]:
        return InNeed(self, self.patient.name, str(self.patient.pk), self.needs)


def scopes_of(user: User) -> tuple[Scope, ...]:
    """The views of the program that this reader's roles give, the one to begin with first."""
    standings = standing(user, Permission.SEE_CHART)
    if Relation.CENTER not in standings:
        return (Scope.MINE,) if Relation.CARE_TEAM in standings else ()
    is_clinical = user.roles & {Role.CLINICAL_SUPERVISOR, Role.COUNSELOR, Role.NURSE, Role.PRESCRIBER}
    return (Scope.MINE, Scope.TEAM, Scope.WHOLE) if is_clinical else (Scope.WHOLE,)


def people_in(scope: Scope, user: User) -> EpisodeQuerySet:
    """The open episodes of a scope, whose chart the reader may see, with the person read along."""
    episodes = EpisodeOfCare.objects.visible_to(user).in_force().filter(ended_on=None)
    if scope is not Scope.WHOLE:
        mine = CareTeamMember.objects.current().filter(practitioner__user=user)
        if scope is Scope.TEAM:
            colleagues = CareTeamMember.objects.current().filter(patient__in=mine.values("patient"))
            mine = CareTeamMember.objects.current().filter(practitioner__in=colleagues.values("practitioner"))
        episodes = episodes.filter(patient__in=mine.values("patient"))
    return episodes.select_related("patient", "patient__center").order_by("patient__first_name")


def read(episodes: Iterable[EpisodeOfCare], *, reader: User, now: datetime) -> list[PersonNow]:
    """Each of them as they are now, by the clock of their center. The number of queries does not grow with that
    of the people, only with that of the clocks."""
    by_clock: dict[ZoneInfo, list[EpisodeOfCare]] = defaultdict(list)
    for episode in episodes:
        by_clock[episode.patient.center.zone].append(episode)
    return [
        person
        for zone, together in by_clock.items()
        for person in _Reading(together, reader, now.astimezone(zone)).people()
    ]


def flagged_besides(besides: EpisodeQuerySet, *, reader: User, now: datetime) -> list[PersonNow]:
    """Everyone else with an answer that somebody must act on, whose chart the reader may see: not admitted yet,
    discharged, or looked after by a colleague. Only that answer is asked of them."""
    responses = list(
        Response.objects.visible_to(reader, Permission.SEE_CHART)
        .needing_follow_up()
        .exclude(patient__in=besides.order_by().values("patient"))
        .select_related("patient__center")
    )
    raised: dict[UUID, list[rules.Raised]] = defaultdict(list)
    for response in responses:
        raised[response.patient_id] += _raised_by(response, response.patient.center.time_zone)
    patients = {
        response.patient_id: response.patient for response in responses if raised[response.patient_id]
    }
    open_now = EpisodeOfCare.objects.open().filter(patient__in=list(patients)).with_levels()
    episodes = {episode.patient_id: episode for episode in open_now}
    owed = owed_about(list(patients), reader, now)
    return [
        replace(
            _only_flagged(patient, episodes.get(pk), raised[pk], now.astimezone(patient.center.zone)),
            owed=owed[pk],
        )
        for pk, patient in patients.items()
    ]


def owed_about(patients: Collection[UUID], reader: User, now: datetime) -> dict[UUID, dict[str, Line]]:
    """The open tasks about these people that the reader sees, by the need that says the same."""
    found: dict[UUID, dict[str, Line]] = defaultdict(dict)
    tasks = (
        Task.objects.visible_to(reader).open().filter(patient__in=patients, rule__in=NEED_OF).in_order()
        if patients
        else Task.objects.none()
    )
    for task in tasks.select_related("assigned_to", "center"):
        assert task.patient_id is not None
        found[task.patient_id].setdefault(NEED_OF[task.rule], Line(task, now, reader))
    return found


def _only_flagged(
    patient: Patient, episode: EpisodeOfCare | None, raised: list[rules.Raised], now: datetime
) -> PersonNow:
    today = now.date()
    return PersonNow(
        patient=patient,
        on=today,
        episode=episode,
        level=episode.level_on(today) if episode else None,
        day=episode.day_in_care(today) if episode else 0,
        counselor="",
        hours=None,
        attendance=(),
        craving=(),
        use=None,
        risk=None,
        risk_before=None,
        dose=None,
        dose_booked_at=None,
        last_contact=None,
        needs=rules.needs_of(rules.Facts(on=today, called=patient.called, raised=tuple(raised))),
    )


def _raised_by(response: Response, time_zone: str) -> list[rules.Raised]:
    """The most urgent flag of a response, with when it was answered: not when the measure was asked."""
    zone = ZoneInfo(time_zone)
    found = []
    # An earlier version of an instrument may have raised a flag that this one cannot name.
    for flag in flags_in_words(response)[:1]:
        at = flag.at or response.taken_at or response.completed_at
        found.append(
            rules.Raised(
                says=flag.says,
                measure=response.definition.short_title,
                at=at.astimezone(zone) if at else None,
                total="" if response.total is None else f"{response.total.normalize():f}",
                urgency=rules.Urgency(flag.urgency),
                response=response.pk,
            )
        )
    return found


class _Reading:
    """One reading of a list of people. Each part is one query over all of them."""

    def __init__(self, episodes: list[EpisodeOfCare], reader: User, now: datetime) -> None:
        self.episodes = episodes
        self.reader = reader
        self.now = now
        self.today = now.date()
        self.zone = now.tzinfo
        self.ids = [episode.patient_id for episode in episodes]

    def people(self) -> list[PersonNow]:
        self.levels = self._levels()
        self.counselors = self._counselors()
        self.hours = hours_of_many([episode.patient for episode in self.episodes], Week.of(self.today))
        self.came, self.came_this_week = self._came()
        self.absences = self._absences()
        self.contacts = self._contacts()
        self.check_ins = self._check_ins()
        self.last_used = self._last_used()
        self.raised = self._raised()
        self.bam = self._bam()
        self.doses = self._doses()
        self.doses_booked = self._doses_booked()
        self.opioids = self._opioids()
        self.unsigned = self._unsigned()
        self.review_due, self.waiting = self._plans()
        self.closed = self._closed()
        self.reached = last_reached(self.ids, since=self._midnight(DAYS_OF_ATTENDANCE))
        self.asides = self._asides()
        self.owed = owed_about(self.ids, self.reader, self.now)
        return [self._person(episode) for episode in self.episodes]

    def _person(self, episode: EpisodeOfCare) -> PersonNow:
        pk = episode.patient_id
        felt = {check_in.on: check_in for check_in in self.check_ins[pk]}
        days = [self.today - timedelta(days=n) for n in reversed(range(DAYS_OF_CRAVING))]
        use, risk, before = self.bam.get(pk, (None, None, None))
        _, dose = self.doses.get(pk, (None, None))
        asides = [*self.asides[pk], *self._tried(pk)]
        needs, aside = rules.divide(rules.needs_of(self._facts(episode)), asides, self.today)
        return PersonNow(
            patient=episode.patient,
            on=self.today,
            episode=episode,
            level=self.levels.get(pk),
            day=episode.day_in_care(self.today),
            counselor=self.counselors.get(pk, ""),
            hours=self.hours.get(pk),
            attendance=tuple(
                came
                for _, came in sorted(
                    [*self.came[pk], *((at, came) for at, came, _ in self.absences[pk])],
                    key=lambda pair: pair[0],
                )
            ),
            craving=tuple(felt[day].craving if day in felt else None for day in days),
            use=use,
            risk=risk,
            risk_before=before,
            dose=dose,
            dose_booked_at=self.doses_booked.get(pk),
            last_contact=self.contacts.get(pk),
            needs=needs,
            aside=aside,
            owed=self.owed[pk],
        )

    def _facts(self, episode: EpisodeOfCare) -> rules.Facts:
        pk = episode.patient_id
        hours = self.hours.get(pk)
        contact = self.contacts.get(pk)
        medicine, dose = self.doses.get(pk, (None, None))
        booked = self.doses_booked.get(pk)
        reached = self.reached.get(pk)
        return rules.Facts(
            on=self.today,
            called=episode.patient.called,
            admitted_on=episode.admitted_on,
            last_seen_on=contact.at.date() if contact else None,
            last_reached_on=self._local(reached).date() if reached else None,
            check_ins=tuple(self.check_ins[pk]),
            last_used_on=self.last_used.get(pk),
            takes_or_took_opioids=pk in self.opioids,
            raised=tuple(self.raised[pk]),
            missed=tuple(
                replace(
                    missed,
                    was_reached=reached is not None and reached > at,
                    came_since=contact is not None and contact.at > at,
                )
                for at, _, missed in self.absences[pk]
            ),
            came=self.came_this_week[pk],
            hours=rules.Hours(hours.asked, hours.signed + hours.unsigned, hours.planned) if hours else None,
            closed=self.closed[episode.patient.center_id],
            doses=(
                rules.Dose(
                    medicine=medicine.get_medicine_display(),
                    due_on=dose.due_on,
                    last_on=dose.due_on - timedelta(days=medicine.every_days or 0),
                    booked_at=booked,
                    is_past=booked is not None and booked + AFTER_A_VISIT < self.now,
                    needs_review=dose.due is Due.NEEDS_REVIEW,
                ),
            )
            if medicine and dose
            else (),
            unsigned=tuple(self.unsigned[pk]),
            review_due_on=self.review_due.get(pk),
            waiting_plan=self.waiting.get(pk),
        )

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(self.zone)

    def _midnight(self, days_ago: int) -> datetime:
        return datetime.combine(self.today - timedelta(days=days_ago), time(), self.zone)

    def _closed(self) -> dict[UUID, tuple[date, ...]]:
        week = Week.of(self.today)
        closures = Closure.objects.filter(
            center__in={episode.patient.center_id for episode in self.episodes},
            on__range=(week.monday, week.sunday),
        )
        found: dict[UUID, tuple[date, ...]] = defaultdict(tuple)
        for center, on in closures.order_by("on").values_list("center_id", "on"):
            found[center] += (on,)
        return found

    def _asides(self) -> dict[UUID, list[rules.Aside]]:
        found: dict[UUID, list[rules.Aside]] = defaultdict(list)
        standing = SetAside.objects.standing().filter(patient__in=self.ids, until__gt=self.today)
        for pk, rule, level, until, because, by in standing.values_list(
            "patient_id", "rule", "level", "until", "because", "recorded_by__name"
        ):
            found[pk].append(rules.Aside(rule, rules.Level(level), until, because, by))
        return found

    def _tried(self, pk: UUID) -> Iterator[rules.Aside]:
        """Who was tried, and is to be tried again on a later day, waits until then; not when they missed more since."""
        for need, line in self.owed[pk].items():
            task = line.task
            if task.rule not in CONTACTS or task.last_tried_at is None or task.due_on <= self.today:
                continue
            if not any(at > task.last_tried_at for at, _, _ in self.absences[pk]):
                yield rules.Aside(
                    need, rules.Level.URGENT, task.due_on, line.tried, line.whose, by_itself=True
                )

    def _levels(self) -> dict[UUID, LevelOfCare]:
        periods = LevelOfCarePeriod.objects.in_force().filter(
            episode__in=[episode.pk for episode in self.episodes], starts_on__lte=self.today
        )
        rows = periods.order_by("starts_on").values_list("patient_id", "level")
        return {pk: LevelOfCare(level) for pk, level in rows}

    def _counselors(self) -> dict[UUID, str]:
        team = CareTeamMember.objects.current().filter(patient__in=self.ids, role=Role.COUNSELOR)
        rows = team.order_by("-started_on").values_list("patient_id", "practitioner__name")
        return dict(rows)

    def _came(self) -> tuple[dict[UUID, list[tuple[datetime, Came]]], dict[UUID, int]]:
        came: dict[UUID, list[tuple[datetime, Came]]] = defaultdict(list)
        this_week: dict[UUID, int] = defaultdict(int)
        encounters = Encounter.objects.in_force().filter(
            patient__in=self.ids, starts_at__gte=self._midnight(DAYS_OF_ATTENDANCE)
        )
        week_ago = self._midnight(7)
        for pk, at, attendance, kind in encounters.values_list(
            "patient_id", "starts_at", "attendance", "kind"
        ):
            if at >= week_ago:
                this_week[pk] += 1
            if kind == Appointment.Kind.GROUP:
                late = attendance == Encounter.Attendance.LATE
                came[pk].append((at, Came.LATE if late else Came.PRESENT))
        return came, this_week

    def _absences(self) -> dict[UUID, list[tuple[datetime, Came, rules.Missed]]]:
        found: dict[UUID, list[tuple[datetime, Came, rules.Missed]]] = defaultdict(list)
        absences = Absence.objects.in_force().filter(
            patient__in=self.ids, starts_at__gte=self._midnight(DAYS_OF_ATTENDANCE)
        )
        rows = absences.order_by("starts_at").values_list(
            "patient_id", "starts_at", "excused", "reason", "session__series__name", "appointment__kind"
        )
        for pk, at, excused, reason, group, kind in rows:
            missed = rules.Missed(
                on=self._local(at).date(),
                what=group or str(Appointment.Kind(kind).label).lower(),
                has_reason=reason != Absence.Reason.UNKNOWN,
                excused=excused,
            )
            found[pk].append((at, Came.EXCUSED if excused else Came.ABSENT, missed))
        return found

    def _contacts(self) -> dict[UUID, Contact]:
        last = (
            Encounter.objects.in_force()
            .filter(patient__in=self.ids)
            .order_by("patient_id", "-starts_at")
            .distinct("patient_id")
        )
        return {
            pk: Contact(self._local(at), kind, attendance == Encounter.Attendance.VIDEO)
            for pk, at, kind, attendance in last.values_list("patient_id", "starts_at", "kind", "attendance")
        }

    def _check_ins(self) -> dict[UUID, list[rules.Felt]]:
        found: dict[UUID, list[rules.Felt]] = defaultdict(list)
        since = self.today - timedelta(days=DAYS_OF_CRAVING)
        rows = CheckIn.objects.in_force().filter(patient__in=self.ids, on__gt=since, on__lte=self.today)
        for pk, on, at, craving, used, words in rows.order_by("on").values_list(
            "patient_id", "on", "recorded_at", "craving", "used", "note"
        ):
            found[pk].append(rules.Felt(on, self._local(at), craving, used, words))
        return found

    def _last_used(self) -> dict[UUID, date]:
        since = self.today - timedelta(days=DAYS_OF_USE)
        used = CheckIn.objects.in_force().filter(patient__in=self.ids, used=True, on__gte=since)
        return dict(used.values_list("patient_id").annotate(last=Max("on")))

    def _raised(self) -> dict[UUID, list[rules.Raised]]:
        found: dict[UUID, list[rules.Raised]] = defaultdict(list)
        for response in Response.objects.needing_follow_up().filter(patient__in=self.ids):
            found[response.patient_id] += _raised_by(response, str(self.zone))
        return found

    def _bam(self) -> dict[UUID, tuple[int | None, int | None, int | None]]:
        """Use, risk, and risk the time before."""
        newest = Window(RowNumber(), partition_by=F("patient"), order_by=F("taken_at").desc())
        rows = (
            Response.objects.completed()
            .filter(patient__in=self.ids, instrument=BAM)
            .annotate(place=newest)
            .filter(place__lte=2)
            .order_by("patient_id", "place")
            .values_list("patient_id", "result__use", "result__risk")
        )
        found: dict[UUID, tuple[int | None, int | None, int | None]] = {}
        for pk, use, risk in rows:
            if pk in found:
                found[pk] = (*found[pk][:2], risk)
            else:
                found[pk] = (use, risk, None)
        return found

    def _doses(self) -> dict[UUID, tuple[MedicationRequest, NextDose]]:
        """For each person the dose that comes first, of medicines given here at an interval."""
        given = (
            MedicationRequest.objects.visible_to(self.reader)
            .in_force()
            .filter(patient__in=self.ids, every_days__isnull=False, starts_on__lte=self.today)
            .exclude(ends_on__lt=self.today)
        )
        last = dict(
            MedicationAdministration.objects.in_force()
            .filter(request__in=given)
            .values_list("request_id")
            .annotate(last=Max("given_at"))
        )
        found: dict[UUID, tuple[MedicationRequest, NextDose]] = {}
        for request in given:
            if request.pk not in last or request.every_days is None:
                continue
            dose = next_dose(
                Medicine(request.medicine),
                last_given_on=self._local(last[request.pk]).date(),
                every_days=request.every_days,
                on=self.today,
            )
            known = found.get(request.patient_id)
            if known is None or dose.due_on < known[1].due_on:
                found[request.patient_id] = (request, dose)
        return found

    def _doses_booked(self) -> dict[UUID, datetime]:
        """The next medical visit of those who have a dose to come."""
        if not self.doses:
            return {}
        visits = Appointment.objects.booked().filter(
            patient__in=list(self.doses), kind=Appointment.Kind.MEDICAL, starts_at__gte=self._midnight(0)
        )
        rows = visits.values_list("patient_id").annotate(first=Min("starts_at"))
        return {pk: self._local(at) for pk, at in rows}

    def _opioids(self) -> set[UUID]:
        taken = (
            MedicationRequest.objects.visible_to(self.reader)
            .in_force()
            .filter(patient__in=self.ids, medicine__in=OPIOID_MEDICINES)
            .values_list("patient_id", flat=True)
        )
        tested = (
            DrugTestResult.objects.visible_to(self.reader)
            .in_force()
            .filter(patient__in=self.ids, substance__in=OPIOIDS, result=Result.POSITIVE)
            .values_list("patient_id", flat=True)
        )
        return set(taken.union(tested))

    def _unsigned(self) -> dict[UUID, list[rules.Unsigned]]:
        """The notes on time alone with a person that are the reader's to sign, where they may sign one."""
        found: dict[UUID, list[rules.Unsigned]] = defaultdict(list)
        if not may(self.reader, Permission.SIGN_NOTE):
            return found
        held = notes_to_sign(self.reader).filter(patient__in=self.ids, session=None)
        for pk, at, kind in held.values_list("patient_id", "starts_at", "kind"):
            found[pk].append(
                rules.Unsigned(str(Appointment.Kind(kind).label).lower(), self._local(at).date())
            )
        return found

    def _plans(self) -> tuple[dict[UUID, date | None], dict[UUID, rules.WaitingPlan]]:
        plans = CarePlan.objects.in_force().filter(
            patient__in=self.ids,
            episode__ended_on=None,
            status__in=[Status.ACTIVE, Status.AWAITING_SIGNATURES],
        )
        due: dict[UUID, date | None] = {}
        waiting: dict[UUID, rules.WaitingPlan] = {}
        for plan in plans:
            if plan.status == Status.ACTIVE:
                due[plan.patient_id] = plan.review_due_on
            else:
                waiting[plan.patient_id] = rules.WaitingPlan(
                    sent_on=self._local(plan.changed_at or plan.recorded_at).date(),
                    for_clinician=plan.signed_by_clinician_id is None,
                    for_patient=plan.signed_by_patient_id is None,
                )
        return due, waiting
