"""A page about any record: striking out what is wrong."""

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
from stepwell.trust.people.actions import mark_in_error
from stepwell.trust.people.forms import CorrectionForm
from stepwell.trust.people.models import ClinicalRecord


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
