"""Organizations, and what each of them has: centers, rooms, closed days."""

import uuid
from datetime import date, datetime
from typing import ClassVar, Self
from zoneinfo import ZoneInfo

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stepwell.ground.kit.places import Point
from stepwell.trust.organizations.acting import current_organization_id


class Organization(models.Model):
    """A treatment organization. Its rows are walled off from every other's."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    slug = models.SlugField(unique=True)

    def __str__(self) -> str:
        return self.name


class OfOrganization(models.Model):
    """A row that belongs to one organization: the one we act in, unless said otherwise."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        default=current_organization_id,
        editable=False,
        related_name="+",
    )

    class Meta:
        abstract = True


class CenterQuerySet(models.QuerySet["Center"]):
    def in_use(self) -> Self:
        """Those that have not been closed for good."""
        return self.filter(closed_on=None)


@pghistory.track()
class Center(OfOrganization):
    """A place where care is given, with its own clock on the wall."""

    name = models.CharField(max_length=200)
    slug = models.SlugField()
    time_zone = models.CharField(max_length=64, default="America/New_York")
    street = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=2, blank=True)
    postal_code = models.CharField(max_length=10, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    objects = CenterQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["organization", "slug"], name="center_slug")]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """The clock on its wall."""
        return ZoneInfo(self.time_zone)

    def day_of(self, moment: datetime) -> date:
        """The day it is there, at that moment."""
        return moment.astimezone(self.zone).date()

    def show_its_time(self) -> None:
        """Show times by the clock on this center's wall until the request ends, which puts back what was."""
        timezone.activate(self.zone)


class Weekday(models.IntegerChoices):
    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class OnSomeDay(Func):
    """Two times of a day as a range that PostgreSQL can compare; it has none of times alone."""

    template = "tsrange(date '2000-01-03' + %(expressions)s)"
    arg_joiner = ", date '2000-01-03' + "
    output_field = models.TextField()


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class OpeningHours(OfOrganization):
    """A stretch of a weekday in which a center is open. A day may have several; a day with none is closed."""

    center = models.ForeignKey(Center, on_delete=models.PROTECT, related_name="hours")
    weekday = models.PositiveSmallIntegerField(choices=Weekday.choices)
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        ordering: ClassVar = ["weekday", "opens"]
        constraints: ClassVar = [
            models.CheckConstraint(name="hours_weekday", condition=Q(weekday__range=(0, 6))),
            models.CheckConstraint(name="hours_close_after_they_open", condition=Q(closes__gt=F("opens"))),
            ExclusionConstraint(
                name="hours_do_not_overlap",
                expressions=[
                    ("center", RangeOperators.EQUAL),
                    ("weekday", RangeOperators.EQUAL),
                    (OnSomeDay("opens", "closes"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M} to {self.closes:%H:%M}"


class RoomQuerySet(models.QuerySet["Room"]):
    def in_use(self) -> Self:
        """Those that can be planned with. A retired room stays where it was used."""
        return self.filter(retired_on=None)


@pghistory.track()
class Room(OfOrganization):
    """Where people meet: four walls, or an address for video."""

    center = models.ForeignKey(Center, on_delete=models.PROTECT, related_name="rooms")
    name = models.CharField(max_length=100)
    seats = models.PositiveSmallIntegerField(default=12)
    is_virtual = models.BooleanField(default=False)
    retired_on = models.DateField(null=True, blank=True)

    objects = RoomQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["center", "name"], name="room_name"),
            models.CheckConstraint(name="room_has_a_seat", condition=Q(seats__gte=1)),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Closure(OfOrganization):
    """A day on which a center is closed."""

    center = models.ForeignKey(Center, on_delete=models.PROTECT, related_name="closures")
    on = models.DateField()
    reason = models.CharField(max_length=100)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["center", "on"], name="closure_day")]

    def __str__(self) -> str:
        return f"{self.on}: {self.reason}"


class PublishedCenter(models.Model):
    """What anyone may read about a center: the public directory, outside the wall."""

    outside_the_wall = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="published")
    center = models.OneToOneField(
        Center, on_delete=models.PROTECT, null=True, blank=True, related_name="published"
    )
    name = models.CharField(max_length=200)
    slug = models.SlugField(unique=True)
    street = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=100)
    state = models.CharField(max_length=2)
    postal_code = models.CharField(max_length=10)
    #: Where its ZIP code lies; empty where nobody knows, and then no distance is said.
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    time_zone = models.CharField(max_length=64, default="America/New_York")
    phone = models.CharField(max_length=20)
    hours_text = models.CharField(max_length=200, blank=True)
    hours_text_es = models.CharField(max_length=200, blank=True)
    languages = ArrayField(models.CharField(max_length=8), default=list)
    services = ArrayField(models.CharField(max_length=40), default=list)
    #: Who pays: of ``services.PLANS``.
    plans = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    #: Whether the public may book a first visit, at the times in ``OpenTime``.
    books_online = models.BooleanField(default=False)
    confirmed_on = models.DateField()

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def point(self) -> Point | None:
        if self.latitude is None or self.longitude is None:
            return None
        return Point(self.latitude, self.longitude)


class OpenTime(models.Model):
    """A time at which a first visit can be booked: for the public, outside the wall, and about nobody who is treated.

    Its id is made of the clinician and the moment, so it stays the same however often the times are written anew.
    A taken time is deleted in the transaction that takes it. docs/adr/0011 says who keeps it true.
    """

    outside_the_wall = True

    id = models.UUIDField(primary_key=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    center = models.ForeignKey(PublishedCenter, on_delete=models.CASCADE, related_name="open_times")
    #: A bare id: who that is stands behind the wall.
    practitioner = models.UUIDField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    in_person = models.BooleanField(default=True)
    by_video = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["starts_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["center", "starts_at"], name="open_time_of_center"),
            models.Index(fields=["practitioner", "starts_at"], name="open_time_of_practitioner"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="open_time_ends_after_it_starts", condition=Q(ends_at__gt=F("starts_at"))
            ),
            models.CheckConstraint(
                name="open_time_somewhere", condition=Q(in_person=True) | Q(by_video=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.center}, {self.starts_at:%Y-%m-%d %H:%M}"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class PhoneLine(models.Model):
    """A number that a center answers, for whom it is, and when. Public with the center's entry."""

    outside_the_wall = True

    class Kind(models.TextChoices):
        NURSE = "nurse", _("Nurse")
        CRISIS = "crisis", _("Crisis line")
        FRONT_DESK = "front_desk", _("Front desk")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    center = models.ForeignKey(Center, on_delete=models.PROTECT, related_name="phone_lines")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    phone = models.CharField(max_length=20)
    #: Day and night, on closed days as well. Otherwise as the hours below say, and on no closed day.
    is_always = models.BooleanField(default=False)
    #: ``[weekday, opens, closes]`` of each stretch, by the clock on the center's wall: ``[0, "08:30", "17:00"]``.
    hours = models.JSONField(default=list, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["center", "kind"], name="phone_line_one_of_a_kind"),
            models.CheckConstraint(name="phone_line_has_a_number", condition=~Q(phone="")),
            models.CheckConstraint(
                name="phone_line_says_when",
                condition=Q(is_always=True, hours=[]) | Q(is_always=False) & ~Q(hours=[]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.center}"
