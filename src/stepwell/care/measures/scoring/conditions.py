"""The small expressions of a definition: `enable_when`, skip rules, critical answers.

A condition over answers that are not known yet is neither true nor false, so `holds` may say None.
"""

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Comparison(StrEnum):
    AT_LEAST = ">="
    AT_MOST = "<="
    ABOVE = ">"
    BELOW = "<"
    EQUAL = "="


_COMPARE: Mapping[Comparison, Callable[[int, int], bool]] = {
    Comparison.AT_LEAST: operator.ge,
    Comparison.AT_MOST: operator.le,
    Comparison.ABOVE: operator.gt,
    Comparison.BELOW: operator.lt,
    Comparison.EQUAL: operator.eq,
}


@dataclass(frozen=True)
class Threshold:
    """`>=20`: a comparison waiting for its left side."""

    comparison: Comparison
    value: int

    def met_by(self, value: int) -> bool:
        return _COMPARE[self.comparison](value, self.value)

    def met_throughout(self, low: int, high: int) -> bool:
        """Whether every value from low to high meets it: what is not known cannot undo it."""
        return self.met_by(low) and self.met_by(high)

    def __str__(self) -> str:
        return f"{self.comparison.value}{self.value}"


@dataclass(frozen=True)
class Condition:
    """`x > 0`, `x + y = 0`, `any of x..z >= 1`."""

    items: tuple[str, ...]
    threshold: Threshold
    any_of: bool = False

    def holds(self, value_of: Callable[[str], int | None]) -> bool | None:
        values = [value_of(item) for item in self.items]
        if self.any_of:
            if any(value is not None and self.threshold.met_by(value) for value in values):
                return True
            return None if None in values else False
        known = [value for value in values if value is not None]
        return self.threshold.met_by(sum(known)) if len(known) == len(values) else None


_THRESHOLD = re.compile(r"\s*(>=|<=|>|<|=)\s*(-?\d+)")
_CONDITION = re.compile(r"^\s*(any of\s+)?([\w\s+.]+?)\s*(>=|<=|>|<|=)\s*(-?\d+)\s*$")


def parse_threshold(text: str) -> Threshold | None:
    """The comparison a text starts with; what follows it in words is for people."""
    if not (found := _THRESHOLD.match(text)):
        return None
    return Threshold(Comparison(found[1]), int(found[2]))


def parse_condition(text: str, item_ids: Sequence[str]) -> Condition | None:
    if not (found := _CONDITION.match(text)):
        return None
    items: list[str] = []
    for part in found[2].split("+"):
        named = expand(part.strip(), item_ids)
        if not named:
            return None
        items += named
    return Condition(tuple(items), Threshold(Comparison(found[3]), int(found[4])), any_of=bool(found[1]))


def expand(text: str, item_ids: Sequence[str]) -> tuple[str, ...]:
    """`a_1..a_9` and `a_7a..7g` as the items between them, in the instrument's order."""
    if ".." not in text:
        return (text,) if text in item_ids else ()
    first, last = (part.strip() for part in text.split("..", 1))
    if last not in item_ids:
        last = f"{first.rsplit('_', 1)[0]}_{last}"
    if first not in item_ids or last not in item_ids:
        return ()
    start, end = item_ids.index(first), item_ids.index(last)
    return tuple(item_ids[start : end + 1])
