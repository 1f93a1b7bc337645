"""The acts that leave a trace, in words."""

from enum import StrEnum


class Did(StrEnum):
    SIGNED_IN = "signed in"
    SIGNED_OUT = "signed out"
    FAILED_TO_SIGN_IN = "failed to sign in"
    WAS_REFUSED = "was refused"
    OPENED = "opened"
    CREATED = "created"
    CHANGED = "changed"
    SIGNED = "signed"
    ENDED = "ended"
    CANCELLED = "cancelled"
    ANSWERED = "answered"
    ENTERED_IN_ERROR = "marked as entered in error"
