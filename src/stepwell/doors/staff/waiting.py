"""What waits for one member of staff."""

from django.db.models import Exists, OuterRef

from stepwell.care.encounters.models import Encounter
from stepwell.care.notes.models import Note
from stepwell.trust.accounts.models import User


def notes_to_sign(user: User) -> int:
    """How many sessions this person held whose note they have not signed."""
    signed = Note.objects.in_force().filter(encounter=OuterRef("pk"), signed_at__isnull=False)
    held = Encounter.objects.owed_by(user)
    return held.exclude(Exists(signed)).count()
