"""The group room: roster, attendance, the shared note, a line for each person, and one signature."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stepwell.care.encounters.actions import mark_all_here
from stepwell.care.encounters.leading import require_in
from stepwell.care.encounters.rules import Mark
from stepwell.care.encounters.words import MARKS
from stepwell.care.notes.actions import group as actions
from stepwell.care.notes.forms import RowForm, SharedForm
from stepwell.care.notes.models import GroupNote
from stepwell.care.notes.room import Room, RowText, Seat, room_of, seat_of, shared_seen, version_of
from stepwell.care.notes.rules.readiness import SharedText
from stepwell.care.notes.views.common import NoteText
from stepwell.care.notes.views.showing import RoomPage, Theirs, told_by
from stepwell.care.scheduling.models import GroupSession
from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import ChangedMeanwhile, Refused
from stepwell.ground.web import live, undo
from stepwell.ground.web.back import onward
from stepwell.ground.web.parts import is_part
from stepwell.trust import audit
from stepwell.trust.access import Permission, lists
from stepwell.trust.accounts.models import User, signed_in

SessionView = Callable[Concatenate[HttpRequest, GroupSession, ...], HttpResponse]


def of_a_session(view: SessionView) -> Callable[..., HttpResponse]:
    """The view of one session that the reader may see."""

    @login_required
    @wraps(view)
    def seen(request: HttpRequest, session_id: UUID, **more: Any) -> HttpResponse:
        sessions = GroupSession.objects.visible_to(signed_in(request), Permission.MARK_ATTENDANCE)
        sessions = sessions.select_related("series__center", "leader", "co_leader", "room")
        session = get_object_or_404(sessions, pk=session_id)
        session.series.center.show_its_time()
        return view(request, session, **more)

    return seen


@of_a_session
def session(request: HttpRequest, session: GroupSession) -> HttpResponse:
    """The whole room. Without JavaScript it is one form, and every button saves it first."""
    if request.method == "POST":
        return _save_and_act(request, session)
    room = room_of(session)
    audit.record_each(
        by=signed_in(request),
        did=audit.Did.OPENED,
        to=session,
        patients=[seat.patient for seat in room.seats],
    )
    if lists.asked_for_csv(request):
        header = (_("Person"), _("Attendance"), _("Min"))
        return lists.as_csv(request, "roster of a session", header, map(_cells_of_seat, room.seats))
    return _show(request, RoomPage(room, signed_in(request), clock.now()))


@of_a_session
def changes(request: HttpRequest, session: GroupSession) -> HttpResponse:
    """What colleagues changed since: the parts that the page which asks does not have."""
    if not is_part(request) or request.method != "GET":
        return redirect(_address(session))
    version = version_of(session)
    if live.is_same(request, version):
        return live.same()
    shown = RoomPage(room_of(session), signed_in(request), clock.now())
    had = live.had(request)
    rows = [row for row in shown.rows if had.get(row.key) != row.version]
    audit.record_each(
        by=signed_in(request), did=audit.Did.OPENED, to=session, patients=[row.seat.patient for row in rows]
    )
    seen = str(shown.shared["seen"].value())
    context = {
        "shown": shown,
        "rows": rows,
        "is_shared_new": shown.may_change_shared and had.get("shared") != seen,
        "starters": starters(),
    }
    return live.versioned(render(request, "notes/changes.html", context), version)


def _cells_of_seat(seat: Seat) -> list[object]:
    """Who was expected and who came. What was written about each is in that person's chart."""
    text = seat.text
    mark = MARKS[Mark(text.mark)] if text.mark else _("Not marked")
    return [seat.patient.short_name, mark, text.minutes]


@of_a_session
def here(request: HttpRequest, session: GroupSession) -> HttpResponse:
    """Mark everybody here who is not marked yet."""
    if request.method != "POST":
        return redirect(_address(session))
    saved = _save(request, session)
    if not saved.is_whole:
        return _show_what_is_wrong(request, session, saved)
    try:
        marked = mark_all_here(session, by=signed_in(request), at=clock.now())
    except Refused as refusal:
        messages.error(request, refusal.because)
    else:
        if marked:
            said = ngettext("Marked %(n)s person here.", "Marked %(n)s people here.", len(marked))
            undoing = reverse("notes:here_undoing", args=[session.pk])
            undo.offer(request, said % {"n": len(marked)}, undoing, [each.pk for each in marked])
    return redirect(_address(session))


@of_a_session
def here_undoing(request: HttpRequest, session: GroupSession) -> HttpResponse:
    """Take back "Mark all here", within some minutes."""
    if request.method != "POST":
        return redirect(_address(session))
    require_in(signed_in(request), Permission.MARK_ATTENDANCE, session)
    marked = undo.asked(request)
    if marked is None:
        messages.error(request, _("It is too late to undo this here. Change each row by itself."))
        return redirect(_address(session))
    taken = actions.take_back_here(session, marked, by=signed_in(request), at=clock.now())
    said = ngettext("%(n)s mark taken back.", "%(n)s marks taken back.", taken) % {"n": taken}
    if kept := len(marked) - taken:
        left = ngettext(
            "%(n)s row was changed since and stays.", "%(n)s rows were changed since and stay.", kept
        )
        said = f"{said} {left % {'n': kept}}"
    messages.success(request, said)
    return redirect(_address(session))


@of_a_session
def signature(request: HttpRequest, session: GroupSession) -> HttpResponse:
    """Save the page, then sign everybody's note, or nobody's."""
    if request.method != "POST":
        return redirect(_address(session))
    user, at = signed_in(request), clock.now()
    require_in(user, Permission.SIGN_NOTE, session)
    saved = _save(request, session)
    if not saved.is_whole:
        return _show_what_is_wrong(request, session, saved)
    try:
        signed = actions.sign_group(session, by=user, at=at)
    except actions.NotReady:
        return _show(request, RoomPage(room_of(session), user, at, is_signing=True), status=422)
    if signed:
        count = len(signed)
        messages.success(request, ngettext("%(n)s note signed.", "%(n)s notes signed.", count) % {"n": count})
    else:
        messages.info(request, _already_signed(session))
    return onward(request, _address(session))


def _already_signed(session: GroupSession) -> str:
    notes = [seat.note for seat in room_of(session).signed if seat.note and seat.note.signed_at]
    last = max(notes, key=lambda note: note.signed_at or clock.now(), default=None)
    if last is None or last.signed_at is None:
        return _("Already signed.")
    at = last.signed_at.astimezone(session.series.center.zone)
    return _("Already signed at %(time)s by %(who)s.") % {
        "time": date_format(at, "g:i A, D M j"),
        "who": last.signature,
    }


@of_a_session
def row(request: HttpRequest, session: GroupSession, appointment_id: UUID) -> HttpResponse:
    """One person's row, saved as soon as it changes."""
    seat = seat_of(session, appointment_id)
    if seat is None:
        raise Http404
    user, at = signed_in(request), clock.now()
    if request.method == "POST":
        require_in(user, Permission.MARK_ATTENDANCE, session)
    if not is_part(request):
        return redirect(f"{_address(session)}#row-{seat.key.hex}")
    if request.method != "POST":
        audit.record(by=user, did=audit.Did.OPENED, to=seat.appointment)
        return _row(request, RoomPage(room_of(session), user, at), appointment_id, is_whole=True)
    saved = Saved()
    _save_row(request, session, seat, saved, by=user, at=at)
    shown = RoomPage(room_of(session), user, at, posted=saved.posted, theirs=saved.theirs)
    now = shown.room.seat(appointment_id)
    assert now is not None
    # The fields stay as they are under the writer's hands, unless the row has other fields now, or other words.
    has_other_fields = seat.is_absent != now.is_absent
    has_words_back = bool(now.text.line) and not request.POST.get(f"{RowForm.prefix_of(seat)}-line")
    return _row(
        request,
        shown,
        appointment_id,
        is_whole=has_other_fields or has_words_back or bool(saved.theirs),
        is_marked_now=seat.text.mark != now.text.mark,
        status=saved.status,
    )


def _row(
    request: HttpRequest,
    shown: RoomPage,
    appointment_id: UUID,
    *,
    is_whole: bool,
    is_marked_now: bool = False,
    status: int = 200,
) -> HttpResponse:
    shown.tells_facts = is_whole
    context = {
        "shown": shown,
        "saved_row": shown.row(appointment_id),
        "is_whole": is_whole,
        "is_marked_now": is_marked_now,
        "swap": True,
        "starters": starters(),
    }
    return render(request, "notes/row_saved.html", context, status=status)


@of_a_session
def shared_note(request: HttpRequest, session: GroupSession) -> HttpResponse:
    """The shared note, saved as soon as it changes."""
    if request.method != "POST":
        return redirect(_address(session))
    user, at = signed_in(request), clock.now()
    require_in(user, Permission.WRITE_NOTE, session)
    if not is_part(request):
        return redirect(_address(session))
    saved = Saved()
    _save_shared(request, session, saved, by=user, at=at)
    shown = RoomPage(
        room_of(session), user, at, shared_posted=saved.shared_posted, shared_theirs=saved.shared_theirs
    )
    context = {"shown": shown, "swap": True}
    return render(request, "notes/shared_saved.html", context, status=saved.status)


@of_a_session
def preview(request: HttpRequest, session: GroupSession, appointment_id: UUID) -> HttpResponse:
    """One person's note as it would be signed, or as it is."""
    shown = RoomPage(room_of(session), signed_in(request), clock.now())
    seat = shown.room.seat(appointment_id)
    if seat is None:
        raise Http404
    if not shown.writes or seat.encounter is None:
        return redirect(f"{_address(session)}#row-{seat.key.hex}")
    note = seat.note if seat.note and seat.is_signed else None
    audit.record(by=signed_in(request), did=audit.Did.OPENED, to=note or seat.appointment)
    return render(
        request,
        "notes/preview.html",
        {
            "shown": shown,
            "row": shown.row(appointment_id),
            "session": session,
            "preview": NoteText.of(note) if note else NoteText.before_signing(seat, shown.room),
        },
    )


# ---------- saving the whole page ----------


@dataclass
class Saved:
    """What became of the rows and the shared note that were posted."""

    posted: dict[UUID, RowForm] = field(default_factory=dict)
    theirs: dict[UUID, Theirs] = field(default_factory=dict)
    shared_posted: SharedForm | None = None
    shared_theirs: Theirs | None = None

    @property
    def is_whole(self) -> bool:
        return not (self.posted or self.shared_posted)

    @property
    def status(self) -> int:
        if self.theirs or self.shared_theirs:
            return 409
        return 200 if self.is_whole else 422


def _save_and_act(request: HttpRequest, session: GroupSession) -> HttpResponse:
    user, at = signed_in(request), clock.now()
    saved = _save(request, session)
    if not saved.is_whole:
        return _show_what_is_wrong(request, session, saved)
    act, _colon, about = request.POST.get("do", "").partition(":")
    seat = _seat_named(session, about)
    if act == "preview" and seat is not None:
        return redirect("notes:preview", session.pk, seat.key)
    if act == "unmark" and seat is not None:
        try:
            actions.unmark(session, seat.appointment, by=user, at=at)
        except Refused as refusal:
            messages.error(request, refusal.because)
        return redirect(f"{_address(session)}#row-{seat.key.hex}")
    messages.success(request, _("Saved."))
    return redirect("notes:to_sign" if act == "finish" else _address(session))


def _seat_named(session: GroupSession, key: str) -> Seat | None:
    try:
        return seat_of(session, UUID(key))
    except ValueError:
        return None


def _save(request: HttpRequest, session: GroupSession) -> Saved:
    """Save every row and the shared note, each by itself: one that is refused does not undo the others."""
    user, at, saved = signed_in(request), clock.now(), Saved()
    require_in(user, Permission.MARK_ATTENDANCE, session)
    for seat in room_of(session).seats:
        if RowForm.is_in(request.POST, seat):
            _save_row(request, session, seat, saved, by=user, at=at)
    if "shared-seen" in request.POST:
        _save_shared(request, session, saved, by=user, at=at)
    return saved


def _save_row(
    request: HttpRequest, session: GroupSession, seat: Seat, saved: Saved, *, by: User, at: datetime
) -> None:
    writes = RoomPage(Room(session, [], None), by, at).writes
    form = RowForm(request.POST, seat=seat, writes=writes)
    if not form.is_valid():
        saved.posted[seat.key] = form
        return
    seen = form.cleaned_data["seen"]
    if form.text.kept() == seat.text:
        return
    try:
        actions.save_row(session, seat.appointment, form.text, seen=seen, by=by, at=at)
    except ChangedMeanwhile as refusal:
        now = actions.the_seat(session, seat.appointment)
        form.add_error("line" if writes else None, refusal.because)
        form.now_sees(now.text.seen_by(writes=writes))
        saved.posted[seat.key] = form
        who, when = now.saved or (None, None)
        theirs = now.text if writes else _without_words(now)
        saved.theirs[seat.key] = Theirs(str(who or ""), when, told_by(theirs, now))
    except Refused as refusal:
        form.add_error(refusal.field or "mark", refusal.because)
        saved.posted[seat.key] = form


def _without_words(seat: Seat) -> RowText:
    return replace(seat.text, line="", goal=None)


def _save_shared(
    request: HttpRequest, session: GroupSession, saved: Saved, *, by: User, at: datetime
) -> None:
    stored = _stored_shared(session)
    form = SharedForm(request.POST, stored=stored.text if stored else SharedText())
    if not form.is_valid():
        saved.shared_posted = form
        return
    try:
        actions.save_shared(session, form.text, seen=form.cleaned_data["seen"], by=by, at=at)
    except ChangedMeanwhile as refusal:
        now = _stored_shared(session)
        assert now is not None
        form.add_error("what_we_did", refusal.because)
        form.now_sees(shared_seen(now.text))
        saved.shared_posted = form
        saved.shared_theirs = Theirs(
            str(now.saved_by),
            now.saved_at,
            [
                (str(label), str(text))
                for label, text in (
                    (_("Topic"), now.topic),
                    (_("What we did"), now.what_we_did),
                    (_("Method"), now.method),
                    (_("Safety"), now.get_safety_display()),
                )
                if text
            ],
        )
    except Refused as refusal:
        form.add_error(refusal.field or "what_we_did", refusal.because)
        saved.shared_posted = form


def _stored_shared(session: GroupSession) -> GroupNote | None:
    return GroupNote.objects.filter(session=session).select_related("saved_by").first()


def _show_what_is_wrong(request: HttpRequest, session: GroupSession, saved: Saved) -> HttpResponse:
    shown = RoomPage(
        room_of(session),
        signed_in(request),
        clock.now(),
        posted=saved.posted,
        theirs=saved.theirs,
        shared_posted=saved.shared_posted,
        shared_theirs=saved.shared_theirs,
    )
    return _show(request, shown, status=saved.status)


def _show(request: HttpRequest, shown: RoomPage, status: int = 200) -> HttpResponse:
    session = shown.session
    methods = GroupNote.objects.filter(session__series=session.series).exclude(method="")
    context = {
        "shown": shown,
        "session": session,
        "series": session.series,
        "methods": methods.order_by("method").values_list("method", flat=True).distinct()[:20],
        "starters": starters(),
        "version": version_of(session),
    }
    return render(request, "notes/group_room.html", context, status=status)


def starters() -> tuple[str, ...]:
    """Verbs to begin a line with. They save the reach for a word, and say nothing about anyone by themselves."""
    return (_("Named a trigger"), _("Practiced"), _("Gave feedback"), _("Planned for"))


def _address(session: GroupSession) -> str:
    return reverse("notes:session", args=[session.pk])
