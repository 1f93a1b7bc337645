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
from stepwell.care.measures.rules import safety, schedule, use
from stepwell.care.measures.rules.use import Wording
from stepwell.care.measures.scoring import Definition
from stepwell.ground.kit import clock
from stepwell.trust.access import Permission
from stepwell.trust.accounts.models import User
from stepwell.trust.organizations.models import Center, OfOrganization
from stepwell.trust.people.frozen import frozen
from stepwell.trust.people.models import ClinicalQuerySet, ClinicalRecord, Patient

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
    #: The day on which the schedule asked it; nothing where somebody asked.
    scheduled_on = models.DateField(null=True, blank=True)
    #: The timed series that this is a reading of.
    series = models.ForeignKey(
        "TimedSeries", on_delete=models.PROTECT, null=True, blank=True, related_name="readings"
    )
    taken_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    followed_up_at = models.DateTimeField(null=True, blank=True)
    followed_up_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    followed_up_note = models.TextField(blank=True)
    followed_up_with = ArrayField(
        models.CharField(max_length=20, choices=[(deed.value, deed.in_words) for deed in safety.Deed]),
        default=list,
        blank=True,
    )
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
            models.Index(fields=["patient", "instrument", "completed_at"], name="response_series"),
            # Few are, of years of answers: without it each Today reads them all.
            models.Index(
                fields=["organization", "patient"],
                condition=Q(entered_in_error_at=None, followed_up_at=None) & ~Q(flags=[]),
                name="response_to_follow_up",
            ),
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
            models.UniqueConstraint(
                fields=["patient", "instrument", "scheduled_on"],
                condition=Q(scheduled_on__isnull=False),
                name="response_scheduled_once",
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
                "series_id",
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


def next_asked(patient: Patient) -> list[Response]:
    """What waits on the person's phone, in the order in which it is gone through."""
    asked = Response.objects.open().filter(patient=patient, mode=Response.Mode.SELF)
    return list(asked.order_by("due_on", "recorded_at", "id"))


@pghistory.track()
class Attempt(ClinicalRecord):
    """Somebody tried to see to a raised answer, and is not done: nobody was reached. The answer stays raised."""

    response = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="attempts")
    note = models.TextField()

    class Meta(ClinicalRecord.Meta):
        ordering: ClassVar = ["recorded_at"]
        constraints: ClassVar = [
            *ClinicalRecord.Meta.constraints,
            models.CheckConstraint(name="attempt_says_what", condition=~Q(note="")),
        ]
        triggers: ClassVar = [frozen("attempt_stays", "response_id", "note", once="TRUE")]

    def __str__(self) -> str:
        return f"{self.recorded_by}, {self.recorded_at:%Y-%m-%d %H:%M}"


@pghistory.track()
class TimedSeries(ClinicalRecord):
    """One clinician-rated measure, repeated at an interval of minutes from a first reading until somebody ends it."""

    kept_apart_by: ClassVar = {
        "series_one_open_of_an_instrument": gettext_lazy(
            "Both have an open series of the same measure. End one of the two first."
        )
    }

    instrument = models.SlugField(max_length=60)
    every_minutes = models.PositiveSmallIntegerField()
    because = models.CharField(max_length=200, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_because = models.CharField(max_length=200, blank=True)

    class Meta(ClinicalRecord.Meta):
        ordering: ClassVar = ["-started_at"]
        constraints: ClassVar = [
            *ClinicalRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["patient", "instrument"],
                condition=Q(ended_at=None, entered_in_error_at=None),
                name="series_one_open_of_an_instrument",
            ),
            models.CheckConstraint(
                name="series_repeats_within_a_day", condition=Q(every_minutes__range=(5, 1440))
            ),
            models.CheckConstraint(
                name="series_ends_with_a_reason",
                condition=Q(ended_at=None, ended_by=None, ended_because="")
                | (Q(ended_at__gte=models.F("started_at"), ended_by__isnull=False) & ~Q(ended_because="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.definition.short_title} every {self.every_minutes} minutes"

    @property
    def definition(self) -> Definition:
        return library.instrument(self.instrument)

    @property
    def is_open(self) -> bool:
        return self.ended_at is None and self.entered_in_error_at is None


@pghistory.track()
class Annotation(ClinicalRecord):
    """A few words of staff that stand on a day of every trend: a new job, a death in the family."""

    on = models.DateField()
    words = models.CharField(max_length=80)

    class Meta(ClinicalRecord.Meta):
        ordering: ClassVar = ["on"]
        constraints: ClassVar = [
            *ClinicalRecord.Meta.constraints,
            models.CheckConstraint(name="annotation_has_words", condition=~Q(words="")),
        ]

    def __str__(self) -> str:
        return f"{self.on}: {self.words}"


# What is asked when


@pghistory.track()
class ProgramSchedule(OfOrganization):
    """The organization's own schedule from a day on. It is not changed: a later one takes its place."""

    effective_on = models.DateField()
    lines = models.JSONField(default=list, blank=True)
    load = models.PositiveSmallIntegerField(default=schedule.DEFAULT.load)
    reminders = models.PositiveSmallIntegerField(default=schedule.DEFAULT.reminders)
    because = models.CharField(max_length=200)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering: ClassVar = ["effective_on", "recorded_at"]
        constraints: ClassVar = [
            models.CheckConstraint(name="schedule_load_is_kind", condition=Q(load__range=(15, 600))),
            models.CheckConstraint(name="schedule_reminds_seldom", condition=Q(reminders__lte=3)),
            models.CheckConstraint(name="schedule_has_a_reason", condition=~Q(because="")),
        ]
        triggers: ClassVar = [
            frozen(
                "program_schedule_stays",
                "effective_on",
                "lines",
                "load",
                "reminders",
                "because",
                once="TRUE",
            )
        ]

    def __str__(self) -> str:
        return f"from {self.effective_on}"


@pghistory.track()
class ScheduleChange(ClinicalRecord):
    """What is settled for one person about one measure. The last one counts; the earlier ones say how it came."""

    class What(models.TextChoices):
        EVERY_WEEK = "week", gettext_lazy("Every week")
        EVERY_TWO_WEEKS = "two_weeks", gettext_lazy("Every 2 weeks")
        EVERY_MONTH = "month", gettext_lazy("Every 4 weeks")
        PAUSED = "paused", gettext_lazy("Not until a day")
        STOPPED = "stopped", gettext_lazy("Not at all")
        AS_PROGRAM = "program", gettext_lazy("As the program does")

    instrument = models.SlugField(max_length=60)
    what = models.CharField(max_length=10, choices=What.choices)
    paused_until = models.DateField(null=True, blank=True)
    because = models.CharField(max_length=200)

    class Meta(ClinicalRecord.Meta):
        ordering: ClassVar = ["recorded_at"]
        constraints: ClassVar = [
            *ClinicalRecord.Meta.constraints,
            models.CheckConstraint(name="schedule_change_has_a_reason", condition=~Q(because="")),
            models.CheckConstraint(
                name="schedule_change_pause_has_an_end",
                condition=Q(what="paused", paused_until__isnull=False)
                | (~Q(what="paused") & Q(paused_until=None)),
            ),
        ]
        triggers: ClassVar = [
            frozen("schedule_change_stays", "instrument", "what", "paused_until", "because", once="TRUE")
        ]

    def __str__(self) -> str:
        return f"{self.instrument}: {self.get_what_display()}"


@pghistory.track()
class ToldAtOnce(OfOrganization):
    """A member of staff who chose to get a neutral e-mail when an answer at a center needs somebody now."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    center = models.ForeignKey(Center, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "center"], condition=Q(until=None), name="told_at_once_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} since {self.since:%Y-%m-%d}"


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
