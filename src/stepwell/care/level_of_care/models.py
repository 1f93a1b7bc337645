"""Level-of-care assessments: ratings by domain, the level they support, and the level chosen."""

from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stepwell.care.episodes.levels import LevelOfCare
from stepwell.care.level_of_care.rules import Kind
from stepwell.trust.access import Permission
from stepwell.trust.accounts.models import User
from stepwell.trust.organizations.models import Center, OfOrganization
from stepwell.trust.people.frozen import frozen
from stepwell.trust.people.models import ClinicalQuerySet, ClinicalRecord


class Edition(models.TextChoices):
    FOURTH = "4", _("Fourth edition")
    THIRD = "3", _("Third edition")


@pghistory.track()
class EditionInUse(OfOrganization):
    """The edition whose labels a center writes. Adoption goes state by state; a center without a row uses the fourth.

    An assessment keeps its own, so that a change here leaves what was assessed before as it was.
    """

    center = models.OneToOneField(Center, on_delete=models.PROTECT, related_name="+")
    edition = models.CharField(max_length=1, choices=Edition.choices)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="edition_in_use_is_one", condition=Q(edition__in=[each.value for each in Edition])
            )
        ]

    def __str__(self) -> str:
        return f"{self.center}: {self.get_edition_display()}"


def edition_at(center: Center) -> Edition:
    found = EditionInUse.objects.filter(center=center).values_list("edition", flat=True).first()
    return Edition(found) if found else Edition.FOURTH


class OverrideKind(models.TextChoices):
    PREFERENCE = Kind.PREFERENCE.value, _("The person's own choice")
    NOT_AVAILABLE = Kind.NOT_AVAILABLE.value, _("Cannot be had within 72 hours")
    JUDGMENT = Kind.JUDGMENT.value, _("Clinical judgment")
    CIRCUMSTANCES = Kind.CIRCUMSTANCES.value, _("Home, work or child care")
    PAYER = Kind.PAYER.value, _("The payer's decision")
    COURT = Kind.COURT.value, _("A court's or an agency's decision")


class AssessmentQuerySet(ClinicalQuerySet):
    def settled(self) -> Self:
        """Signed, and signed a second time where that is needed."""
        return self.in_force().filter(
            Q(needs_second_signature=False) | Q(second_sign_off_at__isnull=False), signed_at__isnull=False
        )

    def waiting_for_second_signature(self) -> Self:
        return self.in_force().filter(
            needs_second_signature=True, second_sign_off_at=None, signed_at__isnull=False
        )


@pghistory.track()
class LevelOfCareAssessment(ClinicalRecord):
    """One screening. Once signed, only a new one says something else.

    `ratings` holds, by domain, the value, what a 3 needs, the rater's words, and the scores that were on record
    then; under `person` only words.
    `result` is the decision as the rules gave it, with the ruleset's name, version and hash.
    """

    edition = models.CharField(max_length=1, choices=Edition.choices, default=Edition.FOURTH)
    ratings = models.JSONField(default=dict, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    ruleset = models.CharField(max_length=60, blank=True)
    result = models.JSONField(default=dict, blank=True)
    recommended = models.CharField(max_length=4, blank=True)
    chosen = models.CharField(
        max_length=4, blank=True, choices=[(level.value, level.short) for level in LevelOfCare]
    )
    override_kind = models.CharField(max_length=16, blank=True, choices=OverrideKind.choices)
    override_because = models.TextField(blank=True)
    disposition = models.TextField(blank=True)
    needs_second_signature = models.BooleanField(default=False)
    second_sign_off_at = models.DateTimeField(null=True, blank=True)
    second_sign_off_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = AssessmentQuerySet.as_manager()

    struck_out_with = Permission.SCREEN

    class Meta(ClinicalRecord.Meta):
        constraints: ClassVar = [
            *ClinicalRecord.Meta.constraints,
            models.CheckConstraint(
                name="assessment_signed_with_a_level_or_a_disposition",
                condition=Q(signed_at=None, signed_by=None)
                | (
                    Q(signed_at__isnull=False, signed_by__isnull=False) & (~Q(chosen="") | ~Q(disposition=""))
                ),
            ),
            models.CheckConstraint(
                name="assessment_second_signature_whole_and_after_the_first",
                condition=Q(second_sign_off_at=None, second_sign_off_by=None)
                | Q(second_sign_off_at__gte=models.F("signed_at"), second_sign_off_by__isnull=False),
            ),
            models.CheckConstraint(
                name="assessment_override_has_a_reason",
                condition=Q(signed_at=None) | Q(chosen=models.F("recommended")) | ~Q(override_because=""),
            ),
            models.CheckConstraint(  # those of the first table were signed before it was asked
                name="assessment_override_says_its_kind",
                condition=Q(signed_at=None)
                | Q(chosen=models.F("recommended"))
                | ~Q(override_kind="")
                | Q(ruleset="stepwell-needs 1"),
            ),
        ]
        triggers: ClassVar = [
            frozen(
                "signed_assessment_stays",
                "patient_id",
                "edition",
                "ratings",
                "facts",
                "ruleset",
                "result",
                "recommended",
                "chosen",
                "override_kind",
                "override_because",
                "disposition",
                "needs_second_signature",
                "signed_at",
                "signed_by_id",
                once="OLD.signed_at IS NOT NULL",
            ),
            frozen(
                "second_signature_stays",
                "second_sign_off_at",
                "second_sign_off_by_id",
                once="OLD.second_sign_off_at IS NOT NULL",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.patient}, assessed {self.recorded_at:%Y-%m-%d}"

    @property
    def chosen_level(self) -> LevelOfCare | None:
        return LevelOfCare(self.chosen) if self.chosen else None

    @property
    def recommended_level(self) -> LevelOfCare | None:
        return LevelOfCare(self.recommended) if self.recommended else None

    @property
    def is_settled(self) -> bool:
        """Signed, and signed a second time where that is needed: care may follow it."""
        return self.signed_at is not None and (
            not self.needs_second_signature or self.second_sign_off_at is not None
        )
