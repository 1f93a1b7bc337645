"""Patients, practitioners and care teams; and what every clinical record has in common."""

from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar, Self

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from stepwell.ground.kit import clock
from stepwell.trust.access import Permission, VisibleTo
from stepwell.trust.access.visibility import EMERGENCY, on_the_team_now
from stepwell.trust.accounts.models import User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.organizations.models import Center, OfOrganization
from stepwell.trust.people.frozen import LETS_CHANGE_HANDS

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


@pghistory.track()
class Practitioner(OfOrganization):
    """Someone who gives care: a user seen from the clinical side."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="practitioners")
    name = models.CharField(max_length=200)
    credential = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=80, blank=True)
    #: What they speak with people, as ISO 639-1 codes, in the order they would offer it.
    languages = ArrayField(models.CharField(max_length=2), default=list, blank=True)

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "user"], name="practitioner_once_a_user")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def signature(self) -> str:
        """How the name stands under a note: with the credential, where there is one."""
        return f"{self.name}, {self.credential}" if self.credential else self.name


class PatientQuerySet(VisibleTo):
    seen_with = Permission.SEE_DIRECTORY
    to_patient = None


@pghistory.track()
class Patient(OfOrganization):
    """A person who asks for care or receives it."""

    class Language(models.TextChoices):
        ENGLISH = "en", "English"
        SPANISH = "es", "Español"

    center = models.ForeignKey(Center, on_delete=models.PROTECT, related_name="patients")
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="patients")
    record_number = models.CharField(max_length=20)
    first_name = models.CharField(max_length=100)
    last_name = models.CharField(max_length=100, blank=True)
    chosen_name = models.CharField(max_length=100, blank=True)
    pronouns = models.CharField(max_length=40, blank=True)
    born_on = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=2, choices=Language.choices, default=Language.ENGLISH)
    needs_interpreter = models.BooleanField(default=False)
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    safe_to_text = models.BooleanField(default=False)
    may_leave_message = models.BooleanField(default=False)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged_here"
    )

    objects = PatientQuerySet.as_manager()

    if TYPE_CHECKING:
        care_team: RelatedManager["CareTeamMember"]

    class Meta:
        ordering: ClassVar = ["first_name", "last_name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "record_number"], name="patient_record_number"),
            models.UniqueConstraint(fields=["organization", "user"], name="patient_once_a_user"),
            models.CheckConstraint(name="patient_has_a_name", condition=~Q(first_name="")),
            models.CheckConstraint(
                name="patient_not_merged_into_itself", condition=Q(merged_into=None) | ~Q(merged_into=F("id"))
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def called(self) -> str:
        """What this person likes to be called."""
        return self.chosen_name or self.first_name

    @property
    def name(self) -> str:
        """The whole name, with the chosen name in place of the first."""
        return f"{self.called} {self.last_name}".strip()

    @property
    def short_name(self) -> str:
        """The name as it stands in lists and on a screen others may glance at: Maya R."""
        return f"{self.called} {self.last_name[0]}." if self.last_name else self.called

    def age_on(self, day: date) -> int | None:
        """Whole years. Someone born on February 29 turns a year older on March 1 of a common year."""
        if self.born_on is None:
            return None
        before_birthday = (day.month, day.day) < (self.born_on.month, self.born_on.day)
        return day.year - self.born_on.year - before_birthday


class CareTeamQuerySet(VisibleTo):
    seen_with = Permission.SEE_SCHEDULE

    def current(self) -> Self:
        """Who looks after somebody now."""
        return self.filter(on_the_team_now())

    def in_emergency(self) -> Self:
        """Who has a chart open now because of an emergency."""
        return self.filter(on_the_team_now(in_emergency=True))


@pghistory.track()
class CareTeamMember(OfOrganization):
    """Who looks after whom, in which part, from when to when. This is what opens a chart.

    A place with ``expires_at`` ends then by itself: nothing has to run for it.
    """

    class Kind(models.TextChoices):
        REGULAR = "regular", "Regular"
        EMERGENCY = EMERGENCY, "Emergency"

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="care_team")
    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="care_teams")
    role = models.CharField(
        max_length=20, choices=[(role.value, role.value) for role in Role if role.is_staff]
    )
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.REGULAR)
    started_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    because = models.CharField(max_length=300, blank=True)
    ended_because = models.CharField(max_length=300, blank=True)

    objects = CareTeamQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["patient", "practitioner", "role"],
                condition=Q(ended_on=None, kind="regular"),
                name="care_team_once_at_a_time",
            ),
            models.CheckConstraint(
                name="care_team_ends_after_it_starts",
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
            ),
            models.CheckConstraint(
                name="emergency_runs_out_and_has_a_reason",
                condition=~Q(kind=EMERGENCY) | Q(expires_at__isnull=False) & ~Q(because=""),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="emergency_is_not_prolonged",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "(OLD.kind = 'emergency' AND (NEW.kind <> OLD.kind OR NEW.expires_at > OLD.expires_at"
                    " OR NEW.practitioner_id <> OLD.practitioner_id OR NEW.patient_id <> OLD.patient_id"
                    " OR OLD.ended_on IS NOT NULL AND NEW.ended_on IS NULL)"
                    " OR OLD.kind <> 'emergency' AND NEW.kind = 'emergency')"
                ),
                func=(
                    f"{LETS_CHANGE_HANDS} RAISE EXCEPTION 'an emergency look is not prolonged'"
                    " USING ERRCODE = 'check_violation';"
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.practitioner} for {self.patient}"


@pghistory.track()
class RecordMerge(OfOrganization):
    """Two records of one person made one: which rows changed hands, so that exactly these can go back."""

    survivor = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    merged = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField()
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    because = models.CharField(max_length=300)
    #: By model and column, the keys of the rows that went over, and of those that the survivor had before.
    moved = models.JSONField(default=dict)
    stayed = models.JSONField(default=dict)
    sign_in_moved = models.BooleanField(default=False)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    undone_because = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["merged"], condition=Q(undone_at=None), name="merged_into_one_at_a_time"
            ),
            models.CheckConstraint(name="merge_of_two_records", condition=~Q(survivor=F("merged"))),
            models.CheckConstraint(name="merge_has_a_reason", condition=~Q(because="")),
            models.CheckConstraint(
                name="merge_undone_whole",
                condition=Q(undone_at=None, undone_by=None, undone_because="")
                | (Q(undone_at__isnull=False, undone_by__isnull=False) & ~Q(undone_because="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.merged_id} into {self.survivor_id}"


class ClinicalQuerySet(VisibleTo):
    """Records about a patient. ``in_force`` leaves out those entered in error."""

    seen_with = Permission.SEE_CHART

    def in_force(self) -> Self:
        return self.filter(entered_in_error_at=None)


class ClinicalRecord(OfOrganization):
    """Anything written about a patient. It is never deleted: it may be marked as entered in error, with a reason."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="%(class)s_set")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)
    entered_in_error_at = models.DateTimeField(null=True, blank=True)
    entered_in_error_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    entered_in_error_reason = models.TextField(blank=True)

    objects = ClinicalQuerySet.as_manager()

    #: What it takes, beside the right to mark in error at all. None: this kind has no correction of its own;
    #: an appointment is cancelled, a level changed, a goal rewritten.
    struck_out_with: ClassVar[Permission | None] = None

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_error_has_a_reason",
                condition=Q(entered_in_error_at=None, entered_in_error_by=None, entered_in_error_reason="")
                | (
                    Q(entered_in_error_at__isnull=False, entered_in_error_by__isnull=False)
                    & ~Q(entered_in_error_reason="")
                ),
            )
        ]

    def objection_to_striking_out(self) -> str:
        """Why this one may not be struck out now, as a sentence; empty when it may."""
        return ""

    def strike_out(self, *, by: User, at: datetime, because: str) -> None:
        """Strike this out as entered in error, as part of a larger act that asks and records by itself."""
        self.entered_in_error_at, self.entered_in_error_by = at, by
        self.entered_in_error_reason = because
        self.save(update_fields=["entered_in_error_at", "entered_in_error_by", "entered_in_error_reason"])


def practitioner_of(user: User) -> Practitioner | None:
    """The clinical side of a user, in the organization we act in."""
    return Practitioner.objects.filter(user=user).first()


def patient_of(user: User) -> Patient | None:
    """The patient a user is, in the organization we act in."""
    return Patient.objects.filter(user=user).first()
