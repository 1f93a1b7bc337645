"""Notes to sign, one note with its addenda, and the notes of one person."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stepwell.care.notes.actions.addenda import add_addendum
from stepwell.care.notes.forms import AddendumForm
from stepwell.care.notes.models import Addendum, Note
from stepwell.care.notes.owed import owed_by, unmarked_by
from stepwell.care.notes.views.common import NoteText
from stepwell.care.notes.writers import may_add_to, readable_by
from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import Refused
from stepwell.ground.web.refusing import refuse
from stepwell.trust import audit
from stepwell.trust.access import Forbidden, Permission, lists, may, require
from stepwell.trust.accounts.models import User, signed_in
from stepwell.trust.people.charts import listed, open_chart, sight_of


@require_safe
@login_required
def to_sign(request: HttpRequest) -> HttpResponse:
    """What this reader held and has not signed, the oldest first; and what they have not marked."""
    user, now = signed_in(request), clock.now()
    require(user, Permission.SIGN_NOTE)
    owed, unmarked = owed_by(user, now), unmarked_by(user, now)
    listed(request, (one.patient_id for one in (*owed, *unmarked)), "notes to sign")
    if lists.asked_for_csv(request):
        return lists.as_csv(
            request,
            "notes to sign",
            (_("Session"), _("Held"), _("How far"), _("Due"), _("Notes"), _("What is left")),
            (
                [line.title, line.held_at, line.detail, line.late, line.count, left]
                for left, lines in ((_("Held, not signed"), owed), (_("Attendance not marked"), unmarked))
                for line in lines
            ),
        )
    return render(request, "notes/to_sign.html", {"owed": owed, "unmarked": unmarked})


# ---------- one note ----------


@login_required
def note(request: HttpRequest, note_id: UUID) -> HttpResponse:
    """A signed note as it stands, and what was added to it. A draft is where it is written."""
    user = signed_in(request)
    found = _readable(user, note_id)
    if found.signed_at is None:
        return redirect("notes:encounter", found.encounter.appointment_id)
    if request.method == "POST" and not may_add_to(user, found):
        raise Forbidden(user, Permission.SIGN_NOTE, found.patient)
    form = AddendumForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            add_addendum(found, **form.cleaned_data, by=user, at=clock.now())
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Addendum signed."))
            return redirect("notes:note", note_id)
    audit.record(by=user, did=audit.Did.OPENED, to=found)
    request.chart_patient = found.patient  # type: ignore[attr-defined]
    return render(
        request,
        "notes/note.html",
        {
            "note": found,
            "note_words": NoteText.of(found),
            "encounter": found.encounter,
            "patient": found.patient,
            "addenda": found.addenda.order_by("recorded_at"),
            "form": form,
            "may_add": may_add_to(user, found) and found.entered_in_error_at is None,
            "may_correct": may(user, Permission.MARK_IN_ERROR, sight_of(request, found.patient)),
        },
        status=422 if form.is_bound else 200,
    )


def _readable(user: User, note_id: UUID) -> Note:
    """The note, for somebody who may read it; not found for anybody else."""
    notes = (
        readable_by(user)
        .select_related("patient__center", "author", "encounter")
        .prefetch_related(
            "encounter__practitioner",
            "encounter__session__series",
            "encounter__appointment__practitioner",
            "encounter__appointment__session__series",
            "encounter__appointment__session__leader",
            "encounter__appointment__session__co_leader",
        )
    )
    note = get_object_or_404(notes, pk=note_id)
    note.patient.center.show_its_time()
    return note


# ---------- the notes in a chart ----------


@require_safe
@login_required
def of_patient(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Everything signed about one person, the newest first; what was entered in error stays, struck out."""
    user = signed_in(request)
    if not user.is_staff_here:
        raise Http404
    patient = open_chart(request, patient_id, Permission.SEE_NOTES)
    added = Addendum.objects.filter(note=OuterRef("pk"), entered_in_error_at=None)
    notes = (
        Note.objects.visible_to(user)
        .filter(patient=patient)
        .select_related("encounter")
        .prefetch_related("encounter__session__series", "encounter__practitioner")
        .annotate(has_addenda=Exists(added))
    )
    signed = notes.signed().order_by("-encounter__starts_at")
    drafts = notes.in_force().filter(signed_at=None).order_by("-encounter__starts_at")
    if lists.asked_for_csv(request):
        return lists.as_csv(
            request,
            "notes",
            (_("When"), _("Session"), _("What they did or said"), _("Min"), _("Signed by"), _("State")),
            (_cells_of_note(note) for note in (*drafts, *signed)),
        )
    return render(request, "notes/of_patient.html", {"patient": patient, "notes": signed, "drafts": drafts})


def _cells_of_note(note: Note) -> list[object]:
    """A draft is only named: its words are its writer's until they are signed."""
    is_signed = note.signed_at is not None
    return [
        note.encounter.starts_at,
        note.encounter.what,
        note.line if is_signed else None,
        note.encounter.minutes if is_signed else None,
        note.signature,
        _("Entered in error") if note.entered_in_error_at else "" if is_signed else _("Draft"),
    ]
