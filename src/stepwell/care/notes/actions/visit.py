"""A session alone with one person: whether they came, for how long, and the note about it."""

from datetime import datetime

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from stepwell.care.encounters import actions as encounters
from stepwell.care.encounters.leading import require_marker
from stepwell.care.encounters.rules import Mark, Reason
from stepwell.care.notes.actions.drafts import strike_drafts, words_before
from stepwell.care.notes.actions.signing import sign, signer_of
from stepwell.care.notes.models import Note
from stepwell.care.notes.rules.likeness import says_something
from stepwell.care.notes.visit import Visit, VisitText, visit_of
from stepwell.care.notes.writers import may_write_about, require_writer
from stepwell.care.scheduling.models import Appointment
from stepwell.ground.kit.refusals import ChangedMeanwhile, Refused
from stepwell.trust import audit
from stepwell.trust.access import Permission
from stepwell.trust.accounts.models import User
from stepwell.trust.people.models import practitioner_of


@transaction.atomic
def save_visit(
    appointment: Appointment, text: VisitText, *, seen: str, overran: bool = False, by: User, at: datetime
) -> Visit:
    """Keep what came of one appointment, and the draft about it. The same again is harmless.

    Raises ChangedMeanwhile when somebody else saved other words meanwhile; Refused when the mark does not fit, or
    when the note is signed.
    """
    require_marker(by, appointment)
    appointment = encounters.locked(appointment)
    visit = visit_of(appointment)
    stored = visit.text
    told = text.kept().seen_from(seen, stored)
    if told == stored or told.seen == seen:
        return visit
    if seen != stored.seen:
        raise ChangedMeanwhile(_("Somebody saved this while you wrote. Your words are still here."))
    if visit.is_signed:
        raise Refused(_("This note is signed. Add to it with an addendum."))
    if not told.row.mark:
        raise Refused(_("Say whether %(name)s came.") % {"name": appointment.patient.called}, field="mark")
    if told.row.attendance != stored.row.attendance:
        _mark(visit, told, overran=overran, by=by, at=at)
        strike_drafts(appointment, by=by, at=at, because=_("The attendance was marked another way."))
        visit = visit_of(appointment)
    if visit.encounter is not None and may_write_about(by, appointment):
        _write(visit, told, by=by, at=at)
    return visit_of(appointment)


def _mark(visit: Visit, told: VisitText, *, overran: bool, by: User, at: datetime) -> None:
    row, stored = told.row, visit.text.row
    minutes = None if row.mark != stored.mark and row.minutes == stored.minutes else row.minutes
    encounters.mark(
        visit.appointment,
        Mark(row.mark),
        minutes=minutes,
        overran=overran,
        reason=Reason(row.reason or Reason.UNKNOWN),
        goal=next((goal for goal in visit.goals if goal.pk == row.goal), None),
        by=by,
        at=at,
    )


def _write(visit: Visit, told: VisitText, *, by: User, at: datetime) -> None:
    assert visit.encounter is not None
    says = (told.row.line, told.response, told.plan)
    if visit.note is None and not any(says) and (before := words_before(visit.appointment)):
        says = (before.line, before.response, before.plan)
    note = visit.note or Note(
        patient=visit.appointment.patient,
        encounter=visit.encounter,
        author=practitioner_of(by) or visit.encounter.practitioner,
        recorded_by=by,
        recorded_at=at,
    )
    if says == (note.line, note.response, note.plan):
        return
    note.line, note.response, note.plan = says
    note.changed_by, note.changed_at = by, at
    note.save()
    audit.record(by=by, did=audit.Did.CHANGED if visit.note else audit.Did.CREATED, to=note)


@transaction.atomic
def sign_visit(appointment: Appointment, *, by: User, at: datetime) -> Note | None:
    """Sign the note of one visit, and its minutes with it. Signed already: nothing happens, and None is returned."""
    require_writer(by, appointment, Permission.SIGN_NOTE)
    appointment = encounters.locked(appointment)
    visit = visit_of(appointment)
    if visit.is_signed:
        return None
    name = appointment.patient.called
    if visit.encounter is None:
        if visit.absence is not None:
            raise Refused(_("%(name)s did not come, so there is no note to sign.") % {"name": name})
        raise Refused(_("Say whether %(name)s came.") % {"name": name}, field="mark")
    if visit.encounter.ends_at > at:
        until = _clock_time(visit)
        raise Refused(
            _("The session goes until %(time)s. Sign after that, or give fewer minutes.") % {"time": until},
            field="minutes",
        )
    if visit.note is None or not says_something(visit.note.line):
        raise Refused(_("Write what %(name)s said and did.") % {"name": name}, field="line")
    sign(visit.note, visit.encounter, signer_of(by), by=by, at=at)
    return visit.note


def _clock_time(visit: Visit) -> str:
    assert visit.encounter is not None
    zone = visit.appointment.patient.center.zone
    return date_format(visit.encounter.ends_at.astimezone(zone), "g:i A")


@transaction.atomic
def unmark_visit(appointment: Appointment, *, by: User, at: datetime) -> None:
    """Take the mark back. The words that were written wait for the next one."""
    encounters.unmark(appointment, by=by, at=at)
    strike_drafts(appointment, by=by, at=at, because=_("The mark was taken back."))
