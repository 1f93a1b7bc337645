"""One person's answers to an instrument, checked, with what each is worth.

Three things can be true of a question: it was answered, it was rightly not asked, or it is missing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from stepwell.care.measures.scoring.definitions import Definition, Item, ItemKind, Json, Method

# In these methods a "no" that closes a block settles it: the block's score is zero whatever else was ticked.
_A_NO_SETTLES_IT = frozenset({Method.COUNT_YES, Method.SUBSTANCES})


@dataclass(frozen=True)
class Problem:
    item: str
    value: Json
    because: str

    def __str__(self) -> str:
        return f"{self.item}: {self.because}"


@dataclass(frozen=True)
class Answers:
    definition: Definition
    given: Mapping[str, Json]

    def problems(self) -> list[Problem]:
        found = []
        for item_id, value in self.given.items():
            if not self.definition.has_item(str(item_id)):
                found.append(Problem(str(item_id), value, f"{self.definition.id} has no such question"))
            elif value is not None and (because := _why_not_an_answer(self.definition.item(item_id), value)):
                found.append(Problem(item_id, value, because))
        return found

    def raw(self, item_id: str) -> Json:
        """The answer as given; whole numbers always as `int`, since JSON also writes them 2.0."""
        value = self.given.get(item_id)
        return int(value) if isinstance(value, float) else value

    def is_asked(self, item_id: str) -> bool | None:
        """Whether the answers so far call for this question. None: not known yet."""
        for rule in self.definition.skip_rules:
            if item_id in rule.items and rule.when.holds(self._number):
                return False
        condition = self.definition.item(item_id).asked_when
        return True if condition is None else condition.holds(self._number)

    def _number(self, item_id: str) -> int | None:
        """The value of an item for a condition: answered, or zero because it was rightly not asked."""
        value = self.raw(item_id)
        item = self.definition.item(item_id)
        if isinstance(value, int) and not (self._settled(item_id) and item.asked_when is not None):
            return value
        return item.skip_value if self._settled(item_id) else None

    def _settled(self, item_id: str) -> bool:
        """Not asked, and no answer given against that counts."""
        if self.is_asked(item_id) is not False:
            return False
        return self.raw(item_id) is None or self._answer_is_overruled(item_id)

    def _answer_is_overruled(self, item_id: str) -> bool:
        skipped = any(
            item_id in rule.items and rule.when.holds(self._number) for rule in self.definition.skip_rules
        )
        return skipped or self.definition.method in _A_NO_SETTLES_IT

    def worth(self, item_id: str) -> int | None:
        """What the item adds to its score; None when it is missing."""
        item = self.definition.item(item_id)
        if self._settled(item_id):
            return item.worth(item.skip_value)
        value = self.raw(item_id)
        return item.worth(value) if isinstance(value, int) else None

    def worth_between(self, item_id: str) -> tuple[int, int]:
        """What the item adds at least and at most, once it is answered."""
        if (worth := self.worth(item_id)) is not None:
            return worth, worth
        item = self.definition.item(item_id)
        low, high = item.worth_bounds
        if self.is_asked(item_id) is None:  # it may still turn out not to be asked
            skipped = item.worth(item.skip_value)
            return min(low, skipped), max(high, skipped)
        return low, high

    def is_missing(self, item_id: str) -> bool:
        return self.raw(item_id) is None and self.is_asked(item_id) is not False

    @cached_property
    def answered_though_not_asked(self) -> tuple[str, ...]:
        return tuple(
            item.id
            for item in self.definition.items
            if self.raw(item.id) is not None
            and self.is_asked(item.id) is False
            and self._answer_is_overruled(item.id)
        )


def _why_not_an_answer(item: Item, value: Json) -> str:
    """Empty when the value is one of the item's answers."""
    if item.kind is ItemKind.FREE:
        return ""
    if item.kind is ItemKind.MULTI:
        if not isinstance(value, list):
            return f"{value!r} should be a list of answers"
        unknown = [choice for choice in value if isinstance(choice, bool) or choice not in item.values]
        return f"{unknown[0]!r} is not one of its answers" if unknown else ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if item.kind is ItemKind.INTEGER:
        if isinstance(value, bool) or not isinstance(value, int):
            return f"{value!r} is not a whole number"
        if not item.minimum <= value <= item.maximum:
            return f"{value} is not between {item.minimum} and {item.maximum}"
        return ""
    # True equals 1 in Python, and is not an answer.
    if isinstance(value, bool | list | dict | float) or value not in item.values:
        allowed = ", ".join(str(known) for known in item.values if known is not None)
        return f"{value!r} is not one of its answers ({allowed})"
    return ""
