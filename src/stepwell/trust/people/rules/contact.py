"""How a person can be reached, and what is safe."""

from dataclasses import dataclass
from enum import StrEnum


class Channel(StrEnum):
    CALL = "call"
    TEXT = "text"
    EMAIL = "email"


@dataclass(frozen=True)
class ContactPoint:
    """One way to reach a person."""

    channel: Channel
    value: str
    #: They said that nobody else reads or hears what comes here. Without it nothing is sent.
    is_safe: bool
    #: A voice may be left for somebody else to hear. Only a call has such a thing.
    may_leave_message: bool = False


def points(
    *,
    phone: str,
    email: str,
    safe_to_text: bool,
    safe_to_email: bool,
    may_leave_message: bool,
    preferred: Channel | None,
) -> tuple[ContactPoint, ...]:
    """Every way there is, the preferred one first. To ring is always allowed where there is a number."""
    found = []
    if phone:
        found += [
            ContactPoint(Channel.CALL, phone, is_safe=True, may_leave_message=may_leave_message),
            ContactPoint(Channel.TEXT, phone, is_safe=safe_to_text),
        ]
    if email:
        found.append(ContactPoint(Channel.EMAIL, email, is_safe=safe_to_email))
    return tuple(sorted(found, key=lambda point: point.channel is not preferred))
