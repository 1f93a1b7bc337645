"""A role that ends, or becomes another, ends every session of its person: what a page still shows is asked for anew."""

from typing import Any

from stepwell.trust.accounts.models import Membership
from stepwell.trust.accounts.sessions import sign_out_everywhere

#: What a membership opens. A change of anything else ends nothing.
OPENS = ("role", "center_id", "organization_id", "ended_at")


def membership_changes(sender: Any, instance: Membership, **more: Any) -> None:
    """Before it is saved: whether this takes something away."""
    before = Membership.objects.filter(pk=instance.pk).first()
    if before is not None:
        ends = _opens(before) != _opens(instance)
    else:
        # One more role takes nothing away; but a patient who joins the staff is guarded by other rules from now on.
        others = list(Membership.objects.current().filter(user=instance.user_id))
        ends = instance.is_for_staff and bool(others) and not any(other.is_for_staff for other in others)
    instance.__dict__["_ends_sessions"] = ends
    instance.user.forget_memberships()


def membership_changed(sender: Any, instance: Membership, **more: Any) -> None:
    if instance.__dict__.pop("_ends_sessions", False):
        sign_out_everywhere(instance.user, because="a role changed")


def membership_gone(sender: Any, instance: Membership, **more: Any) -> None:
    sign_out_everywhere(instance.user, because="a role ended")


def _opens(membership: Membership) -> list[object]:
    return [getattr(membership, name, None) for name in OPENS]
