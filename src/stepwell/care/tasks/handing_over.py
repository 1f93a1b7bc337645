"""Open tasks of somebody who leaves: to a colleague in the same part, or back to the queue of that part."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db.models import QuerySet
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepwell.care.tasks import actions, placing
from stepwell.care.tasks.models import Task
from stepwell.trust import audit
from stepwell.trust.access import Permission, require
from stepwell.trust.accounts.models import User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.accounts.words import role_name
from stepwell.trust.people.models import Patient, Practitioner
from stepwell.trust.setup.caseload import at_center, who_works
from stepwell.trust.setup.registry import Holding, NotHandedOver


def _open_of(of: Practitioner) -> QuerySet[Task]:
    return Task.objects.open().filter(assigned_to=of).in_order()


class Tasks:
    """What somebody has still to do. It is never ended with them: at the least it lies in the queue."""

    key = "tasks"
    title = gettext_lazy("Tasks")
    about = gettext_lazy("The colleague finds it under “Due from me”, with a word that it came from here.")
    ending = gettext_lazy("Nothing is lost: it goes to the queue of its part, where all of them find it.")

    def held(self, of: Practitioner, *, reader: User, at: datetime) -> list[Holding]:
        tasks = list(_open_of(of).select_related("patient", "center"))
        roles = {role: who_works([role], beside=of) for role in {task.role for task in tasks}}
        sees = set(
            Patient.objects.visible_to(reader)
            .filter(pk__in=[task.patient_id for task in tasks if task.patient_id])
            .values_list("pk", flat=True)
        )
        return [
            Holding(
                str(task.pk),
                _what(task, sees=task.patient_id is None or task.patient_id in sees),
                _("%(role)s · due %(day)s")
                % {"role": role_name(task.role), "day": formats.date_format(task.due_on, "D, M j")},
                at_center(roles[task.role], task.center_id),
                names=task.patient_id,
                end_words=_("To the queue"),
            )
            for task in tasks
        ]

    def prepare(self, of: Practitioner, to: Collection[Practitioner], *, at: datetime) -> None:
        list(_open_of(of).order_by("pk").select_for_update(of=("self",)))

    def hand_over(
        self, shares: Mapping[str, Practitioner], *, of: Practitioner, by: User, at: datetime
    ) -> None:
        require(by, Permission.MANAGE_STAFF)
        for key, to in shares.items():
            task = _open_of(of).select_related("center").filter(pk=key).first()
            if task is None:
                continue  # Done or handed over by somebody else meanwhile.
            if not placing.works_as(to, Role(task.role), task.center):
                raise NotHandedOver(
                    _("%(name)s does not work as %(role)s at this center.")
                    % {"name": to.name, "role": role_name(task.role).lower()},
                    part=self.key,
                    key=key,
                )
            _give(task, to, of=of, because=_("%(name)s left.") % {"name": of.name}, by=by, at=at)

    def end(self, key: str, *, of: Practitioner, because: str, by: User, at: datetime) -> None:
        require(by, Permission.MANAGE_STAFF)
        if task := _open_of(of).select_related("center").filter(pk=key).first():
            _give(task, None, of=of, because=f"{of.name}: {because}", by=by, at=at)


def _give(
    task: Task, to: Practitioner | None, *, of: Practitioner, because: str, by: User, at: datetime
) -> None:
    role = Role(task.role)
    if to is None:
        others = placing.working_at(task.center).exclude(user=of.user_id)
        role = placing.queue_of(task.center, [role], about_somebody=task.patient_id is not None, among=others)
    actions.give(task, to=to, role=role, note=because, by=by, at=at)
    audit.record(
        by=by,
        did=audit.Did.HANDED_OVER,
        to=task,
        because=f"{of.name} → {to.name if to else role_name(task.role)}",
    )


def _what(task: Task, *, sees: bool) -> str:
    """To one who may not see who is in care, what is to be done would tell it: only the record number."""
    if task.patient is None or sees:
        return task.what
    return _("A task, record %(number)s") % {"number": task.patient.record_number}
