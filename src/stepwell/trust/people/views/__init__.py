"""Pages about any person or record: a sign-in for a patient, and striking out what is wrong."""

from typing import cast
from uuid import UUID

from django.apps import apps
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import Refused
from stepwell.ground.web.refusing import refuse
from stepwell.trust import audit
from stepwell.trust.access import Permission, require
from stepwell.trust.accounts.models import User, signed_in
from stepwell.trust.accounts.welcome import has_come_in
from stepwell.trust.people.actions import give_sign_in, mark_in_error, show_welcome_link
from stepwell.trust.people.forms import CorrectionForm, SignInOfPatientForm
from stepwell.trust.people.models import ClinicalRecord, Patient


@login_required
def correction(request: HttpRequest, kind: str, record_id: UUID) -> HttpResponse:
    """Strike out one record, named by its model label, such as notes.note."""
    model = _clinical_model(kind)
    record = get_object_or_404(model.objects.visible_to(request.user).in_force(), pk=record_id)
    require(cast(User, request.user), Permission.MARK_IN_ERROR, record.patient)
    require(cast(User, request.user), cast(Permission, model.struck_out_with), record.patient)
    audit.record(by=signed_in(request), did=audit.Did.OPENED, to=record)
    form = CorrectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            mark_in_error(record, by=request.user, at=clock.now(), because=form.cleaned_data["because"])  # type: ignore[arg-type]
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Marked as entered in error. It stays in the record, struck out."))
            return redirect("staff:chart", record.patient_id)
    return render(
        request,
        "people/correction.html",
        {"form": form, "record": record, "what": model._meta.verbose_name},
        status=422 if form.is_bound else 200,
    )


def _clinical_model(kind: str) -> type[ClinicalRecord]:
    try:
        model = apps.get_model(kind)
    except (LookupError, ValueError) as unknown:
        raise Http404 from unknown
    if not issubclass(model, ClinicalRecord) or model.struck_out_with is None:
        raise Http404
    return model


@login_required
def sign_in(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Give a patient a sign-in of their own. The link that opens it is shown once, to whoever asked, and recorded."""
    user = cast(User, request.user)
    patient = get_object_or_404(Patient.objects.visible_to(user, Permission.SEE_DIRECTORY), pk=patient_id)
    require(user, Permission.GIVE_SIGN_IN, patient)
    audit.record(by=user, did=audit.Did.OPENED, to=patient)
    form = SignInOfPatientForm(request.POST or None, initial={"email": patient.email})
    link = ""
    if request.method == "POST" and patient.user is not None:
        try:
            link = show_welcome_link(patient, by=user, at=clock.now())
        except Refused as refusal:
            messages.error(request, refusal.because)
            return redirect("people:sign_in", patient.pk)
    try:
        if patient.user is None and request.method == "POST" and form.is_valid():
            give_sign_in(patient, email=form.cleaned_data["email"], by=user, at=clock.now())
            patient.refresh_from_db()
            link = show_welcome_link(patient, by=user, at=clock.now())
    except Refused as refusal:
        refuse(form, refusal)
    return render(
        request,
        "people/sign_in.html",
        {
            "form": form,
            "patient": patient,
            "link": request.build_absolute_uri(link) if link else "",
            "waits": patient.user is not None and not has_come_in(patient.user),
        },
        status=422 if form.is_bound and not link else 200,
    )
