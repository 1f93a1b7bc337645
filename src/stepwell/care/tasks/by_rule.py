"""Tasks that rules make and let go. Nobody does it, so nobody is asked: what may happen is in ``rules``."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from stepwell.care.tasks import placing
from stepwell.care.tasks.models import Task, TaskQuerySet
from stepwell.care.tasks.rules.making import RULES, RuleId, Wanted
from stepwell.trust import audit
from stepwell.trust.accounts.roles import Role
from stepwell.trust.organizations.models import Center
from stepwell.trust.people.models import Patient


def make(wanted: Wanted, *, patient: Patient | None, center: Center, at: datetime) -> Task | None:
    """The task a rule asks for; none where it has asked before, or where somebody sees to the same barrier."""
    rule = RULES[wanted.rule]
    if patient is not None:
        role, holder = placing.holder_of(patient, rule.roles)
    else:
        role, holder = placing.queue_of(center, rule.roles, about_somebody=False), None
    try:
        with transaction.atomic():
            task = Task.objects.create(
                center=center,
                patient=patient,
                what=wanted.what[:200],
                why=wanted.why[:500],
                rule=wanted.rule,
                occasion=wanted.occasion,
                about=wanted.about,
                barrier=wanted.barrier or "",
                is_urgent=wanted.is_urgent,
                requested_at=at,
                role=role,
                assigned_to_id=holder,
                given_at=at,
                due_on=wanted.due_on,
                due_at=wanted.due_at,
            )
    except IntegrityError as error:
        if _is_there_already(error):
            return None
        raise
    audit.record(by=None, did=audit.Did.CREATED, to=task, because=f"rule: {rule.name}")
    return task


def _is_there_already(error: IntegrityError) -> bool:
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "")
    return name in ("task_once_a_rule_and_occasion", "task_one_open_a_barrier")


@transaction.atomic
def let_go(task: Task, *, because: str, at: datetime) -> bool:
    """End a task whose reason is gone, and say so. One about a danger is never let go by itself."""
    task = Task.objects.select_for_update(of=("self",)).get(pk=task.pk)
    if not task.is_open or task.is_urgent or not RULES[RuleId(task.rule)].lets_go:
        return False
    task.status, task.ended_at = Task.Status.CANCELLED, at
    task.ended_words = (_("Closed by itself: %s") % because)[:500]
    task.save(update_fields=["status", "ended_at", "ended_words"])
    audit.record(by=None, did=audit.Did.ENDED, to=task, because="its reason is gone")
    return True


def reviewed(patient: Patient, *, at: datetime) -> None:
    """A new version of the plan is in force, as a part of signing it: nobody is to review the one before."""
    for task in open_by(RuleId.PLAN_REVIEW).filter(patient=patient):
        let_go(task, because=_("a new version was signed."), at=at)


def let_go_since(since: datetime, patient: UUID, rules: Collection[RuleId]) -> TaskQuerySet:
    """What ended by itself about a person since then."""
    ended = Task.objects.filter(status=Task.Status.CANCELLED, ended_by=None, ended_at__gte=since)
    return ended.filter(patient=patient, rule__in=rules).select_related("patient__center").order_by("pk")


@transaction.atomic
def bring_back(task: Task, *, at: datetime) -> None:
    """What ended by itself is to be done after all. It lies where it lay."""
    task = Task.objects.select_for_update(of=("self",)).get(pk=task.pk)
    if not task.let_go_by_itself:
        return
    task.status = Task.Status.IN_PROGRESS if task.tries and task.assigned_to_id else Task.Status.REQUESTED
    task.ended_at, task.ended_words = None, ""
    task.save(update_fields=["status", "ended_at", "ended_words"])
    audit.record(by=None, did=audit.Did.CHANGED, to=task, because="its reason stands after all")


@transaction.atomic
def fall_to_the_queue(task: Task, *, because: str, at: datetime) -> bool:
    """Take a task from somebody who can no longer see to it, and lay it where everybody in its part finds it."""
    task = Task.objects.select_for_update(of=("self",)).select_related("center").get(pk=task.pk)
    if not task.is_open or task.assigned_to_id is None:
        return False
    task.handed_over_from_id, task.handed_over_by = task.assigned_to_id, None
    task.handed_over_at, task.handed_over_note = at, because[:500]
    task.assigned_to, task.status, task.given_at = None, Task.Status.REQUESTED, at
    task.role = placing.queue_of(task.center, [Role(task.role)], about_somebody=task.patient_id is not None)
    task.save()
    audit.record(by=None, did=audit.Did.HANDED_OVER, to=task, because="to the queue, by itself")
    return True


def open_by(rule: RuleId) -> TaskQuerySet:
    """The open tasks of a rule, with the person read along."""
    return Task.objects.open().filter(rule=rule).select_related("patient__center", "center")
