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
    phone = models.CharField(max_length=20)
    hours_text = models.CharField(max_length=200, blank=True)
    hours_text_es = models.CharField(max_length=200, blank=True)
    languages = ArrayField(models.CharField(max_length=8), default=list)
    services = ArrayField(models.CharField(max_length=40), default=list)
    confirmed_on = models.DateField()

    def __str__(self) -> str:
        return self.name
