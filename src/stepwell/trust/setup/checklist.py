"""What an organization needs before its first patient, and what of it is there."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from stepwell.trust.accounts.models import Membership, User
from stepwell.trust.accounts.roles import GIVES_CARE, Role
from stepwell.trust.organizations.acting import the_organization_id
from stepwell.trust.organizations.models import Center, OpeningHours, PublishedCenter, Room
from stepwell.trust.setup.actions.directory import what_is_missing
from stepwell.trust.setup.sight import managed

#: Who can take somebody into care: the first people an organization needs beside whoever sets it up.
NEEDED_FIRST = GIVES_CARE - {Role.CLINICAL_SUPERVISOR}


@dataclass(frozen=True)
class Step:
    """One thing to do, why, whether it is done, and where."""

    title: str
    why: str
    done: bool
    missing: str
    url: str
    button: str


def steps(user: User) -> list[Step]:
    """In the order in which they are done. A later one may be done first: nothing is locked."""
    centers = list(managed(user).in_use())
    return [
        _center(centers),
        _hours(centers),
        _rooms(centers),
        _staff(),
        _directory(centers),
    ]


def _names(centers: list[Center]) -> str:
    return ", ".join(center.name for center in centers)


def _center(centers: list[Center]) -> Step:
    without = [center for center in centers if what_is_missing(center)]
    if not centers:
        missing = _("There is no center yet.")
    elif without:
        missing = _("%(name)s has no whole address and phone yet.") % {"name": _names(without)}
    else:
        missing = ""
    return Step(
        _("Center"),
        _("Its address, its phone and the clock on its wall stand on every appointment."),
        not missing,
        missing,
        _first(without or centers, "setup:center"),
        _("Write down the address") if without else _("Add a center"),
    )


def _hours(centers: list[Center]) -> Step:
    open_ones = set(OpeningHours.objects.values_list("center", flat=True))
    without = [center for center in centers if center.pk not in open_ones]
    missing = _("%(name)s has no hours yet.") % {"name": _names(without)} if without else ""
    if not centers:
        missing = _("A center comes first.")
    return Step(
        _("Hours"),
        _("People read them before they come, and the public entry is made from them."),
        not missing,
        missing,
        reverse("setup:hours", args=[without[0].pk]) if without else _first(centers, "setup:hours"),
        _("Set the hours"),
    )


def _rooms(centers: list[Center]) -> Step:
    with_rooms = set(Room.objects.in_use().values_list("center", flat=True))
    without = [center for center in centers if center.pk not in with_rooms]
    missing = _("%(name)s has no room yet.") % {"name": _names(without)} if without else ""
    if not centers:
        missing = _("A center comes first.")
    return Step(
        _("Rooms"),
        _("A group needs a room, or a room for video. No room is given to two at once."),
        not missing,
        missing,
        reverse("setup:rooms", args=[without[0].pk]) if without else _first(centers, "setup:rooms"),
        _("Add a room"),
    )


def _staff() -> Step:
    there = Membership.objects.current().filter(
        organization=the_organization_id(), role__in=list(NEEDED_FIRST)
    )
    missing = "" if there.exists() else _("Nobody who gives care is here yet.")
    return Step(
        _("Staff"),
        _("Each person signs in as themself, and sees what their part needs."),
        not missing,
        missing,
        reverse("setup:invitation") if missing else reverse("setup:staff"),
        _("Invite somebody"),
    )


def _directory(centers: list[Center]) -> Step:
    published = set(
        PublishedCenter.objects.filter(organization=the_organization_id()).values_list("center", flat=True)
    )
    without = [center for center in centers if center.pk not in published]
    if not centers:
        missing = _("A center comes first.")
    elif len(without) == len(centers):
        missing = _("No center is in the public directory yet.")
    else:
        missing = ""
    return Step(
        _("Public directory"),
        _("People who look for care find the center. Nothing is public until you publish it."),
        not missing,
        missing,
        _first([center for center in centers if center.pk in published] or centers, "setup:directory"),
        _("Write the public entry"),
    )


def _first(centers: list[Center], route: str) -> str:
    return reverse(route, args=[centers[0].pk]) if centers else reverse("setup:new_center")
