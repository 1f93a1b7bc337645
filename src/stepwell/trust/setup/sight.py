"""Which centers somebody sets up: those where the table says so. Who manages everywhere may add a center, too."""

from collections.abc import Iterable
from uuid import UUID

from stepwell.trust.access import Forbidden, Permission
from stepwell.trust.access.rules import Relation
from stepwell.trust.access.visibility import standing
from stepwell.trust.accounts.models import User
from stepwell.trust.organizations.models import Center, CenterQuerySet


def managed(user: User, permission: Permission = Permission.MANAGE_ORGANIZATION) -> CenterQuerySet:
    """The centers where this person has the permission; none without it."""
    standings = standing(user, permission)
    if Relation.CENTER not in standings:
        return Center.objects.none()
    centers = standings[Relation.CENTER]
    found = Center.objects.order_by("name")
    return found if centers is None else found.filter(pk__in=centers)


def manages_everywhere(user: User, permission: Permission = Permission.MANAGE_ORGANIZATION) -> bool:
    standings = standing(user, permission)
    return Relation.CENTER in standings and standings[Relation.CENTER] is None


def require_everywhere(user: User, permission: Permission = Permission.MANAGE_ORGANIZATION) -> None:
    """Raise Forbidden unless they have it for the whole organization."""
    if not manages_everywhere(user, permission):
        raise Forbidden(user, permission, None)


def require_at(
    user: User, centers: Iterable[UUID | None], permission: Permission = Permission.MANAGE_ORGANIZATION
) -> None:
    """Raise Forbidden unless they have it at each of these; None means at every center. Of no center nobody has it."""
    wanted = set(centers)
    if wanted and manages_everywhere(user, permission):
        return
    allowed = set(managed(user, permission).values_list("pk", flat=True))
    if not wanted or not wanted <= allowed:
        raise Forbidden(user, permission, None)
