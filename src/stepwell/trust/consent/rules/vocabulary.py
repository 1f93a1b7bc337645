"""The words that consents and disclosures are made of."""

from enum import StrEnum


class RecipientKind(StrEnum):
    """Who would be told. Each kind asks for words of its own (42 CFR 2.31(a)(4), 2.34, 2.35 [V])."""

    TREATING_PROVIDER = "treating_provider"
    PAYER = "payer"
    COVERED_ENTITY = "covered_entity"
    INTERMEDIARY = "intermediary"
    CRIMINAL_JUSTICE = "criminal_justice"
    PERSON = "person"
    RESEARCHER = "researcher"
    PDMP = "pdmp"
    CENTRAL_REGISTRY = "central_registry"

    @property
    def is_under_hipaa(self) -> bool:
        """A covered entity or its business associate.

        That treating providers and payers are covered entities is usual, not certain [K]; we take it so [D], since the
        statement that follows from it warns the patient of more and not of less.
        """
        return self in UNDER_HIPAA


UNDER_HIPAA = frozenset({RecipientKind.TREATING_PROVIDER, RecipientKind.PAYER, RecipientKind.COVERED_ENTITY})


class Purpose(StrEnum):
    """What for."""

    TREATMENT = "treatment"
    PAYMENT = "payment"
    OPERATIONS = "operations"
    SUPPORT = "support"
    LIFE = "life"
    AT_REQUEST = "at_request"
    MONITORING = "monitoring"
    RESEARCH = "research"
    PRESCRIPTION_MONITORING = "prescription_monitoring"
    ONE_ENROLLMENT = "one_enrollment"
    FUNDRAISING = "fundraising"
    LEGAL_PROCEEDING = "legal_proceeding"


#: Treatment, payment and health care operations.
TPO = frozenset({Purpose.TREATMENT, Purpose.PAYMENT, Purpose.OPERATIONS})


class Segment(StrEnum):
    """A part of the record that can be told by itself. What is in it comes from the room that keeps it."""

    ATTENDANCE = "attendance"
    EPISODE = "episode"
    PLAN = "plan"
    MEDICATION = "medication"
    DRUG_TESTS = "drug_tests"
    MEASURES = "measures"
    NOTES = "notes"
    BILLING = "billing"
    COUNSELING_NOTES = "counseling_notes"


class Expiry(StrEnum):
    """How a consent says until when it holds (2.31(a)(7) [V])."""

    ON_DATE = "on_date"
    END_OF_TREATMENT = "end_of_treatment"
    END_OF_STUDY = "end_of_study"
    NEVER = "none"
    EVENT = "event"


class Signer(StrEnum):
    """Who signs (2.31(a)(8) [V]): the patient; a guardian where 2.14 asks for it; a representative under 2.15."""

    PATIENT = "patient"
    GUARDIAN = "guardian"
    REPRESENTATIVE = "representative"


class LegalBasis(StrEnum):
    """Why something may leave. Only consent acts today; the rest is named so that it has a place, and is refused."""

    CONSENT = "consent"
    MEDICAL_EMERGENCY = "medical_emergency"  # 2.51 [V]
    CRIME_ON_PREMISES = "crime_on_premises"  # 2.12(c)(5) [V]
    CHILD_ABUSE_REPORT = "child_abuse_report"  # 2.12(c)(6) [V]
    SERVICE_ORGANIZATION = "service_organization"  # 2.12(c)(4) [V]
    COURT_ORDER = "court_order"  # 2.61 to 2.67 [V]: never a subpoena alone
    AUDIT = "audit"  # 2.53 [K]
    RESEARCH = "research"  # 2.52 [K]
    PUBLIC_HEALTH = "public_health"  # 2.54 [K]
    CAUSE_OF_DEATH = "cause_of_death"  # 2.15 [K]
