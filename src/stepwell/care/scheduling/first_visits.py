"""The open times for a first visit, as the public may read them: worked out behind the wall, published outside it.

A time is published while a clinician who screens is free then, and so is a room, or the center also meets by video.
Whatever takes the clinician deletes it in the same transaction (``holding.take``); what lets somebody go, or changes
hours, closed days or staff, brings it back within minutes, by a job. So a time that is shown may be gone, and never the
other way for longer than that; booking asks again in any case.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction

from stepwell.care.scheduling import holding
from stepwell.care.scheduling.openings import Opening, clinicians, every_opening
from stepwell.care.scheduling.rules.times import Stretch
from stepwell.trust.accounts.roles import Role
from stepwell.trust.organizations.models import Center, OpenTime, PublishedCenter, Room
from stepwell.trust.people.models import Practitioner

MINUTES = 60
#: Who sees people first.
ROLES = frozenset({Role.COUNSELOR, Role.CLINICAL_SUPERVISOR})
#: How many days with anything open are published, and how soon somebody can come at the earliest: our own defaults.
DAYS = 5
EARLIEST = timedelta(hours=1)
BY_VIDEO = "virtual"


def key_of(practitioner_id: UUID, starts_at: datetime) -> UUID:
    """The same for the same clinician and moment, however often the times are written anew."""
    return uuid5(practitioner_id, Stretch.of(starts_at, MINUTES).starts_at.isoformat())


def screeners(center: Center) -> list[Practitioner]:
    """Those at a center who see people first."""
    return clinicians(center, ROLES)


def publish_open_times(center: Center, *, at: datetime) -> int:
    """Write the open times of a center as they are now; how many there are."""
    with transaction.atomic():
        entry = (
            PublishedCenter.objects.filter(center=center, organization=center.organization_id)
            .select_related("organization")
            .first()
        )
        there = OpenTime.objects.filter(center=entry) if entry is not None else OpenTime.objects.none()
        if entry is None or not entry.books_online or center.closed_on is not None:
            there.delete()
            return 0
        who = screeners(center)
        # Nobody takes or frees these meanwhile: what is written is so when it is kept.
        holding.wait_in_line(one.pk for one in who)
        wanted = {time.pk: time for time in _open_times(center, entry, who, at=at)}
        there.exclude(pk__in=list(wanted)).delete()
        OpenTime.objects.bulk_create(
            wanted.values(),
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=["center", "in_person", "by_video"],
        )
    return len(wanted)


def _open_times(
    center: Center, entry: PublishedCenter, who: Collection[Practitioner], *, at: datetime
) -> list[OpenTime]:
    soonest = at + EARLIEST
    days = every_opening(
        center, list(who), from_day=center.day_of(soonest), minutes=MINUTES, at=soonest, days=DAYS
    )
    openings = [one for day in days for one in day.openings]
    with_room = _with_a_room(center, openings)
    by_video = BY_VIDEO in entry.services
    return [
        OpenTime(
            id=key_of(one.practitioner.pk, one.starts_at),
            organization=entry.organization,
            center=entry,
            practitioner=one.practitioner.pk,
            starts_at=one.starts_at,
            ends_at=one.during.ends_at,
            in_person=one.during in with_room,
            by_video=by_video,
        )
        for one in openings
        if by_video or one.during in with_room
    ]


def _with_a_room(center: Center, openings: Collection[Opening]) -> set[Stretch]:
    """Of these times those at which some room is free."""
    rooms = set(Room.objects.in_use().filter(center=center, is_virtual=False).values_list("pk", flat=True))
    times = {one.during for one in openings}
    if not rooms or not times:
        return set()
    whole = Stretch(min(one.starts_at for one in times), max(one.ends_at for one in times))
    taken = holding.held(rooms, whole)
    return {during for during in times if rooms - {one.whom for one in taken if one.during.overlaps(during)}}
