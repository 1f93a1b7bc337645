"""Care plans, goals in the person's own words, interventions, and the small steps of each week."""

from typing import ClassVar

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q

from stepwell.care.episodes.models import EpisodeOfCare
from stepwell.trust.accounts.models import User
from stepwell.trust.people.frozen import frozen
from stepwell.trust.people.models import ClinicalRecord


@pghistory.track()
class CarePlan(ClinicalRecord):
    """One version of a plan. A signed plan is changed by writing the next version."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        AWAITING_SIGNATURES = "awaiting_signatures", "Awaiting signatures"
        ACTIVE = "active", "Active"
        REPLACED = "replaced", "Replaced"

    episode = models.ForeignKey(EpisodeOfCare, on_delete=models.PROTECT, related_name="plans")
    number = models.PositiveSmallIntegerField(default=1)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.DRAFT)
    minutes_a_week = models.PositiveIntegerField(default=540)
    review_due_on = models.DateField(null=True, blank=True)
    signed_by_patient = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    signed_by_patient_at = models.DateTimeField(null=True, blank=True)
    signed_by_clinician = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    signed_by_clinician_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta(ClinicalRecord.Meta):
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            *ClinicalRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["episode", "number"], condition=Q(entered_in_error_at=None), name="plan_number"
            ),
            models.UniqueConstraint(
                fields=["episode"],
                condition=Q(status="active", entered_in_error_at=None),
                name="plan_one_active",
            ),
            models.UniqueConstraint(
                fields=["episode"],
                condition=Q(status__in=["draft", "awaiting_signatures"], entered_in_error_at=None),
                name="plan_one_being_written",
            ),
            models.CheckConstraint(
                name="plan_patient_signature_whole",
                condition=Q(signed_by_patient=None, signed_by_patient_at=None)
                | Q(signed_by_patient__isnull=False, signed_by_patient_at__isnull=False),
            ),
            models.CheckConstraint(
                name="plan_clinician_signature_whole",
                condition=Q(signed_by_clinician=None, signed_by_clinician_at=None)
                | Q(signed_by_clinician__isnull=False, signed_by_clinician_at__isnull=False),
            ),
            models.CheckConstraint(
                name="plan_in_force_is_signed_by_both",
                condition=~Q(status__in=["active", "replaced"])
                | Q(signed_by_patient__isnull=False, signed_by_clinician__isnull=False),
            ),
        ]
        triggers: ClassVar = [
            frozen(
                "signed_plan_stays",
                "minutes_a_week",
                "episode_id",
                "number",
                "signed_by_patient_id",
                "signed_by_patient_at",
                "signed_by_clinician_id",
                "signed_by_clinician_at",
                once="OLD.status IN ('active', 'replaced')",
            )
        ]

    def __str__(self) -> str:
        return f"Plan {self.number} of {self.patient}"


def _only_in_a_draft(name: str, plan_of_new_row: str) -> pgtrigger.Trigger:
    """Refuse a change to a part of a plan that has left its draft."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=f"""
            IF (SELECT status FROM care_plans_careplan WHERE id = {plan_of_new_row}) <> 'draft' THEN
                RAISE EXCEPTION 'a plan that is not a draft does not change' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    )


@pghistory.track()
class Goal(ClinicalRecord):
    """What one person hopes for, quoted; ``label`` is the short word for it in lists."""

    plan = models.ForeignKey(CarePlan, on_delete=models.PROTECT, related_name="goals")
    position = models.PositiveSmallIntegerField(default=1)
    words = models.TextField(max_length=1000)
    label = models.CharField(max_length=40)

    class Meta(ClinicalRecord.Meta):
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            *ClinicalRecord.Meta.constraints,
            models.CheckConstraint(name="goal_has_words", condition=~Q(words="")),
        ]
        triggers: ClassVar = [_only_in_a_draft("goal_of_a_draft", "NEW.plan_id")]

    def __str__(self) -> str:
        return self.words


@pghistory.track()
class Intervention(ClinicalRecord):
    """What will be done for a goal, by whom, how much a week."""

    class Kind(models.TextChoices):
        GROUP = "group", "Group"
        INDIVIDUAL = "individual", "Individual session"
        MEDICATION = "medication", "Medication"
        PEER = "peer", "Peer support"
        FAMILY = "family", "Family session"
        CASE_MANAGEMENT = "case_management", "Case management"

    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="interventions")
    position = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    description = models.CharField(max_length=300)
    minutes_a_week = models.PositiveIntegerField(default=0)

    class Meta(ClinicalRecord.Meta):
        ordering: ClassVar = ["position"]
        triggers: ClassVar = [
            _only_in_a_draft(
                "intervention_of_a_draft", "(SELECT plan_id FROM care_plans_goal WHERE id = NEW.goal_id)"
            )
        ]

    def __str__(self) -> str:
        return self.description


@pghistory.track()
class Step(ClinicalRecord):
    """A small step toward a goal, for one week. It may change while the plan stands."""

    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="steps")
    week_of = models.DateField()
    words = models.CharField(max_length=300)
    done_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.words
