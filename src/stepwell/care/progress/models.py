"""What somebody set aside on Today: a need of one person, until a day, for a reason that the team reads."""

from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from stepwell.care.progress.rules.needs import Level
from stepwell.trust.accounts.models import User
from stepwell.trust.people.models import ClinicalQuerySet, ClinicalRecord


class SetAsideQuerySet(ClinicalQuerySet):
    def standing(self) -> Self:
        """Those that nobody has brought back. Whether one's day has come is asked of the rules."""
        return self.in_force().filter(ended_at=None)


@pghistory.track()
class SetAside(ClinicalRecord):
    """One need of one person, set aside. It comes back on its day, or before when it becomes more pressing."""

    kept_apart_by: ClassVar = {
        "one_set_aside_a_rule": _("The same need is set aside in both. Bring back one of the two first.")
    }

    rule = models.CharField(max_length=30)
    #: How pressing the need was; what is more pressing than this comes back by itself.
    level = models.PositiveSmallIntegerField(choices=[(level.value, level.in_words) for level in Level])
    because = models.CharField(max_length=300)
    since = models.DateField()
    until = models.DateField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = SetAsideQuerySet.as_manager()

    class Meta(ClinicalRecord.Meta):
        constraints: ClassVar = [
            *ClinicalRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["patient", "rule"],
                condition=Q(entered_in_error_at=None, ended_at=None),
                name="one_set_aside_a_rule",
            ),
            models.CheckConstraint(
                name="set_aside_with_a_reason_until_a_later_day",
                condition=~Q(because="") & Q(until__gt=F("since")),
            ),
            models.CheckConstraint(
                name="set_aside_ended_at_and_by_together",
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} until {self.until}"
