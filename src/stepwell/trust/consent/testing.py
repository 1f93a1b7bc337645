"""Consents for tests: the least that is valid, signed as their patient would."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

from stepwell.ground.kit import clock
from stepwell.trust.accounts.models import User
from stepwell.trust.consent import actions
from stepwell.trust.consent.actions import Given, Terms
from stepwell.trust.consent.disclosing import Request, Sent, disclose
from stepwell.trust.consent.models import Consent, Disclosure
from stepwell.trust.consent.rules.vocabulary import Expiry, Purpose, RecipientKind, Segment
from stepwell.trust.people.models import Patient


def terms(patient: Patient, **more: Any) -> Terms:
    """A sister may know attendance, for 90 days."""
    sister = Terms(
        recipient_kind=RecipientKind.PERSON,
        recipients=("Elena Reyes",),
        segments=frozenset({Segment.ATTENDANCE}),
        purposes=frozenset({Purpose.SUPPORT}),
        expiry=Expiry.ON_DATE,
        expires_on=clock.today(patient.center.time_zone) + timedelta(days=90),
    )
    return replace(sister, **more)


def prepared(patient: Patient, *, by: User, **more: Any) -> Consent:
    return actions.prepare(patient, terms(patient, **more), by=by, at=clock.now())


def given(consent: Consent, **more: Any) -> Given:
    """The signature of somebody who read the text as it stands."""
    segments = more.pop("segments", frozenset(map(Segment, consent.segments)))
    language = more.pop("language", "en")
    signature = Given(
        name=consent.patient.name,
        read=consent.wording_in(language, segments).fingerprint,
        language=language,
        segments=segments,
        how=Consent.How.OWN_PHONE,
        on=consent.today,
    )
    return replace(signature, **more)


def signed(patient: Patient, *, by: User, **more: Any) -> Consent:
    """Prepared by one of the staff, signed by the patient on their own phone, or else on paper."""
    consent = prepared(patient, by=by, **more)
    if patient.user is not None:
        return actions.sign_own(consent, given(consent), by=patient.user, at=clock.now())
    on_paper = given(consent, how=Consent.How.PAPER)
    return actions.record_signature(consent, on_paper, by=by, at=clock.now())


ATTENDANCE = Request(
    to="Elena Reyes",
    kind=RecipientKind.PERSON,
    purpose=Purpose.SUPPORT,
    segments=frozenset({Segment.ATTENDANCE}),
    address="12 Elm Street, Dayton",
)


def disclosed(patient: Patient, *, by: User, request: Request = ATTENDANCE) -> Sent:
    return disclose(patient, request, how=Disclosure.How.PRINTED, key=uuid4(), by=by, at=clock.now())
