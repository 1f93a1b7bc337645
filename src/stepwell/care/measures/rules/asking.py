"""Which questions are asked, in which order, and how long it takes.

A question keeps its number whatever is answered, so that an address means the same question every time;
how many are still to come follows the answers given so far.
"""

from collections.abc import Mapping
from math import ceil
from typing import Any

from stepwell.care.measures.scoring import Definition, Item, ItemKind, is_asked

#: Seconds a question takes somebody who has answered it before.
SECONDS: Mapping[ItemKind, int] = {
    ItemKind.CHOICE: 5,
    ItemKind.INTEGER: 8,
    ItemKind.MULTI: 10,
    ItemKind.FREE: 0,
}
BASIS = (
    "An estimate, not measured: 5 seconds to choose an answer, 8 to write a number, 10 to tick several; "
    "a question that hangs on an earlier answer counts for a quarter. Uncertain, and longer the first time."
)
#: A question that hangs on another's answer is asked of some only: it counts as one in so many.
ASKED_OF_ONE_IN = 4

Given = Mapping[str, Any]


def questions(definition: Definition) -> tuple[Item, ...]:
    """Every question that may be asked, in the order published."""
    return tuple(item for item in definition.items if item.kind is not ItemKind.FREE)


def number_of(definition: Definition, item_id: str) -> int:
    return next(n for n, item in enumerate(questions(definition), 1) if item.id == item_id)


def question_at(definition: Definition, number: int) -> Item | None:
    asked = questions(definition)
    return asked[number - 1] if 1 <= number <= len(asked) else None


def called_for(definition: Definition, answers: Given) -> tuple[Item, ...]:
    """The questions that these answers call for.

    One that hangs on a skipped question is not asked: who would rather not say whether, is not asked what.
    """
    return tuple(
        item
        for item in questions(definition)
        if is_asked(definition, answers, item.id) and not _hangs_on_a_skipped_one(item, answers)
    )


def _hangs_on_a_skipped_one(item: Item, answers: Given) -> bool:
    if item.asked_when is None or any(each not in answers for each in item.asked_when.items):
        return False
    return item.asked_when.holds(answers.get) is None


def kept(definition: Definition, answers: Given) -> dict[str, Any]:
    """The answers without those to questions that are no longer called for.

    Somebody who went back and said "no days" after all has not answered what kind of days they were.
    """
    remaining = dict(answers)
    for item in definition.items:
        if item.id in remaining and not is_asked(definition, remaining, item.id):
            del remaining[item.id]
    return remaining


def next_after(definition: Definition, answers: Given, number: int) -> int | None:
    """The number of the next question called for; None after the last."""
    for item in called_for(definition, answers):
        if (following := number_of(definition, item.id)) > number:
            return following
    return None


def before(definition: Definition, answers: Given, number: int) -> int | None:
    earlier = [number_of(definition, item.id) for item in called_for(definition, answers)]
    return max((each for each in earlier if each < number), default=None)


def first_open(definition: Definition, answers: Given) -> int | None:
    """The first question called for that was neither answered nor skipped; None when all were."""
    for item in called_for(definition, answers):
        if item.id not in answers:
            return number_of(definition, item.id)
    return None


def place(definition: Definition, answers: Given, number: int) -> tuple[int, int]:
    """Where a question stands among those called for now: third of ten."""
    numbers = [number_of(definition, item.id) for item in called_for(definition, answers)]
    return sum(each <= number for each in numbers), len(numbers)


def seconds(definition: Definition, answers: Given | None = None) -> int:
    """About how long the questions still open take."""
    given = answers or {}
    still_open = [item for item in called_for(definition, given) if item.id not in given]
    sure = [item for item in still_open if item.asked_when is None or item.asked_when.holds(given.get)]
    total = sum(SECONDS[item.kind] for item in still_open)
    certain = sum(SECONDS[item.kind] for item in sure)
    return certain + ceil((total - certain) / ASKED_OF_ONE_IN)


def minutes(definition: Definition, answers: Given) -> int:
    """The same in minutes, as it is told before the start."""
    return minutes_of(seconds(definition, answers))


def minutes_of(total: int) -> int:
    return max(1, round(total / 60))


def pulse_answer(beats: int) -> int:
    """The answer to the first question of COWS that a counted pulse stands for."""
    if beats <= 80:
        return 0
    if beats <= 100:
        return 1
    return 2 if beats <= 120 else 4
