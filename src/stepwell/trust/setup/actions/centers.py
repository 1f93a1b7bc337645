"""Centers, their hours, closed days and rooms."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stepwell.ground.kit.changing import change
from stepwell.ground.kit.refusals import Refused
from stepwell.trust import audit
from stepwell.trust.accounts.models import User
from stepwell.trust.organizations.models import Center, Closure, OpeningHours, PublishedCenter, Room, Weekday
from stepwell.trust.organizations.slugs import free_slug
from stepwell.trust.setup import registry
from stepwell.trust.setup.actions.once import refused_if_there
from stepwell.trust.setup.rules.closed_days import federal_holidays
from stepwell.trust.setup.rules.hours import Open, overlapping
from stepwell.trust.setup.sight import require_at, require_everywhere


@transaction.atomic
def open_center(given: Mapping[str, Any], *, by: User, at: datetime) -> Center:
    """Begin a center. Raises Refused for a name that another center has."""
    require_everywhere(by)
    _check_name(given["name"])
    center = Center.objects.create(slug=free_slug(given["name"], Center), **given)
    audit.record(by=by, did=audit.Did.CREATED, to=center, because=center.name)
    return center


@transaction.atomic
def change_center(center: Center, given: Mapping[str, Any], *, by: User, at: datetime) -> Center:
    """Change what a center is called, and where and by which clock it stands."""
    require_at(by, [center.pk])
    center = Center.objects.select_for_update(of=("self",)).get(pk=center.pk)
    if given["name"].casefold() != center.name.casefold():
        _check_name(given["name"])
    zone_before = center.time_zone
    if changed := change(center, given):
        center.save(update_fields=changed)
        zone = f", {zone_before} to {center.time_zone}" if "time_zone" in changed else ""
        audit.record(by=by, did=audit.Did.CHANGED, to=center, because=", ".join(changed) + zone)
    return center


def _check_name(name: str) -> None:
    if Center.objects.filter(name__iexact=name).exists():
        raise Refused(_("Another center has this name."), field="name")


@transaction.atomic
def close_center(center: Center, *, by: User, at: datetime) -> None:
    """Close a center for good: nothing new is planned there, and its public entry goes at once.

    Raises Refused while people are in care there: nobody's care ends because a door does.
    """
    require_everywhere(by)
    center = Center.objects.select_for_update(of=("self",)).get(pk=center.pk)
    if center.closed_on is not None:
        return
    if people := registry.people_in_care(center):
        raise Refused(
            ngettext(
                "%(n)s person is in care here. Their care has to end or move to another center first.",
                "%(n)s people are in care here. Their care has to end or move to another center first.",
                people,
            )
            % {"n": people}
        )
    center.closed_on = center.day_of(at)
    center.save(update_fields=["closed_on"])
    PublishedCenter.objects.filter(organization=center.organization_id, center=center).delete()
    audit.record(by=by, did=audit.Did.ENDED, to=center, because=center.name)


@transaction.atomic
def open_again(center: Center, *, by: User, at: datetime) -> None:
    require_everywhere(by)
    center = Center.objects.select_for_update(of=("self",)).get(pk=center.pk)
    if center.closed_on is None:
        return
    center.closed_on = None
    center.save(update_fields=["closed_on"])
    audit.record(by=by, did=audit.Did.CHANGED, to=center, because=f"{center.name} is open again")


# Hours


@transaction.atomic
def set_hours(center: Center, week: Iterable[Open], *, by: User, at: datetime) -> None:
    """The hours of a week, in place of those before. Raises Refused where two stretches of a day overlap."""
    require_at(by, [center.pk])
    Center.objects.select_for_update(of=("self",)).get(pk=center.pk)
    wanted = sorted(set(week))
    if clash := overlapping(wanted):
        raise Refused(
            _("On %(day)s two stretches overlap. Let the second begin when the first has ended.")
            % {"day": Weekday(clash[0].weekday).label}
        )
    before = {Open(one.weekday, one.opens, one.closes): one for one in center.hours.all()}
    if set(before) == set(wanted):
        return
    OpeningHours.objects.filter(pk__in=[row.pk for one, row in before.items() if one not in wanted]).delete()
    for one in wanted:
        if one not in before:
            OpeningHours.objects.create(
                center=center, weekday=one.weekday, opens=one.opens, closes=one.closes
            )
    audit.record(by=by, did=audit.Did.CHANGED, to=center, because="hours")


def hours_of(center: Center) -> list[Open]:
    return [Open(one.weekday, one.opens, one.closes) for one in center.hours.all()]


# Closed days


@transaction.atomic
def close_day(center: Center, on: date, *, reason: str, by: User, at: datetime) -> Closure:
    """Close one day. What stands on it stays until it is called off: nobody's session goes without a word to them."""
    require_at(by, [center.pk])
    with refused_if_there(_("This day is closed already."), field="on"):
        closure = Closure.objects.create(center=center, on=on, reason=reason)
    audit.record(by=by, did=audit.Did.CREATED, to=closure, because=f"closed on {on}: {reason}")
    return closure


@transaction.atomic
def close_holidays(center: Center, year: int, *, by: User, at: datetime) -> list[Closure]:
    """Close the federal holidays of a year that are still to come and not closed yet."""
    require_at(by, [center.pk])
    today = center.day_of(at)
    Center.objects.select_for_update(of=("self",)).get(pk=center.pk)
    closed = set(center.closures.values_list("on", flat=True))
    added = [
        Closure.objects.create(center=center, on=day.on, reason=day.reason)
        for day in federal_holidays(year)
        if day.on >= today and day.on not in closed
    ]
    if added:
        audit.record(
            by=by,
            did=audit.Did.CHANGED,
            to=center,
            because=f"closed on {len(added)} federal holidays of {year}",
        )
    return added


@transaction.atomic
def take_closure_off(closure: Closure, *, by: User, at: datetime) -> None:
    """Open that day after all. Sessions that were called off for it stay so."""
    require_at(by, [closure.center_id])
    audit.record(
        by=by, did=audit.Did.ENDED, to=closure, because=f"open after all on {closure.on}: {closure.reason}"
    )
    closure.delete()


def in_words(planned: Sequence[registry.Planned], on: date) -> str:
    """How many sessions and appointments stand on a day that is closed now."""
    return ngettext(
        "%(n)s session or appointment stands on %(day)s. It is not called off by itself.",
        "%(n)s sessions and appointments stand on %(day)s. They are not called off by themselves.",
        len(planned),
    ) % {"n": len(planned), "day": formats.date_format(on, "l, F j")}


# Rooms


@transaction.atomic
def add_room(center: Center, given: Mapping[str, Any], *, by: User, at: datetime) -> Room:
    require_at(by, [center.pk])
    with refused_if_there(_same_name(), field="name"):
        room = Room.objects.create(center=center, **given)
    audit.record(by=by, did=audit.Did.CREATED, to=room, because=room.name)
    return room


@transaction.atomic
def change_room(room: Room, given: Mapping[str, Any], *, by: User, at: datetime) -> None:
    require_at(by, [room.center_id])
    if changed := change(room, given):
        with refused_if_there(_same_name(), field="name"):
            room.save(update_fields=changed)
        audit.record(by=by, did=audit.Did.CHANGED, to=room, because=", ".join(changed))


@transaction.atomic
def retire_room(room: Room, *, by: User, at: datetime) -> None:
    """Plan nothing new in it. What is planned there stays, and what was held there is still told of it."""
    require_at(by, [room.center_id])
    if room.retired_on is None:
        room.retired_on = room.center.day_of(at)
        room.save(update_fields=["retired_on"])
        audit.record(by=by, did=audit.Did.ENDED, to=room, because=room.name)


@transaction.atomic
def use_room_again(room: Room, *, by: User, at: datetime) -> None:
    require_at(by, [room.center_id])
    if room.retired_on is not None:
        room.retired_on = None
        room.save(update_fields=["retired_on"])
        audit.record(by=by, did=audit.Did.CHANGED, to=room, because=f"{room.name} is in use again")


def _same_name() -> str:
    return _("Another room of this center has this name.")
