"""Scans about a person: the list, adding one, opening one, striking one out.

The front desk sees the same page in a frame that says nothing of care.
"""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from stepwell.ground.files import vault
from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import Refused
from stepwell.ground.web.refusing import refuse
from stepwell.trust import audit
from stepwell.trust.access import Permission, lists, may, require
from stepwell.trust.accounts.models import signed_in
from stepwell.trust.people.actions import documents as acts
from stepwell.trust.people.charts import open_chart, sight_of
from stepwell.trust.people.documents import Document
from stepwell.trust.people.forms import CorrectionForm
from stepwell.trust.people.forms_of_documents import DocumentForm
from stepwell.trust.people.views.particulars import frame_for

#: Nothing in it may run, load or be framed, whatever it turns out to be.
ALONE = "default-src 'none'; frame-ancestors 'none'; sandbox"


@never_cache
@login_required
def documents(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Every scan of a person, the newest first; and a new one, from a file or a telephone's camera."""
    patient = open_chart(request, patient_id, Permission.SEE_DOCUMENTS)
    user = signed_in(request)
    may_add = may(user, Permission.ADD_DOCUMENT, sight_of(request, patient))
    is_sent = request.method == "POST"
    form = DocumentForm(
        request.POST if is_sent else None,
        request.FILES if is_sent else None,
        too_large=getattr(request, "upload_was_too_large", False),
    )
    if is_sent:
        require(user, Permission.ADD_DOCUMENT, patient)
        if form.is_valid():
            try:
                acts.add_document(
                    patient,
                    kind=Document.Kind(form.cleaned_data["kind"]),
                    data=form.data_given,
                    name=form.name_given,
                    by=user,
                    at=clock.now(),
                )
            except Refused as refusal:
                refuse(form, refusal)
            else:
                messages.success(request, _("Document added."))
                return redirect("people:documents", patient.pk)
    found = (
        Document.objects.visible_to(user)
        .filter(patient=patient)
        .select_related("patient", "recorded_by", "entered_in_error_by")
    )
    if lists.asked_for_csv(request):
        header = (_("What"), _("Name"), _("Added"), _("By"), _("Size, KB"), _("State"), _("Why"))
        return lists.as_csv(request, "documents", header, map(_cells, found))
    return render(
        request,
        "people/documents.html",
        frame_for(request, patient)
        | {
            "form": form,
            "documents": [(one, acts.may_open(one, user)) for one in found],
            "may_add": may_add,
        },
        status=422 if form.errors else 200,
    )


def _cells(one: Document) -> list[object]:
    return [
        one.get_kind_display(),
        one.name,
        one.recorded_at,
        one.recorded_by,
        max(one.size // 1000, 1),
        _("Entered in error") if one.entered_in_error_at else "",
        one.entered_in_error_reason,
    ]


@require_safe
@login_required
def document(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """The scan itself. A picture is shown, a PDF is handed over; neither may do anything, and no copy is kept."""
    user = signed_in(request)
    one = get_object_or_404(
        Document.objects.visible_to(user).select_related("patient__center"), pk=document_id
    )
    if not acts.may_open(one, user):
        raise Http404
    audit.record(by=user, did=audit.Did.OPENED, to=one)
    try:
        data = b"".join(vault.ours().read(one.stored_as))
    except vault.Gone as gone:
        raise Http404 from gone
    return HttpResponse(
        data,
        content_type=one.media,
        headers={
            "Content-Disposition": content_disposition_header(not one.is_picture, one.file_name)
            or "attachment",
            "Content-Security-Policy": ALONE,
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )


@never_cache
@login_required
def document_correction(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Strike one out, with the reason."""
    user = signed_in(request)
    seen = Document.objects.visible_to(user).in_force().select_related("patient__center")
    one = get_object_or_404(seen, pk=document_id)
    patient = open_chart(request, one.patient_id, Permission.SEE_DOCUMENTS)
    require(user, Permission.ADD_DOCUMENT, patient)
    form = CorrectionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            acts.strike_document(one, because=form.cleaned_data["because"], by=user, at=clock.now())
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Marked as entered in error. It stays in the record, struck out."))
            return redirect("people:documents", patient.pk)
    return render(
        request,
        "people/document_correction.html",
        frame_for(request, patient) | {"form": form, "document": one},
        status=422 if form.errors else 200,
    )
