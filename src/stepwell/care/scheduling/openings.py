"""The times at which somebody can be seen, by whom."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from stepwell.care.scheduling.holding import Held, held
from stepwell.care.scheduling.rules.times import USUAL_WEEK, Stretch, at_wall, doors, open_times
from stepwell.trust.accounts.roles import Role
from stepwell.trust.organizations.models import Center, Closure, OpeningHours, Room
from stepwell.trust.people.models import Patient, Practitioner
from stepwell.trust.setup.rules.hours import Open

#: How far to look for the next open day.
LOOK_AHEAD = timedelta(weeks=4)


@dataclass(frozen=True)
class Opening:
    """One open time of one clinician."""

    practitioner: Practitioner
    during: Stretch

    @property
    def value(self) -> str:
        """How a form carries it."""
        return f"{self.practitioner.pk} {self.during.starts_at:%Y-%m-%dT%H:%MZ}"

    @property
    def starts_at(self) -> datetime:
        return self.during.starts_at


@dataclass(frozen=True)
class Day:
    """One day with its openings; ``closed`` says why there can be none."""

    on: date
    openings: tuple[Opening, ...]
    closed: str = ""


def openings(
    center: Center,
    practitioners: Sequence[Practitioner],
    *,
    from_day: date,
    minutes: int,
    at: datetime,
    patient: Patient | None = None,
    every: int = 60,
    days: int = 3,
) -> list[Day]:
    """The next days with anything open, from a day on, and the closed days between them.

    Each time stands there once, with whoever has the most room left that week.
    """
    found = every_opening(
        center,
        practitioners,
        from_day=from_day,
        minutes=minutes,
        at=at,
        patient=patient,
        every=every,
        days=days,
    )
    return [Day(day.on, _each_once(day.openings), day.closed) for day in found]


def _each_once(openings: Iterable[Opening]) -> tuple[Opening, ...]:
    by_time: dict[Stretch, Opening] = {}
    for one in openings:
        by_time.setdefault(one.during, one)
    return tuple(by_time.values())


def every_opening(
    center: Center,
    practitioners: Sequence[Practitioner],
    *,
    from_day: date,
    minutes: int,
    at: datetime,
    patient: Patient | None = None,
    every: int = 60,
    days: int = 3,
) -> list[Day]:
    """The same with every clinician of each time, whoever has the most room left that week before the others."""
    zone = center.zone
    last = from_day + LOOK_AHEAD
    week = hours_of(center)
    whole = Stretch(at_wall(from_day, time(), zone), at_wall(last + timedelta(days=1), time(), zone))
    taken = held([one.pk for one in practitioners] + ([patient.pk] if patient else []), whole)
    closures = dict(
        Closure.objects.filter(center=center, on__range=(from_day, last)).values_list("on", "reason")
    )
    found: list[Day] = []
    day = from_day
    while day <= last and sum(bool(one.openings) for one in found) < days:
        if day in closures:
            if doors(day, week, zone):
                found.append(Day(day, (), closures[day]))
        else:
            times = _of_day(
                day, practitioners, patient, taken, week, minutes=minutes, every=every, zone=zone, at=at
            )
            if times:
                found.append(Day(day, times))
        day += timedelta(days=1)
    return found


def _of_day(
    day: date,
    practitioners: Sequence[Practitioner],
    patient: Patient | None,
    taken: Collection[Held],
    week: Sequence[Open],
    *,
    minutes: int,
    every: int,
    zone: ZoneInfo,
    at: datetime,
) -> tuple[Opening, ...]:
    busy = {one.pk: _minutes_of(one.pk, taken) for one in practitioners}
    found = []
    for one in sorted(practitioners, key=lambda each: (busy[each.pk], each.name)):
        in_the_way = [each.during for each in taken if each.whom in (one.pk, patient and patient.pk)]
        found += [
            Opening(one, during)
            for during in open_times(
                day, minutes=minutes, zone=zone, taken=in_the_way, not_before=at, week=week, every=every
            )
        ]
    return tuple(sorted(found, key=lambda opening: opening.during))


def _minutes_of(whom: UUID, taken: Iterable[Held]) -> int:
    return sum(each.during.minutes for each in taken if each.whom == whom)


def free_room(center: Center, during: Stretch) -> Room | None:
    """The smallest room that nobody has then."""
    rooms = list(Room.objects.in_use().filter(center=center, is_virtual=False).order_by("seats", "name"))
    taken = {one.whom for one in held([room.pk for room in rooms], during)}
    return next((room for room in rooms if room.pk not in taken), None)


def hours_of(center: Center) -> tuple[Open, ...]:
    """The hours that a center has written down, or the usual ones for one that has written none."""
    written = OpeningHours.objects.filter(center=center).values_list("weekday", "opens", "closes")
    return tuple(Open(*one) for one in written) or USUAL_WEEK


def clinicians(center: Center, roles: Collection[Role]) -> list[Practitioner]:
    """Who works at a center in one of these roles, by name."""
    works_here = Q(user__memberships__center=center) | Q(user__memberships__center=None)
    return list(
        Practitioner.objects.filter(
            works_here,
            user__is_active=True,
            user__memberships__organization=center.organization_id,
            user__memberships__role__in=list(roles),
            user__memberships__ended_at=None,
        )
        .select_related("user")
        .distinct()
        .order_by("name")
    )
