"""What people answered: instruments asked of them, and their daily check-ins."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar, Self

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepwell.care.measures import library
from stepwell.care.measures.rules import safety, use
from stepwell.care.measures.rules.use import Wording
from stepwell.care.measures.scoring import Definition
from stepwell.trust.access import Permission
from stepwell.trust.accounts.models import User
from stepwell.trust.organizations.models import OfOrganization
from stepwell.trust.people.frozen import frozen
from stepwell.trust.people.models import ClinicalQuerySet, ClinicalRecord

#: Where a response's context keeps what was answered under its flags.
TOLD = "told"
#: Where it keeps the parts of the instrument that were not in use when it was asked.
LEFT_OUT = "left_out"


@pghistory.track()
class InstrumentUse(OfOrganization):
    """Whether this organization asks an instrument, or one part of it; and the notice somebody accepted for that."""

    instrument = models.SlugField(max_length=60)
    part = models.SlugField(max_length=40, blank=True)
    is_on = models.BooleanField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    accepted_as = models.CharField(max_length=200, blank=True)
    notice = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "instrument", "part"], name="instrument_use_said_once"
            ),
            models.CheckConstraint(
                name="instrument_use_notice_accepted_by_name",
                condition=(Q(notice="", accepted_as="")) | (~Q(notice="") & ~Q(accepted_as="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instrument} {self.part}: {'on' if self.is_on else 'off'}"


@pghistory.track()
class LicensedText(OfOrganization):
    """An organization's own copy of a questionnaire whose owner keeps the wording, in one language."""

    class Language(models.TextChoices):
        ENGLISH = "en", gettext_lazy("English")
        SPANISH = "es", gettext_lazy("Spanish")

    instrument = models.SlugField(max_length=60)
    language = models.CharField(max_length=2, choices=Language.choices)
    title = models.CharField(max_length=200, blank=True)
    instructions = models.TextField(blank=True)
    items = models.JSONField(default=dict, blank=True)
    answers = models.JSONField(default=dict, blank=True)
    licence = models.TextField(blank=True)
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "instrument", "language"], name="licensed_text_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instrument}, {self.get_language_display()}"

    @property
    def wording(self) -> Wording:
        return Wording(self.language, self.title, self.instructions, self.items, self.answers, self.licence)


class ResponseQuerySet(ClinicalQuerySet):
    def open(self) -> Self:
        """Asked, and not yet finished."""
        return self.in_force().exclude(status=Response.Status.COMPLETED)

    def completed(self) -> Self:
        return self.in_force().filter(status=Response.Status.COMPLETED)

    def needing_follow_up(self) -> Self:
        """With an answer that somebody must act on, and nobody has yet."""
        return self.in_force().filter(followed_up_at=None).exclude(flags=[])


@pghistory.track()
class Response(ClinicalRecord):
    """One instrument asked of one person: their answers so far and, once finished, the score.

    In `answers` null is a question that was asked and skipped; an absent one has not been asked.
    """

    kept_apart_by: ClassVar = {
        "response_asked_once_at_a_time": gettext_lazy(
            "Both are asked the same measure now. Finish or strike out one first."
        )
    }

    class Status(models.TextChoices):
        ASKED = "asked", "Asked"
        IN_PROGRESS = "in_progress", "In progress"
        COMPLETED = "completed", "Completed"

    class Mode(models.TextChoices):
        SELF = "self", "Answered by the person"
        STAFF = "staff", "Asked by staff"
        PAPER = "paper", "Entered from paper"

    instrument = models.SlugField(max_length=60)
    instrument_version = models.CharField(max_length=40)
    mode = models.CharField(max_length=5, choices=Mode.choices)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.ASKED)
    answers = models.JSONField(default=dict, blank=True)
    context = models.JSONField(default=dict, blank=True)
    result = models.JSONField(default=dict, blank=True)
    total = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    flags = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    due_on = models.DateField(null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    followed_up_at = models.DateTimeField(null=True, blank=True)
    followed_up_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    followed_up_note = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ResponseQuerySet.as_manager()

    struck_out_with = Permission.ASK_MEASURE

    def objection_to_striking_out(self) -> str:
        """An answer that raised a flag is followed up first: striking it out must not make the flag disappear."""
        if self.flags and self.followed_up_at is None:
            return _(
                "An answer here needs a follow-up. Follow it up first, then mark it as entered in error."
            )
        return ""

    class Meta(ClinicalRecord.Meta):
        indexes: ClassVar = [
            models.Index(fields=["patient", "instrument", "completed_at"], name="response_series")
        ]
        constraints: ClassVar = [
            *ClinicalRecord.Meta.constraints,
            models.CheckConstraint(
                name="response_completed_at_and_by_together",
                condition=Q(status="completed", completed_at__isnull=False, answered_by__isnull=False)
                | (~Q(status="completed") & Q(completed_at=None)),
            ),
            models.UniqueConstraint(
                fields=["patient", "instrument"],
                condition=Q(mode="self", status__in=["asked", "in_progress"], entered_in_error_at=None),
                name="response_asked_once_at_a_time",
            ),
            models.CheckConstraint(
                name="response_followed_up_with_a_note",
                condition=Q(followed_up_at=None, followed_up_by=None, followed_up_note="")
                | (Q(followed_up_at__isnull=False, followed_up_by__isnull=False) & ~Q(followed_up_note="")),
            ),
        ]
        triggers: ClassVar = [
            frozen(
                "completed_response_stays",
                "patient_id",
                "instrument",
                "answers",
                "context",
                "result",
                "total",
                "flags",
                "status",
                "taken_at",
                "completed_at",
                "answered_by_id",
                once="OLD.status = 'completed'",
            )
        ]

    def __str__(self) -> str:
        return f"{self.definition.short_title}, {self.patient}"

    @property
    def definition(self) -> Definition:
        """The instrument as it was asked of this person."""
        return use.without_parts(library.instrument(self.instrument), self.context.get(LEFT_OUT, ()))

    @property
    def is_completed(self) -> bool:
        return self.status == self.Status.COMPLETED

    @property
    def told(self) -> Mapping[str, safety.Trail]:
        """What was answered under each flag that stays, first to last."""
        trails: Mapping[str, safety.Trail] = self.context.get(TOLD, {})
        return trails

    def score_of(self, score_id: str) -> int | None:
        value: Any = self.result.get(score_id)
        return value if isinstance(value, int) else None


@pghistory.track()
class CheckIn(ClinicalRecord):
    """A person's own few words on one day. Every answer may be skipped; a blank day is a blank day."""

    kept_apart_by: ClassVar = {
        "check_in_once_a_day": gettext_lazy(
            "Both have a check-in of the same day. Strike out one of the two first."
        )
    }

    class Strength(models.IntegerChoices):
        NONE = 0, "None"
        A_LITTLE = 1, "A little"
        SOME = 2, "Some"
        STRONG = 3, "Strong"
        VERY_STRONG = 4, "Very strong"

    class Mood(models.IntegerChoices):
        VERY_LOW = 0, "Very low"
        LOW = 1, "Low"
        SO_SO = 2, "So-so"
        GOOD = 3, "Good"
        VERY_GOOD = 4, "Very good"

    on = models.DateField()
    craving = models.PositiveSmallIntegerField(null=True, blank=True, choices=Strength.choices)
    mood = models.PositiveSmallIntegerField(null=True, blank=True, choices=Mood.choices)
    slept_hours = models.DecimalField(
        max_digits=3,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(24))],
    )
    used = models.BooleanField(null=True, blank=True)
    note = models.TextField(blank=True, max_length=1000)

    class Meta(ClinicalRecord.Meta):
        constraints: ClassVar = [
            *ClinicalRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["patient", "on"], condition=Q(entered_in_error_at=None), name="check_in_once_a_day"
            ),
            models.CheckConstraint(
                name="check_in_within_its_scales",
                condition=(Q(craving=None) | Q(craving__lte=4))
                & (Q(mood=None) | Q(mood__lte=4))
                & (Q(slept_hours=None) | Q(slept_hours__range=(0, 24))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.patient} on {self.on}"
