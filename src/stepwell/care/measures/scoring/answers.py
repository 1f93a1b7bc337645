"""One person's answers to an instrument, checked, with what each is worth.

Three things can be true of a question: it was answered, it was rightly not asked, or it is missing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from stepwell.care.measures.scoring.definitions import Definition, Item, ItemKind, Json, Method
from stepwell.ground.kit.given_json import shown


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
                found.append(
                    Problem(shown(item_id)[1:-1], value, f"{self.definition.id} has no such question")
                )
            elif value is not None and (because := _why_not_an_answer(self.definition.item(item_id), value)):
                found.append(Problem(item_id, value, because))
        return found

    def raw(self, item_id: str) -> Json:
        """The answer as given; whole numbers always as `int`, since JSON also writes them 2.0.

        A list in which nothing stands is no answer: who ticked nothing has not said "none of these".
        """
        value = self.given.get(item_id)
        if isinstance(value, list) and not any(_says_something(entry) for entry in value):
            return None
        return int(value) if isinstance(value, float) and value.is_integer() else value

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
        """Whether a "no" settles it: what was ticked all the same does not count.

        Only where the instrument says so. Elsewhere what somebody did tell us counts.
        """
        if any(
            item_id in rule.items and rule.when.holds(self._number) for rule in self.definition.skip_rules
        ):
            return True
        item = self.definition.item(item_id)
        if self.definition.method is Method.COUNT_YES:
            return item.asked_when is not None
        if self.definition.method is Method.SUBSTANCES and item.asked_when is not None:
            # The first question of a substance settles its block; the past year's "never" does not: a person
            # who then says yes to heroin has used heroin.
            return any(
                self.definition.item(gate).substance == item.substance for gate in item.asked_when.items
            )
        return False

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
        """Scored items that contradict an earlier answer, where no rule of consistency says so already."""
        told_already = {rule.item for rule in self.definition.consistency}
        return tuple(
            item.id
            for item in self.definition.items
            if item.scored
            and item.id not in told_already
            and self.raw(item.id) is not None
            and self.is_asked(item.id) is False
        )


def _why_not_an_answer(item: Item, value: Json) -> str:
    """Empty when the value is one of the item's answers."""
    if item.kind is ItemKind.FREE:
        named = {"str": "words", "list": "a list", "dict": "an object"}[item.holds.__name__]
        return "" if isinstance(value, item.holds) else f"{shown(value)} should be {named}"
    if item.kind is ItemKind.MULTI:
        if not isinstance(value, list):
            return f"{shown(value)} should be a list of answers"
        unknown = [choice for choice in value if isinstance(choice, bool) or choice not in item.values]
        return f"{shown(unknown[0])} is not one of its answers" if unknown else ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if item.kind is ItemKind.INTEGER:
        if isinstance(value, bool) or not isinstance(value, int):
            return f"{shown(value)} is not a whole number"
        if not item.minimum <= value <= item.maximum:
            return f"{shown(value)} is not between {item.minimum} and {item.maximum}"
        return ""
    # True equals 1 in Python, and is not an answer.
    if isinstance(value, bool | list | dict | float) or value not in item.values:
        allowed = ", ".join(str(known) for known in item.values if known is not None)
        return f"{shown(value)} is not one of its answers ({allowed})"
    return ""


def _says_something(entry: Json) -> bool:
    if isinstance(entry, dict):
        return any(_says_something(each) for each in entry.values())
    return bool(entry.strip()) if isinstance(entry, str) else entry is not None and entry is not False
