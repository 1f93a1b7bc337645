"""Who may write about one appointment: the care team, a supervisor, and whoever held it."""

from stepwell.care.encounters.leading import may_in
from stepwell.care.notes.models import Note
from stepwell.care.scheduling.models import Appointment
from stepwell.trust.access import Forbidden, Permission, may
from stepwell.trust.access.rules import relations_for
from stepwell.trust.accounts.models import User


def may_write_about(
    user: User, appointment: Appointment, permission: Permission = Permission.WRITE_NOTE
) -> bool:
    """For a group: who leads it, or a supervisor. Alone: who held it, the care team, or a supervisor."""
    if appointment.session is not None:
        return may_in(user, permission, appointment.session)
    held = appointment.practitioner is not None and appointment.practitioner.user_id == user.pk
    if held and relations_for(permission, user.roles):
        return True
    return may(user, permission, appointment.patient)


def require_writer(
    user: User, appointment: Appointment, permission: Permission = Permission.WRITE_NOTE
) -> None:
    """Raise Forbidden unless they may."""
    if not may_write_about(user, appointment, permission):
        raise Forbidden(user, permission, appointment.patient)


def may_read(user: User, note: Note) -> bool:
    """What the table lets them see; and what is theirs: a note they wrote, or of a session that is theirs to write.

    A patient's own reading of notes has pages of its own.
    """
    if not user.is_staff_here:
        return False
    if relations_for(Permission.WRITE_NOTE, user.roles) and note.author.user_id == user.pk:
        return True
    if may_write_about(user, note.encounter.appointment):
        return True
    return type(note).objects.visible_to(user).filter(pk=note.pk).exists()


def may_add_to(user: User, note: Note) -> bool:
    """An addendum may come from whoever may sign about this appointment."""
    return may_write_about(user, note.encounter.appointment, Permission.SIGN_NOTE) or may(
        user, Permission.SIGN_NOTE, note.patient
    )
