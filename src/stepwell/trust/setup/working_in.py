"""The organizations a person works in, and the centers of the one they act in."""

from dataclasses import dataclass

from stepwell.trust.accounts.models import Membership, User
from stepwell.trust.accounts.words import role_name
from stepwell.trust.organizations.acting import current_organization_id
from stepwell.trust.organizations.models import Center, Organization


@dataclass(frozen=True)
class Place:
    """One organization of somebody's own; its centers are known only where they are now."""

    organization: Organization
    roles: str
    is_here: bool
    centers: tuple[Center, ...] = ()
    center: Center | None = None


def places_of(user: User) -> list[Place]:
    """Nothing but what this person belongs to themself, by name."""
    held: dict[Organization, list[Membership]] = {}
    memberships = Membership.objects.current().filter(user=user).select_related("organization")
    for one in memberships.order_by("organization__name", "role"):
        held.setdefault(one.organization, []).append(one)
    here = current_organization_id()
    return [
        Place(
            organization,
            ", ".join(dict.fromkeys(role_name(one.role) for one in theirs)),
            organization.pk == here,
            tuple(user.centers_here) if organization.pk == here else (),
            user.center_here if organization.pk == here else None,
        )
        for organization, theirs in held.items()
    ]
