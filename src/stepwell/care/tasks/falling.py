"""Tasks of whoever can no longer see to them fall to the queue: when a place or a role ends, at once."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from stepwell.care.tasks import by_rule, placing
from stepwell.care.tasks.models import Task, TaskQuerySet
from stepwell.care.tasks.rules.standing import Falls, Place, falls_to_the_queue
from stepwell.trust.accounts.models import User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.accounts.words import role_name
from stepwell.trust.people.models import CareTeamMember


def when_somebody_stops(user: User, at: datetime) -> None:
    """As a part of the act that ended their place on a team, or their role."""
    lay_down(Task.objects.open().filter(assigned_to__user=user), at=at)


def lay_down(tasks: TaskQuerySet, *, at: datetime) -> int:
    """How many of these open tasks fell to the queue. A place that runs out by itself is found each hour."""
    return sum(
        by_rule.fall_to_the_queue(task, because=because, at=at) for task, because in _fallen(tasks, at)
    )


def _fallen(tasks: TaskQuerySet, at: datetime) -> Iterator[tuple[Task, str]]:
    held = tasks.filter(assigned_to__isnull=False).select_related("assigned_to", "center", "patient__center")
    works: dict[tuple[UUID, str], set[UUID]] = {}
    places: dict[tuple[UUID, UUID], list[Place]] = {}
    rows = CareTeamMember.objects.filter(kind=CareTeamMember.Kind.REGULAR, patient__in=held.values("patient"))
    for patient, practitioner, ended_on, expires_at in rows.values_list(
        "patient_id", "practitioner_id", "ended_on", "expires_at"
    ):
        places.setdefault((patient, practitioner), []).append(Place(ended_on, expires_at))
    for task in held:
        assert task.assigned_to is not None
        key = task.center_id, task.role
        if key not in works:
            users = placing.working_at(task.center, [Role(task.role)]).values_list("user_id", flat=True)
            works[key] = set(users)
        why = falls_to_the_queue(
            works_in_that_part=task.assigned_to.user_id in works[key],
            places=tuple(places.get((task.patient_id, task.assigned_to_id), ())) if task.patient_id else (),  # type: ignore[arg-type]
            given_at=task.given_at,
            given_on=task.center.day_of(task.given_at),
            at=at,
        )
        if why is not None:
            yield task, _why_it_fell(task, why)


def _why_it_fell(task: Task, why: Falls) -> str:
    name = task.assigned_to.name if task.assigned_to else ""
    if why is Falls.ROLE_ENDED:
        return _("%(name)s does not work as %(role)s here any more.") % {
            "name": name,
            "role": role_name(task.role).lower(),
        }
    return _("%(name)s is not on the care team any more.") % {"name": name}
