"""Every act leaves a trace that the application itself cannot take back."""

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from stepwell.trust import audit
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit.models import AuditEvent


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
