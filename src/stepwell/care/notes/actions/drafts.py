"""What becomes of a draft when the attendance it stands on is marked another way. Steps of larger acts."""

from datetime import datetime

from django.db.models import F

from stepwell.care.notes.models import Note
from stepwell.care.scheduling.models import Appointment
from stepwell.trust.accounts.models import User


def strike_drafts(appointment: Appointment, *, by: User, at: datetime, because: str) -> None:
    """A draft about an encounter that was struck out goes with it."""
    stranded = Note.objects.in_force().filter(
        encounter__appointment=appointment, encounter__entered_in_error_at__isnull=False, signed_at=None
    )
    for note in stranded.select_related("encounter"):
        note.strike_out(by=by, at=note.encounter.entered_in_error_at or at, because=because)


def words_before(appointment: Appointment) -> Note | None:
    """The draft that was struck out with its encounter last: with the right mark its words come back."""
    struck = Note.objects.filter(
        encounter__appointment=appointment,
        signed_at=None,
        entered_in_error_at=F("encounter__entered_in_error_at"),
    )
    return struck.order_by("-entered_in_error_at").first()
