"""Every act leaves a trace that the application itself cannot take back."""

import pytest
from django.contrib.auth.signals import user_login_failed
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from stepwell.trust import audit
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit.events import Whence, fingerprint, whence
from stepwell.trust.audit.models import AuditEvent, SignInEvent


def test_an_event_says_who_did_what_to_whom(clinic):
    dana = clinic.user(Role.COUNSELOR, "Dana Whitfield")
    maya = clinic.patient("Maya Reyes")
    audit.record(by=dana, did=audit.Did.OPENED, to=maya, because="treatment")
    event = AuditEvent.objects.get()
    assert (event.by_name, event.did, event.to_type, event.patient_id) == (
        "Dana Whitfield",
        audit.Did.OPENED,
        "people.Patient",
        maya.id,
    )


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_auditevent SET because = ''", "DELETE FROM audit_auditevent"]
)
def test_the_app_can_neither_change_nor_remove_an_event(clinic, statement):
    audit.record(by=clinic.user(Role.COUNSELOR), did=audit.Did.SIGNED)
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_an_act_undone_leaves_no_event_but_its_refusal_stays(clinic):
    dana = clinic.user(Role.COUNSELOR, "Dana Whitfield")
    with transaction.atomic():
        audit.record(by=dana, did=audit.Did.SIGNED)
        transaction.set_rollback(True)
    audit.record_apart(clinic.organization.id, by=dana, did=audit.Did.WAS_REFUSED, because="sign a note")
    assert [event.did for event in AuditEvent.objects.all()] == [audit.Did.WAS_REFUSED]


def test_an_event_says_in_which_part_what_for_and_from_where(clinic):
    dana = clinic.user(Role.COUNSELOR, "Dana O'Brien-Núñez")
    token = whence.set(Whence("/staff/people/" + "x" * 300, "2001:db8::7", fingerprint("secret")))
    audit.record(by=dana, did=audit.Did.OPENED, to=clinic.patient(), because="50 % of \\ 'it' {%s}")
    whence.reset(token)
    event = AuditEvent.objects.get()
    assert (event.by_name, event.by_roles, event.purpose) == (
        "Dana O'Brien-Núñez",
        ["counselor"],
        "treatment",
    )
    assert (event.came_from, len(event.address), event.because) == (
        "2001:db8::7",
        200,
        "50 % of \\ 'it' {%s}",
    )
    assert len(event.session) == 16
    assert "secret" not in event.session
    assert event.number > 0


def test_a_list_is_one_event_that_names_each_person_once(clinic):
    maya, devon = clinic.patient("Maya Reyes"), clinic.patient("Devon Thackery")
    audit.record(by=clinic.user(Role.COUNSELOR), did=audit.Did.LISTED, patients=[maya.pk, devon.pk, maya.pk])
    event = AuditEvent.objects.get()
    assert (event.patients, event.how_many, event.patient_id) == ([maya.pk, devon.pk], 2, None)


def test_one_statement_records_an_act_about_several_people(clinic, django_assert_num_queries):
    dana, people = (
        clinic.user(Role.COUNSELOR),
        [clinic.patient("Maya Reyes"), clinic.patient("Devon Thackery")],
    )
    assert dana.roles
    with django_assert_num_queries(1):
        audit.record_each(by=dana, did=audit.Did.OPENED, to=clinic.room, patients=people)
    assert {event.patient_id for event in AuditEvent.objects.all()} == {one.pk for one in people}


def test_what_a_job_does_is_recorded_without_a_person(clinic):
    audit.record(by=None, did=audit.Did.SENT)
    event = AuditEvent.objects.get()
    assert (event.by_id, event.by_name, event.by_roles, event.purpose) == (None, "", [], "operations")


def test_a_failed_sign_in_says_whose_and_not_what_was_typed(clinic, client):
    dana = clinic.user(Role.COUNSELOR, "Dana Whitfield")
    for typed, whose in ((dana.email.upper(), dana.pk), ("nobody@example.org", None)):
        user_login_failed.send(__name__, credentials={"username": typed}, request=None)
        event = SignInEvent.objects.order_by("-number")[0]
        assert (event.did, event.by_id) == ("failed to sign in", whose)
