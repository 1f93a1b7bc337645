"""When a dose is next due, how long a supply lasts, and when a gap needs a prescriber.

Each figure names its source; they are for a program's medical director to confirm before they are used.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from stepwell.care.medication.vocabulary import Medicine


@dataclass(frozen=True)
class Interval:
    """How far apart doses stand: no sooner than ``least``; after ``review_after`` a prescriber looks first."""

    least: timedelta | None
    review_after: timedelta
    source: str


INTERVALS: dict[Medicine, Interval] = {
    Medicine.BUPRENORPHINE_ER: Interval(
        least=timedelta(days=26),
        review_after=timedelta(days=43),
        source=(
            "Label: at least 26 days between maintenance doses, 2 weeks late not expected to matter. "
            "Review after 42 days is a Stepwell default."
        ),
    ),
    Medicine.NALTREXONE_ER: Interval(
        least=None,
        review_after=timedelta(days=35),
        source=(
            "Label: every 4 weeks or once a month, no rule for a missed dose. "
            "A new check for opioids from day 35 is a Stepwell default."
        ),
    ),
}

#: How many days ahead a dose is called soon.
SOON = timedelta(days=2)


class Due(StrEnum):
    LATER = "later"
    SOON = "soon"
    TODAY = "today"
    LATE = "late"
    NEEDS_REVIEW = "late enough that a prescriber looks first"


@dataclass(frozen=True)
class NextDose:
    due_on: date
    due: Due
    #: Days from today; below zero when the day has passed.
    days: int
    #: Not sooner than this, where the medicine has a least interval.
    not_before: date | None
    #: How much of the interval has gone by, 0 to 100.
    percent_gone: int
    source: str


def next_dose(medicine: Medicine, *, last_given_on: date, every_days: int, on: date) -> NextDose:
    """When the next dose is due, seen from a day."""
    due_on = last_given_on + timedelta(days=every_days)
    interval = INTERVALS.get(medicine)
    if interval is not None and on >= last_given_on + interval.review_after:
        due = Due.NEEDS_REVIEW
    elif on > due_on:
        due = Due.LATE
    elif on == due_on:
        due = Due.TODAY
    elif on >= due_on - SOON:
        due = Due.SOON
    else:
        due = Due.LATER
    gone = 100 if every_days == 0 else round(100 * (on - last_given_on).days / every_days)
    return NextDose(
        due_on=due_on,
        due=due,
        days=(due_on - on).days,
        not_before=last_given_on + interval.least if interval and interval.least else None,
        percent_gone=min(max(gone, 0), 100),
        source=interval.source if interval else "",
    )


@dataclass(frozen=True)
class Supply:
    """Through which day what was handed out lasts, and for how many more days; below zero: it has run out."""

    lasts_through: date
    days_left: int

    @property
    def has_run_out(self) -> bool:
        return self.days_left < 0


def supply(*, given_on: date, days_supplied: int, on: date) -> Supply:
    """How long a supply lasts, the day of giving being its first."""
    lasts_through = given_on + timedelta(days=max(days_supplied, 1) - 1)
    return Supply(lasts_through, (lasts_through - on).days)
