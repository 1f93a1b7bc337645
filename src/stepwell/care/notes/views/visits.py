"""One appointment alone with somebody: whether they came, for how long, and the note about it."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from stepwell.care.encounters.models import Absence
from stepwell.care.encounters.rules import DOOR_OPENS, Mark
from stepwell.care.encounters.words import MARKS
from stepwell.care.notes.actions import visit as actions
from stepwell.care.notes.forms import VisitForm
from stepwell.care.notes.views.showing import Theirs
from stepwell.care.notes.visit import Visit, visit_of
from stepwell.care.notes.writers import may_write_about
from stepwell.care.scheduling.models import Appointment
from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import ChangedMeanwhile, Refused
from stepwell.ground.web.back import onward
from stepwell.ground.web.refusing import refuse
from stepwell.trust import audit
from stepwell.trust.access import Permission
from stepwell.trust.accounts.models import signed_in


@login_required
def encounter(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """What came of the appointment, and the draft about it; a group's is in its room."""
    appointment = _appointment(request, appointment_id)
    if appointment.session_id is not None:
        return redirect(f"{reverse('notes:session', args=[appointment.session_id])}#row-{appointment.pk.hex}")
    visit = visit_of(appointment)
    if request.method == "POST":
        return _save(request, visit)
    audit.record(by=signed_in(request), did=audit.Did.OPENED, to=appointment.patient)
    return _show(request, visit)


@login_required
def signature(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """Save the page, then sign the note."""
    appointment = _appointment(request, appointment_id)
    if request.method != "POST" or appointment.session_id is not None:
        return redirect("notes:encounter", appointment_id)
    return _save(request, visit_of(appointment), signs=True)


def _appointment(request: HttpRequest, appointment_id: UUID) -> Appointment:
    rows = Appointment.objects.visible_to(signed_in(request), Permission.MARK_ATTENDANCE)
    rows = rows.select_related("patient__center", "practitioner", "room", "session")
    appointment = get_object_or_404(rows, pk=appointment_id)
    appointment.patient.center.show_its_time()
    return appointment


def _save(request: HttpRequest, visit: Visit, *, signs: bool = False) -> HttpResponse:
    user, at = signed_in(request), clock.now()
    appointment = visit.appointment
    if request.POST.get("do") == "unmark":
        return _unmark(request, appointment)
    form = _form(request, visit, posted=True)
    if not form.is_valid():
        return _show(request, visit, form, status=422)
    told = form.cleaned_data
    try:
        actions.save_visit(appointment, form.text, seen=told["seen"], overran=told["overran"], by=user, at=at)
        if signs:
            note = actions.sign_visit(appointment, by=user, at=at)
            messages.success(request, _("Note signed.") if note else _already_signed(appointment))
            return onward(request, reverse("notes:encounter", args=[appointment.pk]))
    except ChangedMeanwhile as refusal:
        now = visit_of(appointment)
        form.add_error("line" if form.writes else None, refusal.because)
        form.now_sees(now.text.seen)
        return _show(request, now, form, theirs=_theirs(now, writes=form.writes), status=409)
    except Refused as refusal:
        now = visit_of(appointment)
        # What was saved before the signature was refused is what the form stands on now.
        form.now_sees(now.text.seen)
        refuse(form, refusal)
        return _show(request, now, form, status=422)
    messages.success(request, _("Saved."))
    return redirect("notes:encounter", appointment.pk)


def _unmark(request: HttpRequest, appointment: Appointment) -> HttpResponse:
    try:
        actions.unmark_visit(appointment, by=signed_in(request), at=clock.now())
    except Refused as refusal:
        messages.error(request, refusal.because)
    return redirect("notes:encounter", appointment.pk)


def _already_signed(appointment: Appointment) -> str:
    note = visit_of(appointment).note
    if note is None or note.signed_at is None:
        return _("Already signed.")
    zone = appointment.patient.center.zone
    return _("Already signed at %(time)s by %(who)s.") % {
        "time": date_format(note.signed_at.astimezone(zone), "g:i A, D M j"),
        "who": note.signature,
    }


def _form(request: HttpRequest, visit: Visit, *, posted: bool = False) -> VisitForm:
    return VisitForm(
        request.POST if posted else None,
        goals=visit.goals,
        stored=visit.text,
        planned=visit.appointment.minutes,
        writes=may_write_about(signed_in(request), visit.appointment),
    )


def _theirs(visit: Visit, *, writes: bool) -> Theirs:
    text = visit.text
    facts = [(_("Attendance"), str(MARKS[Mark(text.row.mark)]) if text.row.mark else _("not marked"))]
    if text.row.minutes:
        facts.append((_("Minutes"), str(text.row.minutes)))
    if writes:
        written = (
            (_("What was said and done"), text.row.line),
            (_("How they took it"), text.response),
            (_("What comes next"), text.plan),
        )
        facts += [(name, words) for name, words in written if words]
    records = [record for record in (visit.encounter, visit.absence, visit.note) if record]
    changes = [(r.changed_at or r.recorded_at, r.changed_by or r.recorded_by) for r in records]
    when, who = max(changes, key=lambda change: change[0], default=(None, ""))
    return Theirs(str(who), when, facts)


def _show(
    request: HttpRequest,
    visit: Visit,
    form: VisitForm | None = None,
    *,
    theirs: Theirs | None = None,
    status: int = 200,
) -> HttpResponse:
    user, appointment = signed_in(request), visit.appointment
    request.chart_patient = appointment.patient  # type: ignore[attr-defined]
    form = form or _form(request, visit)
    chosen = form["mark"].value() or ""
    return render(
        request,
        "notes/encounter.html",
        {
            "visit": visit,
            "appointment": appointment,
            "patient": appointment.patient,
            "form": form,
            "theirs": theirs,
            "marks": [(mark.value, words, mark == chosen) for mark, words in MARKS.items()],
            "reasons": Absence.Reason.choices,
            "writes": form.writes,
            "signs": may_write_about(user, appointment, Permission.SIGN_NOTE),
            "opens_at": appointment.starts_at - DOOR_OPENS,
            "is_open": clock.now() >= appointment.starts_at - DOOR_OPENS,
            "is_cancelled": appointment.status == Appointment.Status.CANCELLED,
            "is_attendance_signed": bool(visit.encounter and visit.encounter.signed_at),
        },
        status=status,
    )
