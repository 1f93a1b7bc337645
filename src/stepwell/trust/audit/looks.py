"""Who looked at one record, and in which lists its name stood.

It is read from an index, and a page goes on where the last one ended, by time and number: its cost does not grow with
the log.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Self, TypeVar
from uuid import UUID

from django.db import models
from django.db.models import Q, QuerySet

from stepwell.trust.audit.did import Did
from stepwell.trust.audit.models import AuditEvent
from stepwell.trust.audit.rules.looks import Day, Look, by_day_and_person, whole_days

E = TypeVar("E", bound=models.Model)

#: Events on a page, at most. They are told by day and person, so a page shows far fewer lines.
PAGE = 300
#: Events in a file, at most: it is made whole in memory. With more, somebody asks for some days of it.
MOST = 50_000


@dataclass(frozen=True)
class Place:
    """Where a page ended, as an address can carry it."""

    at: datetime
    number: int

    def __str__(self) -> str:
        return f"{self.at:%Y%m%dT%H%M%S.%f}-{self.number}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """None for what is not one: the first page is shown then."""
        moment, _dash, number = text.partition("-")
        try:
            at = datetime.strptime(f"{moment}+0000", "%Y%m%dT%H%M%S.%f%z")
            place = cls(at, int(number))
        except ValueError:
            return None
        return place if 0 <= place.number < 2**63 and at.year > 1900 else None


@dataclass(frozen=True)
class Period:
    """From one moment on, until just before another; without either, without end."""

    since: datetime | None = None
    until: datetime | None = None

    @classmethod
    def of_days(cls, first: date | None, last: date | None, zone: tzinfo) -> Self:
        return cls(
            datetime.combine(first, time(), zone) if first else None,
            datetime.combine(last + timedelta(days=1), time(), zone) if last else None,
        )

    @property
    def events(self) -> Q:
        since = Q(at__gte=self.since) if self.since else Q()
        return since & Q(at__lt=self.until) if self.until else since

    def first_place(self, place: Place | None) -> Place | None:
        """Where to begin on the way back in time."""
        if self.until is None or (place is not None and place.at < self.until):
            return place
        return Place(self.until, 0)


ALWAYS = Period()


@dataclass(frozen=True)
class Looks:
    """A page of days, and where the next one begins."""

    days: list[Day]
    after: Place | None


def before(events: "QuerySet[E]", place: Place | None) -> "QuerySet[E]":
    """The events that come after that place on the way back in time."""
    events = events.order_by("-at", "-number")
    if place is None:
        return events
    return events.filter(Q(at__lt=place.at) | Q(at=place.at, number__lt=place.number), at__lte=place.at)


def of_patient(
    patients: Collection[UUID],
    zone: tzinfo,
    *,
    place: Place | None = None,
    but_by: UUID | None = None,
    during: Period = ALWAYS,
    most: int = PAGE,
) -> Looks:
    """Everybody who did something with this record, under every id it ever had (records are merged).

    ``but_by`` leaves one person's own looks out.
    """
    events = AuditEvent.objects.filter(during.events, patient_id__in=patients).exclude(did=Did.WAS_REFUSED)
    if but_by is not None:
        events = events.exclude(by_id=but_by)
    return _page(before(events, place)[: most + 1], zone, most)


def refusals(
    patients: Collection[UUID],
    zone: tzinfo,
    *,
    place: Place | None = None,
    during: Period = ALWAYS,
    most: int = PAGE,
) -> Looks:
    """Everybody who tried and was refused."""
    events = AuditEvent.objects.filter(during.events, patient_id__in=patients, did=Did.WAS_REFUSED)
    return _page(before(events, place)[: most + 1], zone, most)


def in_lists(
    patients: Collection[UUID],
    zone: tzinfo,
    *,
    place: Place | None = None,
    during: Period = ALWAYS,
    most: int = PAGE,
) -> Looks:
    """Everybody who saw this name in a list."""
    found: list[AuditEvent] = []
    place = during.first_place(place)
    for patient_id in patients:
        found += AuditEvent.objects.raw(
            "SELECT * FROM audit_listed(%s, %s, %s, %s)",
            [patient_id, place.at if place else None, place.number if place else None, most + 1],
        )
    found.sort(key=lambda event: (event.at, event.number), reverse=True)
    return _page(
        (event for event in found[: most + 1] if not during.since or event.at >= during.since), zone, most
    )


def told(events: Iterable[AuditEvent], zone: tzinfo) -> list[Day]:
    """These events by day and person."""
    return by_day_and_person(_look(event, zone) for event in events)


def _page(found: Iterable[AuditEvent], zone: tzinfo, most: int) -> Looks:
    events = list(found)
    looks = [_look(event, zone) for event in events]
    shown = whole_days(looks, most)
    more = Place(events[shown - 1].at, events[shown - 1].number) if shown < len(events) else None
    return Looks(by_day_and_person(looks[:shown]), more)


def _look(event: AuditEvent, zone: tzinfo) -> Look:
    return Look(
        event.at.astimezone(zone), event.by_id, event.by_name, tuple(event.by_roles), event.did, event.purpose
    )
