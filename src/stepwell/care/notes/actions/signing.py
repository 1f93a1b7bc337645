"""What every signature does: the words stay from here on, and the attendance is signed with them."""

from datetime import datetime

from stepwell.care.encounters.actions import sign_attendance
from stepwell.care.encounters.models import Encounter
from stepwell.care.notes.models import Note
from stepwell.trust import audit
from stepwell.trust.access import Forbidden, Permission
from stepwell.trust.accounts.models import User
from stepwell.trust.people.models import Practitioner, practitioner_of


def signer_of(by: User) -> Practitioner:
    """Whose name stands under the note. Raises Forbidden for somebody who gives no care."""
    signer = practitioner_of(by)
    if signer is None:
        raise Forbidden(by, Permission.SIGN_NOTE, None)
    return signer


def sign(note: Note, encounter: Encounter, signer: Practitioner, *, by: User, at: datetime) -> None:
    """From here on the note changes only by addendum, and its minutes count. A step of a larger act, which asks."""
    note.goal_words = encounter.goal.words if encounter.goal else ""
    note.author, note.signature = signer, signer.signature
    note.signed_by, note.signed_at = by, at
    note.save()
    sign_attendance(encounter, by=by, at=at)
    audit.record(by=by, did=audit.Did.SIGNED, to=note)
