"""Today, for those who give care: who needs them, how their people are, their day, and what they owe."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from statistics import median
from uuid import UUID

from django.db.models import Count, Exists, Max, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from stepwell.care.care_plans.models import CarePlan, CarePlanQuerySet
from stepwell.care.care_plans.rules.life_cycle import Status
from stepwell.care.encounters.models import Absence, Encounter
from stepwell.care.episodes.levels import LevelOfCare
from stepwell.care.episodes.models import EpisodeOfCare, LevelOfCarePeriod
from stepwell.care.level_of_care.models import LevelOfCareAssessment
from stepwell.care.level_of_care.rules import OverrideRefused, may_sign_second
from stepwell.care.measures import library
from stepwell.care.measures.rules.schedule import Every, Standing
from stepwell.care.measures.schedules import together_at_visits
from stepwell.care.notes.owed import owed_by
from stepwell.care.notes.words import listed
from stepwell.care.progress.rules import needs as rules
from stepwell.care.progress.rules.needs import Act, InNeed, Level, Need
from stepwell.care.progress.rules.one_place import NEED_OF, is_told_with_the_person, left_with_the_person
from stepwell.care.scheduling.models import Appointment, GroupSession
from stepwell.care.tasks.lines import Line, due_from
from stepwell.care.tasks.models import Task
from stepwell.care.tasks.rules.making import CONTACTS
from stepwell.doors.staff import words
from stepwell.doors.staff.people_now import PersonNow
from stepwell.ground.kit.weeks import Week
from stepwell.ground.web.back import with_back
from stepwell.ground.web.live import digest
from stepwell.trust.access import Permission, may
from stepwell.trust.access.rules import relations_for
from stepwell.trust.access.visibility import on_the_team_now
from stepwell.trust.accounts.models import User
from stepwell.trust.audit.did import Did
from stepwell.trust.audit.models import AuditEvent
from stepwell.trust.organizations.models import Closure, OpeningHours
from stepwell.trust.people.models import Patient

REASONS_IN_A_ROW = 3
#: A closed day is named from a week before.
CLOSURES_AHEAD = timedelta(days=7)
#: A gap of the day that is shorter is no open time.
SHORTEST_OPEN = timedelta(minutes=30)
TONES = {Level.URGENT: "urgent", Level.WATCH: "warn", Level.NOTE: "calm"}


#: What is done where the act leads: from there it goes back to Today.
ENDS_THERE = (Act.OPEN_ANSWERS, Act.OPEN_PLAN)

#: What changes nothing on anybody's Today.
LOOKS = {
    Did.FAILED_TO_SIGN_IN,
    Did.OPENED,
    Did.LISTED,
    Did.EXPORTED,
    Did.PRINTED,
    Did.SIGNED_IN,
    Did.SIGNED_OUT,
    Did.WAS_REFUSED,
}
WRITES = sorted(each.value for each in set(Did) - LOOKS)


#: What the clock alone changes is looked for as often as this: times here are booked in steps of five minutes.
TICK = timedelta(minutes=5)


def version_of_today(user: User, now: datetime, seen_with: Permission) -> str:
    """Another one after anybody has done something today about somebody whom this reader may see so; and after
    something has become due by the clock.

    Every act leaves one event, so one question is enough, whatever the act was.
    """
    midnight = datetime.combine(now.date(), time(), tzinfo=now.tzinfo)
    seen = Patient.objects.visible_to(user, seen_with).values("pk")
    acts = AuditEvent.objects.filter(did__in=WRITES, at__gte=midnight)
    told = acts.filter(Q(patient_id=None) | Q(patient_id__in=seen)).aggregate(
        n=Count("*"), last=Max("number")
    )
    fell_due = Task.objects.open().filter(due_at__gte=midnight, due_at__lte=now).count()
    return digest(now.date(), (now - midnight) // TICK, fell_due, told["n"], told["last"])


# Who needs me now


@dataclass(frozen=True)
class NeedRow:
    """One person who needs somebody, as the page shows it."""

    person: PersonNow
    tone: str
    tone_words: str
    name: str
    url: str
    meta: str
    why: SafeString
    source: str
    values: Sequence[int | None]
    trend: str
    act: str
    act_url: str
    key: str
    aside_url: str = ""
    aside: str = gettext_lazy("Set aside, with a reason")  # type: ignore[assignment]
    #: The needs that the row tells.
    told: tuple[Need, ...] = ()
    #: The tasks that say the same: whose they are, by when, and what was tried.
    owed: tuple[Line, ...] = ()
    #: Where what came of a call is said.
    done_url: str = ""
    done: str = gettext_lazy("Say what happened")  # type: ignore[assignment]


def need_rows(
    people: Iterable[PersonNow], user: User, due: Iterable["DueLine"], *, back: str
) -> list[NeedRow]:
    """Who needs somebody, without what stands under "Due from me" already."""
    owed: dict[UUID | None, set[str]] = defaultdict(set)
    for line in due:
        owed[line.patient_id].add(line.need)
    left = (
        replace(person.in_need, needs=left_with_the_person(person.needs, owed[person.patient.pk]))
        for person in people
    )
    return [_need_row(one, user, back) for one in rules.rank(left)]


def due_besides(
    due: Iterable["DueLine"], rows: Iterable[NeedRow], people: Iterable[PersonNow]
) -> list["DueLine"]:
    """What is due, without what the rows above tell of a person, or the list of what is set aside."""
    told: dict[UUID | None, list[Need]] = defaultdict(list)
    for row in rows:
        told[row.person.patient.pk] += row.told
    for person in people:
        told[person.patient.pk] += (need for need, _aside in person.aside)
    return [line for line in due if not is_told_with_the_person(line.need, line.about, told[line.patient_id])]


def _need_row(one: InNeed[PersonNow], user: User, back: str) -> NeedRow:
    person, shown = one.person, one.needs[:REASONS_IN_A_ROW]
    chart = reverse("staff:chart", args=[person.patient.pk])
    act, act_url, key = _act(one.first, person)
    is_about_craving = any(need.rule in ("craving", "lost_tolerance", "good_news", "used") for need in shown)
    return NeedRow(
        person=person,
        tone=TONES[one.level],
        tone_words=one.level.in_words,
        name=person.name,
        url=chart,
        meta=words.level_and_day(person.level_name, person.day),
        why=SafeString(" ".join(_stressed(need) for need in shown)),
        source=", ".join(need.source for need in shown),
        values=person.craving if is_about_craving else (),
        trend=craving_sentence(person.craving),
        act=act,
        act_url=with_back(act_url, back) if one.first.act in ENDS_THERE else act_url,
        key=key,
        aside_url=_aside_url(person, one.needs, user),
        told=shown,
        owed=(owed := tuple(person.owed[need.rule] for need in shown if need.rule in person.owed)),
        done_url=next(
            (with_back(f"{line.url}#done", back) for line in owed if line.task.rule in CONTACTS), ""
        ),
    )


def _aside_url(person: PersonNow, needs: Iterable[Need], user: User) -> str:
    """Where the first need that may wait is set aside; nothing for who may not, or when none may."""
    rule = next((need.rule for need in needs if rules.may_be_set_aside(need)), "")
    if not rule or person.episode is None or not may(user, Permission.SET_ASIDE):
        return ""
    return f"{reverse('staff:set_aside', args=[person.patient.pk])}?rule={rule}"


@dataclass(frozen=True)
class AsideLine:
    """A need that somebody of the team set aside, with why and until when."""

    person: PersonNow
    need: Need
    until: str
    because: str
    by: str
    url: str
    #: Nobody set it aside: it was tried, and is to be tried again on that day.
    by_itself: bool = False


def set_aside_lines(people: Iterable[PersonNow]) -> list[AsideLine]:
    """What is set aside, in the order in which it comes back."""
    found = sorted(
        (
            (aside.until, person.patient.name, person, need, aside)
            for person in people
            for need, aside in person.aside
        ),
        key=lambda each: (each[0], each[1], each[3].rule),
    )
    return [
        AsideLine(
            person,
            need,
            date_format(until, "D M j"),
            aside.because,
            aside.by,
            person.owed[need.rule].url
            if aside.by_itself
            else reverse("staff:set_aside", args=[person.patient.pk]),
            by_itself=aside.by_itself,
        )
        for until, _name, person, need, aside in found
    ]


def _stressed(need: Need) -> SafeString:
    before, found, after = need.reason.partition(need.stress) if need.stress else (need.reason, "", "")
    return (
        format_html("{}<strong>{}</strong>{}", before, found, after) if found else format_html("{}", before)
    )


def _act(need: Need, person: PersonNow) -> tuple[str, str, str]:
    """The one thing to do: its words, where it leads, and its key. Without a number to call, the chart."""
    pk = person.patient.pk
    chart = reverse("staff:chart", args=[pk])
    match need.act:
        case Act.CALL if person.patient.phone:
            label = (
                _("Try contact")
                if need.rule == "no_contact"
                else _("Call now")
                if need.level == 0
                else _("Call")
            )
            return label, f"tel:{person.patient.phone}", "c"
        case Act.OPEN_ANSWERS:
            return _("Open answers"), reverse("measures:response", args=[need.about]), "o"
        case Act.OPEN_WEEK:
            return _("See week"), reverse("scheduling:week", args=[pk]), "w"
        case Act.OPEN_MEDICATION:
            return _("See medication"), reverse("medication:medication", args=[pk]), "m"
        case Act.OPEN_NOTES:
            return _("Write note"), reverse("notes:to_sign"), "n"
        case Act.OPEN_PLAN:
            return _("Open plan"), reverse("care_plans:plan", args=[pk]), "p"
        case _:
            return _("Open chart"), chart, "o"


def craving_sentence(values: Sequence[int | None]) -> str:
    """What the small line says: `Craving over 14 days: from some to strong, 9 answers`."""
    answers = [value for value in values if value is not None]
    if not answers:
        return _("Craving over %(days)s days: no answers") % {"days": len(values)}
    return ngettext(
        "Craving over %(days)s days: from %(first)s to %(last)s, %(n)s answer",
        "Craving over %(days)s days: from %(first)s to %(last)s, %(n)s answers",
        len(answers),
    ) % {
        "days": len(values),
        "first": rules.STRENGTHS[answers[0]],
        "last": rules.STRENGTHS[answers[-1]],
        "n": len(answers),
    }


def by_need(people: Iterable[PersonNow]) -> list[PersonNow]:
    """In the order of need; those who need nothing after them, by name."""
    people = list(people)
    ranked = [one.person for one in rules.rank(person.in_need for person in people)]
    calm = sorted((person for person in people if not person.needs), key=lambda person: person.patient.name)
    return ranked + calm


# The closed day


@dataclass(frozen=True)
class ClosedDay:
    on: date
    reason: str
    is_today: bool
    short: int

    @property
    def sentence(self) -> str:
        day = _("today") if self.is_today else date_format(self.on, "l")
        closed = _("Closed %(day)s for %(reason)s") % {"day": day, "reason": self.reason}
        # Hours are counted from Monday to Sunday: those of next week are not known to be short yet.
        short = ngettext(
            "%(n)s person is short of their hours this week.",
            "%(n)s people are short of their hours this week.",
            self.short,
        ) % {"n": self.short}
        return f"{closed}. {short}" if self.short else f"{closed}."


def closed_days(user: User, today: date, *, short: int = 0) -> list[ClosedDay]:
    """Days of the next seven on which a center of the reader is closed, and how many are short of their hours."""
    closures = Closure.objects.filter(
        center__in=[center.pk for center in user.centers_here],
        on__gte=today,
        on__lt=today + CLOSURES_AHEAD,
    )
    this_week = Week.of(today).sunday
    seen = {closure.on: closure for closure in closures.order_by("-on")}
    return [
        ClosedDay(on, seen[on].reason, on == today, short if on <= this_week else 0) for on in sorted(seen)
    ]


# My day


@dataclass(frozen=True)
class AgendaLine:
    starts_at: datetime
    ends_at: datetime
    when: str
    title: str
    detail: str
    state: str
    button: str = ""
    url: str = ""
    tag: str = ""
    tone: str = ""
    patient_id: UUID | None = None
    is_open: bool = False
    #: What is to be done with the person there, each a sentence of its own.
    asks: tuple[str, ...] = ()

    @property
    def minutes(self) -> int:
        return (self.ends_at - self.starts_at) // timedelta(minutes=1)


@dataclass(frozen=True)
class MyDay:
    lines: tuple[AgendaLine, ...]

    @property
    def has_bookings(self) -> bool:
        return any(not line.is_open for line in self.lines)

    @property
    def booked(self) -> str:
        """`4.5 h booked, 1.5 h open`."""
        booked = sum(line.minutes for line in self.lines if not line.is_open)
        free = sum(line.minutes for line in self.lines if line.is_open)
        parts = [_("%(hours)s h booked") % {"hours": words.hours(booked)}] if booked else []
        parts += [_("%(hours)s h open") % {"hours": words.hours(free)}] if free else []
        return ", ".join(parts)


def my_day(user: User, now: datetime) -> MyDay:
    """The reader's groups and appointments of today, by the clock of the place."""
    midnight = datetime.combine(now.date(), time(), now.tzinfo)
    day = {"starts_at__gte": midnight, "starts_at__lt": midnight + timedelta(days=1)}
    booked = Count(
        "appointments", filter=Q(appointments__status="booked", appointments__entered_in_error_at=None)
    )
    sessions = (
        GroupSession.objects.visible_to(user)
        .meeting()
        .filter(Q(leader__user=user) | Q(co_leader__user=user), **day)
        .select_related("series", "room")
        .annotate(expected=booked)
    )
    visits = (
        Appointment.objects.visible_to(user)
        .booked()
        .filter(practitioner__user=user, session=None, **day)
        .select_related("patient", "room")
    )
    here = Q(session__in=[one.pk for one in sessions]) | Q(appointment__in=[one.pk for one in visits])
    held = list(
        Encounter.objects.in_force().filter(here).values_list("session_id", "appointment_id", "signed_at")
    )
    signed_sessions = {session for session, _appointment, signed in held if signed is not None}
    done = {appointment: signed is not None for _session, appointment, signed in held}
    lines = [_session_line(s, now, is_signed=s.pk in signed_sessions) for s in sessions]
    still_to_be = _first_of_each_person(v for v in visits if not done.get(v.pk) and v.ends_at > now)
    together = together_at_visits(user, {v.patient_id for v in still_to_be}, now.date())
    lines += [
        _visit_line(
            v, now, held=done.get(v.pk), together=together.get(v.patient_id, ()) if v in still_to_be else ()
        )
        for v in visits
    ]
    lines += _open_times(user, lines, now)
    return MyDay(tuple(sorted(lines, key=lambda line: (line.starts_at, line.title))))


def _first_of_each_person(visits: Iterable[Appointment]) -> set[Appointment]:
    first: dict[UUID, Appointment] = {}
    for visit in sorted(visits, key=lambda visit: visit.starts_at):
        first.setdefault(visit.patient_id, visit)
    return set(first.values())


def _open_times(user: User, booked: Iterable[AgendaLine], now: datetime) -> Iterator[AgendaLine]:
    """What is left of the center's hours from now on, between what is booked; none on a closed day."""
    center, today = user.center_here, now.date()
    if center is None:
        return
    taken = sorted((line.starts_at, line.ends_at) for line in booked)
    is_closed = Closure.objects.filter(center=center, on=today)
    for hours in OpeningHours.objects.filter(~Exists(is_closed), center=center, weekday=today.weekday()):
        closes = datetime.combine(today, hours.closes, now.tzinfo)
        free_from = max(datetime.combine(today, hours.opens, now.tzinfo), now)
        for starts, ends in [*taken, (closes, closes)]:
            until = min(starts, closes)
            if until - free_from >= SHORTEST_OPEN:
                yield _open_line(free_from, until)
            free_from = max(free_from, ends)


def _open_line(starts: datetime, ends: datetime) -> AgendaLine:
    minutes = (ends - starts) // timedelta(minutes=1)
    return AgendaLine(
        starts_at=starts,
        ends_at=ends,
        when=words.short_time(starts),
        title=_("Open, %(hours)s h") % {"hours": words.hours(minutes)},
        detail=_("Until %(end)s") % {"end": words.short_time(ends)},
        state="",
        is_open=True,
    )


def _state(starts_at: datetime, ends_at: datetime, now: datetime) -> str:
    # A session is now from a quarter of an hour before it begins.
    if ends_at <= now:
        return "past"
    return "now" if starts_at - timedelta(minutes=15) <= now else ""


def _session_line(session: GroupSession, now: datetime, *, is_signed: bool) -> AgendaLine:
    starts, ends = (at.astimezone(now.tzinfo) for at in (session.starts_at, session.ends_at))
    expected = ngettext("%(n)s expected", "%(n)s expected", session.expected) % {"n": session.expected}  # type: ignore[attr-defined]
    parts = [
        str(session.series.get_kind_display()),
        expected,
        session.room.name if session.room else str(_("by video")),
    ]
    return AgendaLine(
        starts_at=starts,
        ends_at=ends,
        when=words.short_time(starts),
        title=session.series.name,
        detail=_("%(what)s. Ends %(end)s") % {"what": ", ".join(parts), "end": words.short_time(ends)},
        state=_state(starts, ends, now),
        button="" if is_signed else _("Open"),
        url=reverse("notes:session", args=[session.pk]),
        tag=_("Signed") if is_signed else "",
        tone="ok" if is_signed else "",
    )


def _visit_line(
    visit: Appointment, now: datetime, *, held: bool | None, together: Sequence[Standing]
) -> AgendaLine:
    starts, ends = (at.astimezone(now.tzinfo) for at in (visit.starts_at, visit.ends_at))
    where = visit.room.name if visit.room else str(visit.get_modality_display())
    is_intake = visit.kind == Appointment.Kind.INTAKE
    url = (
        reverse("intake:admission", args=[visit.patient_id])
        if is_intake
        else reverse("notes:encounter", args=[visit.pk])
    )
    return AgendaLine(
        starts_at=starts,
        ends_at=ends,
        when=words.short_time(starts),
        title=_("%(name)s, %(visit)s")
        % {"name": visit.patient.short_name, "visit": words.visit_name(visit.kind)},
        detail=_("%(where)s. Ends %(end)s") % {"where": where, "end": words.short_time(ends)},
        asks=tuple(_to_go_through(together)),
        state=_state(starts, ends, now),
        button="" if held else _("Prepare") if is_intake else _("Open"),
        url=url,
        tag=_("Signed") if held else "",
        tone="ok" if held else "",
        patient_id=visit.patient_id,
    )


#: More measures than these are counted, not named: the line stays one that is read at a glance.
MEASURES_NAMED = 2


def _to_go_through(together: Sequence[Standing]) -> Iterator[str]:
    """What the schedule leaves for a visit stands on the line of that visit, and nowhere else on the page (ADR 11).

    A set is long, and is seldom done in one visit: it is told as what is left of it.
    """
    by_set: dict[Every, list[str]] = {Every.INTAKE: [], Every.DISCHARGE: []}
    again: list[str] = []
    for each in together:
        by_set.get(each.every, again).append(library.instrument(each.instrument).short_title)
    if again:
        yield _named_or_counted(
            again,
            _("Go through together: %(names)s"),
            ngettext("Go through together: %(n)s measure", "Go through together: %(n)s measures", len(again)),
        )
    if of_intake := by_set[Every.INTAKE]:
        yield _named_or_counted(
            of_intake,
            _("Left of the intake set: %(names)s"),
            ngettext(
                "Left of the intake set: %(n)s measure",
                "Left of the intake set: %(n)s measures",
                len(of_intake),
            ),
        )
    if of_discharge := by_set[Every.DISCHARGE]:
        yield _named_or_counted(
            of_discharge,
            _("Left of the closing set: %(names)s"),
            ngettext(
                "Left of the closing set: %(n)s measure",
                "Left of the closing set: %(n)s measures",
                len(of_discharge),
            ),
        )


def _named_or_counted(titles: Sequence[str], named: str, counted: str) -> str:
    if len(titles) > MEASURES_NAMED:
        return counted % {"n": len(titles)}
    return named % {"names": listed(titles)}


# Due from me


@dataclass(frozen=True)
class DueLine:
    since: date
    title: str
    url: str
    detail: str
    tag: str
    tone: str
    patient_id: UUID | None = None
    #: The rule of Today that says the same of the person, and the key of what both are about.
    need: str = ""
    about: UUID | None = None
    #: What leads to doing it.
    act: str = ""
    task: Line | None = None


def due_from_me(user: User, now: datetime) -> list[DueLine]:
    """Tasks, notes to sign, plans to sign and to review, screenings to sign second: the oldest first.

    What is a task is told once (ADR 10). A plan of which a new version was sent for signatures has been reviewed.
    """
    tasks = due_from(user, now)
    reviews = {line.task.patient_id for line in tasks if _need_of(line) == "review"}
    sent = _sent(CarePlan.objects.filter(patient__in=reviews)) if reviews else set()
    derived = [
        line
        for line in (*_notes_due(user, now), *_plans_due(user, now), *_screenings_due(user, now))
        if not (line.need == "review" and line.patient_id in reviews)
    ]
    asked = [
        _task_due(line) for line in tasks if not (_need_of(line) == "review" and line.task.patient_id in sent)
    ]
    return sorted((*asked, *derived), key=lambda line: (line.since, line.title))


def _need_of(line: Line) -> str:
    return NEED_OF.get(line.task.rule, "")


def _sent(plans: CarePlanQuerySet) -> set[UUID]:
    """Whose new version waits for a signature."""
    waiting = plans.in_force().filter(status=Status.AWAITING_SIGNATURES)
    return set(waiting.values_list("patient_id", flat=True))


def _task_due(line: Line) -> DueLine:
    return DueLine(
        line.task.due_on,
        line.task.what,
        line.url,
        " ".join(
            part for part in (line.in_short, f"{line.tried.capitalize()}." if line.tried else "") if part
        ),
        line.tag,
        line.tone,
        line.task.patient_id,
        need=_need_of(line),
        about=line.task.about,
        task=line,
    )


def _notes_due(user: User, now: datetime) -> Iterator[DueLine]:
    if not may(user, Permission.SIGN_NOTE):
        return
    for owed in owed_by(user, now):
        at = owed.held_at.astimezone(now.tzinfo)
        yield DueLine(
            at.date(),
            ngettext("Sign %(n)s note", "Sign %(n)s notes", owed.count) % {"n": owed.count},
            owed.url,
            f"{owed.title}, {date_format(at, 'D M j')}",
            owed.late,
            owed.tone,
            owed.patient_id,
            need="note" if owed.patient_id else "",
            act=ngettext("Open note", "Open notes", owed.count),
        )


def _plans_due(user: User, now: datetime) -> Iterator[DueLine]:
    if not relations_for(Permission.SIGN_PLAN, user.roles):
        return
    today = now.date()
    mine = Patient.objects.filter(
        on_the_team_now("care_team__"),
        care_team__practitioner__user=user,
        care_team__role__in=[role.value for role in user.roles],
    )
    plans = CarePlan.objects.in_force().filter(patient__in=mine, episode__ended_on=None)
    waiting = plans.filter(status=Status.AWAITING_SIGNATURES, signed_by_clinician=None)
    for plan in waiting.select_related("patient"):
        sent = (plan.changed_at or plan.recorded_at).astimezone(now.tzinfo).date()
        yield DueLine(
            sent,
            _("Sign plan, %(name)s") % {"name": plan.patient.short_name},
            reverse("care_plans:plan", args=[plan.patient_id]),
            _("Sent for signatures %(day)s") % {"day": date_format(sent, "D M j")},
            *_late(sent, today, allowed=1),
            plan.patient_id,
            need="plan_waits",
            act=_("Open plan"),
        )
    near = today + timedelta(days=rules.in_force(today).review_is_near)
    to_review = plans.filter(status=Status.ACTIVE, review_due_on__lte=near).exclude(patient__in=_sent(plans))
    for plan in to_review.select_related("patient"):
        if plan.review_due_on is None:
            continue
        yield DueLine(
            plan.review_due_on,
            _("Plan review, %(name)s") % {"name": plan.patient.short_name},
            reverse("care_plans:plan", args=[plan.patient_id]),
            _("Due %(day)s") % {"day": date_format(plan.review_due_on, "D M j")},
            *_late(plan.review_due_on, today, allowed=0),
            plan.patient_id,
            need="review",
            act=_("Open plan"),
        )


def _screenings_due(user: User, now: datetime) -> Iterator[DueLine]:
    """A level below a safety rule holds only when a second clinician has agreed."""
    if isinstance(may_sign_second(roles=user.roles, is_first_signer=False), OverrideRefused):
        return
    waiting = LevelOfCareAssessment.objects.visible_to(user, Permission.SCREEN).waiting_for_second_signature()
    for screening in waiting.exclude(signed_by=user).select_related("patient", "signed_by"):
        assert screening.signed_at is not None
        signed = screening.signed_at.astimezone(now.tzinfo).date()
        yield DueLine(
            signed,
            _("Sign second, %(name)s") % {"name": screening.patient.short_name},
            reverse("level_of_care:assessment", args=[screening.pk]),
            _("Level below a safety rule, signed by %(name)s %(day)s")
            % {"name": screening.signed_by, "day": date_format(signed, "D M j")},
            *_late(signed, now.date(), allowed=0),
            screening.patient_id,
            act=_("Open screening"),
        )


def _late(since: date, today: date, *, allowed: int) -> tuple[str, str]:
    """The tag of something due: how late it is, and its tone."""
    days = (today - since).days - allowed
    if days > 0:
        return words.days_late(days), "urgent" if days > 1 else "warn"
    return (_("Today"), "warn") if days == 0 else (words.day_name(since + timedelta(days=allowed), today), "")


# The program now


@dataclass(frozen=True)
class Figure:
    value: str
    says: str


def program_now(user: User, now: datetime) -> list[Figure]:
    """Four figures of all that the reader may see. For those whose part it is to see the whole program."""
    today, week = now.date(), Week.of(now.date())
    in_iop = (
        LevelOfCarePeriod.objects.visible_to(user)
        .in_force()
        .filter(level=LevelOfCare.INTENSIVE_OUTPATIENT, starts_on__lte=today, episode__ended_on=None)
        .exclude(ends_on__lte=today)
        .count()
    )
    since = datetime.combine(today - timedelta(days=7), time(), now.tzinfo)
    came = Encounter.objects.visible_to(user).in_force().filter(starts_at__gte=since).count()
    missed = Absence.objects.visible_to(user).in_force().filter(starts_at__gte=since).count()
    recent = (
        EpisodeOfCare.objects.visible_to(user)
        .in_force()
        .filter(admitted_on__gte=today - timedelta(days=90), admitted_on__lte=week.sunday)
        .values_list("admitted_on", "referral__received_at")
    )
    admissions = list(recent)
    waits = [
        (admitted - received.astimezone(now.tzinfo).date()).days
        for admitted, received in admissions
        if received
    ]
    return [
        Figure(str(in_iop), _("in IOP")),
        Figure(f"{round(100 * came / (came + missed))}%" if came + missed else "–", _("attended, 7 days")),
        Figure(
            str(sum(admitted >= week.monday for admitted, _received in admissions)), _("starts this week")
        ),
        Figure(
            _("%(n)s d") % {"n": f"{median(waits):.1f}".removesuffix(".0")} if waits else "–",
            _("call to admission, middle of 90 days"),
        ),
    ]
