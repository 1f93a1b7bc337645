"""Handing a message over: to a mail server, to a provider of texts, or, in the demonstration, to the screen."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class InHand:
    """What is handed over, settled down to the last word."""

    reference: str
    to: str
    body: str
    subject: str = ""
    #: The visit it tells of, for a calendar. Goes with an e-mail.
    calendar: str = ""


@dataclass(frozen=True)
class Accepted:
    """Somebody else answers for it now."""

    provider_id: str = ""


@dataclass(frozen=True)
class TurnedDown:
    """It certainly did not go out."""

    because: str
    try_again: bool
    wait: timedelta | None = None


@dataclass(frozen=True)
class Unclear:
    """It may or may not have gone out: the line broke before the answer came."""

    because: str


Outcome = Accepted | TurnedDown | Unclear
