"""What is done with a consent: prepared, signed, declined, taken back, ended; and what it waits for, come."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from stepwell.ground.kit.refusals import ChangedMeanwhile, Refused
from stepwell.trust import audit
from stepwell.trust.access import Permission, require
from stepwell.trust.accounts.models import User
from stepwell.trust.consent import words
from stepwell.trust.consent.models import Consent
from stepwell.trust.consent.rules.elements import (
    Element,
    Mixture,
    missing_before_signing,
    missing_elements,
    mixtures,
)
from stepwell.trust.consent.rules.life_cycle import Status, Step, after
from stepwell.trust.consent.rules.vocabulary import Expiry, Purpose, RecipientKind, Segment, Signer
from stepwell.trust.people.documents import Document
from stepwell.trust.people.models import Patient


@dataclass(frozen=True)
class Terms:
    """What a consent is to say. The names of its fields are those of the consent."""

    recipient_kind: RecipientKind
    recipients: tuple[str, ...]
    segments: frozenset[Segment]
    purposes: frozenset[Purpose]
    expiry: Expiry | None
    expires_on: date | None = None
    expires_event: str = ""
    recipient_address: str = ""
    detail: str = ""
    names_a_class: bool = False
    participants: tuple[str, ...] = ()
    any_participant: bool = False
    condition: str = ""
    revocable_from: date | None = None
    revocable_event: str = ""


class NotWhole(Refused):
    """A consent that lacks something, or mixes what must stand alone: each by its name."""

    def __init__(self, missing: tuple[Element, ...], mixed: tuple[Mixture, ...] = ()) -> None:
        self.sentences = tuple(words.what_is_wrong(missing, mixed))
        super().__init__(" ".join(sentence for _field, sentence in self.sentences))
        self.missing, self.mixed = missing, mixed


def drafted(patient: Patient, terms: Terms, *, by: User, at: datetime) -> Consent:
    """A consent with these terms, not stored: to be read before it is given."""
    return Consent(
        patient=patient,
        discloser=patient.center.name,
        recipient_kind=terms.recipient_kind,
        recipients=[] if terms.names_a_class else list(terms.recipients),
        recipient_address=terms.recipient_address,
        names_a_class=terms.names_a_class,
        participants=list(terms.participants),
        any_participant=terms.any_participant,
        segments=[segment.value for segment in Segment if segment in terms.segments],
        detail=terms.detail.strip(),
        purposes=[purpose.value for purpose in Purpose if purpose in terms.purposes],
        expiry=terms.expiry or "",
        expires_on=terms.expires_on if terms.expiry is Expiry.ON_DATE else None,
        expires_event=terms.expires_event.strip() if terms.expiry is Expiry.EVENT else "",
        condition=terms.condition.strip(),
        revocable_from=terms.revocable_from,
        revocable_event=terms.revocable_event.strip(),
        recorded_by=by,
        recorded_at=at,
    )


def check(consent: Consent) -> None:
    """Raise NotWhole with everything that a consent to be signed lacks or mixes; Refused when its day has passed."""
    written = consent.written
    missing, mixed = missing_before_signing(written), mixtures(written)
    if missing or mixed:
        raise NotWhole(missing, mixed)
    if consent.expires_on is not None and consent.expires_on < consent.today:
        raise Refused(_("That day has passed. Choose a later one."), field="expires_on")


@transaction.atomic
def prepare(patient: Patient, terms: Terms, *, by: User, at: datetime) -> Consent:
    """Give the patient a consent to read. Raises NotWhole with everything that is missing, by name."""
    require(by, Permission.PREPARE_CONSENT, patient)
    return _prepare(patient, terms, by=by, at=at)


@transaction.atomic
def prepare_own(patient: Patient, terms: Terms, *, by: User, at: datetime) -> Consent:
    """The patient begins a consent themself, and reads it before they sign."""
    require(by, Permission.SIGN_OWN_CONSENT, patient)
    return _prepare(patient, terms, by=by, at=at)


def _prepare(patient: Patient, terms: Terms, *, by: User, at: datetime) -> Consent:
    consent = drafted(patient, terms, by=by, at=at)
    check(consent)
    consent.save()
    audit.record(by=by, did=audit.Did.CREATED, to=consent, because="consent to read and sign")
    return consent


@dataclass(frozen=True)
class Given:
    """A signature as it was given. ``read`` is the fingerprint of the text that was read."""

    name: str
    read: str
    language: str
    segments: frozenset[Segment]
    how: Consent.How
    on: date
    signer: Signer = Signer.PATIENT
    authority: str = ""
    came_from: str | None = None


@transaction.atomic
def sign_own(consent: Consent, given: Given, *, by: User, at: datetime) -> Consent:
    """The patient signs what is on their own phone, or less of it.

    Raises ChangedMeanwhile when the text they chose is not the one they read: they read it first, then sign.
    """
    require(by, Permission.SIGN_OWN_CONSENT, consent.patient)
    return _sign(consent, given, by=by, at=at)


@transaction.atomic
def record_signature(consent: Consent, given: Given, *, by: User, at: datetime) -> Consent:
    """Somebody of the staff records a signature that was given here, on our screen or on paper."""
    require(by, Permission.PREPARE_CONSENT, consent.patient)
    if given.on > consent.today:
        raise Refused(_("That day has not come yet."), field="on")
    return _sign(consent, given, by=by, at=at)


def _sign(consent: Consent, given: Given, *, by: User, at: datetime) -> Consent:
    consent = _locked(consent)
    if consent.status is Status.SIGNED and consent.wording_fingerprint == given.read:
        return consent  # Pressed twice.
    _step(consent, Step.SIGN)
    if not given.segments:
        raise Refused(_("Choose at least one, or say no."), field="segments")
    if not given.segments <= set(map(Segment, consent.segments)):
        raise ChangedMeanwhile(_("This text has changed. Read it again, then sign."))
    wording = consent.wording_in(given.language, given.segments)
    if wording.fingerprint != given.read:
        raise ChangedMeanwhile(_("This is what you chose now. Read it once more, then sign."))
    consent.segments = [segment.value for segment in Segment if segment in given.segments]
    check(consent)
    consent.signed_at, consent.signed_on, consent.signed_by = at, given.on, by
    consent.signed_how, consent.signed_from = given.how, given.came_from
    consent.signature_name, consent.signer = " ".join(given.name.split()), given.signer
    consent.signer_authority = "" if given.signer is Signer.PATIENT else given.authority.strip()
    consent.wording, consent.wording_fingerprint = wording.stored(), wording.fingerprint
    if missing := missing_elements(consent.written):
        raise NotWhole(missing)
    consent.save()
    audit.record(
        by=by,
        did=audit.Did.SIGNED,
        to=consent,
        because="on paper" if given.how is Consent.How.PAPER else "on a screen",
    )
    return consent


@transaction.atomic
def link_scan(consent: Consent, scan: Document, *, by: User, at: datetime) -> Consent:
    """Say which scan is the paper that was signed. What was signed does not change by it."""
    require(by, Permission.PREPARE_CONSENT, consent.patient)
    consent = _locked(consent)
    if consent.signed_how != Consent.How.PAPER:
        raise Refused(_("This consent was not signed on paper."), field="scan")
    if scan.patient_id != consent.patient_id or scan.entered_in_error_at is not None:
        raise Refused(_("Choose a signed paper of this person."), field="scan")
    if consent.scan_id == scan.pk:
        return consent
    consent.scan = scan
    consent.save(update_fields=["scan"])
    audit.record(by=by, did=audit.Did.CHANGED, to=consent, because="its scan")
    return consent


@transaction.atomic
def decline(consent: Consent, *, by: User, at: datetime) -> Consent:
    """The patient says no. Nothing more is asked of them."""
    require(by, Permission.SIGN_OWN_CONSENT, consent.patient)
    consent = _locked(consent)
    if consent.status is Status.DECLINED:
        return consent
    _step(consent, Step.DECLINE)
    consent.declined_at, consent.declined_by = at, by
    consent.save(update_fields=["declined_at", "declined_by"])
    audit.record(by=by, did=audit.Did.ANSWERED, to=consent, because="said no")
    return consent


@transaction.atomic
def withdraw(consent: Consent, *, by: User, at: datetime) -> Consent:
    """Take back a consent that nobody has signed."""
    require(by, Permission.PREPARE_CONSENT, consent.patient)
    consent = _locked(consent)
    if consent.status is Status.WITHDRAWN:
        return consent
    _step(consent, Step.WITHDRAW)
    consent.withdrawn_at, consent.withdrawn_by = at, by
    consent.save(update_fields=["withdrawn_at", "withdrawn_by"])
    audit.record(by=by, did=audit.Did.CANCELLED, to=consent, because="taken back before it was signed")
    return consent


@transaction.atomic
def revoke(consent: Consent, *, how: Consent.Ending, said: str = "", by: User, at: datetime) -> Consent:
    """The patient ends it: from here on nothing more is told under it. What was told before stands.

    The row is locked, so that a disclosure is either finished and in the log, or refused.
    """
    require(by, Permission.REVOKE_CONSENT, consent.patient)
    consent = _locked(consent)
    if consent.status is Status.REVOKED:
        return consent
    _step(consent, Step.REVOKE)
    if not consent.may_be_ended_today:
        raise Refused(_("It cannot be ended yet: the text says from when."))
    consent.revoked_at, consent.revoked_by = at, by
    consent.revoked_how, consent.revoked_words = how, said.strip()[:500]
    consent.save(update_fields=["revoked_at", "revoked_by", "revoked_how", "revoked_words"])
    audit.record(by=by, did=audit.Did.REVOKED, to=consent, because="ended by the patient")
    return consent


@transaction.atomic
def record_event(consent: Consent, *, on: date, by: User, at: datetime) -> Consent:
    """What the consent was to end with has come: from that day on it holds no more."""
    require(by, Permission.REVOKE_CONSENT, consent.patient)
    consent = _locked(consent)
    if not consent.awaits_event:
        raise Refused(_("This consent does not wait for an event."))
    _not_to_come(consent, on)
    _let_end(consent, on=on, by=by)
    return consent


@transaction.atomic
def record_end_of_binding(consent: Consent, *, on: date, by: User, at: datetime) -> Consent:
    """What bound the patient to a consent for a court is over: from that day on they may end it (2.35 [V])."""
    require(by, Permission.REVOKE_CONSENT, consent.patient)
    consent = _locked(consent)
    if not consent.awaits_end_of_binding:
        raise Refused(_("This consent may be ended by its own words already."))
    _not_to_come(consent, on)
    consent.revocable_from = on
    consent.save(update_fields=["revocable_from"])
    audit.record(by=by, did=audit.Did.CHANGED, to=consent, because="the patient may end it now")
    return consent


def treatment_ended(patient: Patient, *, on: date, by: User) -> None:
    """Let the consents that hold until the end of the treatment end. A step of a larger act, which asks who may."""
    holding = Consent.objects.select_for_update(of=("self",)).signed().filter(patient=patient, event_on=None)
    for consent in holding.filter(expiry=Expiry.END_OF_TREATMENT).order_by("pk"):
        _let_end(consent, on=on, by=by)


def _let_end(consent: Consent, *, on: date, by: User) -> None:
    consent.event_on, consent.event_by = on, by
    consent.save(update_fields=["event_on", "event_by"])
    audit.record(by=by, did=audit.Did.ENDED, to=consent, because="what it was to end with has come")


def _not_to_come(consent: Consent, on: date) -> None:
    if on > consent.today:
        raise Refused(_("That day has not come yet."), field="on")
    if consent.signed_on is not None and on < consent.signed_on:
        raise Refused(_("That is before it was signed."), field="on")


def _step(consent: Consent, step: Step) -> None:
    """Refuse what is not a step from where this consent stands."""
    if consent.entered_in_error_at is not None:
        raise Refused(_("This consent is marked as entered in error."))
    if after(consent.status, step) is None:
        raise Refused(str(_NOT_NOW[consent.status]()))


_NOT_NOW = {
    Status.WAITING: lambda: _("This is not signed yet."),
    Status.SIGNED: lambda: _("This is signed already."),
    Status.DECLINED: lambda: _("The answer was no. Ask for a new one if that has changed."),
    Status.WITHDRAWN: lambda: _("This was taken back. Nothing is left to sign."),
    Status.REVOKED: lambda: _("This has ended. Ask for a new one if you want it again."),
}


def _locked(consent: Consent) -> Consent:
    rows = Consent.objects.select_for_update(of=("self",)).select_related("patient__center")
    return rows.get(pk=consent.pk)
