"""What an instrument is: its questions, the answers each may have, and the rule that scores them.

These are the facts the scorer works on; `reader` makes them from a file and checks them.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

from stepwell.care.measures.scoring.conditions import Condition, Threshold

Json = Any
Value = int | str | None


class Method(StrEnum):
    SUM = "sum"
    SUBSCALES = "sum_by_subscale"
    SUBSTANCES = "per_substance_sum"
    COUNT_YES = "count_yes"
    COUNT_WITH_EXCLUSIONS = "count_with_exclusions"
    ITEM_LEVEL = "item_level"
    MEANS = "subscale_means"
    THRESHOLD = "threshold"
    TRIAGE = "triage_rules"
    RULES = "rules"
    DOMAINS = "domain_flags_plus_sum"
    NONE = "none"


class MissingRule(StrEnum):
    PRORATE = "prorate"
    NONE_ALLOWED = "none_allowed"
    ITEM_LEVEL = "item_level"
    SAFE_SIDE = "safe_side"
    UNKNOWN_IS_NOT_NO = "unknown_is_not_no"
    PER_DOMAIN = "per_domain"
    BOUNDED = "bounded"
    COMPLETENESS = "completeness"


class Direction(StrEnum):
    WORSE = "worse"
    BETTER = "better"


class ItemKind(StrEnum):
    CHOICE = "choice"
    INTEGER = "integer"
    MULTI = "multi"
    FREE = "free"  # words, lists, a choice among the person's own substances: recorded, never scored


class Standing(StrEnum):
    """What the owner's terms let us do with an instrument."""

    FREE = "free"  # asked by any site
    CONDITIONAL = "conditional"  # kept whole, asked only where a site has accepted its terms
    STRUCTURE = (
        "structure"  # counting only; where the wording is withheld, a site enters its own licensed copy
    )


#: What stands in a definition where its owner keeps the wording.
WITHHELD = "<text withheld"


@dataclass(frozen=True)
class Answer:
    value: Value
    label: str
    loinc: str = ""


@dataclass(frozen=True)
class Item:
    id: str
    text: str
    kind: ItemKind
    scored: bool
    answers: tuple[Answer, ...] = ()
    holds: type = object  # of a FREE item: str, list or dict
    minimum: int = 0
    maximum: int = 0
    asked_when: Condition | None = None
    skip_value: int = 0
    points: Mapping[int, int] = field(default_factory=dict)  # where a value counts for more than itself
    positive_values: frozenset[Value] = frozenset()
    domain: str = ""
    cluster: str = ""
    substance: str = ""
    help: str = ""
    loinc: str = ""
    concept: str = ""  # what a withheld question is about
    sureness: str = ""  # where this question's wording was seen, when that differs from the rest

    @property
    def is_withheld(self) -> bool:
        return self.text.startswith(WITHHELD)

    @property
    def values(self) -> tuple[Value, ...]:
        return tuple(answer.value for answer in self.answers)

    def worth(self, value: int) -> int:
        """What a value adds to a score."""
        return self.points.get(value, value)

    @property
    def worth_bounds(self) -> tuple[int, int]:
        if self.kind is ItemKind.INTEGER:
            return self.worth(self.minimum), self.worth(self.maximum)
        worths = [self.worth(value) for value in self.values if isinstance(value, int)]
        return (min(worths), max(worths)) if worths else (0, 0)

    def label_of(self, value: Json) -> str:
        if isinstance(value, list):
            return ", ".join(self.label_of(each) for each in value)
        for answer in self.answers:
            if answer.value == value:
                return answer.label
        return "" if value is None else str(value)


@dataclass(frozen=True)
class Score:
    id: str
    items: tuple[str, ...]
    minimum: int
    maximum: int
    higher: Direction | None


@dataclass(frozen=True)
class Band:
    score: str  # a score's id, or EACH_SUBSTANCE
    minimum: int
    maximum: int
    label: str
    sex: str = ""
    scheme: str = ""


EACH_SUBSTANCE = "each_substance"


@dataclass(frozen=True)
class CriticalRule:
    """An answer, a score or an outcome that someone must act on."""

    targets: tuple[str, ...]
    threshold: Threshold | None  # for items and scores
    level: str  # for outcomes such as a triage
    action: str
    raise_if_unanswered: bool = False


@dataclass(frozen=True)
class SkipRule:
    when: Condition
    items: tuple[str, ...]


@dataclass(frozen=True)
class NotMoreThan:
    """`item5` may not exceed `item4`."""

    item: str
    limit: str


@dataclass(frozen=True)
class Change:
    smallest_that_matters: int | None
    reliable: int | None
    source: str


@dataclass(frozen=True)
class Licence:
    verdict: str
    text: str
    url: str
    evidence: str = ""


@dataclass(frozen=True)
class Deciles:
    table: Mapping[str, tuple[tuple[int, int, int], ...]]
    norm: str
    shown: bool  # norms of another form of the instrument are kept but not shown


@dataclass(frozen=True)
class Definition:
    id: str
    title: str
    short_title: str
    version: str
    standing: Standing
    source: str
    licence: Licence
    administration: str
    recall_period: str
    instructions: str
    stem: str
    items: tuple[Item, ...]
    method: Method
    scores: tuple[Score, ...]
    missing_rule: MissingRule
    max_missing: int
    missing_in_words: str
    algorithm: tuple[str, ...]
    percent_of: int | None  # the score is also given as a percentage of this
    bands: tuple[Band, ...]
    levels: Mapping[str, str]  # triage level to its label
    critical: tuple[CriticalRule, ...]
    skip_rules: tuple[SkipRule, ...]
    consistency: tuple[NotMoreThan, ...]
    deciles: Deciles | None
    positive_cut: Mapping[str, int]
    change: Change
    interval: str
    notes: tuple[str, ...]
    sureness: Mapping[
        str, str
    ]  # of items, answers, scoring, bands, licence: seen in a source, or from memory
    seen_in: tuple[str, ...]
    loinc_panel: str
    loinc_total: str
    sha256: str
    language: str = "en"  # of the wording; no definition kept here holds another

    def item(self, item_id: str) -> Item:
        return self._by_id[item_id]

    def has_item(self, item_id: str) -> bool:
        return item_id in self._by_id

    def score(self, score_id: str) -> Score:
        return next(score for score in self.scores if score.id == score_id)

    @cached_property
    def _by_id(self) -> Mapping[str, Item]:
        return {item.id: item for item in self.items}

    @property
    def schemes(self) -> tuple[str, ...]:
        """Band schemes in the order given: the first is the one used unless another is asked for."""
        return tuple(dict.fromkeys(band.scheme for band in self.bands if band.scheme))

    @property
    def rated_by_clinician(self) -> bool:
        return self.administration.startswith("clinician")

    @property
    def is_withheld(self) -> bool:
        """Whether its owner keeps the wording."""
        return any(item.is_withheld for item in self.items)

    def without(self, item_ids: Collection[str]) -> "Definition":
        """The same instrument where some questions are not asked, nor what is made of them."""
        scores = tuple(each for each in self.scores if not set(each.items) & set(item_ids))
        gone = {*item_ids, *(each.id for each in self.scores if each not in scores)}
        return replace(
            self,
            items=tuple(item for item in self.items if item.id not in item_ids),
            scores=scores,
            bands=tuple(band for band in self.bands if band.score not in gone),
            critical=tuple(rule for rule in self.critical if not set(rule.targets) & gone),
        )

    @property
    def carries_loinc(self) -> bool:
        return bool(
            self.loinc_panel
            or self.loinc_total
            or any(item.loinc or any(answer.loinc for answer in item.answers) for item in self.items)
        )
