"""Adding to a signed note, under it, with who and when."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from stepwell.care.notes import words as in_words
from stepwell.care.notes.actions.signing import signer_of
from stepwell.care.notes.models import Addendum, Note
from stepwell.care.notes.room import member_of, one_style
from stepwell.care.notes.rules.likeness import says_something
from stepwell.care.notes.rules.names import Named, named_in
from stepwell.care.notes.writers import may_add_to
from stepwell.care.scheduling.models import Appointment
from stepwell.ground.kit.refusals import Refused
from stepwell.trust import audit
from stepwell.trust.access import Forbidden, Permission
from stepwell.trust.accounts.models import User
from stepwell.trust.people.models import Patient


@transaction.atomic
def add_addendum(note: Note, *, words: str, because: str, by: User, at: datetime) -> Addendum:
    """Add to a signed note. The same words once more are harmless. Raises Refused for a draft, without words or a
    reason, and for words that name another member of the group.
    """
    if not may_add_to(by, note):
        raise Forbidden(by, Permission.SIGN_NOTE, note.patient)
    note = (
        Note.objects.select_for_update(of=("self",))
        .select_related("encounter__session", "patient")
        .get(pk=note.pk)
    )
    words, because = one_style(words), one_style(because)
    if note.signed_at is None:
        raise Refused(_("This note is not signed yet. Change the note itself."))
    if note.entered_in_error_at is not None:
        raise Refused(_("This note was entered in error. Nothing is added to it."))
    if not says_something(words):
        raise Refused(_("Write what you add."), field="words")
    if not says_something(because):
        raise Refused(_("Say why you add it."), field="because")
    for field, text in (("words", words), ("because", because)):
        if named := _others_named(note, text):
            found = in_words.listed([each.word for each in named])
            raise Refused(
                _("Names %(words)s. Leave other people out of this note.") % {"words": found}, field=field
            )
    if same := note.addenda.filter(
        words=words, because=because, recorded_by=by, entered_in_error_at=None
    ).first():
        return same
    addendum = Addendum.objects.create(
        patient=note.patient,
        note=note,
        words=words,
        because=because,
        signature=signer_of(by).signature,
        recorded_by=by,
        recorded_at=at,
    )
    audit.record(by=by, did=audit.Did.SIGNED, to=addendum)
    return addendum


def _others_named(note: Note, text: str) -> tuple[Named, ...]:
    """Members of the same session whom these words name."""
    session = note.encounter.session
    if session is None:
        return ()
    seats = Appointment.objects.filter(session=session).values("patient")
    members = [member_of(patient) for patient in Patient.objects.filter(pk__in=seats)]
    return named_in(text, members, own=member_of(note.patient))
