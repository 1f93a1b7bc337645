"""What is done at an admission: naloxone offered, and what came of it written down."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from stepwell.care.admission.models import NaloxoneOffer
from stepwell.care.admission.rules import naloxone
from stepwell.care.admission.rules.naloxone import Outcome
from stepwell.ground.kit.refusals import Refused
from stepwell.trust import audit
from stepwell.trust.access import Permission, require
from stepwell.trust.accounts.models import User
from stepwell.trust.people.models import Patient


@transaction.atomic
def record_naloxone(
    patient: Patient,
    *,
    outcome: Outcome,
    on: date,
    expires_on: date | None = None,
    because: str = "",
    by: User,
    at: datetime,
) -> NaloxoneOffer:
    """Write down one offer. The very same from the same hand on the same day is a double click, and stays one."""
    require(by, Permission.OFFER_NALOXONE, patient)
    because = because.strip()
    if naloxone.asks_why(outcome) and not because:
        raise Refused(_("Say why it was not offered."), field="because")
    if on > patient.center.day_of(at):
        raise Refused(_("That day has not come yet."), field="on")
    if expires_on is not None and outcome not in naloxone.IN_HAND:
        raise Refused(_("Only a box in their hands has a date. Leave this empty."), field="expires_on")
    Patient.objects.select_for_update(of=("self",)).get(pk=patient.pk)  # Two clicks wait for each other.
    last = NaloxoneOffer.objects.last_for(patient)
    said = (outcome.value, on, expires_on, because, by.pk)
    if last and said == (
        last.outcome,
        last.offered_on,
        last.expires_on,
        last.because,
        last.recorded_by_id,
    ):
        return last
    offer = NaloxoneOffer.objects.create(
        patient=patient,
        outcome=outcome,
        offered_on=on,
        expires_on=expires_on,
        because=because,
        recorded_by=by,
        recorded_at=at,
    )
    audit.record(by=by, did=audit.Did.CREATED, to=offer)
    return offer
