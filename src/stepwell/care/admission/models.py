"""Offers of naloxone, and what came of each."""

from datetime import date
from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stepwell.care.admission.rules import naloxone
from stepwell.care.admission.rules.naloxone import Outcome
from stepwell.trust.access import Permission
from stepwell.trust.people.frozen import frozen
from stepwell.trust.people.models import ClinicalQuerySet, ClinicalRecord, Patient

OUTCOMES = {
    Outcome.GIVEN: _("Given here"),
    Outcome.HAS_IT: _("Has it already"),
    Outcome.PRESCRIBED: _("Prescription sent"),
    Outcome.DECLINED: _("Offered, and declined"),
    Outcome.NOT_OFFERED: _("Not offered"),
}


class NaloxoneOfferQuerySet(ClinicalQuerySet):
    def last_for(self, patient: Patient) -> "NaloxoneOffer | None":
        """What holds now: the newest day, and of one day what was written last."""
        newest = self.in_force().filter(patient=patient).select_related("recorded_by")
        return newest.order_by("-offered_on", "-recorded_at").first()


@pghistory.track()
class NaloxoneOffer(ClinicalRecord):
    """One offer of naloxone. A later one is a new row; what was written stays."""

    offered_on = models.DateField()
    outcome = models.CharField(max_length=12, choices=[(one.value, said) for one, said in OUTCOMES.items()])
    expires_on = models.DateField(null=True, blank=True)
    because = models.CharField(max_length=300, blank=True)

    objects = NaloxoneOfferQuerySet.as_manager()

    struck_out_with = Permission.OFFER_NALOXONE

    class Meta(ClinicalRecord.Meta):
        ordering: ClassVar = ["-offered_on", "-recorded_at"]
        constraints: ClassVar = [
            *ClinicalRecord.Meta.constraints,
            models.CheckConstraint(
                name="naloxone_not_offered_with_a_reason",
                condition=~Q(outcome=Outcome.NOT_OFFERED.value) | ~Q(because=""),
            ),
            models.CheckConstraint(
                name="naloxone_expires_only_in_hand",
                condition=Q(expires_on=None) | Q(outcome__in=sorted(one.value for one in naloxone.IN_HAND)),
            ),
        ]
        triggers: ClassVar = [
            frozen(
                "naloxone_offer_stays",
                "patient_id",
                "offered_on",
                "outcome",
                "expires_on",
                "because",
                "recorded_by_id",
                "recorded_at",
                once="TRUE",
            )
        ]

    def __str__(self) -> str:
        return f"Naloxone, {self.patient}, {self.offered_on}"

    def standing(self, on: date) -> naloxone.Standing:
        return naloxone.standing(
            naloxone.Offered(Outcome(self.outcome), self.offered_on, self.expires_on), on
        )
