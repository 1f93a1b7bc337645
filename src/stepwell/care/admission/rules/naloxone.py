"""What may come of an offer of naloxone, and when it is time to offer it again.

Offered to everybody at admission, whatever they use: fentanyl is found in other drugs too (overdose prevention at
every intake, TIP 63 and the program's own choice [K]). To ask is no promise that a pharmacy has it.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

#: How long a "no" or a "prescription sent" stands before somebody asks again [D], for the clinical lead to confirm.
ASK_AGAIN_AFTER = timedelta(days=30)


class Outcome(StrEnum):
    GIVEN = "given"
    HAS_IT = "has_it"
    PRESCRIBED = "prescribed"
    DECLINED = "declined"
    NOT_OFFERED = "not_offered"


class Standing(StrEnum):
    """How somebody stands with naloxone on a day."""

    NEVER_OFFERED = "never offered"
    IN_HAND = "in hand"
    EXPIRED = "expired"
    ASK_AGAIN = "ask again"
    NOT_IN_HAND = "not in hand"


@dataclass(frozen=True)
class Offered:
    """The last offer. ``expires_on`` is on the box, where somebody read it."""

    outcome: Outcome
    on: date
    expires_on: date | None = None


#: Outcomes that leave a box in the person's hands.
IN_HAND = frozenset({Outcome.GIVEN, Outcome.HAS_IT})


def asks_why(outcome: Outcome) -> bool:
    """Not offering it needs a reason. Declining does not: nobody has to explain a no."""
    return outcome is Outcome.NOT_OFFERED


def standing(last: Offered | None, on: date) -> Standing:
    """Nothing recorded is never taken for a box in somebody's hands; a day without one counts from the offer."""
    if last is None or last.outcome is Outcome.NOT_OFFERED:
        return Standing.NEVER_OFFERED
    if last.outcome in IN_HAND:
        is_out_of_date = last.expires_on is not None and last.expires_on < on
        return Standing.EXPIRED if is_out_of_date else Standing.IN_HAND
    return Standing.ASK_AGAIN if on - last.on >= ASK_AGAIN_AFTER else Standing.NOT_IN_HAND
