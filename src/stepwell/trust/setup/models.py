"""Licenses of the people who work here."""

from datetime import date, timedelta
from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import Q

from stepwell.trust.organizations.models import OfOrganization
from stepwell.trust.people.models import Practitioner

#: How long before it runs out a license is shown as running out.
WARN_BEFORE = timedelta(days=60)


class LicenseQuerySet(models.QuerySet["License"]):
    def kept(self) -> Self:
        """Without those that were taken off the list."""
        return self.filter(taken_off_at=None)


@pghistory.track()
class License(OfOrganization):
    """The right to practice, given by a state until a day. It warns when it runs out; it stops nobody from signing:
    whether a person may practice is for the state and the supervisor to say, and a date here may be behind."""

    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="licenses")
    kind = models.CharField(max_length=40)
    number = models.CharField(max_length=40)
    state = models.CharField(max_length=2)
    expires_on = models.DateField(null=True, blank=True)
    taken_off_at = models.DateTimeField(null=True, blank=True)

    objects = LicenseQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["kind", "state"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practitioner", "kind", "state"],
                condition=Q(taken_off_at=None),
                name="license_once_a_kind_and_state",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}, {self.state}"

    def is_over_on(self, day: date) -> bool:
        return self.expires_on is not None and self.expires_on < day

    def runs_out_soon(self, day: date) -> bool:
        """Within sixty days of that day, or over already."""
        return self.expires_on is not None and self.expires_on <= day + WARN_BEFORE
