"""The pages of oversight: who looked at a record, the event log, and what is unusual in it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from stepwell.doors.staff.oversight import actions
from stepwell.doors.staff.oversight.forms import LogForm, PeriodForm, ReviewForm
from stepwell.doors.staff.oversight.log import TIME, Asked, Log, acting_patients, patients_of, records_seen_by
from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import Refused
from stepwell.ground.web.errors import respond
from stepwell.ground.web.navigation import Tab
from stepwell.ground.web.refusing import refuse
from stepwell.trust import audit
from stepwell.trust.access import Permission, lists, require
from stepwell.trust.access.rules import Relation
from stepwell.trust.access.visibility import standing
from stepwell.trust.accounts.models import Membership, User, signed_in
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit import chains, looks, sealing, words
from stepwell.trust.audit.models import AuditEvent, Batch, Finding, FindingReview, SignInEvent
from stepwell.trust.audit.rules import unusual as rules
from stepwell.trust.audit.rules.looks import Day, Visit
from stepwell.trust.organizations.acting import current_organization_id
from stepwell.trust.organizations.models import Organization
from stepwell.trust.people.charts import listed, open_chart
from stepwell.trust.people.models import Patient

FINDINGS_SHOWN = 200
SIGN_INS_SHOWN = 200
LONG_ID = re.compile(r"([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


# ---------- one record ----------


@dataclass(frozen=True)
class VisitLine:
    """What one person did with the record on one day, in words."""

    visit: Visit
    when: str
    who: str
    part: str
    why: str
    did: str
    times: str


@never_cache
@require_safe
@login_required
def access(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Who looked at this record, and why, by day; or in whose lists the name stood; or who was refused."""
    patient = open_chart(request, patient_id, Permission.SEE_TRACE)
    zone = timezone.get_current_timezone()
    show, place = request.GET.get("show", ""), looks.Place.read(request.GET.get("before", ""))
    asked = Asked.read(request.GET)
    during = looks.Period.of_days(asked.from_day, asked.to_day, zone)
    is_file = lists.asked_for_csv(request)
    find = {"lists": looks.in_lists, "refused": looks.refusals}.get(show, looks.of_patient)
    show = show if show in ("lists", "refused") else ""
    found = find(
        patient.record_ids(),
        zone,
        place=None if is_file else place,
        during=during,
        most=looks.MOST if is_file else looks.PAGE,
    )
    if is_file:
        if found.after:
            return respond(request, lists.TOO_MANY)
        return lists.as_csv(
            request,
            "who looked",
            (_("Day"), _("From"), _("To"), _("Who"), _("Part"), _("Why"), _("What they did"), _("Times")),
            (
                (
                    day.on,
                    visit.first_at,
                    visit.last_at,
                    visit.by_name,
                    words.roles(visit.by_roles),
                    words.purpose(visit.purpose),
                    words.acts(visit.acts),
                    visit.times,
                )
                for day in found.days
                for visit in day.visits
            ),
        )
    days = asked.of_days

    def page(which: str, **more: str) -> str:
        said = urlencode({name: value for name, value in {"show": which, **days, **more}.items() if value})
        return reverse("staff:access", args=[patient.pk]) + (f"?{said}" if said else "")

    tabs = [
        Tab(_("Opened"), page(""), current=not show),
        Tab(_("Name in a list"), page("lists"), current=show == "lists"),
        Tab(_("Refused"), page("refused"), current=show == "refused"),
    ]
    return render(
        request,
        "staff/oversight/access.html",
        {
            "patient": patient,
            "days": [(day.on, [_line(visit) for visit in day.visits]) for day in found.days],
            "tabs": tabs,
            "show": show,
            "form": PeriodForm(days),
            "narrows": bool(days),
            "is_first": place is None,
            "newest_url": page(show),
            "older_url": page(show, before=str(found.after)) if found.after else "",
        },
    )


def _line(visit: Visit) -> VisitLine:
    first, last = date_format(visit.first_at, "g:i A"), date_format(visit.last_at, "g:i A")
    return VisitLine(
        visit,
        when=first if first == last else _("%(first)s to %(last)s") % {"first": first, "last": last},
        who=visit.by_name or _("Stepwell itself"),
        part=words.roles(visit.by_roles),
        why=words.purpose(visit.purpose),
        did=words.acts(visit.acts),
        times=words.times(visit.times),
    )


# ---------- the log ----------


@dataclass(frozen=True)
class EventLine:
    """One event, in words; whose record, only to somebody who may know of that person."""

    event: AuditEvent
    who: str
    roles: str
    did: str
    about: str
    patient: Patient | None
    why: str

    @property
    def path(self) -> str:
        """The address with its ids cut short: whose record it is stands beside, and the file has the whole."""
        return LONG_ID.sub(r"\1…", self.event.address)

    @property
    def cells(self) -> list[object]:
        event = self.event
        whose = self.patient.record_number if self.patient else ""
        return [
            event.number,
            event.at,
            self.who,
            self.roles,
            self.did,
            self.about,
            whose,
            event.how_many,
            self.why,
            event.because,
            event.address,
            event.came_from,
            event.session,
        ]


@dataclass(frozen=True)
class SealState:
    """How far the log is sealed."""

    last: Batch | None
    late: int

    @property
    def head(self) -> str:
        return bytes(self.last.hash).hex() if self.last else ""


@never_cache
@require_safe
@login_required
def log(request: HttpRequest) -> HttpResponse:
    """Every event, narrowed and sorted by the address; with how far the log is sealed, and what is unusual in it."""
    user = signed_in(request)
    require(user, Permission.SEE_AUDIT)
    actions.look_over(at=clock.now())
    asked = Asked.read(request.GET)
    zone = timezone.get_current_timezone()
    the_log = Log(asked, user, zone, timezone.localtime(clock.now()).date())
    if lists.asked_for_csv(request):
        every = _event_lines(the_log.events()[: lists.MOST_ROWS + 1], user)
        acting = acting_patients((line.event.by_id for line in every), user)
        named = {one.pk for one in (*(line.patient for line in every), *acting) if one}
        return lists.as_csv(
            request, "event log", _header(), (line.cells for line in every), patients=sorted(named)
        )
    events, after = the_log.page()
    lines = _event_lines(events, user)
    acting = acting_patients((event.by_id for event in events), user)
    listed(request, [*(line.patient for line in lines), *acting], "event log")
    form = LogForm(
        {
            "who": asked.who,
            "whose": asked.whose,
            "did": asked.did,
            "from": asked.from_day,
            "to": asked.to_day,
        }
    )
    from_day, to_day = asked.days(the_log.today)
    return render(
        request,
        "staff/oversight/log.html",
        {
            "here": "audit",
            "tabs": _tabs("log"),
            "asked": asked,
            "form": form,
            "lines": lines,
            "columns": [(label, asked.sorted_by(key), _order(asked, key)) for key, label in _columns()],
            "is_within": asked.sort != TIME,
            "from_day": from_day,
            "to_day": to_day,
            "older_url": asked.address(after=after) if after else "",
            "newest_url": asked.address() if asked.after else "",
            "csv_url": asked.address(**{"as": "csv"}),
            "seal": _seal(),
            "open_findings": _findings(user).filter(_is_open()).count(),
        },
    )


def _header() -> list[str]:
    return [
        _("Number"),
        _("When"),
        _("Who"),
        _("Part"),
        _("What they did"),
        _("To what"),
        _("Record"),
        _("How many"),
        _("Why"),
        _("Words"),
        _("Address"),
        _("From"),
        _("Session"),
    ]


def _columns() -> list[tuple[str, str]]:
    return [
        (TIME, _("When")),
        ("who", _("Who")),
        ("did", _("What they did")),
        ("what", _("To what")),
        ("whose", _("Whose record")),
        ("why", _("Why")),
        ("address", _("Address")),
        ("from", _("From")),
        ("session", _("Session")),
    ]


def _order(asked: Asked, key: str) -> str:
    if key != asked.sort:
        return ""
    return "descending" if asked.down else "ascending"


def _event_lines(events: Iterable[AuditEvent], reader: User) -> list[EventLine]:
    found = list(events)
    patients = patients_of((event.patient_id for event in found), reader)
    acting = {one.user_id for one in acting_patients((event.by_id for event in found), reader)}
    return [
        EventLine(
            event,
            who="" if _is_a_patients(event) and event.by_id not in acting else event.by_name,
            roles=words.roles(event.by_roles),
            did=words.act(event.did),
            about=words.kind(event.to_type) if event.to_type else "",
            patient=patients.get(event.patient_id) if event.patient_id else None,
            why=words.purpose(event.purpose),
        )
        for event in found
    ]


def _is_a_patients(event: AuditEvent) -> bool:
    """Whether somebody did it as a patient; staff who are patients as well do the rest as staff."""
    return event.by_roles == [Role.PATIENT] or event.purpose == audit.Purpose.OWN


def _seal() -> SealState:
    chain = chains.of_organization(Organization.objects.get(pk=_organization()))
    return SealState(chain.last(), chain.unsealed_before(clock.now() - sealing.LATE))


def _organization() -> UUID:
    here = current_organization_id()
    assert here is not None
    return here


def _tabs(current: str) -> list[Tab]:
    rows = (
        ("log", _("Event log"), "staff:audit"),
        ("findings", _("Unusual looking"), "staff:findings"),
        ("sign-ins", _("Sign-ins"), "staff:sign_ins"),
    )
    return [Tab(label, reverse(name), current=key == current) for key, label, name in rows]


# ---------- sign-ins ----------


@never_cache
@require_safe
@login_required
def sign_ins(request: HttpRequest) -> HttpResponse:
    """Sign-ins, sign-outs and failed tries of those who belong here now, and to no other organization."""
    user = signed_in(request)
    require(user, Permission.SEE_AUDIT)
    people = _people_here(user)
    asked = Asked.read(request.GET)
    during = looks.Period.of_days(asked.from_day, asked.to_day, timezone.get_current_timezone())
    every = SignInEvent.objects.filter(during.events, by_id__in=list(people))
    if lists.asked_for_csv(request):
        in_file = list(looks.before(every, None)[: lists.MOST_ROWS + 1])
        acting = acting_patients({event.by_id for event in in_file}, user)
        return lists.as_csv(
            request,
            "sign-ins",
            (_("Who"), _("When"), _("What happened"), _("From"), _("Session")),
            (
                (
                    people[event.by_id] if event.by_id else "",
                    event.at,
                    words.act(event.did),
                    event.came_from,
                    event.session,
                )
                for event in in_file
            ),
            patients=sorted(one.pk for one in acting),
        )
    events = looks.before(every, looks.Place.read(request.GET.get("before", "")))
    found = list(events[: SIGN_INS_SHOWN + 1])
    shown = found[:SIGN_INS_SHOWN]
    more = looks.Place(shown[-1].at, shown[-1].number) if len(found) > len(shown) else None
    listed(request, acting_patients((event.by_id for event in shown), user), "sign-ins")
    return render(
        request,
        "staff/oversight/sign_ins.html",
        {
            "here": "audit",
            "tabs": _tabs("sign-ins"),
            "lines": [
                (event, people[event.by_id] if event.by_id else "", words.act(event.did)) for event in shown
            ],
            "form": PeriodForm(asked.of_days),
            "narrows": bool(asked.of_days),
            "older_url": "?" + urlencode({**asked.of_days, "before": str(more)}) if more else "",
        },
    )


def _people_here(reader: User) -> dict[UUID, str]:
    """The names of staff at the centers whose log this reader sees, and of the patients in their sight.

    A sign-in names no organization. Of somebody who belongs to another one as well it is not told: that they go there
    is nobody's business here.
    """
    here = Membership.objects.current().filter(organization=_organization())
    centers = standing(reader, Permission.SEE_AUDIT).get(Relation.CENTER, set())
    if centers is not None:
        here = here.filter(Q(center=None) | Q(center__in=centers))
    patients = Patient.objects.visible_to(reader, Permission.SEE_AUDIT).exclude(user=None).values("user")
    elsewhere = Membership.objects.current().exclude(organization=_organization()).values("user")
    seen = here.filter(~Q(role=Role.PATIENT) | Q(user__in=patients)).exclude(user__in=elsewhere)
    return dict(seen.values_list("user_id", "user__name").distinct())


# ---------- what is unusual ----------


@dataclass(frozen=True)
class FindingLine:
    finding: Finding
    patient: Patient | None
    tone: str
    weight: str
    state: str
    state_tone: str
    is_open: bool

    @property
    def cells(self) -> list[object]:
        one = self.finding
        whose = self.patient.record_number if self.patient else ""
        return [one.reader_name, whose, one.because, one.first_at, self.state]


_TONES = {rules.Weight.HIGH: "urgent", rules.Weight.MIDDLE: "warn", rules.Weight.LOW: ""}
_STATE_TONES: dict[str | None, str] = {
    FindingReview.Outcome.EXPECTED.value: "ok",
    FindingReview.Outcome.NOT_ALLOWED.value: "urgent",
}


def _findings(user: User) -> "QuerySet[Finding]":
    """Those about people whom this reader may know of, each with the outcome that stands."""
    last = FindingReview.objects.filter(finding=OuterRef("pk")).order_by("-step").values("outcome")[:1]
    return Finding.objects.filter(Q(patient_id=None) | records_seen_by(user)).annotate(stands=Subquery(last))


def _is_open() -> Q:
    return Q(stands=None) | Q(stands=FindingReview.Outcome.ASKED)


@never_cache
@require_safe
@login_required
def findings(request: HttpRequest) -> HttpResponse:
    """What is unusual and open; or settled, which hides nothing: it stays here."""
    user = signed_in(request)
    require(user, Permission.SEE_AUDIT)
    actions.look_over(at=clock.now())
    settled = request.GET.get("show") == "settled"
    found = _findings(user).filter(~_is_open() if settled else _is_open())
    order = {weight.value: place for place, weight in enumerate(rules.Weight)}
    is_file = lists.asked_for_csv(request)
    newest = found.order_by("-first_at")[: lists.MOST_ROWS + 1 if is_file else FINDINGS_SHOWN]
    rows = list(newest) if settled else sorted(newest, key=lambda one: order[one.weight])
    patients = patients_of((one.patient_id for one in rows), user)
    if is_file:
        return lists.as_csv(
            request,
            "unusual looking",
            (_("Who looked"), _("At whose record"), _("Why it is here"), _("When"), _("Where it stands")),
            (_finding_line(one, patients).cells for one in rows),
            patients=sorted({patient.pk for patient in patients.values()}),
        )
    listed(request, patients.values(), "unusual looking")
    path = reverse("staff:findings")
    return render(
        request,
        "staff/oversight/findings.html",
        {
            "here": "audit",
            "tabs": _tabs("findings"),
            "views": [
                Tab(_("Open"), path, current=not settled),
                Tab(_("Settled"), f"{path}?show=settled", current=settled),
            ],
            "settled": settled,
            "lines": [_finding_line(one, patients) for one in rows],
            "most": FINDINGS_SHOWN if len(rows) == FINDINGS_SHOWN else 0,
        },
    )


def _finding_line(finding: Finding, patients: dict[UUID, Patient]) -> FindingLine:
    stands = getattr(finding, "stands", None)
    outcome = FindingReview.Outcome(stands) if stands else None
    return FindingLine(
        finding,
        patients.get(finding.patient_id) if finding.patient_id else None,
        tone=_TONES[rules.Weight(finding.weight)],
        weight=_("Look at it %(when)s") % {"when": finding.weight},
        state=str(outcome.label) if outcome else _("Not looked at"),
        state_tone=_STATE_TONES.get(stands, ""),
        is_open=outcome in (None, FindingReview.Outcome.ASKED),
    )


@never_cache
@login_required
def finding(request: HttpRequest, finding_id: UUID) -> HttpResponse:
    """One finding: what was seen, what of the record they opened that day, and what came of it."""
    user = signed_in(request)
    require(user, Permission.SEE_AUDIT)
    one = get_object_or_404(_findings(user), pk=finding_id)
    is_own = one.reader_id == user.pk
    form = ReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            outcome = FindingReview.Outcome(form.cleaned_data["outcome"])
            actions.review(one, outcome=outcome, words=form.cleaned_data["words"], by=user, at=clock.now())
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Kept. It stays in the list of findings."))
            return redirect("staff:finding", one.pk)
    patients = patients_of([one.patient_id], user)
    patient = next(iter(patients.values()), None)
    listed(request, [patient], "unusual looking")
    return render(
        request,
        "staff/oversight/finding.html",
        {
            "here": "audit",
            "line": _finding_line(one, patients),
            "finding": one,
            "patient": patient,
            "looked": _what_they_did(one, patient),
            "reviews": [
                (review, FindingReview.Outcome(review.outcome).label)
                for review in one.reviews.order_by("-step")
            ],
            "form": form,
            "is_own": is_own,
            "log_url": Asked(who=str(one.reader_id), from_day=one.on, to_day=one.on).address(),
        },
        status=422 if form.errors else 200,
    )


def _what_they_did(one: Finding, patient: Patient | None) -> list[tuple[str, list[VisitLine]]]:
    """What this reader did that day: with this record, or where it is about many, nothing more than the log says."""
    if patient is None:
        return []
    zone = timezone.get_current_timezone()
    start = datetime.combine(one.on, datetime.min.time(), zone)
    events = AuditEvent.objects.filter(
        patient_id__in=patient.record_ids(), by_id=one.reader_id, at__gte=start
    ).order_by("-at", "-number")[:200]
    days: list[Day] = looks.told(events, zone)
    return [
        (date_format(day.on, "l, F j"), [_line(visit) for visit in day.visits])
        for day in days
        if day.on == one.on
    ]
