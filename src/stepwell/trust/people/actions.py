"""What may be done to any clinical record, and to a care team."""

from datetime import date, datetime

from django.db import transaction

from stepwell.ground.kit.refusals import Refused
from stepwell.trust import audit
from stepwell.trust.access import Permission, require
from stepwell.trust.accounts.models import User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.people.models import CareTeamMember, ClinicalRecord, Patient, Practitioner


@transaction.atomic
def mark_in_error(record: ClinicalRecord, *, by: User, at: datetime, because: str) -> None:
    """Say that this should not have been written. It stays, struck out, with the reason.

    Raises Refused without a reason, or when it is struck out already.
    """
    require(by, Permission.MARK_IN_ERROR, record.patient)
    if not because.strip():
        raise Refused("Say why this was entered in error.", field="because")
    record = type(record)._base_manager.select_for_update().get(pk=record.pk)
    if record.entered_in_error_at is not None:
        raise Refused("This is already marked as entered in error.")
    record.strike_out(by=by, at=at, because=because.strip())
    audit.record(by=by, did=audit.Did.ENTERED_IN_ERROR, to=record, because=because.strip())


def join_care_team(patient: Patient, practitioner: Practitioner, role: Role, *, on: date) -> CareTeamMember:
    """Put somebody on a care team, if they are not on it in that part. A step of a larger act, which records it."""
    member, _ = CareTeamMember.objects.get_or_create(
        patient=patient, practitioner=practitioner, role=role, ended_on=None, defaults={"started_on": on}
    )
    return member
