"""Papers that were asked for: of whom, which parts, what for, and the file while it is kept."""

from datetime import datetime
from typing import ClassVar, Self

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from stepwell.ground.kit import clock
from stepwell.trust.access import Permission, VisibleTo
from stepwell.trust.accounts.models import User
from stepwell.trust.consent.rules.vocabulary import Segment
from stepwell.trust.organizations.models import OfOrganization
from stepwell.trust.people.frozen import frozen
from stepwell.trust.people.models import Patient
from stepwell.trust.printouts import rules
from stepwell.trust.printouts.rules import MAY_BE_PRINTED, Failure, For, State


class PrintoutQuerySet(VisibleTo):
    seen_with = Permission.PRINT_CHART

    def waiting(self) -> Self:
        return self.filter(made_at=None, failed="")

    def out_of_date(self, now: datetime) -> Self:
        """Those whose file has been kept long enough."""
        return self.filter(failed="", forgotten_at=None, made_at__lte=now - rules.KEPT_FOR)


@pghistory.track()
class Printout(OfOrganization):
    """A paper that somebody asked for. The row stays and says what left the screen; the file goes after a day."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="printouts")
    made_for = models.CharField(max_length=10, choices=[(each.value, each.value) for each in For])
    segments = ArrayField(
        models.CharField(max_length=20, choices=[(s.value, s.value) for s in MAY_BE_PRINTED])
    )
    since = models.DateField(null=True, blank=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True, blank=True)
    failed = models.CharField(
        max_length=12, blank=True, choices=[(each.value, each.value) for each in Failure]
    )
    stored_as = models.CharField(max_length=48, blank=True)
    size = models.PositiveIntegerField(null=True, blank=True)
    pages = models.PositiveIntegerField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    forgotten_at = models.DateTimeField(null=True, blank=True)

    objects = PrintoutQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-asked_at"]
        constraints: ClassVar = [
            models.CheckConstraint(name="printout_of_something", condition=~Q(segments=[])),
            models.CheckConstraint(
                name="printout_never_of_counseling_notes",
                condition=~Q(segments__contains=[Segment.COUNSELING_NOTES.value]),
            ),
            models.CheckConstraint(
                name="printout_has_its_file_whole_or_none",
                condition=Q(made_at=None, stored_as="", sha256="", size=None, pages=None)
                | Q(made_at__isnull=False, failed="", size__gt=0, pages__gt=0)
                & ~Q(stored_as="")
                & ~Q(sha256=""),
            ),
            models.CheckConstraint(
                name="printout_forgotten_after_it_was_made",
                condition=Q(forgotten_at=None) | Q(made_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["organization", "stored_as"],
                condition=~Q(stored_as=""),
                name="printout_stored_once",
            ),
        ]
        triggers: ClassVar = [
            frozen(
                "printout_stays",
                "patient_id",
                "made_for",
                "segments",
                "since",
                "asked_by_id",
                "asked_at",
                once="TRUE",
            ),
            frozen(
                "made_printout_stays",
                "made_at",
                "failed",
                "stored_as",
                "size",
                "pages",
                "sha256",
                once="OLD.made_at IS NOT NULL OR OLD.failed <> ''",
            ),
        ]

    def __str__(self) -> str:
        return f"a printout of {self.patient_id}"

    @property
    def parts(self) -> list[Segment]:
        return rules.in_order(map(Segment, self.segments))

    @property
    def state(self) -> State:
        return rules.state(
            made_at=self.made_at, failed=self.failed, forgotten_at=self.forgotten_at, now=clock.now()
        )

    @property
    def until(self) -> datetime | None:
        return self.made_at + rules.KEPT_FOR if self.made_at else None

    @property
    def file_name(self) -> str:
        """What it is called where it is downloaded to: nothing that says whose it is, or what about."""
        return f"document-{self.asked_at:%Y-%m-%d-%H%M}.pdf"
