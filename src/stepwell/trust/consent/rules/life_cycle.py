"""The life of a consent: prepared, then signed, declined or taken back; once signed, perhaps ended."""

from enum import StrEnum


class Status(StrEnum):
    WAITING = "waiting"
    SIGNED = "signed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"


class Step(StrEnum):
    SIGN = "sign"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    REVOKE = "revoke"


NEXT = {
    (Status.WAITING, Step.SIGN): Status.SIGNED,
    (Status.WAITING, Step.DECLINE): Status.DECLINED,
    (Status.WAITING, Step.WITHDRAW): Status.WITHDRAWN,
    (Status.SIGNED, Step.REVOKE): Status.REVOKED,
}


def after(status: Status, step: Step) -> Status | None:
    """Where the step leads; None where it is not a step from here."""
    return NEXT.get((status, step))
