"""Several workers go round in the same moment, on real connections: nothing is asked for twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from stepwell.care.care_plans.testing import in_care
from stepwell.care.encounters import testing
from stepwell.care.encounters.actions import mark
from stepwell.care.encounters.rules import Mark, Reason
from stepwell.care.progress.asking import Round, go_round
from stepwell.care.tasks.models import Task
from stepwell.config.testing.fixtures import NOW
from stepwell.trust.accounts.models import Membership
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit.models import AuditEvent
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.people.models import Practitioner
from stepwell.trust.people.testing import Clinic

NAMES = ("Maya Reyes", "Devon Thackery", "Rosa Mendoza", "Siobhán O'Brien-Núñez")


@pytest.fixture
def clinic(committed_clinic: Clinic) -> Clinic:
    """Four people did not come on Friday, for want of a ride; and the hour has come at which a worker goes round."""
    with acting_in(committed_clinic.organization.pk):
        dana = committed_clinic.user(Role.COUNSELOR, "Dana Whitfield")
        committed_clinic.user(Role.COUNSELOR, "Renee Castillo")
        me = Practitioner.objects.get(user=dana)
        for place, name in enumerate(NAMES):
            patient = committed_clinic.patient(name, team=(dana,))
            in_care(patient, by=dana)
            at = NOW - timedelta(days=3, hours=place)
            visit = testing.visit(patient, me, starts_at=at)
            mark(visit, Mark.ABSENT, reason=Reason.UNKNOWN, by=dana, at=at + timedelta(minutes=20))
    return committed_clinic


def all_at_once(clinic: Clinic, workers: int = 4) -> list[Round]:
    together = Barrier(workers, timeout=20)

    def work(_number: int) -> Round:
        try:
            together.wait()
            with acting_in(clinic.organization.pk):
                return go_round(NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(work, range(workers)))


def test_four_workers_at_once_ask_once_for_each_person(clinic: Clinic) -> None:
    rounds = all_at_once(clinic)
    assert sum(each.made for each in rounds) == len(NAMES)
    with acting_in(clinic.organization.pk):
        assert Task.objects.count() == len(NAMES)
        assert AuditEvent.objects.filter(did="created", because__startswith="rule:").count() == len(NAMES)


def test_four_workers_at_once_lay_a_task_in_the_queue_once(clinic: Clinic) -> None:
    all_at_once(clinic, 1)
    with acting_in(clinic.organization.pk):
        Membership.objects.filter(user__name="Dana Whitfield").update(ended_at=NOW)
    rounds = all_at_once(clinic)
    assert sum(each.fallen for each in rounds) == len(NAMES)
    with acting_in(clinic.organization.pk):
        assert not Task.objects.exclude(assigned_to=None).exists()
        assert AuditEvent.objects.filter(because="to the queue, by itself").count() == len(NAMES)
