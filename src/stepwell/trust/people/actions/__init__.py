"""What may be done to any clinical record."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from stepwell.ground.kit.refusals import Refused
from stepwell.trust import audit
from stepwell.trust.access import Permission, Sight, may, require
from stepwell.trust.accounts.models import User
from stepwell.trust.people.models import ClinicalRecord, Patient


@transaction.atomic
def mark_in_error(record: ClinicalRecord, *, by: User, at: datetime, because: str) -> None:
    """Say that this should not have been written. It stays, struck out, with the reason.

    Raises Refused without a reason, or when it is struck out already.
    """
    require(by, Permission.MARK_IN_ERROR, record.patient)
    if record.struck_out_with is None:
        raise Refused(_("This is corrected where it was made."))
    require(by, record.struck_out_with, record.patient)
    if not because.strip():
        raise Refused(_("Say why this was entered in error."), field="because")
    record = type(record)._base_manager.select_for_update().get(pk=record.pk)
    if record.entered_in_error_at is not None:
        raise Refused(_("This is already marked as entered in error."))
    if objection := record.objection_to_striking_out():
        raise Refused(objection)
    record.strike_out(by=by, at=at, because=because.strip())
    audit.record(by=by, did=audit.Did.ENTERED_IN_ERROR, to=record)


def may_mark_in_error(kind: type[ClinicalRecord], patient: Patient | Sight, user: User) -> bool:
    """Whether to offer it: the same two permissions that the act asks."""
    return (
        kind.struck_out_with is not None
        and may(user, Permission.MARK_IN_ERROR, patient)
        and may(user, kind.struck_out_with, patient)
    )
