"""The table that decides, as dated data. Old ones stay, so that an old decision runs again the same."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from stepwell.care.level_of_care.rules.conditions import Answer, Condition, UnreadableError, read

RULESETS = Path(__file__).parent / "rulesets"
BASIS = {
    "V": "read in the source named",
    "V2": "read in a second-hand source",
    "K": "professional knowledge, not read again",
    "U": "uncertain",
    "D": "our own design",
}


@dataclass(frozen=True)
class Effect:
    """The minimum a rule sets on each axis, and what it adds."""

    intensity: int = 0
    hours: str = "<9"
    medical: bool = False
    medical_if_weekly: bool = False
    flags: frozenset[str] = frozenset()
    route: str | None = None


@dataclass(frozen=True)
class Rule:
    id: str
    when: Condition
    says: str
    basis: str
    effect: Effect
    do: str = ""  # what an emergency asks for now


@dataclass(frozen=True)
class Step:
    """A step up, and the sentence that says what it would take."""

    level: str
    says: str


@dataclass(frozen=True)
class Ruleset:
    id: str
    version: str
    effective_on: date
    source: str
    sha256: str
    emergencies: tuple[Rule, ...]
    duties: tuple[Rule, ...]
    minimums: tuple[Rule, ...]
    otherwise: Rule
    withdrawal_applies_when: Condition
    withdrawal: tuple[Rule, ...]
    steps_up: tuple[Step, ...]

    @property
    def name(self) -> str:
        return f"{self.id} {self.version}"


def load(path: Path) -> Ruleset:
    content = path.read_bytes()
    raw = json.loads(content)
    rules = {
        part: tuple(_rule(row, path.name) for row in raw[part])
        for part in ("emergencies", "duties", "minimums", "withdrawal")
    }
    ids = [rule.id for part in rules.values() for rule in part]
    if twice := {each for each in ids if ids.count(each) > 1}:
        raise ValueError(f"{path.name}: {', '.join(sorted(twice))} is there twice")
    return Ruleset(
        id=raw["id"],
        version=raw["version"],
        effective_on=date.fromisoformat(raw["effective_on"]),
        source=raw["source"],
        sha256=hashlib.sha256(content).hexdigest(),
        otherwise=Rule(
            raw["otherwise"]["id"],
            lambda _: Answer(True),
            raw["otherwise"]["says"],
            raw["otherwise"]["basis"],
            Effect(intensity=1),
        ),
        withdrawal_applies_when=read(raw["withdrawal_applies_when"]),
        steps_up=tuple(Step(step["level"], step["says"]) for step in raw["steps_up"]),
        **rules,
    )


def _rule(row: Mapping[str, Any], file: str) -> Rule:
    if row["basis"] not in BASIS:
        raise ValueError(f"{file}: {row['id']}: {row['basis']!r} is not a basis")
    try:
        when = read(row["when"])
    except (UnreadableError, ValueError) as error:
        raise ValueError(f"{file}: {row['id']}: cannot be read: {error}") from error
    effect = dict(row.get("sets", {}))
    effect["flags"] = frozenset(effect.get("flags", ()))
    return Rule(row["id"], when, row["says"], row["basis"], Effect(**effect), row.get("do", ""))


@cache
def _all() -> Mapping[str, Ruleset]:
    found = (load(path) for path in sorted(RULESETS.glob("*.json")))
    return {each.name: each for each in found}


def ruleset(name: str) -> Ruleset:
    """A ruleset by its name, such as `stepwell-needs 1`. Raises KeyError for one we never had."""
    return _all()[name]


def current(on: date) -> Ruleset:
    """The newest in effect on a day; before the first one, the first."""
    by_date = sorted(_all().values(), key=lambda each: each.effective_on)
    in_effect = [each for each in by_date if each.effective_on <= on]
    return in_effect[-1] if in_effect else by_date[0]
