"""Every element that 42 CFR 2.31(a) asks for, by kind of recipient; and what must stand alone."""

from dataclasses import replace
from datetime import date

import pytest

from stepwell.trust.consent.rules.elements import (
    Element,
    Mixture,
    Statement,
    missing_before_signing,
    missing_elements,
    mixtures,
    needed_statements,
)
from stepwell.trust.consent.rules.record import Signature, WrittenConsent
from stepwell.trust.consent.rules.vocabulary import TPO, Expiry, Purpose, RecipientKind, Segment, Signer

E, K, P, S = Element, RecipientKind, Purpose, Segment
NOVEMBER_23, FEBRUARY_21 = date(2026, 11, 23), date(2027, 2, 21)

SISTER = WrittenConsent(
    key="1",
    patient="Maya Reyes",
    discloser="Alder Creek",
    segments=frozenset({S.ATTENDANCE}),
    recipient_kind=K.PERSON,
    recipients=("Elena Reyes",),
    purposes=frozenset({P.SUPPORT}),
    expiry=Expiry.ON_DATE,
    expires_on=FEBRUARY_21,
    signature=Signature("Maya Reyes"),
    signed_on=NOVEMBER_23,
    statements=frozenset({Statement.REVOKE}),
)
ALL_SAID = frozenset(Statement)
DOCTOR = replace(
    SISTER,
    recipient_kind=K.TREATING_PROVIDER,
    recipients=("Dr. Okafor",),
    purposes=frozenset({P.TREATMENT}),
    expiry=Expiry.END_OF_TREATMENT,
    expires_on=None,
    statements=ALL_SAID,
)
PAYER = replace(DOCTOR, recipient_kind=K.PAYER, purposes=frozenset({P.PAYMENT}))
ONE_FOR_ALL = replace(DOCTOR, recipients=(), names_a_class=True, purposes=TPO, expiry=Expiry.NEVER)
EXCHANGE = replace(
    DOCTOR, recipient_kind=K.INTERMEDIARY, recipients=("Valley Exchange",), any_participant=True
)
COURT = replace(
    SISTER,
    recipient_kind=K.CRIMINAL_JUSTICE,
    purposes=frozenset({P.MONITORING}),
    condition="probation in case 26-CR-104",
    revocable_event="the end of probation",
)
STUDY = replace(
    SISTER,
    recipient_kind=K.RESEARCHER,
    purposes=frozenset({P.RESEARCH}),
    expiry=Expiry.END_OF_STUDY,
    expires_on=None,
)
PDMP = replace(SISTER, recipient_kind=K.PDMP, purposes=frozenset({P.PRESCRIPTION_MONITORING}))
REGISTRY = replace(
    SISTER,
    recipient_kind=K.CENTRAL_REGISTRY,
    purposes=frozenset({P.ONE_ENROLLMENT}),
    participants=("Valley Clinic",),
)
COMPANY = replace(
    DOCTOR,
    recipient_kind=K.COVERED_ENTITY,
    purposes=frozenset({P.OPERATIONS, P.FUNDRAISING}),
    expiry=Expiry.ON_DATE,
    expires_on=FEBRUARY_21,
)
WHOLE = {
    "sister": SISTER,
    "doctor": DOCTOR,
    "payer": PAYER,
    "one for all": ONE_FOR_ALL,
    "exchange": EXCHANGE,
    "court": COURT,
    "study": STUDY,
    "pdmp": PDMP,
    "registry": REGISTRY,
    "company": COMPANY,
}


def test_there_is_a_whole_one_for_every_kind_of_recipient():
    assert {one.recipient_kind for one in WHOLE.values()} == set(K)


@pytest.mark.parametrize("consent", WHOLE.values(), ids=WHOLE)
def test_a_whole_consent_lacks_nothing(consent):
    assert missing_elements(consent) == ()
    assert mixtures(consent) == ()


LACKING = [
    (SISTER, {"patient": " "}, E.PATIENT),
    (SISTER, {"discloser": ""}, E.DISCLOSER),
    (SISTER, {"segments": frozenset()}, E.INFORMATION),
    (SISTER, {"recipients": ()}, E.RECIPIENT),
    (SISTER, {"recipients": ("  ",)}, E.RECIPIENT),
    (SISTER, {"names_a_class": True}, E.RECIPIENT),
    (SISTER, {"purposes": frozenset()}, E.PURPOSE),
    (SISTER, {"expiry": None}, E.EXPIRY),
    (SISTER, {"expires_on": None}, E.EXPIRY),
    (SISTER, {"expiry": Expiry.NEVER}, E.EXPIRY),
    (SISTER, {"expiry": Expiry.END_OF_TREATMENT}, E.EXPIRY),
    (SISTER, {"expiry": Expiry.END_OF_STUDY}, E.EXPIRY),
    (SISTER, {"expiry": Expiry.EVENT, "expires_event": " "}, E.EXPIRY),
    (DOCTOR, {"purposes": frozenset({P.TREATMENT, P.AT_REQUEST})}, E.EXPIRY),
    (SISTER, {"signature": None}, E.SIGNATURE),
    (SISTER, {"signature": Signature(" ")}, E.SIGNATURE),
    (SISTER, {"signature": Signature("Ana Reyes", Signer.GUARDIAN)}, E.AUTHORITY),
    (SISTER, {"signature": Signature("Ana Reyes", Signer.REPRESENTATIVE, " ")}, E.AUTHORITY),
    (SISTER, {"signed_on": None}, E.DATE),
    (SISTER, {"statements": frozenset()}, E.RIGHT_TO_REVOKE),
    (DOCTOR, {"statements": ALL_SAID - {Statement.REDISCLOSURE}}, E.REDISCLOSURE_STATEMENT),
    (DOCTOR, {"statements": ALL_SAID - {Statement.REFUSAL}}, E.REFUSAL_STATEMENT),
    (DOCTOR, {"statements": ALL_SAID - {Statement.HIPAA}}, E.HIPAA_STATEMENT),
    (PAYER, {"statements": ALL_SAID - {Statement.HIPAA}}, E.HIPAA_STATEMENT),
    (ONE_FOR_ALL, {"statements": ALL_SAID - {Statement.HIPAA}}, E.HIPAA_STATEMENT),
    (COMPANY, {"statements": ALL_SAID - {Statement.FUNDRAISING}}, E.FUNDRAISING_STATEMENT),
    (EXCHANGE, {"any_participant": False}, E.PARTICIPANTS),
    (REGISTRY, {"participants": ()}, E.PARTICIPANTS),
    (COURT, {"condition": ""}, E.CONDITION),
    (COURT, {"revocable_event": ""}, E.RIGHT_TO_REVOKE),
    (STUDY, {"purposes": frozenset({P.RESEARCH, P.AT_REQUEST})}, E.EXPIRY),
]


def names_of(lines):
    """A set prints in another order in every process, so a line is named by what it changes and what is missed."""
    return [
        f"{number}-{'-'.join(change)}-{element.name}" for number, (_, change, element) in enumerate(lines)
    ]


@pytest.mark.parametrize(("whole", "change", "element"), LACKING, ids=names_of(LACKING))
def test_what_is_missing_is_named(whole, change, element):
    assert element in missing_elements(replace(whole, **change))


def test_every_element_is_missed_by_some_line_above():
    assert {element for _whole, _change, element in LACKING} == set(Element)


def test_a_consent_that_waits_lacks_only_what_comes_with_the_signature():
    waiting = replace(SISTER, signature=None, signed_on=None)
    assert missing_elements(waiting) == (E.SIGNATURE, E.DATE)
    assert missing_before_signing(waiting) == ()


def test_a_guardian_signs_with_the_reason_why_they_may():
    by_mother = replace(SISTER, signature=Signature("Ana Reyes", Signer.GUARDIAN, "mother of a minor"))
    assert missing_elements(by_mother) == ()


def test_a_sister_is_told_no_hipaa_and_an_exchange_is_under_none():
    assert needed_statements(SISTER) == {Statement.REVOKE}
    assert Statement.HIPAA not in needed_statements(EXCHANGE)


@pytest.mark.parametrize("other", [s for s in S if s is not S.COUNSELING_NOTES])
def test_counseling_notes_stand_with_nothing_else(other):
    mixed = replace(SISTER, segments=frozenset({S.COUNSELING_NOTES, other}))
    assert mixtures(mixed) == (Mixture.COUNSELING_NOTES,)
    assert mixtures(replace(SISTER, segments=frozenset({S.COUNSELING_NOTES}))) == ()


@pytest.mark.parametrize("other", [p for p in P if p is not P.LEGAL_PROCEEDING])
def test_a_legal_proceeding_stands_with_no_other_purpose(other):
    mixed = replace(SISTER, purposes=frozenset({P.LEGAL_PROCEEDING, other}))
    assert mixtures(mixed) == (Mixture.LEGAL_PROCEEDING,)
    assert mixtures(replace(SISTER, purposes=frozenset({P.LEGAL_PROCEEDING}))) == ()
