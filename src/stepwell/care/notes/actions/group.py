"""The group room: a row for each person, one shared note, and one signature for everybody's own note."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from stepwell.care.encounters import actions as encounters
from stepwell.care.encounters.leading import may_in, require_in
from stepwell.care.encounters.models import Absence, Encounter
from stepwell.care.encounters.rules import Mark, Reason
from stepwell.care.notes.actions.drafts import strike_drafts, words_before
from stepwell.care.notes.actions.signing import sign, signer_of
from stepwell.care.notes.models import GroupNote, Note
from stepwell.care.notes.room import RowText, Seat, one_style, room_of, seat_of, shared_seen
from stepwell.care.notes.rules.readiness import Obstacle, SharedText
from stepwell.care.scheduling.models import Appointment, GroupSession
from stepwell.ground.kit.refusals import ChangedMeanwhile, Refused
from stepwell.trust import audit
from stepwell.trust.access import Permission
from stepwell.trust.accounts.models import User
from stepwell.trust.people.models import practitioner_of


class NotReady(Refused):
    """The notes cannot be signed yet; ``obstacles`` says why, each with its place on the page."""

    def __init__(self, obstacles: tuple[Obstacle, ...]) -> None:
        super().__init__(_("Nothing is signed yet. Look at what is marked below."))
        self.obstacles = obstacles


@transaction.atomic
def save_row(
    session: GroupSession, appointment: Appointment, row: RowText, *, seen: str, by: User, at: datetime
) -> Seat:
    """Make one person's row say this. ``seen`` is the digest of the row that the writer had before them.

    A row that is as it was, or as it is already, is left alone. Raises ChangedMeanwhile when somebody else saved
    other words meanwhile; Refused when the mark does not fit, or when the note is signed.
    """
    require_in(by, Permission.MARK_ATTENDANCE, session)
    encounters.hold(appointment)
    seat = the_seat(session, appointment)
    if not row.mark and one_style(row.line):
        raise Refused(
            _("Mark %(name)s here, by video, late or absent first.") % {"name": seat.patient.called},
            field="mark",
        )
    stored, writes = seat.text, may_in(by, Permission.WRITE_NOTE, session)
    told = row.kept().seen_from(seen, stored, writes=writes)
    # A mark is taken back by its own act, so a row without one says nothing.
    if told == stored or not told.mark or told.seen_by(writes=writes) == seen:
        return seat
    if seen != stored.seen_by(writes=writes):
        raise ChangedMeanwhile(_("Somebody saved this row while you wrote. Your words are still here."))
    if seat.is_signed:
        raise Refused(_("This note is signed. Add to it with an addendum."))
    if told.attendance != stored.attendance:
        _save_attendance(seat, told, by=by, at=at)
    if seat.encounter is not None and writes:
        _save_line(seat, told.line, by=by, at=at)
    return seat


def _save_attendance(seat: Seat, told: RowText, *, by: User, at: datetime) -> None:
    stored, minutes = seat.text, told.minutes
    if told.mark != stored.mark and minutes == stored.minutes:
        # The minutes were not touched, so they follow the mark.
        minutes = None
    done = encounters.mark(
        seat.appointment,
        Mark(told.mark),
        minutes=minutes,
        reason=Reason(told.reason or Reason.UNKNOWN),
        took_part=told.took_part,
        goal=next((goal for goal in seat.goals if goal.pk == told.goal), None),
        by=by,
        at=at,
    )
    if seat.encounter is not None and done.pk != seat.encounter.pk:
        strike_drafts(seat.appointment, by=by, at=at, because=_("The attendance was marked another way."))
        seat.note = None
    seat.encounter = done if isinstance(done, Encounter) else None
    seat.absence = done if isinstance(done, Absence) else None


def _save_line(seat: Seat, line: str, *, by: User, at: datetime) -> None:
    assert seat.encounter is not None
    if seat.note is None and not line and (before := words_before(seat.appointment)):
        line = before.line
    if line == (seat.note.line if seat.note else ""):
        return
    note = seat.note or Note(
        patient=seat.patient,
        encounter=seat.encounter,
        author=practitioner_of(by) or seat.encounter.practitioner,
        recorded_by=by,
        recorded_at=at,
    )
    is_new, seat.note = seat.note is None, note
    note.line, note.changed_by, note.changed_at = line, by, at
    note.save()
    audit.record(by=by, did=audit.Did.CREATED if is_new else audit.Did.CHANGED, to=note)


@transaction.atomic
def unmark(session: GroupSession, appointment: Appointment, *, by: User, at: datetime) -> None:
    """Take one person's mark back. The words that were written wait for the next one."""
    encounters.unmark(appointment, by=by, at=at)
    strike_drafts(appointment, by=by, at=at, because=_("The mark was taken back."))


@transaction.atomic
def take_back_here(session: GroupSession, marked: Collection[str], *, by: User, at: datetime) -> int:
    """Undo "Mark all here", for those rows that are still as it left them: nothing changed, written or signed."""
    require_in(by, Permission.MARK_ATTENDANCE, session)
    untouched = Encounter.objects.in_force().filter(
        session=session, pk__in=marked, changed_by=by, changed_at=F("recorded_at"), signed_at=None
    )
    with_words = Note.objects.in_force().filter(encounter__in=untouched).values("encounter")
    taken = list(untouched.exclude(pk__in=with_words).select_related("appointment"))
    for encounter in taken:
        encounters.unmark(encounter.appointment, by=by, at=at)
    return len(taken)


def the_seat(session: GroupSession, appointment: Appointment) -> Seat:
    """One person's seat, as it is now."""
    seat = seat_of(session, appointment.pk)
    if seat is None:
        raise ValueError("a place in another session")
    return seat


@transaction.atomic
def save_shared(
    session: GroupSession, text: SharedText, *, seen: str, by: User, at: datetime
) -> GroupNote | None:
    """Keep what the group did. Raises ChangedMeanwhile when somebody saved other words meanwhile.

    Once a note is signed the text is in it, and does not change for the others either.
    """
    require_in(by, Permission.WRITE_NOTE, session)
    _hold(session)
    text = SharedText(one_style(text.topic), one_style(text.what_we_did), one_style(text.method), text.safety)
    note = GroupNote.objects.filter(session=session).select_related("saved_by").first()
    stored = note.text if note else SharedText()
    if text == stored or shared_seen(text) == seen:
        return note
    if shared_seen(stored) != seen:
        raise ChangedMeanwhile(
            _("Somebody saved the shared note while you wrote. Your words are still here.")
        )
    if Note.objects.in_force().signed().filter(encounter__session=session).exists():
        raise Refused(
            _("This text is in signed notes and does not change. Add an addendum to a note instead.")
        )
    note = note or GroupNote(session=session)
    note.topic, note.what_we_did, note.method, note.safety = (
        text.topic,
        text.what_we_did,
        text.method,
        text.safety,
    )
    note.saved_by, note.saved_at = by, at
    note.save()
    audit.record(by=by, did=audit.Did.CHANGED, to=note)
    return note


@transaction.atomic
def sign_group(session: GroupSession, *, by: User, at: datetime) -> list[Note]:
    """Sign a note of their own for everybody who came, with the shared text in it; and their attendance.

    All or nothing. Where everything is signed already nothing happens, and no note is returned. Raises NotReady
    with everything that is lacking.
    """
    require_in(by, Permission.SIGN_NOTE, session)
    _hold(session)
    booked = Appointment.objects.filter(session=session)
    list(booked.select_for_update(of=("self",), no_key=True).order_by("pk"))
    room = room_of(session)
    if room.is_all_signed:
        return []
    if lacking := room.obstacles(at):
        raise NotReady(lacking)
    signer, shared, size = signer_of(by), room.shared_text, len(room.attending)
    signed = []
    for seat in room.to_sign:
        assert seat.note is not None
        assert seat.encounter is not None
        seat.note.topic, seat.note.what_we_did = shared.topic, shared.what_we_did
        seat.note.method, seat.note.safety = shared.method, shared.safety
        seat.note.group_size = size
        sign(seat.note, seat.encounter, signer, by=by, at=at)
        signed.append(seat.note)
    return signed


def _hold(session: GroupSession) -> None:
    """Hold the session until the end of the transaction: its shared note and its signing are one at a time."""
    GroupSession.objects.select_for_update(of=("self",), no_key=True).get(pk=session.pk)
