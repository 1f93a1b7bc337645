"""When a plan is looked at again."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class ReviewClock:
    """How often a plan is reviewed, early in care and later. States ask for different clocks."""

    name: str
    source: str
    first_month: timedelta
    every: timedelta
    later_every: timedelta

    def due_after(self, signed_on: date, *, admitted_on: date) -> date:
        """The day by which a plan signed on that day is reviewed."""
        is_early = signed_on < admitted_on + self.first_month
        return signed_on + (self.every if is_early else self.later_every)


# Our own default, tighter than the states whose rules were read: Maryland outpatient, a new plan every
# 90 days (COMAR 10.47.02.04 D, older text); Montana, 90 days, and 14 days for level 2.5 (ARM 37.106.1440).
DEFAULT = ReviewClock(
    name="Every 14 days in the first month, then every 30",
    source="Stepwell default, not taken from a regulation",
    first_month=timedelta(days=30),
    every=timedelta(days=14),
    later_every=timedelta(days=30),
)
