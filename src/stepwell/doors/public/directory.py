"""Finding a center in the published directory: near a place as people type it, with what they need there.

Only what is published is read here. No organization is acted in, so a list of many organizations' centers and open
times is three questions to the database.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import DenseRank, RowNumber
from django.utils import formats
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from stepwell.ground.kit import phones
from stepwell.ground.kit.places import Point, Town, miles_between, point_of_zip, point_of_zips, towns_called
from stepwell.trust.organizations.models import OpenTime, PublishedCenter
from stepwell.trust.organizations.services import LEVELS, PLANS, SERVICES

#: How far somebody may be asked to go: our own default. Who finds nothing so near is shown the nearest there are.
FAR = 60.0
NEAREST_SHOWN = 3
ON_A_PAGE = 10
SOONEST = 3
TIMES_OF_ONE = 30
LONGEST_PLACE = 80
#: A degree of latitude, a little less than it is, so that the box is never too small.
MILES_OF_A_DEGREE = 68.7

#: What a reader ticks: the name in the address, and the service that a center must have.
TICKS = ("evening", "virtual", "medication", "women", "lgbtq", "child_care", "wheelchair")


@dataclass(frozen=True)
class Wanted:
    """What the reader asks for: every part of it stands in the address, so that it can be kept and shared."""

    near: str = ""
    level: str = ""
    pay: str = ""
    language: str = ""
    ticks: tuple[str, ...] = ()

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> "Wanted":
        """What is not on offer is as if it had not been asked."""
        near = " ".join(asked.get("near", "").replace("\x00", "").split())[:LONGEST_PLACE]
        level, pay, language = (asked.get(name, "") for name in ("level", "pay", "language"))
        return cls(
            near=near,
            level=level if level in LEVELS else "",
            pay=pay if pay in PLANS else "",
            language=language if re.fullmatch(r"[a-z]{2,3}", language) else "",
            ticks=tuple(name for name in TICKS if asked.get(name)),
        )

    @property
    def narrows(self) -> bool:
        """Whether it asks for more than a place."""
        return bool(self.level or self.pay or self.language or self.ticks)

    @property
    def address(self) -> str:
        """As it stands behind the question mark, without a page."""
        asked = {"near": self.near, "level": self.level, "pay": self.pay, "language": self.language}
        return urlencode(
            {name: value for name, value in asked.items() if value} | dict.fromkeys(self.ticks, "1")
        )

    def narrow(self, centers: QuerySet[PublishedCenter]) -> QuerySet[PublishedCenter]:
        services = [*self.ticks, *([self.level] if self.level else [])]
        if services:
            centers = centers.filter(services__contains=services)
        if self.pay:
            centers = centers.filter(plans__contains=[self.pay])
        if self.language:
            centers = centers.filter(languages__contains=[self.language])
        return centers


@dataclass(frozen=True)
class Place:
    """Where somebody looks from."""

    name: str
    point: Point
    state: str = ""


@dataclass(frozen=True)
class Meant:
    """The place that was typed; or several towns of one name; or a place that nobody knows."""

    place: Place | None = None
    towns: tuple[Town, ...] = ()


def meant_by(near: str) -> Meant:
    """A ZIP code or its first digits; a town, with its state or without: "Dayton OH"."""
    if re.fullmatch(r"[0-9]{5}(-[0-9]{4})?", near):
        point = point_of_zip(near)
        return Meant(Place(near, point) if point else None)
    if re.fullmatch(r"[0-9]{3,4}", near):
        point = point_of_zips(near)
        return Meant(Place(near, point) if point else None)
    name, _comma, state = (part.strip() for part in near.partition(","))
    split = re.fullmatch(r"(.+) ([A-Za-z]{2})", name)
    towns = towns_called(name, state) or (towns_called(split[1], split[2]) if split and not state else ())
    if len(towns) > 1:
        towns = _with_a_center(towns) or towns
    if len(towns) == 1:
        (town,) = towns
        return Meant(Place(f"{town.name}, {town.state}", town.point, town.state))
    return Meant(towns=towns)


def _with_a_center(towns: tuple[Town, ...]) -> tuple[Town, ...]:
    """Of many towns of one name, those with a center near: one of these is most likely meant."""
    centers = PublishedCenter.objects.filter(state__in=[town.state for town in towns])
    points = [one.point for one in centers.only("latitude", "longitude") if one.point is not None]
    return tuple(town for town in towns if any(miles_between(town.point, point) <= FAR for point in points))


@dataclass(frozen=True)
class Day:
    """The open times of one day."""

    name: str
    times: tuple["Slot", ...]


@dataclass(frozen=True)
class Slot:
    """One open time, by the clock on the center's wall."""

    open_time: OpenTime
    center: PublishedCenter

    @cached_property
    def at(self) -> datetime:
        return self.open_time.starts_at.astimezone(self.center.zone)

    @cached_property
    def clock(self) -> str:
        return formats.date_format(self.at, _("g:i A"))

    @property
    def by_video_only(self) -> bool:
        return not self.open_time.in_person


@dataclass(frozen=True)
class Found:
    """One center as a reader needs it."""

    center: PublishedCenter
    miles: float | None = None
    days: Sequence[Day] = field(default=())

    @property
    def distance(self) -> str:
        if self.miles is None:
            return ""
        if self.miles < 0.95:
            return _("Less than 1 mile")
        return _("%(n)s miles") % {"n": formats.number_format(self.miles, 1 if self.miles < 9.95 else 0)}

    @property
    def phone(self) -> str:
        return phones.as_printed(self.center.phone)

    @property
    def dial(self) -> str:
        return phones.to_dial(self.center.phone)

    @property
    def hours(self) -> str:
        in_spanish = (get_language() or "").startswith("es")
        return (self.center.hours_text_es if in_spanish else "") or self.center.hours_text

    @property
    def levels(self) -> list[str]:
        return [str(LEVELS[code]) for code in self.center.services if code in LEVELS]

    @property
    def more(self) -> list[str]:
        return [str(SERVICES.get(code, code)) for code in self.center.services if code not in LEVELS]

    @property
    def plans(self) -> list[str]:
        return [str(PLANS.get(code, code)) for code in self.center.plans]

    @property
    def languages(self) -> list[str]:
        return [language_name(code) for code in self.center.languages]

    @property
    def address(self) -> str:
        one = self.center
        return f"{one.street + ', ' if one.street else ''}{one.city}, {one.state} {one.postal_code}"


@dataclass(frozen=True)
class Search:
    """What was found."""

    wanted: Wanted
    meant: Meant
    found: Sequence[Found]
    count: int
    page: int
    pages: int
    #: Nothing lies as near as somebody may be asked to go: these are the nearest there are.
    is_far: bool = False

    @property
    def place(self) -> Place | None:
        return self.meant.place


def search(wanted: Wanted, *, page: int, at: datetime) -> Search:
    """The centers that fit, the nearest first; by name where no place was typed."""
    meant = meant_by(wanted.near) if wanted.near else Meant()
    if wanted.near and meant.place is None:
        return Search(wanted, meant, (), 0, 1, 1)
    centers = wanted.narrow(PublishedCenter.objects.all())
    near, is_far = _ranked(centers, meant.place)
    pages = max(1, -(-len(near) // ON_A_PAGE))
    page = min(max(page, 1), pages)
    shown = near[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]
    by_id = PublishedCenter.objects.in_bulk([pk for pk, _miles in shown])
    times = soonest(list(by_id.values()), at=at)
    found = [Found(by_id[pk], miles, times.get(pk, ())) for pk, miles in shown if pk in by_id]
    return Search(wanted, meant, found, len(near), page, pages, is_far)


Ranked = list[tuple[UUID, float | None]]


def _ranked(centers: QuerySet[PublishedCenter], place: Place | None) -> tuple[Ranked, bool]:
    """Keys with miles, the nearest first; and whether all of them are far away."""
    if place is None:
        return [(pk, None) for pk in centers.order_by("name", "pk").values_list("pk", flat=True)], False
    degrees = FAR / MILES_OF_A_DEGREE
    by_video = Q(services__contains=["virtual"], state=place.state) if place.state else Q(pk__in=[])
    box = centers.filter(
        Q(latitude__range=(place.point.latitude - degrees, place.point.latitude + degrees)) | by_video
    )
    near = [
        one for one in _with_miles(box, place.point) if one[1] <= FAR or (one[2] and one[3] == place.state)
    ]
    if near:
        return [(pk, miles) for pk, miles, _virtual, _state in near], False
    return [(pk, miles) for pk, miles, *_rest in _with_miles(centers, place.point)[:NEAREST_SHOWN]], True


def _with_miles(centers: QuerySet[PublishedCenter], point: Point) -> list[tuple[UUID, float, bool, str]]:
    known = centers.exclude(latitude=None).values_list(
        "pk", "latitude", "longitude", "services", "state", "name"
    )
    measured = [
        (miles_between(point, Point(latitude, longitude)), name, pk, "virtual" in services, state)
        for pk, latitude, longitude, services, state, name in known
        if latitude is not None and longitude is not None
    ]
    measured.sort(key=lambda one: (one[0], one[1]))
    return [(pk, miles, virtual, state) for miles, _name, pk, virtual, state in measured]


def soonest(
    centers: Sequence[PublishedCenter], *, at: datetime, most: int = SOONEST
) -> dict[UUID, list[Day]]:
    """Of each of these centers the next open times, by day; each moment once, whoever it is with."""
    by_id = {one.pk: one for one in centers if one.books_online}
    if not by_id:
        return {}
    ahead = OpenTime.objects.filter(center__in=list(by_id), starts_at__gt=at).annotate(
        place=Window(DenseRank(), partition_by=[F("center")], order_by=F("starts_at").asc()),
        of_this_moment=Window(
            RowNumber(), partition_by=[F("center"), F("starts_at")], order_by=F("id").asc()
        ),
    )
    times: dict[UUID, list[Slot]] = {}
    for one in ahead.filter(of_this_moment=1, place__lte=most).order_by("starts_at"):
        times.setdefault(one.center_id, []).append(Slot(one, by_id[one.center_id]))
    return {pk: by_day(slots, at) for pk, slots in times.items()}


def by_day(slots: Sequence[Slot], at: datetime) -> list[Day]:
    days: dict[date, list[Slot]] = {}
    for slot in slots:
        days.setdefault(slot.at.date(), []).append(slot)
    return [Day(day_name(times[0].at, at), tuple(times)) for times in days.values()]


def day_name(when: datetime, at: datetime) -> str:
    """Today, tomorrow, or the day; each with its date, so that it holds on paper as well."""
    day = formats.date_format(when, _("l, F j"))
    if (get_language() or "").startswith("es"):
        day = day.lower()
    apart = (when.date() - at.astimezone(when.tzinfo).date()).days
    if apart == 0:
        return _("Today, %(day)s") % {"day": day}
    if apart == 1:
        return _("Tomorrow, %(day)s") % {"day": day}
    return day[:1].upper() + day[1:]


def language_name(code: str) -> str:
    """The name of a language in that language, as its speakers look for it."""
    try:
        return str(get_language_info(code)["name_local"]).capitalize()
    except KeyError:
        return code


# ---------- what the form offers ----------


@dataclass(frozen=True)
class Option:
    """One thing to choose, and whether it is chosen."""

    value: str
    words: str
    chosen: bool


def choices(wanted: Wanted) -> dict[str, list[Option]]:
    """What can be asked for. Of languages only those that some center speaks."""
    spoken = sorted(
        {
            code
            for codes in PublishedCenter.objects.values_list("languages", flat=True).distinct()
            for code in codes
        },
        key=lambda code: (code not in ("en", "es"), language_name(code)),
    )
    return {
        "level": [Option(code, str(words), code == wanted.level) for code, words in LEVELS.items()],
        "pay": [Option(code, str(words), code == wanted.pay) for code, words in PLANS.items()],
        "language": [Option(code, language_name(code), code == wanted.language) for code in spoken],
        "ticks": [Option(name, str(SERVICES[name]), name in wanted.ticks) for name in TICKS],
    }
