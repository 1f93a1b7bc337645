"""To reach somebody is over when they come, or the absence was none; and goes on when they did not come after all."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from stepwell.care.encounters.models import Absence, Encounter
from stepwell.care.episodes.models import EpisodeOfCare
from stepwell.care.tasks import by_rule
from stepwell.care.tasks.models import Task
from stepwell.care.tasks.rules.making import CONTACTS, RuleId


def last_seen(patients: Iterable[UUID | None]) -> dict[UUID, datetime]:
    """When somebody last saw each of them."""
    rows = Encounter.objects.in_force().filter(patient__in=[pk for pk in patients if pk])
    rows = rows.order_by("patient_id", "-starts_at").distinct("patient_id")
    return dict(rows.values_list("patient_id", "starts_at"))


def over(tasks: Collection[Task]) -> Iterator[tuple[Task, str]]:
    """Those of these contacts whose reason is gone, with a sentence that says how. In the order of their keys."""
    if not tasks:
        return
    seen = last_seen(task.patient_id for task in tasks)
    in_care = set(
        EpisodeOfCare.objects.open()
        .filter(patient__in=[task.patient_id for task in tasks])
        .values_list("patient_id", flat=True)
    )
    standing = set(
        Absence.objects.in_force()
        .filter(pk__in=[task.about for task in tasks if task.rule == RuleId.MISSED], excused=False)
        .values_list("pk", flat=True)
    )
    for task in sorted(tasks, key=lambda task: task.pk):
        patient = task.patient
        if patient is None or patient.pk not in in_care:
            continue  # Care has ended. Whether to reach them still is for a person to say.
        last, since = seen.get(patient.pk), _since(task)
        if last is not None and since is not None and last > since:
            yield (
                task,
                _("%(name)s came on %(day)s.")
                % {"name": patient.called, "day": _day(last.astimezone(patient.center.zone).date())},
            )
        elif task.rule == RuleId.MISSED and task.about not in standing:
            yield task, _("the absence was corrected or excused.")


def open_contacts() -> list[Task]:
    return [task for rule in CONTACTS for task in by_rule.open_by(rule)]


def let_go(patients: Collection[UUID], *, at: datetime) -> None:
    """As a part of marking these people, which asks and records: nobody is to call who is here."""
    contacts = [task for rule in CONTACTS for task in by_rule.open_by(rule).filter(patient__in=patients)]
    for task, because in over(contacts):
        by_rule.let_go(task, because=because, at=at)


def goes_on(encounter: Encounter, *, at: datetime) -> None:
    """They were not here after all: whatever was let go since they were said to be is to be done again."""
    closed = list(by_rule.let_go_since(encounter.recorded_at, encounter.patient_id, CONTACTS))
    still_over = {task.pk for task, _because in over(closed)}
    for task in closed:
        if task.pk not in still_over:
            by_rule.bring_back(task, at=at)


def _since(task: Task) -> datetime | None:
    """From when on being seen counts: after the session that was missed, or after the day of admission."""
    if task.about is None:
        return None
    if task.rule == RuleId.MISSED:
        return Absence.objects.filter(pk=task.about).values_list("starts_at", flat=True).first()
    admitted = EpisodeOfCare.objects.filter(pk=task.about).values_list("admitted_on", flat=True).first()
    if admitted is None or task.patient is None:
        return None
    return datetime.combine(admitted, datetime.max.time(), task.patient.center.zone)


def _day(day: date) -> str:
    return f"{day:%a %b} {day.day}"
