"""When somebody reached a person, as they said in the task that asked them to."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from stepwell.care.tasks.models import Task
from stepwell.care.tasks.rules.making import CONTACTS


def last_reached(patients: Collection[UUID], *, since: datetime) -> dict[UUID, datetime]:
    """For each of them whom somebody reached since then."""
    done = Task.objects.filter(
        patient__in=patients, rule__in=CONTACTS, status=Task.Status.COMPLETED, ended_at__gte=since
    ).exclude(outcome=Task.Outcome.MESSAGE)
    return dict(done.order_by().values_list("patient_id").annotate(last=Max("ended_at")))
