"""How long a sign-in holds, and when a person is asked to show again that it is them. Plain Python.

A staff session that nobody uses is covered after a while, as 45 CFR 164.312(a)(2)(iii) asks ("automatic logoff:
terminate an electronic session after a predetermined time of inactivity"; an addressable specification, which
names no time) [V]. Fifteen minutes is what we chose [D]; a center may choose 5 to 30.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

SHORTEST_IDLE, LONGEST_IDLE = timedelta(minutes=5), timedelta(minutes=30)

#: A risky act asks for proof no older than this; a patient's notes, results, privacy and messages for this.
FRESH_FOR_RISK = timedelta(minutes=10)
FRESH_FOR_PRIVATE_PAGES = timedelta(minutes=15)

#: The pages of a patient that ask again though the phone is remembered.
PRIVATE_PAGES = ("/me/notes/", "/me/progress/", "/me/privacy/", "/me/messages/")

STAFF_DAY = timedelta(hours=12)
PHONE_IS_REMEMBERED = timedelta(days=30)


class Standing(StrEnum):
    """How a session of staff stands."""

    OPEN = "open"
    IDLE = "nobody has used it for a while"
    OVER = "it has lasted as long as a session may"


class Because(StrEnum):
    """Why somebody signed in is asked to show that it is them."""

    IDLE = "idle"
    OVER = "over"
    PRIVATE = "private"
    RISK = "risk"


@dataclass(frozen=True)
class Limits:
    idle: timedelta = timedelta(minutes=15)
    warning: timedelta = timedelta(minutes=2)
    day: timedelta = STAFF_DAY


def standing(*, began_at: datetime, active_at: datetime, now: datetime, limits: Limits) -> Standing:
    if now - began_at >= limits.day:
        return Standing.OVER
    if now - active_at >= limits.idle:
        return Standing.IDLE
    return Standing.OPEN


def left(*, began_at: datetime, active_at: datetime, now: datetime, limits: Limits) -> timedelta:
    """Until the session is covered, if nobody uses it from now on."""
    until = min(active_at + limits.idle, began_at + limits.day)
    return max(until - now, timedelta(0))


def is_fresh(*, proven_at: datetime, now: datetime, within: timedelta) -> bool:
    return now - proven_at < within


def asks_again(path: str) -> bool:
    """Whether this page of a patient's asks for recent proof."""
    return path.startswith(PRIVATE_PAGES)
