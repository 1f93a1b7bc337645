"""Who looked at my record: by name and part, when, why, and how often."""

import pytest

from stepwell.doors.testing import read
from stepwell.trust import audit
from stepwell.trust.accounts.roles import Role


@pytest.fixture
def me(clinic, maya):
    return clinic.client(clinic.patient_user(maya))


def test_i_see_who_opened_my_record_when_and_why(clinic, maya, dana, bell, me):
    clinic.client(bell).get(f"/staff/people/{maya.pk}/")
    clinic.client(bell).get(f"/staff/people/{maya.pk}/")
    words = read(me, "/me/privacy/looks/")
    assert "Today, Monday, November 23" in words
    assert "Marcus Bell, clinical supervisor 9:00 AM, 2 times Read your record. To care for you." in words


def test_the_front_desk_saw_how_to_reach_me_and_not_my_record(clinic, maya, me):
    desk = clinic.client(clinic.user(Role.FRONT_DESK, "Tess Nguyen"))
    assert desk.get(f"/staff/people/{maya.pk}/particulars/").status_code == 200
    words = read(me, "/me/privacy/looks/")
    assert "Tess Nguyen, front desk 9:00 AM Saw your name, your visits or how to reach you." in words
    assert "Read your record" not in words


def test_in_spanish_too(clinic, maya, bell):
    me = clinic.client(clinic.patient_user(maya, language="es"))
    clinic.client(bell).get(f"/staff/people/{maya.pk}/")
    words = read(me, "/me/privacy/looks/")
    assert "Quién miró mi expediente" in words
    assert "Marcus Bell, supervisión clínica" in words
    assert "Leyó su expediente. Para atenderle." in words


def test_my_own_looks_are_there_when_i_ask(me, maya):
    me.get("/me/")
    assert "Your own look." not in read(me, "/me/privacy/looks/")
    words = read(me, "/me/privacy/looks/?show=all")
    assert "You 9:00 AM" in words


def test_i_see_who_saw_my_name_on_a_list(clinic, maya, dana, me):
    clinic.client(dana).get("/staff/caseload/")
    words = read(me, "/me/privacy/looks/?show=lists")
    assert "Dana Whitfield, counselor 9:00 AM Saw your name on a list." in words


def test_what_was_taken_out_is_said_by_itself(clinic, maya, bell, me):
    audit.record(by=bell, did=audit.Did.PRINTED, to=maya)
    assert "Printed a part." in read(me, "/me/privacy/looks/")


def test_looks_at_records_that_were_merged_into_mine_at_any_remove_are_told(clinic, maya, bell, me):
    between = clinic.patient("Maya Okafor", merged_into=maya)
    audit.record(by=bell, did=audit.Did.PRINTED, to=clinic.patient("Maya Reed", merged_into=between))
    assert "Printed a part." in read(me, "/me/privacy/looks/")


def test_a_look_in_an_emergency_is_told(clinic, maya, me):
    nurse = clinic.user(Role.NURSE, "Grace Oduya")
    audit.record(by=nurse, did=audit.Did.OPENED_IN_EMERGENCY, to=maya, purpose=audit.Purpose.EMERGENCY)
    words = read(me, "/me/privacy/looks/")
    assert "Opened it without being on your care team. In an emergency." in words


def test_somebody_who_was_refused_saw_nothing_and_is_not_there(clinic, maya, bell, me):
    audit.record(by=bell, did=audit.Did.WAS_REFUSED, patient=maya, because="merge records")
    assert "Marcus Bell" not in read(me, "/me/privacy/looks/")


def test_nobody_elses_looks_are_there(clinic, maya, devon, bell, me):
    clinic.client(bell).get(f"/staff/people/{devon.pk}/")
    assert "Marcus Bell" not in read(me, "/me/privacy/looks/")


def test_my_privacy_leads_there(me):
    assert "See who looked at my record" in read(me, "/me/privacy/")
