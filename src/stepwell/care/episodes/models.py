"""Referrals, episodes of care, and the level each episode stands at, day by day."""

from datetime import date
from typing import TYPE_CHECKING, ClassVar, Self

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from stepwell.care.episodes.levels import LevelOfCare
from stepwell.care.episodes.rules.levels import level_on
from stepwell.care.episodes.rules.life_cycle import OPEN
from stepwell.ground.kit import clock
from stepwell.trust.access import Permission
from stepwell.trust.organizations.models import Center
from stepwell.trust.people.frozen import frozen
from stepwell.trust.people.models import ClinicalQuerySet, ClinicalRecord, Patient

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class ReferralQuerySet(ClinicalQuerySet):
    seen_with = Permission.SEE_REFERRALS

    def open(self) -> Self:
        """Somebody still has to do something."""
        return self.in_force().filter(status__in=OPEN)

    def open_for(self, patient: Patient) -> "Referral | None":
        return self.open().filter(patient=patient).first()


@pghistory.track()
class Referral(ClinicalRecord):
    """A request for care, by the person themself or by somebody for them."""

    kept_apart_by: ClassVar = {
        "referral_one_open_a_patient": _("Both have an open referral. Close one of the two first.")
    }

    class Source(models.TextChoices):
        SELF = "self", _("The person themself")
        FAMILY = "family", _("Family or a friend")
        HOSPITAL = "hospital", _("Hospital or emergency room")
        PRIMARY_CARE = "primary_care", _("Doctor or clinic")
        PROGRAM = "program", _("Another treatment program")
        COURT = "court", _("Court, probation or parole")
        EMPLOYER = "employer", _("Work")
        OTHER = "other", _("Somebody else")

    class Status(models.TextChoices):
        RECEIVED = "received", _("Received")
        BOOKED = "booked", _("Intake booked")
        ADMITTED = "admitted", _("Admitted")
        CLOSED = "closed", _("Closed")

    source = models.CharField(max_length=20, choices=Source.choices)
    asked_for = models.TextField(blank=True)
    received_at = models.DateTimeField(default=clock.now)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.RECEIVED)
    closed_because = models.CharField(max_length=200, blank=True)

    objects = ReferralQuerySet.as_manager()

    class Meta(ClinicalRecord.Meta):
        constraints: ClassVar = [
            *ClinicalRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["patient"],
                condition=Q(status__in=["received", "booked"], entered_in_error_at=None),
                name="referral_one_open_a_patient",
            ),
            models.CheckConstraint(
                name="referral_closed_with_a_reason", condition=~Q(status="closed") | ~Q(closed_because="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.patient}, referred {self.received_at:%Y-%m-%d}"


class EpisodeQuerySet(ClinicalQuerySet):
    def open(self) -> Self:
        return self.in_force().filter(ended_on=None)

    def open_for(self, patient: Patient) -> "EpisodeOfCare | None":
        """The episode this person is in now."""
        return self.open().filter(patient=patient).first()

    def with_levels(self) -> Self:
        return self.prefetch_related("levels")


@pghistory.track()
class EpisodeOfCare(ClinicalRecord):
    """From admission to the end of care."""

    kept_apart_by: ClassVar = {
        "episode_one_open_a_patient": _("Both are in care now. End one of the two episodes first.")
    }

    center = models.ForeignKey(Center, on_delete=models.PROTECT, related_name="episodes")
    referral = models.OneToOneField(
        Referral, on_delete=models.PROTECT, null=True, blank=True, related_name="episode"
    )
    admitted_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    ended_because = models.CharField(max_length=200, blank=True)

    objects = EpisodeQuerySet.as_manager()

    if TYPE_CHECKING:
        levels: RelatedManager["LevelOfCarePeriod"]

    class Meta(ClinicalRecord.Meta):
        constraints: ClassVar = [
            *ClinicalRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["patient"],
                condition=Q(ended_on=None, entered_in_error_at=None),
                name="episode_one_open_a_patient",
            ),
            models.CheckConstraint(
                name="episode_ends_after_admission_with_a_reason",
                condition=Q(ended_on=None, ended_because="")
                | (Q(ended_on__gte=F("admitted_on")) & ~Q(ended_because="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.patient}, admitted {self.admitted_on}"

    @property
    def periods(self) -> "list[LevelOfCarePeriod]":
        """The levels in force, first to last; of levels fetched beforehand where they were."""
        return [period for period in self.levels.all() if period.entered_in_error_at is None]

    def level_on(self, day: date) -> LevelOfCare | None:
        return level_on(self.periods, day)

    def day_in_care(self, day: date) -> int:
        """Day 1 is the day of admission."""
        return (day - self.admitted_on).days + 1


@pghistory.track()
class LevelOfCarePeriod(ClinicalRecord):
    """The level an episode stands at, from a day until the day before ``ends_on``; never two at once."""

    episode = models.ForeignKey(EpisodeOfCare, on_delete=models.PROTECT, related_name="levels")
    level = models.CharField(max_length=4, choices=[(level.value, level.short) for level in LevelOfCare])
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    because = models.TextField()

    class Meta(ClinicalRecord.Meta):
        ordering: ClassVar = ["starts_on"]
        constraints: ClassVar = [
            *ClinicalRecord.Meta.constraints,
            ExclusionConstraint(
                name="episode_stands_at_one_level_a_day",
                expressions=[
                    (F("episode"), RangeOperators.EQUAL),
                    (
                        Func("starts_on", "ends_on", function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(entered_in_error_at=None),
            ),
            models.CheckConstraint(name="level_has_a_reason", condition=~Q(because="")),
            models.CheckConstraint(
                name="level_lasts_a_day", condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on"))
            ),
        ]

    def __str__(self) -> str:
        return f"{LevelOfCare(self.level).short} from {self.starts_on}"


class PlannedEndQuerySet(ClinicalQuerySet):
    def of(self, episode: EpisodeOfCare) -> Self:
        """What was planned, the last one first: that one stands."""
        return self.in_force().filter(episode=episode).order_by("-recorded_at", "-id")


@pghistory.track()
class PlannedEnd(ClinicalRecord):
    """The day on which an episode is thought to end, or that none is; another one does not take away the one before."""

    episode = models.ForeignKey(EpisodeOfCare, on_delete=models.PROTECT, related_name="planned_ends")
    on = models.DateField(null=True, blank=True)
    because = models.CharField(max_length=300, blank=True)

    objects = PlannedEndQuerySet.as_manager()

    class Meta(ClinicalRecord.Meta):
        constraints: ClassVar = [
            *ClinicalRecord.Meta.constraints,
            models.CheckConstraint(
                name="planned_end_left_open_with_a_reason", condition=Q(on__isnull=False) | ~Q(because="")
            ),
        ]
        triggers: ClassVar = [
            frozen(
                "planned_end_stays",
                "patient_id",
                "episode_id",
                "on",
                "because",
                "recorded_by_id",
                "recorded_at",
                once="TRUE",
            )
        ]

    def __str__(self) -> str:
        return f"{self.patient}, planned until {self.on}"
