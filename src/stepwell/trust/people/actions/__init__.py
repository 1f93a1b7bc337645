"""What may be done to any clinical record, and a patient's own sign-in."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from stepwell.ground.kit.refusals import Refused
from stepwell.trust import audit
from stepwell.trust.access import Permission, may, require
from stepwell.trust.accounts.models import Membership, User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.accounts.welcome import has_come_in, welcome_link
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


def may_mark_in_error(kind: type[ClinicalRecord], patient: Patient, user: User) -> bool:
    """Whether to offer it: the same two permissions that the act asks."""
    return (
        kind.struck_out_with is not None
        and may(user, Permission.MARK_IN_ERROR, patient)
        and may(user, kind.struck_out_with, patient)
    )


@transaction.atomic
def give_sign_in(patient: Patient, *, email: str, by: User, at: datetime) -> User:
    """Make a sign-in for a patient. It opens with a link that they use once, to choose a password of their own.

    Raises Refused for somebody who has one already, and for an address that another person signs in with.
    """
    require(by, Permission.GIVE_SIGN_IN, patient)
    patient = Patient.objects.select_for_update(of=("self",)).get(pk=patient.pk)
    if patient.user is not None:
        raise Refused(_("%(name)s has a sign-in already.") % {"name": patient.called})
    try:
        with transaction.atomic():
            user = User.objects.create_user(email, patient.name, language=patient.language)
    except IntegrityError as error:
        raise Refused(_("This email cannot be used here. Ask for another one."), field="email") from error
    Membership.objects.create(
        user=user, organization=patient.organization, center=patient.center, role=Role.PATIENT
    )
    patient.user = user
    patient.save(update_fields=["user"])
    audit.record(by=by, did=audit.Did.CREATED, to=patient, because="a sign-in")
    return user


@transaction.atomic
def show_welcome_link(patient: Patient, *, by: User, at: datetime) -> str:
    """The path that opens a new sign-in, for whoever hands it over. Every showing is recorded.

    Raises Refused once the patient has come in: from then on nobody but the patient holds a key.
    """
    require(by, Permission.GIVE_SIGN_IN, patient)
    if patient.user is None or has_come_in(patient.user):
        raise Refused(
            _("%(name)s has come in already. There is no link any more.") % {"name": patient.called}
        )
    audit.record(by=by, did=audit.Did.OPENED, to=patient, because="the welcome link")
    return welcome_link(patient.user)
