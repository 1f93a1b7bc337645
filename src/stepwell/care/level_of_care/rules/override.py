"""Who may choose another level than the table recommends, and what that takes.

Software never talks an emergency down: it is closed by an evaluation and what came of it.
"""

from dataclasses import dataclass
from enum import StrEnum

from stepwell.care.episodes.levels import LevelOfCare
from stepwell.care.level_of_care.rules.decide import Decision, Status
from stepwell.trust.accounts.roles import Role

LICENSED = frozenset({Role.COUNSELOR, Role.PRESCRIBER, Role.CLINICAL_SUPERVISOR})
MAY_SIGN_SECOND = frozenset({Role.PRESCRIBER, Role.CLINICAL_SUPERVISOR})
SHORTEST_REASON = 20


class Kind(StrEnum):
    """What kind of reason another level is chosen for."""

    PREFERENCE = "preference"
    NOT_AVAILABLE = "not_available"  # within 72 hours: the next safer level, with a plan for the time between
    JUDGMENT = "judgment"
    CIRCUMSTANCES = "circumstances"
    PAYER = "payer"
    COURT = "court"


@dataclass(frozen=True)
class Permitted:
    needs_second_signature: bool
    because: str = ""  # why a second signature is needed


@dataclass(frozen=True)
class OverrideRefused:
    because: str
    field: str | None = None


def may_override(
    decision: Decision, *, chosen: LevelOfCare, roles: frozenset[Role], reason: str, kind: Kind | None
) -> Permitted | OverrideRefused:
    """Whether someone with these roles may choose this level, for this reason."""
    if decision.status is Status.EMERGENCY:
        return OverrideRefused("This is an emergency. Record the evaluation and what came of it.", "chosen")
    if decision.status is Status.DECIDED and chosen is decision.level:
        return Permitted(needs_second_signature=False)
    if not roles & LICENSED:
        return OverrideRefused(
            "Only a counselor, a prescriber or a clinical supervisor may choose another level.", "chosen"
        )
    if kind is None:
        return OverrideRefused("Say what kind of reason it is.", "override_kind")
    if len(" ".join(reason.split())) < SHORTEST_REASON:
        return OverrideRefused(f"Say why, in at least {SHORTEST_REASON} letters.", "override_because")
    below = decision.goes_below(chosen)
    if below:
        return Permitted(
            needs_second_signature=True,
            because=f"{chosen.short} ({chosen}) is below what a safety rule asks for. "
            + " ".join(f"{each.id}: {each.because}" for each in below),
        )
    return Permitted(needs_second_signature=False)


def may_sign_second(*, roles: frozenset[Role], is_first_signer: bool) -> Permitted | OverrideRefused:
    if is_first_signer:
        return OverrideRefused("The second signature must be another person's.")
    if not roles & MAY_SIGN_SECOND:
        return OverrideRefused("A prescriber or a clinical supervisor signs second.")
    return Permitted(needs_second_signature=False)
