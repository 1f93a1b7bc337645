"""Who works here: the list that a manager sees, one line a person, from their memberships."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from stepwell.trust.access import Permission
from stepwell.trust.accounts.models import Membership, User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.accounts.words import role_name
from stepwell.trust.organizations.acting import the_organization_id
from stepwell.trust.people.models import Practitioner
from stepwell.trust.setup.models import License
from stepwell.trust.setup.rules.languages import LANGUAGE_NAMES
from stepwell.trust.setup.sight import managed, manages_everywhere


class State(StrEnum):
    INVITED = "invited"
    ACTIVE = "active"
    DEACTIVATED = "deactivated"


@dataclass(frozen=True)
class StaffMember:
    """One person who works here, or did."""

    user: User
    practitioner: Practitioner | None
    memberships: tuple[Membership, ...]
    current: tuple[Membership, ...]
    licenses: tuple[License, ...] = field(default=())

    @property
    def name(self) -> str:
        return self.practitioner.name if self.practitioner else self.user.name

    @property
    def title(self) -> str:
        if self.practitioner is None:
            return ""
        return ", ".join(filter(None, (self.practitioner.title, self.practitioner.credential)))

    @property
    def roles(self) -> str:
        shown = self.current or self.memberships
        return ", ".join(dict.fromkeys(role_name(one.role) for one in shown))

    @property
    def parts(self) -> list[tuple[str, str]]:
        """Each role they have now, and where."""
        return [
            (role_name(one.role), one.center.name if one.center else _("every center"))
            for one in self.current
        ]

    @property
    def centers(self) -> str:
        shown = self.current or self.memberships
        return ", ".join(dict.fromkeys(one.center.name if one.center else _("every center") for one in shown))

    @property
    def languages(self) -> str:
        spoken = self.practitioner.languages if self.practitioner else []
        return ", ".join(LANGUAGE_NAMES.get(code, code) for code in spoken)

    @property
    def last_here_at(self) -> datetime | None:
        """When they came in here last. When they signed in to another organization is none of ours."""
        return max((one.last_here_at for one in self.memberships if one.last_here_at), default=None)

    @property
    def state(self) -> State:
        if not self.current:
            return State.DEACTIVATED
        since_then = [one.last_here_at for one in self.current if one.last_here_at]
        return State.ACTIVE if since_then else State.INVITED

    @property
    def state_in_words(self) -> str:
        return {
            State.INVITED: _("Invited"),
            State.ACTIVE: _("Active"),
            State.DEACTIVATED: _("Deactivated"),
        }[self.state]

    def warnings(self, today: date) -> list[License]:
        return [one for one in self.licenses if one.runs_out_soon(today)]


def members(reader: User, *, of: UUID | None = None) -> list[StaffMember]:
    """Everyone whom this reader manages, by name: those with a role at their centers, and those who had one."""
    memberships = _managed_by(reader)
    if of is not None:
        memberships = memberships.filter(user=of)
    users: dict[User, list[Membership]] = {}
    for one in memberships.select_related("user", "center").order_by("role", "center__name"):
        users.setdefault(one.user, []).append(one)
    by_user = {
        practitioner.user_id: practitioner
        for practitioner in Practitioner.objects.filter(user__in=users).prefetch_related(
            Prefetch("licenses", License.objects.kept(), to_attr="kept_licenses")
        )
    }
    found = [_member(user, held, by_user.get(user.pk)) for user, held in users.items()]
    return sorted(found, key=lambda member: (member.state is State.DEACTIVATED, member.name.casefold()))


def colleagues() -> list[StaffMember]:
    """Everyone who works here now, for those who work with them: no licenses, nobody who left."""
    users: dict[User, list[Membership]] = {}
    memberships = (
        Membership.objects.current()
        .filter(organization=the_organization_id(), user__is_active=True)
        .exclude(role=Role.PATIENT)
        .select_related("user", "center")
        .order_by("role", "center__name")
    )
    for one in memberships:
        users.setdefault(one.user, []).append(one)
    by_user = {one.user_id: one for one in Practitioner.objects.filter(user__in=users)}
    found = [_member(user, held, by_user.get(user.pk)) for user, held in users.items()]
    return sorted(found, key=lambda member: member.name.casefold())


def _managed_by(reader: User) -> QuerySet[Membership]:
    memberships = Membership.objects.filter(organization=the_organization_id()).exclude(role=Role.PATIENT)
    if manages_everywhere(reader, Permission.MANAGE_STAFF):
        return memberships
    centers = managed(reader, Permission.MANAGE_STAFF)
    # Whoever has a role at one of my centers is mine to see; I see all their roles here.
    theirs = Membership.objects.filter(organization=the_organization_id()).filter(
        Q(center__in=centers.values("pk"))
    )
    return memberships.filter(user__in=theirs.exclude(role=Role.PATIENT).values("user"))


def _member(user: User, held: Iterable[Membership], practitioner: Practitioner | None) -> StaffMember:
    all_held = tuple(held)
    return StaffMember(
        user,
        practitioner,
        all_held,
        tuple(one for one in all_held if one.ended_at is None),
        tuple(getattr(practitioner, "kept_licenses", ())),
    )
