"""What belongs to a referral that somebody made for themself, on the public page."""

from typing import ClassVar

import pghistory
from django.db import models

from stepwell.care.episodes.models import Referral
from stepwell.care.scheduling.models import Appointment
from stepwell.trust.access import Permission
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
