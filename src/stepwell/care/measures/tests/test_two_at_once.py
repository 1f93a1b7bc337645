"""Two workers on connections of their own: what is due is asked once."""

from collections import Counter
from datetime import date
from threading import Barrier, Thread

from django.db import connection

from stepwell.care.measures import jobs
from stepwell.care.measures.models import Response
from stepwell.care.measures.rules.schedule import DEFAULT
from stepwell.care.measures.tests.test_schedules import admit
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit.models import AuditEvent
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.outbox.models import Message


def test_two_workers_at_the_same_moment_ask_each_person_once(committed_clinic):
    clinic = committed_clinic
    with acting_in(clinic.organization.pk):
        dana = clinic.user(Role.COUNSELOR, "Dana Whitfield")
        for n in range(6):
            admit(clinic.patient(f"Person {n} O'Brien-Núñez", team=(dana,)), dana, date(2026, 10, 5))
    ready, counted = Barrier(2), []

    def works() -> None:
        try:
            ready.wait()
            counted.append(jobs.ask_everybody())
        finally:
            connection.close()

    workers = [Thread(target=works) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with acting_in(clinic.organization.pk):
        each = Counter(Response.objects.values_list("patient", "instrument"))
        assert len(counted) == 2
        assert sum(counted) == len(each) > 6
        assert set(each.values()) == {1}
        assert Message.objects.count() == 6 * DEFAULT.reminders
        assert AuditEvent.objects.filter(because="due by the schedule").count() == len(each)
