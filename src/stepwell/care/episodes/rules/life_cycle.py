"""The life of a referral, as a table. What is absent is refused.

    received ⇄ booked → admitted
         ↘        ↘ closed

A person may be admitted without a booked intake: some come by themselves and are screened the same hour.
"""

from enum import StrEnum


class Status(StrEnum):
    RECEIVED = "received"
    BOOKED = "booked"
    ADMITTED = "admitted"
    CLOSED = "closed"


class Act(StrEnum):
    BOOK_INTAKE = "book an intake"
    CANCEL_INTAKE = "cancel the intake"
    ADMIT = "admit"
    CLOSE = "close"


NEXT = {
    (Status.RECEIVED, Act.BOOK_INTAKE): Status.BOOKED,
    (Status.BOOKED, Act.CANCEL_INTAKE): Status.RECEIVED,
    (Status.RECEIVED, Act.ADMIT): Status.ADMITTED,
    (Status.BOOKED, Act.ADMIT): Status.ADMITTED,
    (Status.RECEIVED, Act.CLOSE): Status.CLOSED,
    (Status.BOOKED, Act.CLOSE): Status.CLOSED,
}

#: Somebody still has to do something.
OPEN = frozenset({Status.RECEIVED, Status.BOOKED})


class NotNow(Exception):
    """The table does not allow this act from here."""

    def __init__(self, status: Status, act: Act) -> None:
        super().__init__(f"a referral that is {status} cannot {act}")
        self.status, self.act = status, act


def after(status: Status, act: Act) -> Status:
    try:
        return NEXT[status, act]
    except KeyError:
        raise NotNow(status, act) from None
