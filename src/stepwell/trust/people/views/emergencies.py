"""The way in in an emergency, and the list in which others look it over."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import Refused
from stepwell.ground.web.refusing import refuse
from stepwell.trust import audit
from stepwell.trust.access import Permission, may, require
from stepwell.trust.accounts.models import signed_in
from stepwell.trust.people.actions import emergencies as acts
from stepwell.trust.people.charts import listed
from stepwell.trust.people.forms import EmergencyForm, FindingForm
from stepwell.trust.people.models import EmergencyAccess, Patient

REVIEWED_SHOWN = 50


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
    return redirect("people:people")


@never_cache
@require_safe
@login_required
def looks(request: HttpRequest) -> HttpResponse:
    """What was opened in an emergency: first what waits to be looked over, then what was."""
    user = signed_in(request)
    require(user, Permission.REVIEW_EMERGENCY)
    seen = EmergencyAccess.objects.visible_to(user).select_related("patient", "opened_by", "reviewed_by")
    waiting = list(seen.waiting().order_by("opened_at"))
    reviewed = list(seen.exclude(reviewed_at=None).order_by("-reviewed_at")[:REVIEWED_SHOWN])
    listed(request, [each.patient for each in (*waiting, *reviewed)], "charts opened in an emergency")
    return render(
        request,
        "people/emergency_looks.html",
        {
            "here": "emergencies",
            "waiting": waiting,
            "reviewed": reviewed,
        },
    )


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
        {"here": "emergencies", "form": form, "access": access, "patient": access.patient, "is_own": is_own},
        status=422 if form.errors else 200,
    )
