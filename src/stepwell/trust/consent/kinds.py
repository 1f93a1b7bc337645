"""What a consent for each kind of recipient asks, and how its form begins. The beginnings are ours [D]."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stepwell.trust.consent.rules.vocabulary import (
    Expiry,
    LegalBasis,
    Purpose,
    RecipientKind,
    Segment,
    Signer,
)

K, P, S, E = RecipientKind, Purpose, Segment, Expiry


@dataclass(frozen=True)
class KindOfConsent:
    """``purposes`` are those that may be chosen; the first of them is chosen to begin with."""

    label: Promise
    about: Promise
    recipients: Promise
    purposes: tuple[Purpose, ...]
    segments: tuple[Segment, ...]
    expiries: tuple[Expiry, ...] = (E.ON_DATE, E.EVENT)
    days: int = 365
    extra: tuple[str, ...] = ()
    icon: str = "person"


_FOR_TPO = (E.END_OF_TREATMENT, E.ON_DATE, E.NEVER, E.EVENT)
_TPO = (P.TREATMENT, P.PAYMENT, P.OPERATIONS)

KINDS: Mapping[RecipientKind, KindOfConsent] = {
    K.PERSON: KindOfConsent(
        _("Family, a friend or another person"),
        _("A sister, a partner, a sponsor, an employer, a lawyer."),
        _("Their name. One person on a line."),
        (P.SUPPORT, P.LIFE, P.AT_REQUEST, P.LEGAL_PROCEEDING),
        (S.ATTENDANCE,),
        days=90,
        icon="heart",
    ),
    K.TREATING_PROVIDER: KindOfConsent(
        _("A doctor, clinic or other treating provider"),
        _("Somebody who treats the patient, too."),
        _("Their name, or that of their clinic. One on a line."),
        (*_TPO, P.AT_REQUEST),
        (S.EPISODE, S.PLAN, S.MEDICATION),
        _FOR_TPO,
        extra=("names_a_class",),
        icon="pulse",
    ),
    K.PAYER: KindOfConsent(
        _("A health plan or other payer"),
        _("Whoever pays for this care."),
        _("The name of the plan. One on a line."),
        (P.PAYMENT, P.OPERATIONS, P.TREATMENT),
        (S.ATTENDANCE, S.EPISODE, S.BILLING),
        _FOR_TPO,
        extra=("names_a_class",),
        icon="receipt",
    ),
    K.COVERED_ENTITY: KindOfConsent(
        _("Another covered entity, or a business associate"),
        _(
            "Under HIPAA, and neither treating nor paying: an auditor, a company that helps to run the program."
        ),
        _("Its name. One on a line."),
        (P.OPERATIONS, P.TREATMENT, P.PAYMENT, P.FUNDRAISING, P.LEGAL_PROCEEDING),
        (S.EPISODE,),
        _FOR_TPO,
        extra=("names_a_class",),
        icon="board",
    ),
    K.INTERMEDIARY: KindOfConsent(
        _("An intermediary, such as an exchange"),
        _(
            "It passes records on to its members. One that is a covered entity, a business associate or a treatment "
            "program under 42 CFR Part 2 is none: choose that kind in its place (2.11)."
        ),
        _("The name of the intermediary. One on a line."),
        (*_TPO, P.RESEARCH),
        (S.EPISODE, S.MEDICATION),
        _FOR_TPO,
        extra=("is_intermediary", "participants", "any_participant"),
        icon="users",
    ),
    K.CRIMINAL_JUSTICE: KindOfConsent(
        _("A court, probation or parole"),
        _(
            "Only where taking part is a condition of how the case is settled, of parole or of release, and only "
            "to those who watch over that (2.35)."
        ),
        _("The court or the officer by name. One on a line."),
        (P.MONITORING, P.LEGAL_PROCEEDING),
        (S.ATTENDANCE, S.EPISODE, S.DRUG_TESTS),
        days=180,
        extra=("condition", "revocable_from", "revocable_event"),
        icon="shield",
    ),
    K.RESEARCHER: KindOfConsent(
        _("A researcher"),
        _("For one study, by name."),
        _("The study and who leads it. One on a line."),
        (P.RESEARCH,),
        (S.EPISODE, S.MEASURES),
        (E.END_OF_STUDY, E.ON_DATE, E.EVENT),
        icon="flask",
    ),
    K.PDMP: KindOfConsent(
        _("A prescription monitoring program"),
        _("Before a medicine given here is reported to the state's list of prescriptions."),
        _("The name of the state's program. One on a line."),
        (P.PRESCRIPTION_MONITORING,),
        (S.MEDICATION,),
        icon="pill",
    ),
    K.CENTRAL_REGISTRY: KindOfConsent(
        _("A central registry"),
        _("So that nobody is enrolled for the same medicine in two programs (2.34)."),
        _("The name of each registry. One on a line."),
        (P.ONE_ENROLLMENT,),
        (S.EPISODE, S.MEDICATION),
        extra=("participants", "any_participant"),
        icon="board",
    ),
}

#: What the staff read of the rest.
SIGNERS: dict[Signer, Promise] = {
    Signer.PATIENT: _("The patient"),
    Signer.GUARDIAN: _("A parent or guardian"),
    Signer.REPRESENTATIVE: _("A personal representative"),
}
EXPIRIES: dict[Expiry, Promise] = {
    Expiry.ON_DATE: _("On a date"),
    Expiry.END_OF_TREATMENT: _("At the end of the treatment"),
    Expiry.END_OF_STUDY: _("At the end of the study"),
    Expiry.NEVER: _("None: until the patient ends it"),
    Expiry.EVENT: _("When something comes"),
}
BASES: dict[LegalBasis, Promise] = {
    LegalBasis.CONSENT: _("Written consent (2.31)"),
    LegalBasis.MEDICAL_EMERGENCY: _("Medical emergency (2.51)"),
    LegalBasis.CRIME_ON_PREMISES: _("A crime here or against staff (2.12(c)(5))"),
    LegalBasis.CHILD_ABUSE_REPORT: _("A report about harm to a child (2.12(c)(6))"),
    LegalBasis.SERVICE_ORGANIZATION: _("A qualified service organization (2.12(c)(4))"),
    LegalBasis.COURT_ORDER: _("A court order, with a subpoena (2.61 to 2.67)"),
    LegalBasis.AUDIT: _("Audit and evaluation (2.53)"),
    LegalBasis.RESEARCH: _("Research without consent (2.52)"),
    LegalBasis.PUBLIC_HEALTH: _("Public health, without names (2.54)"),
    LegalBasis.CAUSE_OF_DEATH: _("Cause of death (2.15)"),
}
