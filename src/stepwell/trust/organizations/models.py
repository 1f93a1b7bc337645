"""Organizations, and what each of them has: centers, rooms, closed days."""

import uuid
from typing import ClassVar
from zoneinfo import ZoneInfo

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

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

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["organization", "slug"], name="center_slug")]

    def __str__(self) -> str:
        return self.name

    def show_its_time(self) -> None:
        """Show times by the clock on this center's wall until the request ends, which puts back what was."""
        timezone.activate(ZoneInfo(self.time_zone))


@pghistory.track()
class Room(OfOrganization):
    center = models.ForeignKey(Center, on_delete=models.PROTECT, related_name="rooms")
    name = models.CharField(max_length=100)
    seats = models.PositiveSmallIntegerField(default=12)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["center", "name"], name="room_name")]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
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
