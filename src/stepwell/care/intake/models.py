"""What belongs to a referral: what somebody sent who made it for themself, and every try to reach them."""

from typing import ClassVar

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from stepwell.care.episodes.models import Referral
from stepwell.care.scheduling.models import Appointment
from stepwell.trust.access import Permission
from stepwell.trust.people.frozen import frozen
from stepwell.trust.people.models import ClinicalQuerySet, ClinicalRecord


class OnlineBookingQuerySet(ClinicalQuerySet):
    seen_with = Permission.SEE_REFERRALS


@pghistory.track()
class OnlineBooking(ClinicalRecord):
    """A first visit that somebody booked themself, without an account; the visit that stands now, if one does.

    The links that change or cancel it are ``outbox.Link`` rows about this.
    """

    referral = models.OneToOneField(Referral, on_delete=models.PROTECT, related_name="online_booking")
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="online_bookings")
    #: How often they moved it by themselves, and when they cancelled it, if they did.
    changes = models.PositiveSmallIntegerField(default=0)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    objects = OnlineBookingQuerySet.as_manager()

    def __str__(self) -> str:
        return f"booked online, {self.recorded_at:%Y-%m-%d}"


class SentAnswersQuerySet(ClinicalQuerySet):
    seen_with = Permission.SEE_CHART


@pghistory.track()
class SentAnswers(ClinicalRecord):
    """Answers that somebody ticked to send with their booking, as they read them, and where they gave them.

    They were given without a name and asked by nobody who can judge them: a hint for whoever screens, not a screening.
    """

    referral = models.OneToOneField(Referral, on_delete=models.PROTECT, related_name="sent_answers")
    source = models.CharField(max_length=120)
    #: ``[question, answer]`` in the order they were asked; what was skipped is not there.
    answers = models.JSONField(default=list)
    #: What the page answered, if it did.
    result = models.CharField(max_length=300, blank=True)

    objects = SentAnswersQuerySet.as_manager()

    class Meta(ClinicalRecord.Meta):
        constraints: ClassVar = [
            *ClinicalRecord.Meta.constraints,
            models.CheckConstraint(name="sent_answers_have_a_source", condition=~models.Q(source="")),
        ]

    def __str__(self) -> str:
        return f"{len(self.answers)} answers from {self.source}"


class ContactAttemptQuerySet(ClinicalQuerySet):
    seen_with = Permission.SEE_REFERRALS


@pghistory.track()
class ContactAttempt(ClinicalRecord):
    """Somebody tried to reach a person about their referral: when, how, what came of it, and when to try next."""

    class How(models.TextChoices):
        CALL = "call", _("Call")
        TEXT = "text", _("Text")
        LETTER = "letter", _("Letter or e-mail")
        IN_PERSON = "in_person", _("In person")

    class Outcome(models.TextChoices):
        REACHED = "reached", _("Spoke with them")
        OTHER_PERSON = "other_person", _("Spoke with somebody else")
        MESSAGE = "message", _("Left a message")
        NO_ANSWER = "no_answer", _("No answer")
        DOES_NOT_WORK = "does_not_work", _("The number or address does not work")

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="attempts")
    tried_at = models.DateTimeField()
    how = models.CharField(max_length=10, choices=How.choices)
    outcome = models.CharField(max_length=15, choices=Outcome.choices)
    next_on = models.DateField()
    note = models.CharField(max_length=300, blank=True)

    objects = ContactAttemptQuerySet.as_manager()

    class Meta(ClinicalRecord.Meta):
        ordering: ClassVar = ["-tried_at", "-recorded_at"]
        constraints: ClassVar = [
            *ClinicalRecord.Meta.constraints,
            models.CheckConstraint(
                name="attempt_was_made_before_it_was_written",
                condition=models.Q(tried_at__lte=models.F("recorded_at")),
            ),
            models.CheckConstraint(
                name="attempt_is_of_a_known_kind",
                condition=models.Q(how__in=["call", "text", "letter", "in_person"])
                & models.Q(
                    outcome__in=["reached", "other_person", "message", "no_answer", "does_not_work"],
                ),
            ),
        ]
        triggers: ClassVar = [
            frozen(
                "contact_attempt_stays",
                "referral_id",
                "tried_at",
                "how",
                "outcome",
                "next_on",
                "note",
                once="TRUE",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_how_display()}, {self.tried_at:%Y-%m-%d %H:%M}"
