"""Where a reason stands on Today: with the person who needs somebody, or among what the reader owes. Never in both.

To reach a person is about how they are: it stands with them, and says there who is to do it, by when and what was
tried. Paper that the reader is to write or to sign is owed: it stands under "Due from me". What a colleague owes is no
reader's to do, so there it stands with the person. Our own design; see ADR 11.
"""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from uuid import UUID

from stepwell.care.progress.rules.needs import Need
from stepwell.care.tasks.rules.making import RuleId


class Place(StrEnum):
    WITH_THE_PERSON = "with the person"
    DUE = "due from the reader"


#: Each rule of needs that something owed may say too, and where the two stand as one. What is absent is never owed.
PLACES: Mapping[str, Place] = {
    "safety_answer": Place.WITH_THE_PERSON,
    "missed": Place.WITH_THE_PERSON,
    "no_contact": Place.WITH_THE_PERSON,
    "plan_waits": Place.DUE,
    "review": Place.DUE,
    "note": Place.DUE,
}

#: The need that a task of a rule is about.
NEED_OF: Mapping[str, str] = {
    RuleId.CRITICAL_ANSWER: "safety_answer",
    RuleId.MISSED: "missed",
    RuleId.FIRST_WEEK: "no_contact",
    RuleId.PLAN_REVIEW: "review",
}


def left_with_the_person(needs: Iterable[Need], owed: Collection[str]) -> tuple[Need, ...]:
    """Those of a person's needs that stand with them. ``owed``: the needs that the reader owes about this person."""
    return tuple(need for need in needs if PLACES.get(need.rule) is not Place.DUE or need.rule not in owed)


def is_told_with_the_person(need: str, about: UUID | None, told: Iterable[Need]) -> bool:
    """Whether something owed is left out, because these needs of the person, which the page shows, tell it.

    Of two answers that somebody must act on only one is shown; the other one stays due.
    """
    return PLACES.get(need) is Place.WITH_THE_PERSON and any(
        one.rule == need and one.about in (None, about) for one in told
    )
