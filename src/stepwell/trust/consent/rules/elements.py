"""What a written consent must say to be valid, and what cannot stand beside what. In the order of 42 CFR 2.31(a)."""

from collections.abc import Iterator
from enum import StrEnum

from stepwell.trust.consent.rules.record import WrittenConsent
from stepwell.trust.consent.rules.vocabulary import TPO, Expiry, Purpose, RecipientKind, Segment, Signer


class Element(StrEnum):
    """Each with its place in the rule. All read 2026-11-23 in the text as amended by 89 FR 12472 [V]."""

    PATIENT = "patient"  # (a)(1)
    DISCLOSER = "discloser"  # (a)(2)
    INFORMATION = "information"  # (a)(3): "in a specific and meaningful fashion"
    RECIPIENT = "recipient"  # (a)(4)(i)
    PARTICIPANTS = "participants"  # (a)(4)(ii) for an intermediary, 2.34 for a central registry
    HIPAA_STATEMENT = "hipaa_statement"  # (a)(4)(iii)
    PURPOSE = "purpose"  # (a)(5)
    FUNDRAISING_STATEMENT = "fundraising_statement"  # (a)(5)(iii)
    RIGHT_TO_REVOKE = "right_to_revoke"  # (a)(6), and how; 2.35 in its place for criminal justice
    CONDITION = "condition"  # 2.35(a): participation is a condition of the disposition, parole or release
    EXPIRY = "expiry"  # (a)(7); 2.35 calls it the period
    SIGNATURE = "signature"  # (a)(8)
    AUTHORITY = "authority"  # (a)(8) with 2.14 and 2.15
    DATE = "date"  # (a)(9)
    REDISCLOSURE_STATEMENT = "redisclosure_statement"  # (a)(10)(i)
    REFUSAL_STATEMENT = "refusal_statement"  # (a)(10)(ii)


class Statement(StrEnum):
    """What the text must say beside the facts."""

    HIPAA = "hipaa"
    FUNDRAISING = "fundraising"
    REVOKE = "revoke"
    REDISCLOSURE = "redisclosure"
    REFUSAL = "refusal"


class Mixture(StrEnum):
    """What must stand alone and does not (2.31(b)(2) and (3), (d) [V])."""

    COUNSELING_NOTES = "counseling_notes"
    LEGAL_PROCEEDING = "legal_proceeding"


#: What is not there yet while the consent waits for a signature.
COMES_WITH_SIGNING = frozenset({Element.SIGNATURE, Element.AUTHORITY, Element.DATE})


def missing_elements(consent: WrittenConsent) -> tuple[Element, ...]:
    """Everything that this consent lacks. Nothing may be told on one that lacks anything (2.31(c)(2) [V])."""
    return tuple(_missing(consent))


def missing_before_signing(consent: WrittenConsent) -> tuple[Element, ...]:
    return tuple(element for element in _missing(consent) if element not in COMES_WITH_SIGNING)


def mixtures(consent: WrittenConsent) -> tuple[Mixture, ...]:
    """A consent for counseling notes is for nothing else; one for a legal proceeding has no other purpose."""
    found = []
    if Segment.COUNSELING_NOTES in consent.segments and len(consent.segments) > 1:
        found.append(Mixture.COUNSELING_NOTES)
    if Purpose.LEGAL_PROCEEDING in consent.purposes and len(consent.purposes) > 1:
        found.append(Mixture.LEGAL_PROCEEDING)
    return tuple(found)


def needed_statements(consent: WrittenConsent) -> frozenset[Statement]:
    """Which statements the text must carry, each by its own trigger."""
    needed = {Statement.REVOKE}
    if consent.is_for_tpo:
        needed |= {Statement.REDISCLOSURE, Statement.REFUSAL}
        if consent.recipient_kind.is_under_hipaa or consent.names_a_class:
            needed.add(Statement.HIPAA)
    if Purpose.FUNDRAISING in consent.purposes:
        needed.add(Statement.FUNDRAISING)
    return frozenset(needed)


_OF_STATEMENT = {
    Statement.HIPAA: Element.HIPAA_STATEMENT,
    Statement.FUNDRAISING: Element.FUNDRAISING_STATEMENT,
    Statement.REVOKE: Element.RIGHT_TO_REVOKE,
    Statement.REDISCLOSURE: Element.REDISCLOSURE_STATEMENT,
    Statement.REFUSAL: Element.REFUSAL_STATEMENT,
}


def _missing(consent: WrittenConsent) -> Iterator[Element]:
    unsaid = {_OF_STATEMENT[each] for each in needed_statements(consent) - consent.statements}
    lacks = {
        Element.PATIENT: _blank(consent.patient),
        Element.DISCLOSER: _blank(consent.discloser),
        Element.INFORMATION: not consent.segments,
        Element.RECIPIENT: _names_nobody(consent),
        Element.PARTICIPANTS: _lacks_participants(consent),
        Element.PURPOSE: not consent.purposes,
        Element.CONDITION: _lacks_condition(consent),
        Element.EXPIRY: _lacks_expiry(consent),
        Element.SIGNATURE: consent.signature is None or _blank(consent.signature.name),
        Element.AUTHORITY: _lacks_authority(consent),
        Element.DATE: consent.signed_on is None,
    }
    if _lacks_end_of_binding(consent):
        unsaid.add(Element.RIGHT_TO_REVOKE)
    for element in Element:
        if lacks.get(element, False) or element in unsaid:
            yield element


def _blank(words: str) -> bool:
    return not words.strip()


def _names_nobody(consent: WrittenConsent) -> bool:
    if consent.names_a_class:
        # "My treating providers, health plans …" is for the one consent for all future TPO, and for nothing else.
        return not consent.purposes or not consent.purposes <= TPO
    return all(map(_blank, consent.recipients))


def _lacks_participants(consent: WrittenConsent) -> bool:
    if consent.recipient_kind not in (RecipientKind.INTERMEDIARY, RecipientKind.CENTRAL_REGISTRY):
        return False
    return not consent.any_participant and all(map(_blank, consent.participants))


def _lacks_condition(consent: WrittenConsent) -> bool:
    return consent.recipient_kind is RecipientKind.CRIMINAL_JUSTICE and _blank(consent.condition)


def _lacks_end_of_binding(consent: WrittenConsent) -> bool:
    """A consent for criminal justice says from which day, or after which event, it may be ended (2.35(c) [V])."""
    return (
        consent.recipient_kind is RecipientKind.CRIMINAL_JUSTICE
        and consent.revocable_from is None
        and _blank(consent.revocable_event)
    )


def _lacks_expiry(consent: WrittenConsent) -> bool:
    """A date or an event. "None" and "end of the treatment" are enough for TPO, "end of the study" for research."""
    match consent.expiry:
        case None:
            return True
        case Expiry.ON_DATE:
            return consent.expires_on is None
        case Expiry.EVENT:
            return _blank(consent.expires_event)
        case Expiry.END_OF_STUDY:
            return consent.purposes != {Purpose.RESEARCH}
        case Expiry.END_OF_TREATMENT | Expiry.NEVER:
            return not consent.purposes or not consent.purposes <= TPO


def _lacks_authority(consent: WrittenConsent) -> bool:
    signature = consent.signature
    return signature is not None and signature.signer is not Signer.PATIENT and _blank(signature.authority)
