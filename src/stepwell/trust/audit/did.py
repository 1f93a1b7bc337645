"""The acts that leave a trace, and what for, in words."""

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
    LISTED = "looked through a list of"
    EXPORTED = "took out as a file"
    PRINTED = "printed"
    DISCLOSED = "disclosed"
    REVOKED = "revoked"
    INVITED = "invited"
    DEACTIVATED = "deactivated"
    CHANGED_PERMISSIONS = "changed the permissions of"
    HANDED_OVER = "handed over"
    MERGED = "merged"
    UNMERGED = "took apart"
    OPENED_IN_EMERGENCY = "opened in an emergency"
    REVIEWED = "reviewed"
    SENT = "sent"
    CHANGED_SIGN_IN = "changed how they sign in"
    ENDED_SESSIONS = "signed out everywhere"


class Purpose(StrEnum):
    """What for. HIPAA's words where it has them: 45 CFR 164.506 [K]; emergency as in 42 CFR 2.51 [V]."""

    TREATMENT = "treatment"
    PAYMENT = "payment"
    OPERATIONS = "operations"
    EMERGENCY = "emergency"
    OWN = "the patient's own"
    COMPLIANCE = "compliance review"
