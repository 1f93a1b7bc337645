"""A list as a file: who it says took it, what it is called, and how it is read back."""

import csv
import io

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils import timezone

from stepwell.ground.kit import clock
from stepwell.trust import audit
from stepwell.trust.access import lists
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit.models import AuditEvent
from stepwell.trust.people.testing import Clinic


def _asking(clinic: Clinic) -> HttpRequest:
    request = RequestFactory().get("/staff/referrals/?as=csv")
    request.user = clinic.user(Role.FRONT_DESK, "Dana Whitfield")
    return request


def read_back(body: bytes) -> list[list[str]]:
    assert body.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))


def test_a_file_is_read_back_as_it_was_given(clinic: Clinic):
    names = ["O'Brien-Núñez", 'says "hi", twice', "two\nlines", "=HYPERLINK(1)"]
    response = lists.as_csv(_asking(clinic), "referrals", ["Person"], ([name] for name in names))
    assert [row[0] for row in read_back(response.content)] == ["Person", *names[:3], "'=HYPERLINK(1)"]
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert "no-store" in response["Cache-Control"]


def test_taking_a_list_out_leaves_a_trace_with_its_name_and_length(clinic: Clinic):
    lists.as_csv(_asking(clinic), "referrals", ["Person"], [["Maya R."], ["Tom B."]])
    event = AuditEvent.objects.get(did=audit.Did.EXPORTED)
    assert (event.by_name, event.because, event.patient_id) == ("Dana Whitfield", "referrals, 2 rows", None)


def test_a_list_out_of_a_chart_says_whose_it_is_and_is_in_that_persons_trace(clinic: Clinic):
    request, maya = _asking(clinic), clinic.patient("Maya Reyes")
    request.chart_patient = maya  # type: ignore[attr-defined]
    rows = read_back(lists.as_csv(request, "drug tests", ["Day"], [["2026-11-20"]]).content)
    assert rows == [["Record number", "Day"], [maya.record_number, "2026-11-20"]]
    assert AuditEvent.objects.get(did=audit.Did.EXPORTED).patient_id == maya.pk


@pytest.mark.parametrize("name", ["drug tests", "notes of a person", "caseload", "../../etc/passwd\r\nX: 1"])
def test_the_name_of_a_file_tells_nothing(name: str):
    with timezone.override("America/New_York"):
        given = lists.file_name(name)
    assert given in ("list-2026-11-23-090000.csv", "etc-passwd-x-1-2026-11-23-090000.csv")


def test_a_list_that_is_too_long_is_refused_whole(clinic: Clinic, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(lists, "MOST_ROWS", 3)
    response = lists.as_csv(_asking(clinic), "log", ["n"], ([n] for n in range(4)))
    assert response.status_code == 413
    assert "narrow the list" in response.content.decode()
    assert not AuditEvent.objects.filter(did=audit.Did.EXPORTED).exists()


def test_a_moment_is_told_by_the_clock_of_the_center(clinic: Clinic):
    request = _asking(clinic)
    request.chart_patient = clinic.patient("Maya Reyes")  # type: ignore[attr-defined]
    rows = read_back(lists.as_csv(request, "measures", ["Taken"], [[clock.now()]]).content)
    assert rows[1][1] == "2026-11-23 09:00"
