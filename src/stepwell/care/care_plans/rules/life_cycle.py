"""The life of a plan, as a table. What is absent is refused.

    draft → awaiting signatures → active → replaced
                  ↘ back to draft

A plan is in force when the patient and a clinician have both signed the same text. Going back to the draft
drops the signatures: they were given to words that may now change.
"""

from dataclasses import dataclass, replace
from enum import StrEnum


class Status(StrEnum):
    DRAFT = "draft"
    AWAITING_SIGNATURES = "awaiting_signatures"
    ACTIVE = "active"
    REPLACED = "replaced"


class Act(StrEnum):
    SEND_FOR_SIGNATURES = "send for signatures"
    RETURN_TO_DRAFT = "return to draft"
    SIGN_FIRST = "sign first"
    SIGN_LAST = "sign last"
    REPLACE = "replace"


class Signer(StrEnum):
    """Who signs. The order is free."""

    PATIENT = "patient"
    CLINICIAN = "clinician"


NEXT = {
    (Status.DRAFT, Act.SEND_FOR_SIGNATURES): Status.AWAITING_SIGNATURES,
    (Status.AWAITING_SIGNATURES, Act.RETURN_TO_DRAFT): Status.DRAFT,
    (Status.AWAITING_SIGNATURES, Act.SIGN_FIRST): Status.AWAITING_SIGNATURES,
    (Status.AWAITING_SIGNATURES, Act.SIGN_LAST): Status.ACTIVE,
    (Status.ACTIVE, Act.REPLACE): Status.REPLACED,
}

#: Nothing of a plan changes any more, its signatures included.
IN_FORCE = frozenset({Status.ACTIVE, Status.REPLACED})


class NotNow(Exception):
    """The table does not allow this act from here."""


@dataclass(frozen=True)
class Standing:
    """Where a plan stands: its status, and who has signed the text as it is."""

    status: Status = Status.DRAFT
    signed: frozenset[Signer] = frozenset()

    @property
    def awaits(self) -> frozenset[Signer]:
        """Who has yet to sign."""
        if self.status is not Status.AWAITING_SIGNATURES:
            return frozenset()
        return frozenset(Signer) - self.signed


def after_sending(standing: Standing) -> Standing:
    return Standing(_next(standing, Act.SEND_FOR_SIGNATURES))


def after_returning(standing: Standing) -> Standing:
    return Standing(_next(standing, Act.RETURN_TO_DRAFT))


def after_signing(standing: Standing, signer: Signer) -> Standing:
    """Signing twice is refused: there is nothing left for that hand to sign."""
    if signer not in standing.awaits:
        raise NotNow(f"no signature of the {signer} is awaited")
    act = Act.SIGN_LAST if standing.awaits == {signer} else Act.SIGN_FIRST
    return Standing(_next(standing, act), standing.signed | {signer})


def after_replacing(standing: Standing) -> Standing:
    return replace(standing, status=_next(standing, Act.REPLACE))


def _next(standing: Standing, act: Act) -> Status:
    try:
        return NEXT[standing.status, act]
    except KeyError:
        raise NotNow(f"a plan that is {standing.status} cannot {act}") from None
