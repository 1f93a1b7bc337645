"""The way in in an emergency, and the list in which others look it over."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import Refused
from stepwell.ground.web.refusing import refuse
from stepwell.trust import audit
from stepwell.trust.access import Permission, lists, may, require
from stepwell.trust.accounts.models import signed_in
from stepwell.trust.audit import words
from stepwell.trust.audit.models import AuditEvent
from stepwell.trust.people.actions import emergencies as acts
from stepwell.trust.people.charts import listed
from stepwell.trust.people.forms import EmergencyForm, FindingForm
from stepwell.trust.people.models import EmergencyAccess, Patient

REVIEWED_SHOWN = 50
DONE_SHOWN = 200
#: The columns of the list as a file.
IN_A_FILE = (
    gettext_lazy("Who"),
    gettext_lazy("Whose chart"),
    gettext_lazy("When"),
    gettext_lazy("Why"),
    gettext_lazy("In their words"),
    gettext_lazy("Found"),
    gettext_lazy("By"),
    gettext_lazy("Looked over"),
    gettext_lazy("Why so found"),
)


@dataclass(frozen=True)
class Done:
    """One thing that somebody did while the chart was open to them."""

    at: datetime
    did: str
    what: str


@never_cache
@login_required
def emergency(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Ask for the chart of somebody who is not one's patient. Who may not know that they are here finds nobody."""
    user = signed_in(request)
    patient = get_object_or_404(Patient.objects.visible_to(user, Permission.SEE_DIRECTORY), pk=patient_id)
    require(user, Permission.OPEN_IN_EMERGENCY, patient)
    if may(user, Permission.SEE_CHART, patient):
        return redirect("staff:chart", patient.pk)
    listed(request, [patient], "before an emergency look")
    form = EmergencyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            acts.open_in_emergency(
                patient,
                reason=EmergencyAccess.Reason(form.cleaned_data["reason"]),
                words=form.cleaned_data["words"],
                by=user,
                at=clock.now(),
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            return redirect("staff:chart", patient.pk)
    return render(
        request,
        "people/emergency.html",
        {"form": form, "patient": patient, "minutes": acts.LASTS.seconds // 60},
        status=422 if form.errors else 200,
    )


@require_POST
@login_required
def emergency_ending(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    user = signed_in(request)
    patient = get_object_or_404(Patient.objects.visible_to(user, Permission.SEE_DIRECTORY), pk=patient_id)
    require(user, Permission.OPEN_IN_EMERGENCY, patient)
    if access := acts.open_now(patient, user):
        acts.end_emergency(access, by=user, at=clock.now())
    messages.success(request, _("The chart is shut again."))
    return redirect("staff:find")


@never_cache
@require_safe
@login_required
def looks(request: HttpRequest) -> HttpResponse:
    """What was opened in an emergency: first what waits to be looked over, then what was."""
    user = signed_in(request)
    require(user, Permission.REVIEW_EMERGENCY)
    seen = EmergencyAccess.objects.visible_to(user).select_related("patient", "opened_by", "reviewed_by")
    every_waiting = seen.waiting().order_by("opened_at")
    every_reviewed = seen.exclude(reviewed_at=None).order_by("-reviewed_at")
    for which, every in (("waiting", every_waiting), ("reviewed", every_reviewed)):
        if lists.asked_for_csv(request, which):
            rows = list(every[: lists.MOST_ROWS + 1])
            return lists.as_csv(
                request,
                f"emergency looks, {which}",
                IN_A_FILE,
                map(_cells, rows),
                patients=sorted({each.patient_id for each in rows}),
            )
    waiting, reviewed = list(every_waiting), list(every_reviewed[:REVIEWED_SHOWN])
    listed(request, [each.patient for each in (*waiting, *reviewed)], "charts opened in an emergency")
    return render(
        request,
        "people/emergency_looks.html",
        {
            "here": "emergencies",
            "waiting": waiting,
            "reviewed": reviewed,
            "most": REVIEWED_SHOWN if len(reviewed) == REVIEWED_SHOWN else 0,
        },
    )


def _cells(each: EmergencyAccess) -> list[object]:
    return [
        each.opened_by.name,
        each.patient.record_number,
        each.opened_at,
        each.get_reason_display(),
        each.words,
        each.get_finding_display() if each.finding else "",
        each.reviewed_by.name if each.reviewed_by else "",
        each.reviewed_at,
        each.finding_words,
    ]


@never_cache
@login_required
def look(request: HttpRequest, access_id: UUID) -> HttpResponse:
    """One of them: who, why, what was read in that hour; and the finding."""
    user = signed_in(request)
    seen = EmergencyAccess.objects.visible_to(user)
    access = get_object_or_404(
        seen.select_related("patient__center", "opened_by", "reviewed_by", "place"), pk=access_id
    )
    access.patient.center.show_its_time()
    is_own = access.opened_by_id == user.pk
    form = FindingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            acts.review(
                access,
                finding=EmergencyAccess.Finding(form.cleaned_data["finding"]),
                words=form.cleaned_data["words"],
                by=user,
                at=clock.now(),
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Looked over. It stays in the record."))
            return redirect("people:emergency_looks")
    if request.method != "POST":
        audit.record(by=user, did=audit.Did.OPENED, to=access)
    return render(
        request,
        "people/emergency_look.html",
        {
            "here": "emergencies",
            "form": form,
            "access": access,
            "patient": access.patient,
            "is_own": is_own,
            "done": list(_done_in(access)),
        },
        status=422 if form.errors else 200,
    )


def _done_in(access: EmergencyAccess) -> Iterator[Done]:
    """What they did with this record while it was open to them: without it nobody can say whether it was right."""
    during = Q(at__gte=access.opened_at, at__lte=access.place.expires_at)
    events = AuditEvent.objects.filter(
        during, by_id=access.opened_by_id, patient_id__in=access.patient.record_ids()
    )
    for event in events.exclude(did=audit.Did.OPENED_IN_EMERGENCY).order_by("at", "number")[:DONE_SHOWN]:
        page = event.address.partition(f"/staff/people/{event.patient_id}/")[2].strip("/")
        what = words.kind(event.to_type) if event.to_type else ""
        yield Done(event.at, words.act(event.did), f"{what}, {page}" if page else what)
