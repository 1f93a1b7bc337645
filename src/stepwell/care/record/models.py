"""What was found of a person's health, on a day."""

from collections.abc import Iterable
from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _

from stepwell.care.record import words
from stepwell.care.record.rules.use_disorder import (
    PRESCRIBED,
    WITH_MAINTENANCE,
    Criterion,
    Judged,
    Remission,
    Severity,
    Substance,
    judge,
)
from stepwell.trust.access import Permission
from stepwell.trust.people.frozen import frozen
from stepwell.trust.people.models import ClinicalRecord

_STAYS = (
    "patient_id",
    "substance",
    "criteria",
    "only_as_prescribed",
    "severity",
    "remission",
    "free_since",
    "in_controlled_environment",
    "on_maintenance_therapy",
    "code",
    "found_on",
)


def _one_of(names: Iterable[str]) -> list[str]:
    return sorted(str(name) for name in names)


@pghistory.track()
class Condition(ClinicalRecord):
    """A substance use disorder as it was found on a day. Found anew, it is another one: this one stays as it is."""

    substance = models.CharField(
        max_length=12, choices=[(each.value, name) for each, name in words.DISORDERS.items()]
    )
    #: Each criterion that was asked, and whether it was met within the same 12 months.
    criteria = models.JSONField(default=dict)
    only_as_prescribed = models.BooleanField(default=False)
    severity = models.CharField(
        max_length=8, choices=[(each.value, name) for each, name in words.SEVERITIES.items()]
    )
    remission = models.CharField(
        max_length=9, blank=True, choices=[(each.value, name) for each, name in words.REMISSIONS.items()]
    )
    free_since = models.DateField(null=True, blank=True)
    in_controlled_environment = models.BooleanField(default=False)
    on_maintenance_therapy = models.BooleanField(default=False)
    #: ICD-10-CM.
    code = models.CharField(max_length=8)
    found_on = models.DateField()

    struck_out_with = Permission.DIAGNOSE

    class Meta(ClinicalRecord.Meta):
        ordering: ClassVar = ["-found_on", "-recorded_at"]
        constraints: ClassVar = [
            *ClinicalRecord.Meta.constraints,
            models.CheckConstraint(
                name="condition_says_what_there_is",
                condition=Q(
                    substance__in=_one_of(Substance),
                    severity__in=_one_of(Severity),
                    remission__in=_one_of(Remission),
                    code__startswith="F1",
                ),
            ),
            models.CheckConstraint(
                name="condition_remission_has_a_beginning",
                condition=Q(free_since=None, remission="", on_maintenance_therapy=False)
                | Q(free_since__lte=F("found_on")),
            ),
            models.CheckConstraint(
                name="condition_controlled_only_in_remission",
                condition=Q(in_controlled_environment=False) | ~Q(remission=""),
            ),
            models.CheckConstraint(
                name="condition_maintained_where_there_is_such",
                condition=Q(on_maintenance_therapy=False) | Q(substance__in=_one_of(WITH_MAINTENANCE)),
            ),
            models.CheckConstraint(
                name="condition_prescribed_where_there_is_such",
                condition=Q(only_as_prescribed=False) | Q(substance__in=_one_of(PRESCRIBED)),
            ),
        ]
        triggers: ClassVar = [frozen("condition_stays", *_STAYS, once="TRUE")]

    def __str__(self) -> str:
        return f"{self.code} on {self.found_on:%Y-%m-%d}"

    @property
    def says(self) -> str:
        """The whole finding: what, how severe, in remission or not."""
        parts = [
            self.get_substance_display(),
            self.get_severity_display(),
            self.get_remission_display() if self.remission else "",
            _("in a controlled environment") if self.in_controlled_environment else "",
            _("on maintenance therapy") if self.on_maintenance_therapy else "",
        ]
        return ", ".join(str(part) for part in parts if part)

    @property
    def judged(self) -> Judged:
        answers = {Criterion(name): is_met for name, is_met in self.criteria.items()}
        return judge(Substance(self.substance), answers, only_as_prescribed=self.only_as_prescribed)

    @property
    def met(self) -> list[str]:
        return [str(words.CRITERIA[each]) for each in self.judged.met]

    @property
    def not_counted(self) -> list[str]:
        return [str(words.CRITERIA[each]) for each in self.judged.not_counted]

    @property
    def not_asked(self) -> list[str]:
        return [str(words.CRITERIA[each]) for each in self.judged.not_asked]
