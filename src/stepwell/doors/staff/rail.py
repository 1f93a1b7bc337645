"""The rail on the left of every staff page: the places that the reader's roles may open, with what waits there.

Nothing is asked of the database until a page draws the rail.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from stepwell.care.episodes.models import Referral
from stepwell.care.notes.owed import notes_to_sign
from stepwell.care.tasks.lines import due_today
from stepwell.doors.staff.words import role_name
from stepwell.ground.web.navigation import RailItem
from stepwell.trust.access import Permission, may
from stepwell.trust.accounts.models import Membership
from stepwell.trust.organizations.acting import the_organization_id
from stepwell.trust.people.models import EmergencyAccess, practitioner_of

STAFF = "/staff/"

#: Where a page stands in the rail when its address does not begin with the item's own.
_ALSO: tuple[tuple[str, str], ...] = (
    ("/staff/people/", "caseload"),
    ("/staff/documents/", "caseload"),
    ("/staff/printouts/", "caseload"),
    ("/staff/measures/", "caseload"),
    ("/staff/assessments/", "caseload"),
    ("/staff/appointments/", "today"),
    ("/staff/rules/", "today"),
)


@dataclass(frozen=True)
class Beginning:
    """Something that may be begun from any page; the words beside its label by which it is found."""

    label: str
    icon: str
    url: str
    words: str


@dataclass
class Rail:
    request: HttpRequest

    @cached_property
    def items(self) -> list[RailItem]:
        return list(self._items())

    @cached_property
    def who(self) -> str:
        """The reader's part and center, under their name."""
        user = self.request.user
        practitioner = practitioner_of(user)  # type: ignore[arg-type]
        roles = ", ".join(role_name(m.role) for m in user.memberships_here)  # type: ignore[union-attr]
        part = (practitioner and practitioner.title) or roles
        if practitioner and practitioner.credential:
            part = f"{part}, {practitioner.credential}"
        at = user.center_here if any(m.center for m in user.memberships_here) else None  # type: ignore[union-attr]
        return f"{part} · {at}" if at else part

    @cached_property
    def organization(self) -> str:
        """The name of the organization, for a person who has more than one; else nothing."""
        places: list[Membership] = self.request.user.current_memberships  # type: ignore[union-attr]
        here = [place for place in places if place.organization_id == the_organization_id()]
        elsewhere = len(places) > len(here)
        return here[0].organization.name if here and elsewhere else ""

    @cached_property
    def may_switch(self) -> bool:
        """Whether there is anywhere else to work: another organization, or another center of this one."""
        return bool(self.organization) or len(self.request.user.centers_here) > 1  # type: ignore[union-attr]

    def _items(self) -> Iterator[RailItem]:
        user: Any = self.request.user
        yield RailItem("today", _("Today"), "sun", reverse("staff:today"), keys="g t")
        if may(user, Permission.SEE_CHART):
            yield RailItem("caseload", _("Caseload"), "users", reverse("staff:caseload"), keys="g c")
        yield RailItem(
            "tasks", _("Tasks"), "check", reverse("tasks:tasks"), count=self._tasks_due or None, keys="g k"
        )
        if may(user, Permission.SEE_SCHEDULE):
            yield RailItem("groups", _("Groups"), "chat", reverse("scheduling:groups"), keys="g g")
        if may(user, Permission.SEE_REFERRALS):
            yield RailItem(
                "referrals",
                _("Referrals"),
                "receipt",
                reverse("intake:referrals"),
                count=self._new_referrals or None,
                keys="g r",
            )
        if may(user, Permission.SEE_MESSAGES_OUT):
            yield RailItem("messages", _("Messages out"), "bell", reverse("outbox:messages_out"), keys="g m")
        if may(user, Permission.SIGN_NOTE):
            yield RailItem(
                "notes",
                _("Notes to sign"),
                "note",
                reverse("notes:to_sign"),
                count=self._notes or None,
                keys="g n",
            )
        if may(user, Permission.REVIEW_EMERGENCY):
            waiting_looks = EmergencyAccess.objects.visible_to(user).waiting().exclude(opened_by=user).count()
            yield RailItem(
                "emergencies",
                _("Emergency looks"),
                "alert",
                reverse("people:emergency_looks"),
                count=waiting_looks or None,
            )
        if may(user, Permission.SEE_AUDIT):
            yield RailItem("audit", _("Event log"), "eye", reverse("staff:audit"), keys="g e")
        if may(user, Permission.MANAGE_ORGANIZATION) or may(user, Permission.MANAGE_STAFF):
            yield RailItem("setup", _("Setup"), "gear", reverse("setup:front"), keys="g s")

        if may(user, Permission.MANAGE_STAFF) or may(user, Permission.SEE_AUDIT):
            yield RailItem("permissions", _("Permissions"), "key", reverse("staff:permissions"))

    @cached_property
    def begins(self) -> list[Beginning]:
        """What this reader may begin from any page."""
        user: Any = self.request.user
        return [
            Beginning(label, icon, reverse(address), words)
            for permission, label, icon, address, words in (
                (Permission.TAKE_REFERRAL, _("Take a referral"), "receipt", "intake:new", "new person"),
                (Permission.OFFICE_TASKS, _("New task"), "check", "tasks:new", "write task"),
                (Permission.BOOK, _("Begin a group"), "chat", "scheduling:new_series", "new series"),
                (Permission.MANAGE_STAFF, _("Invite somebody"), "users", "setup:invitation", "new staff"),
            )
            if may(user, permission)
        ]

    @cached_property
    def _new_referrals(self) -> int:
        received = Referral.objects.visible_to(self.request.user).in_force()
        return received.filter(status=Referral.Status.RECEIVED).count()

    @cached_property
    def _notes(self) -> int:
        return notes_to_sign(self.request.user).count()  # type: ignore[arg-type]

    @cached_property
    def _tasks_due(self) -> int:
        return due_today(self.request.user)  # type: ignore[arg-type]

    @cached_property
    def here(self) -> str:
        path = self.request.path
        for item in self.items:
            if path.startswith(item.url):
                return item.key
        return next((key for prefix, key in _ALSO if path.startswith(prefix)), "")


def rail(request: HttpRequest) -> dict[str, Any]:
    """For the staff pages: `rail`, and the key of the place we are in."""
    user = getattr(request, "user", None)
    if user is None or not request.path.startswith(STAFF) or not user.is_authenticated:
        return {}
    made = Rail(request)
    return {
        "rail": made,
        "here": SimpleLazyObject(lambda: made.here),
    }
