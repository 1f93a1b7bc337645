"""Who may write about one appointment: the care team, a supervisor, and whoever held it."""

from django.db.models import Q, QuerySet

from stepwell.care.encounters.leading import may_in
from stepwell.care.notes.models import Note
from stepwell.care.scheduling.models import Appointment
from stepwell.trust.access import Forbidden, Permission, may
from stepwell.trust.access.rules import Relation, relations_for
from stepwell.trust.access.visibility import standing
from stepwell.trust.accounts.models import User


def may_write_about(
    user: User, appointment: Appointment, permission: Permission = Permission.WRITE_NOTE
) -> bool:
    """For a group: who leads it, or a supervisor. Alone: who held it, the care team, or a supervisor."""
    if appointment.session is not None:
        return may_in(user, permission, appointment.session)
    held = appointment.practitioner is not None and appointment.practitioner.user_id == user.pk
    taken_over = appointment.encounters.filter(to_be_written_by__user=user, entered_in_error_at=None)
    if (held or taken_over.exists()) and relations_for(permission, user.roles):
        return True
    return may(user, permission, appointment.patient)


def require_writer(
    user: User, appointment: Appointment, permission: Permission = Permission.WRITE_NOTE
) -> None:
    """Raise Forbidden unless they may."""
    if not may_write_about(user, appointment, permission):
        raise Forbidden(user, permission, appointment.patient)


def readable_by(user: User) -> QuerySet[Note]:
    """What the table lets them see; and what is theirs: a note they wrote, or of a session that is theirs to write.

    One question to the database, so that a note out of sight takes as long as one that is not there. A patient's own
    reading of notes has pages of its own.
    """
    if not user.is_staff_here:
        return Note.objects.none()
    written = Note.objects.visible_to(user, Permission.WRITE_NOTE)
    condition = Q(pk__in=Note.objects.visible_to(user).values("pk")) | Q(
        pk__in=written.filter(encounter__appointment__session=None).values("pk")
    )
    standings = standing(user, Permission.WRITE_NOTE)
    for relation, centers in standings.items():
        if relation is Relation.SELF:
            continue
        at = Q() if centers is None else Q(encounter__appointment__session__series__center__in=centers)
        in_session = Q(encounter__appointment__session__isnull=False) & at
        leads = Q(encounter__appointment__session__leader__user=user) | Q(
            encounter__appointment__session__co_leader__user=user
        )
        condition |= Q(author__user=user)
        condition |= Q(encounter__appointment__session=None, encounter__appointment__practitioner__user=user)
        condition |= in_session if relation is Relation.CENTER else in_session & leads
    return Note.objects.filter(condition)


def may_add_to(user: User, note: Note) -> bool:
    """An addendum may come from whoever may sign about this appointment."""
    return may_write_about(user, note.encounter.appointment, Permission.SIGN_NOTE) or may(
        user, Permission.SIGN_NOTE, note.patient
    )
