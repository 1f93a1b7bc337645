"""Level-of-care assessments: ratings by domain, the level they support, and the level chosen."""

from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import Q

from stepwell.care.episodes.levels import LevelOfCare
from stepwell.trust.accounts.models import User
from stepwell.trust.people.frozen import frozen
from stepwell.trust.people.models import ClinicalRecord


@pghistory.track()
class LevelOfCareAssessment(ClinicalRecord):
    """One screening. Once signed, only a new one says something else."""

    ratings = models.JSONField(default=dict, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    ruleset = models.CharField(max_length=60, blank=True)
    result = models.JSONField(default=dict, blank=True)
    recommended = models.CharField(max_length=4, blank=True)
    chosen = models.CharField(
        max_length=4, blank=True, choices=[(level.value, level.short) for level in LevelOfCare]
    )
    override_because = models.TextField(blank=True)
    second_sign_off_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta(ClinicalRecord.Meta):
        constraints: ClassVar = [
            *ClinicalRecord.Meta.constraints,
            models.CheckConstraint(
                name="assessment_signed_with_a_level",
                condition=Q(signed_at=None, signed_by=None)
                | (Q(signed_at__isnull=False, signed_by__isnull=False) & ~Q(chosen="")),
            ),
            models.CheckConstraint(
                name="assessment_override_has_a_reason",
                condition=Q(signed_at=None) | Q(chosen=models.F("recommended")) | ~Q(override_because=""),
            ),
        ]
        triggers: ClassVar = [
            frozen(
                "signed_assessment_stays",
                "ratings",
                "facts",
                "result",
                "recommended",
                "chosen",
                "override_because",
                "signed_at",
                "signed_by_id",
                once="OLD.signed_at IS NOT NULL",
            )
        ]

    def __str__(self) -> str:
        return f"{self.patient}, assessed {self.recorded_at:%Y-%m-%d}"
