"""The table that decides, as dated data. Old ones stay, so that an old decision runs again the same."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from stepwell.care.episodes.levels import LevelOfCare
from stepwell.care.level_of_care.rules.conditions import (
    Answer,
    Condition,
    UnreadableError,
    in_words,
    read,
)

RULESETS = Path(__file__).parent / "rulesets"
HOURS = ("<9", "9-19", ">=20")  # from least to most
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
    source: str = ""
    asks: str = ""  # the condition, in words


@dataclass(frozen=True)
class Label:
    """A level, what must be reached on each axis for it, and what it is called and holds."""

    level: LevelOfCare
    third: str  # in the third edition
    intensity: int
    medical: bool
    hours: str | None
    minors: str | None  # the hours of someone under 18

    def falls_short_of(self, effect: Effect) -> bool:
        """Whether this level gives less than a rule asks for, on any axis. A hospital gives everything."""
        if self.hours is None:
            return False
        return (
            self.intensity < effect.intensity
            or HOURS.index(self.hours) < HOURS.index(effect.hours)
            or (effect.medical and not self.medical)
            or (effect.medical_if_weekly and self.intensity == 1 and not self.medical)
        )


@dataclass(frozen=True)
class Step:
    """A step up, the sentence that says what it would take, and the rules that would bring it."""

    level: LevelOfCare
    says: str
    rules: tuple[str, ...] = ()  # none in a table of before version 2: its sentence says all


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
    labels: tuple[Label, ...]
    written_on: date | None = None  # when its sources were last read

    @property
    def name(self) -> str:
        return f"{self.id} {self.version}"

    @property
    def every_rule(self) -> tuple[Rule, ...]:
        return (*self.emergencies, *self.duties, *self.minimums, *self.withdrawal, self.otherwise)

    def reached(self, outcome: Effect) -> LevelOfCare:
        """The least level that gives at least this much on each axis."""
        fitting = [
            each
            for each in self.labels
            if each.intensity == outcome.intensity and (each.hours is None or each.medical == outcome.medical)
        ]
        enough = (
            each for each in fitting if HOURS.index(each.hours or HOURS[-1]) >= HOURS.index(outcome.hours)
        )
        return next(enough, fitting[-1]).level

    def label(self, level: LevelOfCare) -> Label:
        return next(each for each in self.labels if each.level is level)


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
            source=raw["otherwise"].get("source", ""),
            asks="nothing above sets an intensity",
        ),
        withdrawal_applies_when=read(raw["withdrawal_applies_when"]),
        steps_up=tuple(
            Step(LevelOfCare(step["level"]), step["says"], tuple(step.get("rules", ())))
            for step in raw["steps_up"]
        ),
        labels=tuple(
            Label(**{**row, "level": LevelOfCare(row["level"])}) for row in raw.get("labels", LABELS_OF_1)
        ),
        written_on=date.fromisoformat(raw["written_on"]) if "written_on" in raw else None,
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
    return Rule(
        row["id"],
        when,
        row["says"],
        row["basis"],
        Effect(**effect),
        do=row.get("do", ""),
        source=row.get("source", ""),
        asks=in_words(row["when"]),
    )


# Version 1 did not carry its labels. These are its own, and stay as they are.
LABELS_OF_1: tuple[Mapping[str, Any], ...] = tuple(
    dict(zip(("level", "third", "intensity", "medical", "hours", "minors"), row, strict=True))
    for row in (
        ("1.5", "1", 1, False, "<9", "<6"),
        ("1.7", "1", 1, True, "<9", "<6"),
        ("2.1", "2.1", 2, False, "9-19", "6-19"),
        ("2.5", "2.5", 2, False, ">=20", ">=20"),
        ("2.7", "2.5", 2, True, ">=20", ">=20"),
        ("3.1", "3.1", 3, False, "9-19", "6-19"),
        ("3.5", "3.5", 3, False, ">=20", ">=20"),
        ("3.7", "3.7", 3, True, ">=20", ">=20"),
        ("4", "4", 4, True, None, None),
    )
)


@cache
def _all() -> Mapping[str, Ruleset]:
    found = (load(path) for path in sorted(RULESETS.glob("*.json")))
    return {each.name: each for each in found}


def rulesets() -> tuple[Ruleset, ...]:
    """Every table there was, the newest last."""
    return tuple(sorted(_all().values(), key=lambda each: (each.effective_on, int(each.version))))


def ruleset(name: str) -> Ruleset:
    """A ruleset by its name, such as `stepwell-needs 1`. Raises KeyError for one we never had."""
    return _all()[name]


def current(on: date) -> Ruleset:
    """The newest in effect on a day; before the first one, the first."""
    since = max(on, rulesets()[0].effective_on)
    return [each for each in rulesets() if each.effective_on <= since][-1]
