"""Care plans, goals in the person's own words, interventions, and the small steps of each week."""

import math
from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar, Self

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stepwell.care.care_plans.rules.life_cycle import Signer, Standing, Status
from stepwell.care.episodes.models import EpisodeOfCare
from stepwell.trust.access import Permission
from stepwell.trust.accounts.models import User
from stepwell.trust.people.frozen import LETS_CHANGE_HANDS, frozen
from stepwell.trust.people.models import ClinicalQuerySet, ClinicalRecord, Patient

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

STATUSES = {
    Status.DRAFT: _("Draft"),
    Status.AWAITING_SIGNATURES: _("Awaiting signatures"),
    Status.ACTIVE: _("Active"),
    Status.REPLACED: _("Replaced"),
}


class CarePlanQuerySet(ClinicalQuerySet):
    def active(self) -> Self:
        """The plans in force now: signed by both, not replaced, of people in care."""
        return self.in_force().filter(status=Status.ACTIVE, episode__ended_on=None)

    def active_for(self, patient: Patient) -> "CarePlan | None":
        """The plan in force for one person, if there is one."""
        return self.active().filter(patient=patient).first()

    def being_written(self) -> Self:
        """The next versions: drafts, and those that wait for signatures."""
        writing = (Status.DRAFT, Status.AWAITING_SIGNATURES)
        return self.in_force().filter(status__in=writing, episode__ended_on=None)

    def being_written_for(self, patient: Patient) -> "CarePlan | None":
        return self.being_written().filter(patient=patient).first()

    def latest_for(self, patient: Patient) -> "CarePlan | None":
        """The last plan that was ever in force for one person, of an episode that may have ended."""
        in_force = self.in_force().filter(patient=patient, status=Status.ACTIVE)
        return in_force.order_by("-episode__admitted_on", "-number").first()

    def whole(self) -> Self:
        """With goals, interventions and signatures read along."""
        goals = Goal.objects.in_force().prefetch_related(
            models.Prefetch("interventions", Intervention.objects.in_force())
        )
        return self.select_related("episode", "signed_by_patient", "signed_by_clinician").prefetch_related(
            models.Prefetch("goals", goals)
        )


@pghistory.track()
class CarePlan(ClinicalRecord):
    """One version of a plan. A signed plan is changed by writing the next version."""

    Status = Status

    episode = models.ForeignKey(EpisodeOfCare, on_delete=models.PROTECT, related_name="plans")
    number = models.PositiveSmallIntegerField(default=1)
    status = models.CharField(
        max_length=20,
        choices=[(status.value, name) for status, name in STATUSES.items()],
        default=Status.DRAFT.value,
    )
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
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    changed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = CarePlanQuerySet.as_manager()

    struck_out_with = Permission.WRITE_PLAN

    if TYPE_CHECKING:
        goals: RelatedManager["Goal"]

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
            models.CheckConstraint(
                name="plan_draft_is_not_signed",
                condition=~Q(status="draft") | Q(signed_by_patient=None, signed_by_clinician=None),
            ),
        ]
        triggers: ClassVar = [
            # What somebody may be signing right now stays as they see it.
            frozen(
                "sent_plan_stays",
                "minutes_a_week",
                "episode_id",
                "patient_id",
                "number",
                once="OLD.status <> 'draft'",
            ),
            frozen(
                "signed_plan_stays",
                "signed_by_patient_id",
                "signed_by_patient_at",
                "signed_by_clinician_id",
                "signed_by_clinician_at",
                once="OLD.status IN ('active', 'replaced')",
            ),
            pgtrigger.Trigger(
                name="plan_in_force_does_not_go_back",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "(OLD.status = 'active' AND NEW.status NOT IN ('active', 'replaced')"
                    " OR OLD.status = 'replaced' AND NEW.status <> 'replaced')"
                ),
                func=(
                    "RAISE EXCEPTION 'a plan in force does not become a draft again'"
                    " USING ERRCODE = 'check_violation';"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"Plan {self.number} of {self.patient}"

    @property
    def standing(self) -> Standing:
        """This plan as its rules see it."""
        signatures = {
            Signer.PATIENT: self.signed_by_patient_id,
            Signer.CLINICIAN: self.signed_by_clinician_id,
        }
        return Standing(Status(self.status), frozenset(signer for signer, by in signatures.items() if by))

    @property
    def signed_at(self) -> datetime | None:
        """When the last of both signed: from then on the plan is in force."""
        if self.signed_by_patient_at is None or self.signed_by_clinician_at is None:
            return None
        return max(self.signed_by_patient_at, self.signed_by_clinician_at)

    @property
    def is_draft(self) -> bool:
        return self.status == Status.DRAFT

    @property
    def is_active(self) -> bool:
        return self.status == Status.ACTIVE

    @property
    def awaits_signatures(self) -> bool:
        return self.status == Status.AWAITING_SIGNATURES

    @property
    def awaits_patient(self) -> bool:
        return Signer.PATIENT in self.standing.awaits

    @property
    def awaits_clinician(self) -> bool:
        return Signer.CLINICIAN in self.standing.awaits

    @property
    def hours_a_week(self) -> float:
        return self.minutes_a_week / 60

    @property
    def hours_rounded_up(self) -> int:
        """For the grammar of a number of hours: half an hour, one and a half hours."""
        return math.ceil(self.hours_a_week)


def _only_in_a_draft(name: str, plan_of_new_row: str) -> pgtrigger.Trigger:
    """Refuse a change to a part of a plan that has left its draft."""
    # The SQL is made of names written in this file; nothing a person typed comes into it.
    status = f"(SELECT status FROM care_plans_careplan WHERE id = {plan_of_new_row})"  # noqa: S608
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=f"""
            {LETS_CHANGE_HANDS}
            IF {status} <> 'draft' THEN
                RAISE EXCEPTION 'a plan that is not a draft stays' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    )


@pghistory.track()
class Goal(ClinicalRecord):
    """What one person hopes for, quoted; ``label`` is the short word for it in lists."""

    plan = models.ForeignKey(CarePlan, on_delete=models.PROTECT, related_name="goals")
    #: The same goal in the version before this one.
    continues = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="continued_by"
    )
    position = models.PositiveSmallIntegerField(default=1)
    words = models.TextField(max_length=1000)
    label = models.CharField(max_length=40)

    if TYPE_CHECKING:
        interventions: RelatedManager["Intervention"]

    class Meta(ClinicalRecord.Meta):
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            *ClinicalRecord.Meta.constraints,
            models.CheckConstraint(name="goal_has_words", condition=~Q(words="")),
        ]
        triggers: ClassVar = [_only_in_a_draft("goal_of_a_draft", "NEW.plan_id")]

    def __str__(self) -> str:
        return self.words

    @property
    def worked_on_in(self) -> list[str]:
        """The kinds of care that work on this goal, each once, in the order of the plan."""
        return list(dict.fromkeys(str(each.get_kind_display()) for each in self.interventions.all()))


@pghistory.track()
class Intervention(ClinicalRecord):
    """What will be done for a goal, by whom, how much a week."""

    class Kind(models.TextChoices):
        GROUP = "group", _("Group")
        INDIVIDUAL = "individual", _("Individual session")
        MEDICATION = "medication", _("Medication")
        PEER = "peer", _("Peer support")
        FAMILY = "family", _("Family session")
        CASE_MANAGEMENT = "case_management", _("Case management")

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


class StepQuerySet(ClinicalQuerySet):
    def of_week(self, plans: Iterable[CarePlan], monday: date) -> Self:
        return self.in_force().filter(goal__plan__in=plans, week_of=monday).order_by("recorded_at")


@pghistory.track()
class Step(ClinicalRecord):
    """A small step toward a goal, for one week. It may change while the plan stands."""

    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="steps")
    week_of = models.DateField()
    words = models.CharField(max_length=300)
    done_on = models.DateField(null=True, blank=True)

    objects = StepQuerySet.as_manager()

    class Meta(ClinicalRecord.Meta):
        constraints: ClassVar = [
            *ClinicalRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["goal", "week_of", "words"],
                condition=Q(entered_in_error_at=None),
                name="step_once_a_week",
            ),
        ]

    def __str__(self) -> str:
        return self.words


@pghistory.track()
class ChangeWish(ClinicalRecord):
    """What the person wants to be different before they sign, in their own words."""

    plan = models.ForeignKey(CarePlan, on_delete=models.PROTECT, related_name="change_wishes")
    words = models.TextField(max_length=1000)

    class Meta(ClinicalRecord.Meta):
        ordering: ClassVar = ["recorded_at"]
        constraints: ClassVar = [
            *ClinicalRecord.Meta.constraints,
            models.CheckConstraint(name="change_wish_has_words", condition=~Q(words="")),
        ]

    def __str__(self) -> str:
        return self.words
