"""What is decided on the way in."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum


def next_record_number(used: Iterable[str]) -> str:
    """One more than the greatest number in use; 10001 to begin with. Numbers of another make are left alone."""
    return str(max((int(number) for number in used if number.isdecimal()), default=10_000) + 1)


# The clock of the first contact


@dataclass(frozen=True)
class Target:
    """By the end of which open day after an inquiry somebody is to have spoken with the person."""

    since: date
    open_days: int
    source: str


#: Oldest first; an inquiry is held to the one in force on its own day. No federal rule sets a time for the first
#: call of an outpatient program [D]. The nearest published figure is for what comes after it: certified community
#: behavioral health clinics see an urgent need within one business day (SAMHSA criteria 2.b.1, March 2023 [K]).
FIRST_CONTACT = (
    Target(
        since=date.min,
        open_days=1,
        source="Stepwell default of November 24, 2026; for the program's clinical lead to confirm",
    ),
)
#: A center that is closed for longer than this is not waited for.
LONGEST_CLOSED = timedelta(days=30)
#: Nobody with an open referral is put off for longer: our own default. [D]
LONGEST_UNTIL_NEXT = timedelta(days=60)


class Clock(StrEnum):
    KEPT = "kept"
    RUNNING = "running"
    LATE = "late"


@dataclass(frozen=True)
class FirstContact:
    """Where the clock stands on a day: the day it is due, the day they were reached, and the days it is late by."""

    due_on: date
    reached_on: date | None
    late_by: int

    @property
    def clock(self) -> Clock:
        if self.late_by:
            return Clock.LATE
        return Clock.RUNNING if self.reached_on is None else Clock.KEPT


def first_contact(
    received_on: date, *, reached_on: date | None, is_open: Callable[[date], bool], today: date
) -> FirstContact:
    """The clock of one inquiry. The day it came in does not count; days on which the center is closed do not either."""
    target = [one for one in FIRST_CONTACT if one.since <= received_on][-1]
    due_on, left = received_on, target.open_days
    while left and due_on < received_on + LONGEST_CLOSED:
        due_on += timedelta(days=1)
        left -= is_open(due_on)
    return FirstContact(due_on, reached_on, max(0, ((reached_on or today) - due_on).days))


@dataclass(frozen=True)
class Said:
    """A day that somebody named for the next contact, or for a visit, and when they said so."""

    at: datetime
    day: date


def next_contact(due_on: date, said: Iterable[Said]) -> date:
    """The day of the next contact with a person whose referral is open: what was said last holds.

    When nothing was said yet it is the day by which the first contact is due, so that there is always one.
    """
    last = max(said, key=lambda one: one.at, default=None)
    return due_on if last is None else last.day
