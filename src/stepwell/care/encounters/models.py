"""Encounters and absences. Hours are counted from signed encounters, and from nothing else."""

from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import Case, F, Q, When
from django.utils.translation import gettext_lazy as _

from stepwell.care.care_plans.models import Goal
from stepwell.care.encounters.rules import Mark
from stepwell.care.encounters.rules import Reason as WhyAway
from stepwell.care.episodes.models import EpisodeOfCare
from stepwell.care.scheduling.models import Appointment, GroupSession
from stepwell.trust.access import Permission
from stepwell.trust.accounts.models import User
from stepwell.trust.people.frozen import frozen
from stepwell.trust.people.models import ClinicalQuerySet, ClinicalRecord, Practitioner

#: Who was there; or who took its note over. As one value, so that an index finds what waits for somebody. Not COALESCE:
#: PostgreSQL 15 takes it for something that might leak, and does not look it up in front of row-level security.
WHO_WRITES = Case(When(to_be_written_by=None, then="practitioner"), default="to_be_written_by")


class EncounterQuerySet(ClinicalQuerySet):
    seen_with = Permission.SEE_CHART

    def owed_by(self, user: User) -> Self:
        """Those whose note is theirs to write: who was there, or who took it over from somebody who left."""
        theirs = Practitioner.objects.filter(user=user).values("pk")
        return self.in_force().alias(writes=WHO_WRITES).filter(writes__in=theirs)


@pghistory.track()
class Encounter(ClinicalRecord):
    """A person came, and was seen for so many minutes."""

    class Attendance(models.TextChoices):
        HERE = Mark.HERE.value, _("Here")
        VIDEO = Mark.VIDEO.value, _("Video")
        LATE = Mark.LATE.value, _("Late")

    class TookPart(models.IntegerChoices):
        LISTENED = 1, _("Listened")
        SOME = 2, _("Some")
        ACTIVE = 3, _("Active")

    episode = models.ForeignKey(
        EpisodeOfCare, on_delete=models.PROTECT, null=True, blank=True, related_name="encounters"
    )
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="encounters")
    session = models.ForeignKey(
        GroupSession, on_delete=models.PROTECT, null=True, blank=True, related_name="encounters"
    )
    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="encounters")
    #: Who writes the note instead of who was there, once that person has left. Who was there stays a fact.
    to_be_written_by = models.ForeignKey(
        Practitioner, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(max_length=12, choices=Appointment.Kind.choices)
    is_clinical = models.BooleanField(default=True)
    attendance = models.CharField(max_length=5, choices=Attendance.choices)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    took_part = models.PositiveSmallIntegerField(null=True, blank=True, choices=TookPart.choices)
    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, null=True, blank=True, related_name="encounters")
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    #: Who changed this last, before it was signed.
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    changed_at = models.DateTimeField(null=True, blank=True)

    objects = EncounterQuerySet.as_manager()

    class Meta(ClinicalRecord.Meta):
        ordering: ClassVar = ["starts_at"]
        indexes: ClassVar = [
            models.Index(fields=["patient", "starts_at"], name="encounter_patient_at"),
            models.Index(WHO_WRITES, name="encounter_written_by", condition=Q(entered_in_error_at=None)),
        ]
        constraints: ClassVar = [
            *ClinicalRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["appointment"],
                condition=Q(entered_in_error_at=None),
                name="encounter_once_an_appointment",
            ),
            models.CheckConstraint(
                name="encounter_minutes_fit", condition=Q(minutes__range=(1, 480), ends_at__gt=F("starts_at"))
            ),
            models.CheckConstraint(
                name="encounter_took_part_1_to_3", condition=Q(took_part=None) | Q(took_part__range=(1, 3))
            ),
            models.CheckConstraint(
                name="encounter_signed_at_and_by_together",
                condition=Q(signed_at=None, signed_by=None)
                | Q(signed_at__isnull=False, signed_by__isnull=False),
            ),
        ]
        triggers: ClassVar = [
            frozen(
                "signed_encounter_stays",
                "patient_id",
                "appointment_id",
                "session_id",
                "practitioner_id",
                "kind",
                "is_clinical",
                "attendance",
                "minutes",
                "starts_at",
                "ends_at",
                "took_part",
                "goal_id",
                "signed_at",
                "signed_by_id",
                once="OLD.signed_at IS NOT NULL",
            )
        ]

    def __str__(self) -> str:
        return f"{self.patient}, {self.minutes} minutes on {self.starts_at:%Y-%m-%d}"

    @property
    def what(self) -> str:
        group = self.session.series.name if self.session else None
        return what_was_held(group, self.kind, self.practitioner)


def what_was_held(group: str | None, kind: str, practitioner: object) -> str:
    """The group by its name, or the visit and with whom."""
    return group or f"{Appointment.Kind(kind).label}, {practitioner}"


@pghistory.track()
class Absence(ClinicalRecord):
    """A person was expected and did not come. The reason may be learned later."""

    class Reason(models.TextChoices):
        UNKNOWN = WhyAway.UNKNOWN.value, _("No reason yet")
        ILL = WhyAway.ILL.value, _("Ill")
        WORK = WhyAway.WORK.value, _("Work")
        CHILDCARE = WhyAway.CHILDCARE.value, _("Childcare")
        TRANSPORT = WhyAway.TRANSPORT.value, _("Transport")
        APPOINTMENT = WhyAway.APPOINTMENT.value, _("Another appointment")
        OTHER = WhyAway.OTHER.value, _("Other")

    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="absences")
    session = models.ForeignKey(
        GroupSession, on_delete=models.PROTECT, null=True, blank=True, related_name="absences"
    )
    reason = models.CharField(max_length=12, choices=Reason.choices, default=Reason.UNKNOWN)
    excused = models.BooleanField(default=False)
    starts_at = models.DateTimeField()
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    changed_at = models.DateTimeField(null=True, blank=True)

    objects = EncounterQuerySet.as_manager()

    class Meta(ClinicalRecord.Meta):
        constraints: ClassVar = [
            *ClinicalRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["appointment"],
                condition=Q(entered_in_error_at=None),
                name="absence_once_an_appointment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.patient} did not come on {self.starts_at:%Y-%m-%d}"
