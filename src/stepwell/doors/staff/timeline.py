"""What happened, newest first: one line for each thing, from every room the reader may see, some weeks at a time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Self
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepwell.care.care_plans.models import CarePlan
from stepwell.care.encounters.models import Absence, Encounter
from stepwell.care.episodes.levels import LevelOfCare
from stepwell.care.episodes.models import EpisodeOfCare
from stepwell.care.measures.models import CheckIn, Response
from stepwell.care.medication import words as medication_words
from stepwell.care.medication.models import DrugTest, MedicationAdministration
from stepwell.care.medication.rules.expectations import Verdict
from stepwell.care.notes.models import Note
from stepwell.doors.staff import words
from stepwell.ground.kit.weeks import Week
from stepwell.ground.web.navigation import Tab
from stepwell.trust.accounts.models import User
from stepwell.trust.people.models import Patient

#: How many weeks are shown to begin with, and how many more each time.
WEEKS_SHOWN = 3
WEEKS_MORE = 4
#: An episode of more weeks than that is not told on one page.
MOST_WEEKS = 208
HIGH = 3
TOOK_PART = {
    Encounter.TookPart.LISTENED: gettext_lazy("listened"),
    Encounter.TookPart.SOME: gettext_lazy("took some part"),
    Encounter.TookPart.ACTIVE: gettext_lazy("took an active part"),
}


@dataclass(frozen=True)
class Event:
    """One line. With `day` it is a heading."""

    at: datetime
    icon: str = ""
    tone: str = ""
    title: str = ""
    detail: str = ""
    url: str = ""
    when: str = ""
    day: str = ""


class Kind(StrEnum):
    """What the lines may be narrowed to."""

    SESSIONS = "sessions"
    CHECK_INS = "check-ins"
    MEASURES = "measures"
    MEDICAL = "medical"


KINDS = {
    None: gettext_lazy("All"),
    Kind.SESSIONS: gettext_lazy("Sessions"),
    Kind.CHECK_INS: gettext_lazy("Check-ins"),
    Kind.MEASURES: gettext_lazy("Measures"),
    Kind.MEDICAL: gettext_lazy("Medical"),
}


@dataclass(frozen=True)
class Asked:
    """How far back, and what: both stand in the address."""

    weeks: int = WEEKS_SHOWN
    kind: Kind | None = None

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Self:
        """What is not known is as if it had not been asked."""
        weeks, kind = given.get("weeks", ""), given.get("kind", "")
        return cls(
            min(max(int(weeks), WEEKS_SHOWN), MOST_WEEKS)
            if weeks.isascii() and weeks.isdigit()
            else WEEKS_SHOWN,
            Kind(kind) if kind in set(Kind) else None,
        )

    def address(self, *, weeks: int, kind: Kind | None) -> str:
        told = {"weeks": weeks if weeks != WEEKS_SHOWN else "", "kind": kind or ""}
        return "?" + urlencode({name: value for name, value in told.items() if value})

    @property
    def choices(self) -> list[Tab]:
        return [
            Tab(
                str(label), self.address(weeks=self.weeks, kind=kind) + "#timeline", current=kind is self.kind
            )
            for kind, label in KINDS.items()
        ]

    @property
    def earlier(self) -> str:
        more = min(self.weeks + WEEKS_MORE, MOST_WEEKS)
        return self.address(weeks=more, kind=self.kind) + "#timeline"


@dataclass(frozen=True)
class Stretch:
    """The days under one heading. Weeks before the last one are folded; narrowed to a kind they stand open."""

    heading: str
    lines: tuple[Event, ...]
    is_folded: bool = False


@dataclass(frozen=True)
class Told:
    """What the page shows, and the address that shows more; empty when day 1 is on it."""

    stretches: tuple[Stretch, ...]
    earlier: str


@dataclass(frozen=True)
class Read:
    """What the page has read of this episode already, for its picture."""

    check_ins: Sequence[CheckIn]
    drug_tests: Sequence[DrugTest]
    doses: Sequence[MedicationAdministration]


def timeline(
    patient: Patient, episode: EpisodeOfCare, reader: User, now: datetime, read: Read, asked: Asked
) -> Told:
    """The weeks asked for, the newest first, from today or from when care ended."""
    last = min(now.date(), episode.ended_on or now.date())
    first = Week.of(last).monday - timedelta(weeks=asked.weeks - 1)
    is_whole = first <= episode.admitted_on
    since = datetime.combine(max(first, episode.admitted_on), time(), now.tzinfo)
    events = sorted(
        (
            event
            for event in _of_kind(asked.kind, patient, episode, reader, since, now, read)
            if event.at >= since
        ),
        key=lambda event: event.at,
        reverse=True,
    )
    stretches = tuple(_stretches(events, now.date(), folds=asked.kind is None))
    return Told(stretches, "" if is_whole or asked.weeks >= MOST_WEEKS else asked.earlier)


def _of_kind(
    kind: Kind | None,
    patient: Patient,
    episode: EpisodeOfCare,
    reader: User,
    since: datetime,
    now: datetime,
    read: Read,
) -> Iterator[Event]:
    if kind in (None, Kind.SESSIONS):
        yield from _encounters(patient, reader, since, now)
        yield from _absences(patient, since, now)
    if kind in (None, Kind.CHECK_INS):
        yield from _check_ins(read.check_ins, now)
    if kind in (None, Kind.MEASURES):
        yield from _measures(patient, since, now)
    if kind in (None, Kind.MEDICAL):
        yield from _drug_tests(read.drug_tests, now)
        yield from _doses(read.doses, now)
    if kind is None:
        yield from _plans(patient, since, now)
        yield from _levels(episode, now)


def _stretches(events: Iterable[Event], today: date, *, folds: bool) -> Iterator[Stretch]:
    for (heading, form), lines in groupby(events, key=lambda event: _heading(event.at.date(), today)):
        told = tuple(replace(event, when=_when(event.at, form)) for event in lines)
        is_folded = folds and form == OF_AN_OLDER_WEEK
        yield Stretch(heading, told if is_folded else (Event(told[0].at, day=heading), *told), is_folded)


def _when(at: datetime, form: str) -> str:
    if form == OF_TODAY:
        return words.clock_time(at).removesuffix(" AM").removesuffix(" PM")
    return date_format(at, form)


#: How a line tells its day.
OF_TODAY, OF_THIS_WEEK, OF_AN_OLDER_WEEK = "t", "D", "D n/j"


def _heading(day: date, today: date) -> tuple[str, str]:
    """The words over a stretch of days, and how a line in it tells its day."""
    if day == today:
        return _("Today, %(day)s") % {"day": date_format(day, "F j")}, OF_TODAY
    week, this_week = Week.of(day), Week.of(today)
    if week == this_week:
        return _("Earlier this week"), OF_THIS_WEEK
    if week == this_week.before:
        if day.weekday() >= 5 and today.weekday() == 0:
            return _("Weekend"), OF_THIS_WEEK
        return _("Last week"), OF_THIS_WEEK
    first, last = date_format(week.monday, "F j"), date_format(week.sunday, "F j")
    if week.monday.month == week.sunday.month:
        last = date_format(week.sunday, "j")
    return _("%(first)s to %(last)s") % {"first": first, "last": last}, OF_AN_OLDER_WEEK


def _encounters(patient: Patient, reader: User, since: datetime, now: datetime) -> Iterator[Event]:
    notes = dict(
        Note.objects.visible_to(reader)
        .in_force()
        .filter(patient=patient, signed_at__isnull=False, encounter__starts_at__gte=since)
        .values_list("encounter_id", "pk")
    )
    rows = Encounter.objects.in_force().filter(patient=patient, starts_at__gte=since)
    for encounter in rows.select_related("session__series", "practitioner", "goal"):
        at = encounter.starts_at.astimezone(now.tzinfo)
        how = _("%(minutes)s min") % {"minutes": encounter.minutes}
        if encounter.session:
            title = _("%(group)s, %(how)s") % {"group": encounter.session.series.name, "how": how}
        else:
            visit = words.visit_name(encounter.kind)
            title = _("%(visit)s with %(name)s, %(how)s") % {
                "visit": visit[:1].upper() + visit[1:],
                "name": encounter.practitioner.name,
                "how": how,
            }
        said = [] if encounter.attendance == "here" else [str(encounter.get_attendance_display())]
        if encounter.took_part:
            said.append(str(TOOK_PART[encounter.took_part]))
        if encounter.goal:
            said.append(_("goal: %(label)s") % {"label": encounter.goal.label})
        said.append(_("signed") if encounter.signed_at else _("attendance not signed"))
        note = notes.get(encounter.pk)
        yield Event(
            at,
            "users" if encounter.session else "note",
            "accent" if encounter.session else "",
            title,
            _sentence(said),
            reverse("notes:note", args=[note]) if note else "",
        )


def _sentence(parts: list[str]) -> str:
    said = ", ".join(parts)
    return said[:1].upper() + said[1:]


def _absences(patient: Patient, since: datetime, now: datetime) -> Iterator[Event]:
    rows = Absence.objects.in_force().filter(patient=patient, starts_at__gte=since)
    for absence in rows.select_related("session__series", "appointment"):
        what = absence.session.series.name if absence.session else words.visit_name(absence.appointment.kind)
        yield Event(
            absence.starts_at.astimezone(now.tzinfo),
            "x",
            "" if absence.excused else "warn",
            _("Did not come: %(what)s") % {"what": what},
            str(absence.get_reason_display()) + (_(", excused") if absence.excused else ""),
        )


def _check_ins(check_ins: Iterable[CheckIn], now: datetime) -> Iterator[Event]:
    for check_in in check_ins:
        at = check_in.recorded_at.astimezone(now.tzinfo)
        if at.date() != check_in.on:
            at = datetime.combine(check_in.on, time(12), now.tzinfo)
        craving = check_in.craving
        is_hard = (craving or 0) >= HIGH or bool(check_in.used)
        said = []
        if check_in.mood is not None:
            said.append(_("Mood %(mood)s") % {"mood": str(check_in.get_mood_display()).lower()})
        if check_in.slept_hours is not None:
            said.append(_("slept %(hours)s h") % {"hours": f"{check_in.slept_hours.normalize():f}"})
        if check_in.used is not None:
            said.append(_("used") if check_in.used else _("no use"))
        yield Event(
            at,
            "alert" if is_hard else "check",
            "warn" if is_hard else "ok",
            _("Check-in: craving %(strength)s") % {"strength": str(check_in.get_craving_display()).lower()}
            if craving is not None
            else _("Check-in"),
            (f"“{check_in.note}” " if check_in.note else "") + ", ".join(said),
        )


def _measures(patient: Patient, since: datetime, now: datetime) -> Iterator[Event]:
    for response in Response.objects.completed().filter(patient=patient, taken_at__gte=since):
        at = (response.taken_at or response.recorded_at).astimezone(now.tzinfo)
        scores = [
            f"{score.id.replace('_', ' ')} {value}" if score.id != "total" else str(value)
            for score in response.definition.scores
            if (value := response.score_of(score.id)) is not None
        ]
        open_flag = bool(response.flags) and response.followed_up_at is None
        title = response.definition.short_title
        yield Event(
            at,
            "alert" if open_flag else "chart",
            "urgent" if open_flag else "",
            f"{title}: {', '.join(scores)}" if scores else title,
            _("An answer needs follow-up") if open_flag else str(response.get_mode_display()),
            reverse("measures:response", args=[response.pk]),
        )


def _drug_tests(tests: Iterable[DrugTest], now: datetime) -> Iterator[Event]:
    for test in tests:
        summary = test.summary
        expected = summary.verdict is Verdict.AS_EXPECTED
        verdict = str(medication_words.VERDICTS[summary.verdict])
        yield Event(
            test.collected_at.astimezone(now.tzinfo),
            "flask",
            "ok" if expected else "warn",
            _("Drug test: %(verdict)s") % {"verdict": verdict[:1].lower() + verdict[1:]},
            medication_words.detail_of(summary),
            reverse("medication:tests", args=[test.patient_id]),
        )


def _doses(doses: Iterable[MedicationAdministration], now: datetime) -> Iterator[Event]:
    for dose in doses:
        yield Event(
            dose.given_at.astimezone(now.tzinfo),
            "pill",
            "accent",
            str(dose.request.get_medicine_display()),
            ", ".join(part for part in (dose.dose, dose.given_by.name if dose.given_by else "") if part),
            reverse("medication:medication", args=[dose.patient_id]),
        )


def _plans(patient: Patient, since: datetime, now: datetime) -> Iterator[Event]:
    signed = CarePlan.objects.in_force().filter(
        patient=patient, signed_by_patient_at__isnull=False, signed_by_clinician_at__gte=since
    )
    for plan in signed:
        if plan.signed_by_patient_at is None or plan.signed_by_clinician_at is None:
            continue
        yield Event(
            max(plan.signed_by_patient_at, plan.signed_by_clinician_at).astimezone(now.tzinfo),
            "goal",
            "ok",
            _("Plan signed by both"),
            _("Version %(n)s, %(hours)s h a week")
            % {"n": plan.number, "hours": words.hours(plan.minutes_a_week)},
            reverse("care_plans:plan", args=[patient.pk]),
        )


def _levels(episode: EpisodeOfCare, now: datetime) -> Iterator[Event]:
    for place, period in enumerate(episode.periods):
        if period.starts_on > now.date():
            continue
        level = LevelOfCare(period.level).short
        yield Event(
            datetime.combine(period.starts_on, time(8, 30), now.tzinfo),
            "step" if place else "door",
            "accent",
            _("Now at %(level)s") % {"level": level}
            if place
            else _("Admitted to %(level)s") % {"level": level},
            period.because,
        )
    if episode.ended_on:
        yield Event(
            datetime.combine(episode.ended_on, time(23, 0), now.tzinfo) - timedelta(hours=5),
            "door",
            "",
            _("Care ended"),
            episode.ended_because,
        )
