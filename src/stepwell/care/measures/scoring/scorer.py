"""Scoring answers: totals, subscales, bands, proration, bounds, flags, warnings.

The highest rule is that not knowing never reads as zero. A flag that the lower bound already reaches
is raised, and an unanswered safety question is a flag of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from stepwell.care.measures.scoring import outcomes
from stepwell.care.measures.scoring.answers import Answers, Problem
from stepwell.care.measures.scoring.definitions import (
    EACH_SUBSTANCE,
    Band,
    CriticalRule,
    Definition,
    Json,
    Method,
    MissingRule,
    Score,
)
from stepwell.ground.kit.given_json import shown


class Status(StrEnum):
    SCORED = "scored"
    PRORATED = "prorated"
    INCOMPLETE = "incomplete"
    INVALID = "invalid"


class FlagKind(StrEnum):
    ITEM = "item"
    SCORE = "score"
    OUTCOME = "outcome"
    UNANSWERED = "unanswered"


@dataclass(frozen=True)
class Flag:
    """Something in the answers that a clinician must see, and what the instrument says to do."""

    code: str  # `phq9_9`, `total>=20`, `phq9_9:unanswered`, `triage=HIGH`
    kind: FlagKind
    target: str
    action: str

    def __str__(self) -> str:
        return self.code


@dataclass(frozen=True)
class Scored:
    instrument: str
    status: Status
    scores: Mapping[str, int | None] = field(default_factory=dict)
    bands: Mapping[str, str | None] = field(default_factory=dict)
    bounds: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    outcomes: Mapping[str, Json] = field(default_factory=dict)
    flags: tuple[Flag, ...] = ()
    warnings: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def error(self) -> str:
        return "; ".join(str(problem) for problem in self.problems)

    def has_flag(self, code: str) -> bool:
        return any(flag.code == code for flag in self.flags)

    def to_dict(self) -> dict[str, Json]:
        """The form of `./stepwell measures score`."""
        # "total" is said even where an instrument has none (BAM, Columbia), so that nobody adds one up.
        answer: dict[str, Json] = {"instrument": self.instrument, "status": self.status.value, "total": None}
        answer |= self.scores
        answer |= {f"{score_id}_band": label for score_id, label in self.bands.items()}
        answer |= self.outcomes
        answer["bounds"] = {score_id: list(bounds) for score_id, bounds in self.bounds.items()}
        answer["flags"] = [flag.code for flag in self.flags]
        answer["warnings"] = list(self.warnings)
        answer["missing"] = list(self.missing)
        if self.problems:
            answer["error"] = self.error
        return answer


def score(
    definition: Definition, responses: Mapping[str, Json], context: Mapping[str, Json] | None = None
) -> Scored:
    """Score one person's answers. `context` may hold `sex`, `scheme` and `class`."""
    context = context or {}
    answers = Answers(definition, responses)
    problems = answers.problems() + _context_problems(definition, context)
    if problems:
        return Scored(definition.id, Status.INVALID, problems=tuple(problems))

    excluded = outcomes.excluded_items(answers, context)
    scores: dict[str, int | None] = {}
    bounds: dict[str, tuple[int, int]] = {}
    reached: dict[str, tuple[int, int]] = {}
    status = Status.SCORED
    for each in definition.scores:
        counted = tuple(item for item in each.items if item not in excluded)
        total, between, how = _total(answers, each, counted)
        scores[each.id], reached[each.id] = total, between
        if how is Status.INCOMPLETE:
            bounds[each.id] = between
        status = max(status, how, key=list(Status).index)

    found = outcomes.outcomes(answers, scores)
    if found.incomplete:
        status = Status.INCOMPLETE
    return Scored(
        instrument=definition.id,
        status=status,
        scores=scores,
        bands=_bands(definition, reached, scores, context),
        bounds=bounds,
        outcomes=found.values,
        flags=_flags(answers, reached, found),
        warnings=_warnings(answers, scores) + found.warnings,
        missing=_missing(answers, excluded) + found.missing,
    )


def is_asked(definition: Definition, responses: Mapping[str, Json], item_id: str) -> bool:
    """Whether the answers so far call for this question."""
    return Answers(definition, responses).is_asked(item_id) is not False


def _context_problems(definition: Definition, context: Mapping[str, Json]) -> list[Problem]:
    """An unknown sex or substance class takes the definition's default; a scheme that is not known does not:
    a severity read off another table than the one asked for would be wrong without a word."""
    problems = [
        Problem(key, value, f"{shown(value)} should be words")
        for key in ("sex", "scheme", "class")
        if not isinstance(value := context.get(key), str | None)
    ]
    scheme = context.get("scheme")
    if isinstance(scheme, str) and definition.schemes and scheme not in definition.schemes:
        known = ", ".join(definition.schemes)
        problems.append(Problem("scheme", scheme, f"{shown(scheme)} is not one of its schemes ({known})"))
    return problems


def _total(
    answers: Answers, each: Score, items: tuple[str, ...]
) -> tuple[int | None, tuple[int, int], Status]:
    """The score, the values it may still take, and how it was reached."""
    definition = answers.definition
    between = [answers.worth_between(item) for item in items]
    low, high = sum(least for least, _ in between), sum(most for _, most in between)
    known = [worth for item in items if (worth := answers.worth(item)) is not None]
    missing = len(items) - len(known)
    if missing == 0:
        return low, (low, high), Status.SCORED
    if definition.missing_rule is MissingRule.PRORATE and known and missing <= definition.max_missing:
        prorated = _round_half_up(sum(known) * len(items), len(known))
        return prorated, (prorated, prorated), Status.PRORATED
    if definition.missing_rule is MissingRule.BOUNDED:
        return low, (low, high), Status.INCOMPLETE
    return None, (low, high), Status.INCOMPLETE


def _round_half_up(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)


def _missing(answers: Answers, excluded: frozenset[str]) -> tuple[str, ...]:
    needed = {item for each in answers.definition.scores for item in each.items} - excluded
    if answers.definition.method is Method.MEANS:
        needed = {item.id for item in answers.definition.items if item.scored}
    elif answers.definition.method in outcomes.EVERY_ITEM_COUNTS:
        needed = {item.id for item in answers.definition.items}
    return tuple(
        item.id for item in answers.definition.items if item.id in needed and answers.is_missing(item.id)
    )


# Bands


def _bands(
    definition: Definition,
    reached: Mapping[str, tuple[int, int]],
    scores: Mapping[str, int | None],
    context: Mapping[str, Json],
) -> dict[str, str | None]:
    bands: dict[str, str | None] = {}
    for score_id, total in scores.items():
        candidates = _bands_in_use(definition, score_id, context)
        if not candidates:
            continue
        low, high = reached[score_id]
        # Where the score itself is unknown no band is named; where it is a minimum (`bounded`) a band
        # is named only when nothing unanswered could change it.
        band = _band_of(candidates, low) if total is not None else None
        bands[score_id] = band.label if band is not None and band is _band_of(candidates, high) else None
    return bands


def _bands_in_use(definition: Definition, score_id: str, context: Mapping[str, Json]) -> list[Band]:
    bands = [band for band in definition.bands if band.score in (score_id, EACH_SUBSTANCE)]
    if definition.schemes:
        scheme = context.get("scheme") or definition.schemes[0]
        bands = [band for band in bands if band.scheme in ("", scheme)]
    sexes = {band.sex for band in bands if band.sex}
    if sexes:
        sex = (context.get("sex") or "").strip().lower()
        if sex not in sexes:
            # Unknown or another sex: the cut-off the definition names for it.
            cut = definition.positive_cut.get("unknown_or_other")
            sex = next((band.sex for band in bands if band.minimum == cut), min(sexes))
        bands = [band for band in bands if band.sex in ("", sex)]
    return bands


def _band_of(bands: list[Band], value: int) -> Band | None:
    return next((band for band in bands if band.minimum <= value <= band.maximum), None)


# Flags and warnings


def _flags(
    answers: Answers, reached: Mapping[str, tuple[int, int]], found: outcomes.Found
) -> tuple[Flag, ...]:
    flags: list[Flag] = []
    for rule in answers.definition.critical:
        flags += _flags_of(rule, answers, reached, found)
    flags += [
        Flag(f"{item}:unanswered", FlagKind.UNANSWERED, item, "Ask this safety question")
        for item in found.unanswered_safety
    ]
    return tuple(flags)


def _flags_of(
    rule: CriticalRule, answers: Answers, reached: Mapping[str, tuple[int, int]], found: outcomes.Found
) -> list[Flag]:
    flags = []
    for target in rule.targets:
        if rule.threshold is None:
            if found.values.get(target) == rule.level:
                flags.append(Flag(f"{target}={rule.level}", FlagKind.OUTCOME, target, rule.action))
        elif target in reached:
            if rule.threshold.met_throughout(*reached[target]):
                flags.append(Flag(f"{target}{rule.threshold}", FlagKind.SCORE, target, rule.action))
        elif isinstance(value := answers.raw(target), int):
            if rule.threshold.met_by(value):
                flags.append(Flag(target, FlagKind.ITEM, target, rule.action))
        elif rule.raise_if_unanswered:
            flags.append(Flag(f"{target}:unanswered", FlagKind.UNANSWERED, target, rule.action))
    return flags


def _warnings(answers: Answers, scores: Mapping[str, int | None]) -> tuple[str, ...]:
    warnings = []
    for rule in answers.definition.consistency:
        value, limit = answers.raw(rule.item), answers.raw(rule.limit)
        if isinstance(value, int) and isinstance(limit, int) and value > limit:
            warnings.append(f"{_short(rule.item)}>{_short(rule.limit)}")
    warnings += [f"{item}:answered_though_not_asked" for item in answers.answered_though_not_asked]
    if answers.definition.method is Method.SUM and "female" in answers.definition.positive_cut:
        warnings += _all_from_first_item(answers, scores)
    return tuple(warnings)


def _all_from_first_item(answers: Answers, scores: Mapping[str, int | None]) -> list[str]:
    """AUDIT-C: every point from how often, none from how much, is likely below the limits."""
    first, *rest = answers.definition.scores[0].items
    total = scores[answers.definition.scores[0].id]
    if total and all(answers.worth(item) == 0 for item in rest):
        return [f"all_points_from_{first}"]
    return []


def _short(item_id: str) -> str:
    """`bam_iop_7e` as the paper form numbers it: item7e."""
    return f"item{item_id.rsplit('_', 1)[-1]}"
