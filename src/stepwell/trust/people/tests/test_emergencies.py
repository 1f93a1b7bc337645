"""A chart opened in an emergency: with a reason, for an hour, loudly, and looked over by somebody else."""

import csv
import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import ChangedMeanwhile, Refused
from stepwell.trust import audit
from stepwell.trust.access import Forbidden, Permission, may
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit.models import AuditEvent
from stepwell.trust.organizations.models import Center
from stepwell.trust.people.actions import emergencies as acts
from stepwell.trust.people.models import EmergencyAccess, Patient

WHY = {"reason": "overdose", "words": "The emergency room called: found unresponsive. Needs her medicines."}
HOUR = timedelta(hours=1)


@pytest.fixture
def maya(clinic):
    return clinic.patient("Maya Reyes", team=(clinic.user(Role.COUNSELOR, "Dana Whitfield"),))


@pytest.fixture
def joel(clinic):
    return clinic.user(Role.NURSE, "Joel Price")


@pytest.fixture
def marcus(clinic):
    return clinic.user(Role.CLINICAL_SUPERVISOR, "Marcus Bell")


def page(patient):
    return f"/staff/people/{patient.pk}/emergency/"


def chart(patient):
    return f"/staff/people/{patient.pk}/"


def opened(maya, joel):
    return acts.open_in_emergency(
        maya, reason=EmergencyAccess.Reason.OVERDOSE, words="Found unresponsive.", by=joel, at=clock.now()
    )


def test_a_nurse_opens_a_chart_for_an_hour_and_every_page_of_it_says_so(clinic, maya, joel):
    nurse = clinic.client(joel)
    assert nurse.get(chart(maya)).status_code == 404
    found = nurse.get("/staff/find/?q=reyes").content.decode()
    assert page(maya) in found
    assert nurse.post(page(maya), WHY)["Location"] == chart(maya)
    for address in (chart(maya), f"{chart(maya)}medication/", f"{chart(maya)}notes/", f"{chart(maya)}plan/"):
        shown = nurse.get(address)
        assert shown.status_code == 200
        assert "This chart is open to you in an emergency" in shown.content.decode()
        assert "60 minutes left" in shown.content.decode()
    said = AuditEvent.objects.get(did="opened in an emergency")
    assert (said.by_name, said.patient_id) == ("Joel Price", maya.pk)
    assert (said.because, said.purpose) == ("", "emergency")
    assert EmergencyAccess.objects.get().place.because == "an emergency"
    assert AuditEvent.objects.filter(did="opened", patient_id=maya.pk, purpose="emergency").count() == 4


def test_it_ends_by_itself(clinic, maya, joel):
    nurse = clinic.client(joel)
    nurse.post(page(maya), WHY)
    with clock.stand_still(clock.now() + HOUR - timedelta(seconds=1)):
        nurse = clinic.client(joel)
        assert "1 minute left" in nurse.get(chart(maya)).content.decode()
    with clock.stand_still(clock.now() + HOUR):
        assert nurse.get(chart(maya)).status_code == 404
        assert nurse.get(page(maya)).status_code == 200


def test_it_is_ended_by_hand(clinic, maya, joel):
    nurse = clinic.client(joel)
    nurse.post(page(maya), WHY)
    for _double_click in range(2):
        assert nurse.post(f"{page(maya)}ending/").status_code == 302
    assert nurse.get(chart(maya)).status_code == 404
    assert AuditEvent.objects.filter(did="ended", by_name="Joel Price").count() == 1
    assert nurse.get(f"{page(maya)}ending/").status_code == 405


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"reason": ""}, "Choose what the emergency is."),
        ({"words": "  "}, "Say in your own words"),
        ({"reason": "curiosity"}, "Select a valid choice"),
        ({"words": "x" * 2001}, "at most 2000"),
    ],
)
def test_without_a_reason_and_words_nothing_opens(clinic, maya, joel, said, sentence):
    answer = clinic.client(joel).post(page(maya), WHY | said)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not may(joel, Permission.SEE_CHART, maya)


def test_a_second_asking_does_not_prolong_the_hour(clinic, maya, joel):
    first = opened(maya, joel)
    with clock.stand_still(clock.now() + timedelta(minutes=50)):
        assert opened(maya, joel) == first
    with clock.stand_still(clock.now() + timedelta(minutes=61)):
        assert opened(maya, joel) != first
    assert EmergencyAccess.objects.count() == 2


def test_whose_patient_it_is_needs_no_emergency(clinic, maya):
    dana = clinic.user(Role.COUNSELOR, "Dana Whitfield")
    assert clinic.client(dana).get(page(maya))["Location"] == chart(maya)
    with pytest.raises(Refused, match="open to you already"):
        opened(maya, dana)


@pytest.mark.parametrize(
    "role", [Role.FRONT_DESK, Role.BILLER, Role.PEER, Role.CASE_MANAGER, Role.ADMINISTRATOR]
)
def test_who_may_not_open_one_does_not(clinic, maya, role):
    user = clinic.user(role)
    assert clinic.client(user).post(page(maya), WHY).status_code in (403, 404)
    with pytest.raises(Forbidden):
        opened(maya, user)
    assert not EmergencyAccess.objects.exists()


def test_who_may_not_know_that_a_person_is_here_is_answered_as_for_nobody(clinic, maya, joel):
    Patient.objects.update(center=Center.objects.create(name="Birch Road", slug="birch-road"))
    nurse = clinic.client(joel)
    nobody = f"/staff/people/{uuid4()}/emergency/"
    for ask in (nurse.get, nurse.post):
        there, nowhere = ask(page(maya)), ask(nobody)
        assert there.status_code == nowhere.status_code == 404
    administrator = clinic.client(clinic.user(Role.ADMINISTRATOR))
    assert administrator.get(page(maya)).status_code == 404
    assert maya.last_name not in administrator.get("/staff/find/?q=maya").content.decode()
    assert "Maya" not in nurse.get("/staff/find/?q=maya").content.decode().replace("“maya”", "")


def test_the_care_team_and_the_supervisor_see_it_on_their_day(clinic, maya, joel, marcus):
    opened(maya, joel)
    line = "Joel Price opened the chart of Maya R. in an emergency"
    dana = clinic.user(Role.COUNSELOR, "Dana Whitfield")
    for user in (dana, marcus, clinic.user(Role.COMPLIANCE, "Ruth Adler")):
        assert line in clinic.client(user).get("/staff/today/").content.decode(), user
    for user in (joel, clinic.user(Role.COUNSELOR, "Renee Castillo"), clinic.user(Role.FRONT_DESK)):
        assert line not in clinic.client(user).get("/staff/today/").content.decode(), user
    with clock.stand_still(clock.now() + timedelta(days=30)):
        assert line in clinic.client(dana).get("/staff/today/").content.decode()


def test_somebody_else_looks_it_over_with_a_finding(clinic, maya, joel, marcus):
    access = opened(maya, joel)
    supervisor = clinic.client(marcus)
    assert "Joel Price" in supervisor.get("/staff/emergency/").content.decode()
    address = f"/staff/emergency/{access.pk}/"
    assert "Found unresponsive." in supervisor.get(address).content.decode()
    missing = supervisor.post(address, {"finding": "appropriate", "words": ""})
    assert missing.status_code == 422
    assert "Say what you found." in missing.content.decode()
    for _double_click in range(2):
        answer = supervisor.post(address, {"finding": "not", "words": "He knew her from school."})
        assert answer.status_code == 302
    access.refresh_from_db()
    assert (access.finding, access.reviewed_by) == ("not", marcus)
    assert AuditEvent.objects.filter(did="reviewed").count() == 1
    later = clinic.client(clinic.user(Role.DIRECTOR)).post(
        address, {"finding": "appropriate", "words": "No."}
    )
    assert "Marcus Bell has looked this over meanwhile." in later.content.decode()
    with pytest.raises(IntegrityError, match="what is signed"), transaction.atomic():
        EmergencyAccess.objects.update(finding_words="Fine.")


def test_who_looks_it_over_reads_what_was_done_in_that_time_and_nothing_else(clinic, maya, joel, marcus):
    access = opened(maya, joel)
    nurse = clinic.client(joel)
    nurse.get(f"{chart(maya)}medication/")
    with clock.stand_still(clock.now() + HOUR + timedelta(minutes=1)):
        audit.record(by=joel, did=audit.Did.PRINTED, to=maya)
    shown = clinic.client(marcus).get(f"/staff/emergency/{access.pk}/").content.decode()
    assert "Patient, medication" in shown
    assert "Printed" not in shown


def test_an_emergency_in_which_nothing_was_opened_says_so(clinic, maya, joel, marcus):
    access = opened(maya, joel)
    shown = clinic.client(marcus).get(f"/staff/emergency/{access.pk}/").content.decode()
    assert "They opened nothing of this record." in shown


def test_the_emergency_looks_are_two_files_with_the_sight_of_the_page(clinic, maya, joel, marcus):
    access, client = opened(maya, joel), clinic.client(marcus)

    def rows(which):
        text = client.get(f"/staff/emergency/?as=csv&list={which}").content.decode("utf-8-sig")
        return list(csv.reader(io.StringIO(text, newline="")))[1:]

    assert [row[:2] for row in rows("waiting")] == [["Joel Price", maya.record_number]]
    assert rows("reviewed") == []
    acts.review(
        access, finding=EmergencyAccess.Finding.APPROPRIATE, words="=SUM(1)", by=marcus, at=clock.now()
    )
    assert rows("waiting") == []
    assert rows("reviewed")[0][5:] == ["Appropriate", "Marcus Bell", "2026-11-23 09:00", "'=SUM(1)"]
    assert AuditEvent.objects.filter(did="took out as a file").count() == 4
    assert clinic.client(joel).get("/staff/emergency/?as=csv&list=waiting").status_code == 403


def test_nobody_looks_over_their_own(clinic, maya, joel):
    opened(maya, joel)
    access = EmergencyAccess.objects.get()
    clinic.user(Role.NURSE, "Joel Price")
    joel.memberships.create(
        organization=clinic.organization, center=clinic.center, role=Role.CLINICAL_SUPERVISOR
    )
    again = type(joel).objects.get(pk=joel.pk)
    with pytest.raises(Refused, match="Somebody else looks it over"):
        acts.review(
            access, finding=EmergencyAccess.Finding.APPROPRIATE, words="Fine", by=again, at=clock.now()
        )
    assert (
        "You opened this chart yourself"
        in clinic.client(again).get(f"/staff/emergency/{access.pk}/").content.decode()
    )
    with pytest.raises(IntegrityError, match="by_another"), transaction.atomic():
        EmergencyAccess.objects.update(
            reviewed_by=joel, reviewed_at=clock.now(), finding="appropriate", finding_words="Fine"
        )


def test_two_who_look_over_at_once_do_not_overwrite_each_other(clinic, maya, joel, marcus):
    access = opened(maya, joel)
    director = clinic.user(Role.DIRECTOR)
    acts.review(
        access, finding=EmergencyAccess.Finding.APPROPRIATE, words="Right.", by=marcus, at=clock.now()
    )
    with pytest.raises(ChangedMeanwhile):
        acts.review(
            access, finding=EmergencyAccess.Finding.NOT_APPROPRIATE, words="No.", by=director, at=clock.now()
        )


def test_only_reviewers_see_the_list(clinic, maya, joel):
    access = opened(maya, joel)
    for role in (Role.COUNSELOR, Role.FRONT_DESK, Role.BILLER, Role.ADMINISTRATOR):
        client = clinic.client(clinic.user(role))
        assert client.get("/staff/emergency/").status_code == 403
        assert client.get(f"/staff/emergency/{access.pk}/").status_code == 404


def test_what_was_said_to_open_the_chart_stays_as_it_was_said(clinic, maya, joel):
    opened(maya, joel)
    with pytest.raises(IntegrityError, match="what is signed"), transaction.atomic():
        EmergencyAccess.objects.update(words="Nothing.")


def test_words_are_shown_as_words(clinic, maya, joel, marcus):
    hostile = "<script>alert(1)</script> {{ 7*7 }}"
    clinic.client(joel).post(page(maya), WHY | {"words": hostile})
    shown = clinic.client(marcus).get("/staff/emergency/").content.decode()
    assert "<script>alert(1)" not in shown
    assert "&lt;script&gt;" in shown


def test_a_chart_is_opened_in_the_part_that_somebody_has_at_this_center(clinic, maya, joel):
    joel.memberships.update(center=Center.objects.create(name="Birch Road", slug="birch-road"))
    joel.memberships.create(organization=clinic.organization, center=clinic.center, role=Role.COUNSELOR)
    assert opened(maya, joel).place.role == Role.COUNSELOR
