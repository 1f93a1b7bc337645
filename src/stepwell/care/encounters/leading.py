"""Who leads a session: they, and a supervisor, may mark who came and write about it. Others only look on."""

from enum import Enum
from uuid import UUID

from stepwell.care.scheduling.models import Appointment, GroupSession
from stepwell.trust.access import Forbidden, Permission, require
from stepwell.trust.access.rules import Relation
from stepwell.trust.access.visibility import standing
from stepwell.trust.accounts.models import User


class Part(Enum):
    """How a reader stands to one session."""

    LEADS = "leads it, or leads it with somebody"
    SUPERVISES = "supervises at this center"
    LOOKS_ON = "works at this center"


def part_in(user: User, session: GroupSession) -> Part:
    leaders = {session.leader.user_id, session.co_leader.user_id if session.co_leader else None}
    if user.pk in leaders:
        return Part.LEADS
    # Who takes over the notes of somebody who left stands in their place for that session.
    if session.encounters.filter(to_be_written_by__user=user, entered_in_error_at=None).exists():
        return Part.LEADS
    # Only a supervisor may write about everybody at a center, on the care team or not.
    standings = standing(user, Permission.WRITE_NOTE)
    if Relation.CENTER in standings and _is_at(standings[Relation.CENTER], session):
        return Part.SUPERVISES
    return Part.LOOKS_ON


def _is_at(centers: set[UUID] | None, session: GroupSession) -> bool:
    return centers is None or session.series.center_id in centers


def may_in(user: User, permission: Permission, session: GroupSession) -> bool:
    """Whether this reader may do that in this session: their role may, and the session is theirs to lead."""
    if part_in(user, session) is Part.LOOKS_ON:
        return False
    return any(
        relation is not Relation.SELF and _is_at(centers, session)
        for relation, centers in standing(user, permission).items()
    )


def require_in(user: User, permission: Permission, session: GroupSession) -> None:
    """Raise Forbidden unless they may."""
    if not may_in(user, permission, session):
        raise Forbidden(user, permission, None)


def require_marker(user: User, appointment: Appointment) -> None:
    """Raise Forbidden unless they may say who came: of a group, whoever leads it; alone, as the table says."""
    if appointment.session is not None:
        require_in(user, Permission.MARK_ATTENDANCE, appointment.session)
    else:
        require(user, Permission.MARK_ATTENDANCE, appointment.patient)
