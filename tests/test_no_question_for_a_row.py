"""A page asks the database as often for many people as for few: no question is put for a row.

Most of all for whoever has a whole program in sight: a supervisor, a director.
"""

from datetime import timedelta
from typing import Any

import pytest
from django.test import override_settings
from django.urls import reverse

from stepwell.care.measures.models import CheckIn, Response
from stepwell.care.tasks.models import Task
from stepwell.config.bench.access import Page, grow, pages_of, questions
from stepwell.doors.staff.models import Summary
from stepwell.ground.kit import clock
from stepwell.trust.accounts.roles import Role
from stepwell.trust.people.models import Patient, Practitioner

FEW, MORE = 10, 120


def something_happens_to(clinic: Any, patients: Any) -> None:
    """Of each a check-in of today, hard for every third; an answered measure; a task of the counselor's."""
    dana = clinic.user(Role.COUNSELOR, "Dana Whitfield")
    now = clock.now()
    CheckIn.objects.bulk_create(
        CheckIn(
            patient=patient,
            on=clinic.today,
            craving=4 if n % 3 == 0 else 1,
            recorded_by=dana,
            recorded_at=now,
        )
        for n, patient in enumerate(patients)
    )
    Response.objects.bulk_create(
        Response(
            patient=patient,
            instrument="bam_iop",
            instrument_version="1",
            mode="staff",
            status="completed",
            result={"use": 1, "risk": 2},
            taken_at=now,
            completed_at=now,
            answered_by=dana,
            recorded_by=dana,
            recorded_at=now,
        )
        for patient in patients
    )
    Task.objects.bulk_create(
        Task(
            center=clinic.center,
            patient=patient,
            what="Call before the next group",
            role=Role.COUNSELOR,
            assigned_to=Practitioner.objects.get(user=dana),
            due_on=clinic.today + timedelta(days=1),
            why="Was not sure about coming back.",
            requested_by=dana,
            requested_at=now,
            given_at=now,
        )
        for patient in patients
    )


@pytest.mark.django_db
def test_a_page_asks_as_often_for_many_people_as_for_few(clinic: Any) -> None:
    grow(clinic, FEW)
    something_happens_to(clinic, list(Patient.objects.all()))
    pages = pages_of(clinic)
    for role, show in ((Role.CLINICAL_SUPERVISOR, "?show=whole"), (Role.DIRECTOR, "")):
        client, chart = clinic.client(clinic.user(role)), Patient.objects.order_by("pk").first()
        assert chart is not None
        pages += [
            Page(f"{role}: {name}", path, client)
            for name, path in {
                "Today": reverse("staff:today") + show,
                "caseload": reverse("staff:caseload") + show,
                "caseload, sorted": f"{reverse('staff:caseload')}?show=whole&sort=-craving&needs=1",
                "chart": reverse("staff:chart", args=[chart.pk]),
                "search": reverse("staff:find") + "?q=person",
                "measures": reverse("measures:measures", args=[chart.pk]),
                "tasks": reverse("tasks:tasks"),
                "tasks of all": reverse("tasks:tasks") + "?show=all",
            }.items()
        ]
    with override_settings(STEPWELL_DEMO=True):
        few = {page.name: questions(page) for page in pages}
        known = set(Patient.objects.values_list("pk", flat=True))
        grow(clinic, MORE - FEW)
        something_happens_to(clinic, list(Patient.objects.exclude(pk__in=known)))
        many = {page.name: questions(page) for page in pages}
    assert many == few
    assert Summary.objects.count() == Patient.objects.count() == MORE
