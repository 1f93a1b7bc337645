"""Whether something may be told: to whom, what for, which parts, on which day. Answers with its reason."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from stepwell.trust.consent.rules.elements import missing_elements, mixtures
from stepwell.trust.consent.rules.record import WrittenConsent
from stepwell.trust.consent.rules.vocabulary import LegalBasis, Purpose, RecipientKind, Segment


@dataclass(frozen=True)
class Asked:
    """What somebody wants to tell."""

    to: str
    kind: RecipientKind
    purpose: Purpose
    segments: frozenset[Segment]
    basis: LegalBasis = LegalBasis.CONSENT


@dataclass(frozen=True)
class Withheld:
    segment: Segment
    because: str


@dataclass(frozen=True)
class Permitted:
    """``segments`` may go, under that one consent; ``withheld`` may not, each with the reason."""

    under: WrittenConsent
    segments: frozenset[Segment]
    withheld: tuple[Withheld, ...] = ()


@dataclass(frozen=True)
class Refused:
    because: str


def may_disclose(consents: Iterable[WrittenConsent], asked: Asked, *, on: date) -> Permitted | Refused:
    """Permit a disclosure only under a written consent in force on that day, and only the parts that it grants.

    Where several would do, the one that grants most of what was asked, then the newest: a disclosure stands under one.
    """
    if asked.basis is not LegalBasis.CONSENT:
        return Refused(_NOT_YET)
    if not asked.segments:
        return Refused("Choose what to share.")
    known = list(consents)
    to_them = [consent for consent in known if consent.names(asked.to, asked.kind)]
    granting = [
        consent
        for consent in to_them
        if consent.covers(asked.purpose)
        and consent.in_force_on(on)
        and is_valid(consent)
        and consent.segments & asked.segments
    ]
    if not granting:
        return Refused(_why_not(to_them, asked, on))
    under = max(granting, key=lambda one: (len(one.segments & asked.segments), one.signed_on or on, one.key))
    refused = sorted(asked.segments - under.segments, key=list(Segment).index)
    return Permitted(
        under,
        asked.segments & under.segments,
        tuple(Withheld(segment, _not_granted(asked, segment)) for segment in refused),
    )


def is_valid(consent: WrittenConsent) -> bool:
    """It says everything that it must, and mixes nothing that must stand alone (2.31(c)(2) [V])."""
    return not missing_elements(consent) and not mixtures(consent)


_NOT_YET = (
    "Only a written consent opens this door today. Emergencies, reports that the law asks for, court orders, audits "
    "and research are handled by your compliance officer, outside Stepwell."
)


def _not_granted(asked: Asked, segment: Segment) -> str:
    return f"No consent in force lets {asked.to} know {SPOKEN[segment]} for {FOR[asked.purpose]}."


def _why_not(to_them: list[WrittenConsent], asked: Asked, on: date) -> str:
    """The nearest that there is, and why it does not do."""
    close = [one for one in to_them if one.covers(asked.purpose) and one.segments & asked.segments]
    said = " ".join(
        _not_granted(asked, segment) for segment in sorted(asked.segments, key=list(Segment).index)
    )
    ended = [one.revoked_on for one in close if one.revoked_on is not None and one.revoked_on <= on]
    if ended:
        return f"{said} The patient ended theirs on {max(ended):%Y-%m-%d}."
    if any(one.signature is not None and one.has_expired_on(on) for one in close):
        return f"{said} The one there was has run out."
    if any(one.signature is not None and one.known_false for one in close):
        return f"{said} The one there was is marked as entered in error."
    if any(one.signature is None for one in close):
        return f"{said} One is prepared and not signed."
    return said


#: How a part of the record, and a purpose, stand inside a sentence.
SPOKEN: Mapping[Segment, str] = {
    Segment.ATTENDANCE: "attendance",
    Segment.EPISODE: "dates and level of care",
    Segment.PLAN: "the treatment plan",
    Segment.MEDICATION: "medication",
    Segment.DRUG_TESTS: "drug test results",
    Segment.MEASURES: "questionnaires and check-ins",
    Segment.NOTES: "progress notes",
    Segment.BILLING: "billing",
    Segment.COUNSELING_NOTES: "counseling notes",
}
FOR: Mapping[Purpose, str] = {
    Purpose.TREATMENT: "treatment",
    Purpose.PAYMENT: "payment",
    Purpose.OPERATIONS: "health care operations",
    Purpose.SUPPORT: "supporting the patient",
    Purpose.LIFE: "housing, work, school or benefits",
    Purpose.AT_REQUEST: "what the patient asked",
    Purpose.MONITORING: "monitoring by a court, probation or parole",
    Purpose.RESEARCH: "research",
    Purpose.PRESCRIPTION_MONITORING: "prescription monitoring",
    Purpose.ONE_ENROLLMENT: "keeping one program from doubling another",
    Purpose.FUNDRAISING: "raising funds",
    Purpose.LEGAL_PROCEEDING: "a legal proceeding",
}

# What a purpose usually needs [D]. Beyond treatment only what is needed may go (2.13 [K]), so more takes a reason.
USUAL: Mapping[Purpose, frozenset[Segment]] = {
    Purpose.PAYMENT: frozenset({Segment.ATTENDANCE, Segment.EPISODE, Segment.BILLING, Segment.PLAN}),
    Purpose.OPERATIONS: frozenset({Segment.ATTENDANCE, Segment.EPISODE, Segment.BILLING}),
    Purpose.SUPPORT: frozenset({Segment.ATTENDANCE, Segment.EPISODE}),
    Purpose.LIFE: frozenset({Segment.ATTENDANCE, Segment.EPISODE}),
    Purpose.MONITORING: frozenset({Segment.ATTENDANCE, Segment.EPISODE, Segment.DRUG_TESTS}),
    Purpose.PRESCRIPTION_MONITORING: frozenset({Segment.MEDICATION}),
    Purpose.ONE_ENROLLMENT: frozenset({Segment.EPISODE, Segment.MEDICATION}),
    Purpose.FUNDRAISING: frozenset(),
}


def beyond_usual(purpose: Purpose, segments: frozenset[Segment]) -> frozenset[Segment]:
    """The parts for which somebody must say why this purpose needs them.

    Not for treatment, and not for what the patient, a study or a proceeding has named one by one.
    """
    usual = USUAL.get(purpose)
    return frozenset() if usual is None or purpose is Purpose.TREATMENT else segments - usual
