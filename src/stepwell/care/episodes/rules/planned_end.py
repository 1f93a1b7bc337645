"""When an episode is thought to end. The day is a plan and ends nothing: how long care lasts follows how it goes.

"Length must be driven by progress, not a fixed programme length" [V2]; intensive outpatient care lasts 8 to 16 weeks as
a rule, often 12 [K] TIP 47, chapters 3 and 4.
"""

from datetime import date, timedelta
from enum import StrEnum

#: Further ahead than this is a slip of the keys.
FURTHEST = timedelta(days=731)


class Objection(StrEnum):
    NOT_AFTER_ADMISSION = "the day is not after admission"
    GONE_BY = "the day has gone by"
    TOO_FAR = "the day is more than two years away"
    NO_REASON = "another day was planned, and no reason is given"
    SAME_DAY = "that day is planned already"


def objection_to_plan(
    on: date | None, *, admitted_on: date, planned: date | None, because: str, today: date
) -> tuple[Objection, str] | None:
    """The first reason to refuse a day, or none at all, and the field it is about. ``planned`` is what stands now."""
    if on == planned:
        return Objection.SAME_DAY, "on"
    if on is not None and on <= admitted_on:
        return Objection.NOT_AFTER_ADMISSION, "on"
    if on is not None and on < today:
        return Objection.GONE_BY, "on"
    if on is not None and on - today > FURTHEST:
        return Objection.TOO_FAR, "on"
    if planned is not None and not because.strip():
        return Objection.NO_REASON, "because"
    return None
