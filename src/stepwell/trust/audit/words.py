"""How events are said to staff."""

from collections.abc import Iterable

from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from stepwell.trust.accounts.roles import Role
from stepwell.trust.accounts.words import role_name
from stepwell.trust.audit.did import Did, Purpose

PURPOSES = {
    Purpose.TREATMENT: gettext_lazy("Treatment"),
    Purpose.PAYMENT: gettext_lazy("Payment"),
    Purpose.OPERATIONS: gettext_lazy("Running the center"),
    Purpose.EMERGENCY: gettext_lazy("Emergency"),
    Purpose.OWN: gettext_lazy("Their own"),
    Purpose.COMPLIANCE: gettext_lazy("Compliance review"),
}
ACTS = {
    Did.SIGNED_IN: gettext_lazy("Signed in"),
    Did.SIGNED_OUT: gettext_lazy("Signed out"),
    Did.FAILED_TO_SIGN_IN: gettext_lazy("Failed to sign in"),
    Did.WAS_REFUSED: gettext_lazy("Was refused"),
    Did.OPENED: gettext_lazy("Opened"),
    Did.CREATED: gettext_lazy("Created"),
    Did.CHANGED: gettext_lazy("Changed"),
    Did.SIGNED: gettext_lazy("Signed"),
    Did.ENDED: gettext_lazy("Ended"),
    Did.CANCELLED: gettext_lazy("Cancelled"),
    Did.ANSWERED: gettext_lazy("Answered"),
    Did.ENTERED_IN_ERROR: gettext_lazy("Marked as entered in error"),
    Did.LISTED: gettext_lazy("Saw a list"),
    Did.EXPORTED: gettext_lazy("Took out as a file"),
    Did.PRINTED: gettext_lazy("Printed"),
    Did.DISCLOSED: gettext_lazy("Disclosed"),
    Did.REVOKED: gettext_lazy("Revoked"),
    Did.INVITED: gettext_lazy("Invited"),
    Did.DEACTIVATED: gettext_lazy("Deactivated"),
    Did.CHANGED_PERMISSIONS: gettext_lazy("Changed permissions"),
    Did.HANDED_OVER: gettext_lazy("Handed over"),
    Did.MERGED: gettext_lazy("Merged"),
    Did.UNMERGED: gettext_lazy("Took apart"),
    Did.OPENED_IN_EMERGENCY: gettext_lazy("Opened in an emergency"),
    Did.REVIEWED: gettext_lazy("Reviewed"),
    Did.SENT: gettext_lazy("Sent"),
    Did.CHANGED_SIGN_IN: gettext_lazy("Changed how they sign in"),
    Did.ENDED_SESSIONS: gettext_lazy("Signed out everywhere"),
}


def act(did: str) -> str:
    """An act in words; one that this version does not know is said as it was written."""
    return str(ACTS[Did(did)]) if did in set(Did) else did


def acts(done: Iterable[str]) -> str:
    return ", ".join(act(did) if not place else act(did).lower() for place, did in enumerate(done))


def purpose(given: str) -> str:
    return str(PURPOSES[Purpose(given)]) if given in set(Purpose) else _("Not said")


def roles(given: Iterable[str]) -> str:
    return ", ".join(role_name(role) if role in set(Role) else role for role in given)


def kind(label: str) -> str:
    """What an event was about, by its model: `treatment plan`."""
    try:
        return str(apps.get_model(label)._meta.verbose_name)
    except (LookupError, ValueError):
        return label


def times(count: int) -> str:
    return _("once") if count == 1 else ngettext("%(n)s time", "%(n)s times", count) % {"n": count}
