"""Whose a task is to be: somebody of the care team in the part, or the queue of that part at the center."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import Q, QuerySet

from stepwell.trust.accounts.models import Membership
from stepwell.trust.accounts.roles import Role
from stepwell.trust.organizations.acting import the_organization_id
from stepwell.trust.organizations.models import Center
from stepwell.trust.people.models import CareTeamMember, Patient, Practitioner

#: Where a task goes whose part nobody works in: to those who answer for the center.
ANSWER_FOR_PEOPLE = (Role.CLINICAL_SUPERVISOR, Role.DIRECTOR)
ANSWER_FOR_THE_OFFICE = (Role.ADMINISTRATOR, Role.DIRECTOR)


def holder_of(patient: Patient, roles: Sequence[Role]) -> tuple[Role, UUID | None]:
    """The first of these parts that somebody of the care team has and works in still, and who; else a queue."""
    at_work = set(working_at(patient.center, roles).values_list("user_id", "role"))
    team = CareTeamMember.objects.current().filter(patient=patient, role__in=[str(role) for role in roles])
    places = [
        place
        for place in team.select_related("practitioner").order_by("started_on", "pk")
        if (place.practitioner.user_id, place.role) in at_work
    ]
    if not places:
        return queue_of(patient.center, roles, about_somebody=True), None
    first = min(places, key=lambda place: roles.index(Role(place.role)))
    return Role(first.role), first.practitioner_id


def queue_of(
    center: Center,
    roles: Sequence[Role],
    *,
    about_somebody: bool,
    among: QuerySet[Membership] | None = None,
) -> Role:
    """The first of these parts in which anybody works there. A queue that nobody looks into would lose a task."""
    answer = ANSWER_FOR_PEOPLE if about_somebody else ANSWER_FOR_THE_OFFICE
    held = working_at(center) if among is None else among
    at_work = set(held.values_list("role", flat=True))
    return next((role for role in (*roles, *answer) if role in at_work), roles[0])


def working_at(center: Center, roles: Iterable[Role] | None = None) -> QuerySet[Membership]:
    """The places of those who work at a center now, in these parts."""
    held = Membership.objects.current().filter(
        Q(center=None) | Q(center=center), organization=the_organization_id(), user__is_active=True
    )
    held = held.exclude(role=Role.PATIENT)
    return held if roles is None else held.filter(role__in=[str(role) for role in roles])


def works_as(practitioner: Practitioner, role: Role, center: Center) -> bool:
    return working_at(center, [role]).filter(user=practitioner.user_id).exists()


def part_of(
    practitioner: Practitioner, center: Center, *, patient: Patient | None, given: Role
) -> Role | None:
    """In which part somebody takes a task: the one it is for, their part on the person's team, or one they work in."""
    roles = [Role(one.role) for one in working_at(center).filter(user=practitioner.user_id)]
    if not roles:
        return None
    if given in roles:
        return given
    if patient is not None:
        team = CareTeamMember.objects.current().filter(patient=patient, practitioner=practitioner)
        on_team = [Role(role) for role in team.values_list("role", flat=True)]
        if both := [role for role in roles if role in on_team]:
            return both[0]
    return min(roles, key=list(Role).index)
