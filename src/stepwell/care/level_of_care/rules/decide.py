"""Following the table: emergencies, then the highest minimum on each axis, with every reason.

Three axes: intensity (1 weekly, 2 program, 3 residential, 4 hospital), hours a week, and medical.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from stepwell.care.episodes.levels import LevelOfCare
from stepwell.care.level_of_care.rules.conditions import Circumstance
from stepwell.care.level_of_care.rules.needs import Case, Domain, Need, Rating
from stepwell.care.level_of_care.rules.ruleset import Effect, Rule, Ruleset


class Status(StrEnum):
    DECIDED = "decided"
    EMERGENCY = "emergency"
    CANNOT_DETERMINE = "cannot_determine"


class Hours(StrEnum):
    UNDER_9 = "<9"
    FROM_9_TO_19 = "9-19"
    FROM_20 = ">=20"
    UNDER_6 = "<6"  # minors
    FROM_6_TO_19 = "6-19"


class Route(StrEnum):
    """Where withdrawal from alcohol or sedatives is managed."""

    NONE = "none"
    AMBULATORY = "ambulatory"
    DAILY_MONITORING = "daily_monitoring"
    INPATIENT = "inpatient"


_HOURS_ORDER = [Hours.UNDER_9, Hours.FROM_9_TO_19, Hours.FROM_20]
_FOR_MINORS = {Hours.UNDER_9: Hours.UNDER_6, Hours.FROM_9_TO_19: Hours.FROM_6_TO_19}
_THIRD_EDITION = {
    LevelOfCare.OUTPATIENT: "1",
    LevelOfCare.MEDICAL_OUTPATIENT: "1",
    LevelOfCare.HIGH_INTENSITY_OUTPATIENT: "2.5",
    LevelOfCare.MEDICAL_INTENSIVE_OUTPATIENT: "2.5",
}
_NOTHING = Effect()
# Rules that keep a person safe: going below them takes a second signature.
_SAFETY = ("E", "H", "N", "W")


@dataclass(frozen=True)
class Matched:
    id: str
    because: str
    basis: str
    do: str = ""


@dataclass(frozen=True)
class Decision:
    status: Status
    level: LevelOfCare | None
    label: str | None  # in the edition used
    hours: Hours | None
    medical: bool
    flags: frozenset[str]
    withdrawal_route: Route | None
    duties: tuple[str, ...]
    matched: tuple[Matched, ...]
    why_not_lower: tuple[str, ...]
    why_not_higher: tuple[str, ...]
    would_change: tuple[str, ...]
    missing: tuple[str, ...]
    edition: str
    note: str
    ruleset: Ruleset
    floor: LevelOfCare | None  # what the safety rules alone ask for

    def to_dict(self) -> dict[str, Any]:
        return {
            "status": self.status.value,
            "level": self.label,
            "hours": self.hours.value if self.hours else None,
            "medical": self.medical,
            "co_occurring_enhanced": "co_occurring_enhanced" in self.flags,
            "recovery_residence": "recovery_residence" in self.flags,
            "medication_service": "medication_service" in self.flags,
            "withdrawal_route": self.withdrawal_route.value if self.withdrawal_route else None,
            "duties": list(self.duties),
            "matched": [
                {"id": each.id, "because": each.because, "basis": each.basis}
                | ({"do": each.do} if each.do else {})
                for each in self.matched
            ],
            "why_not_lower": list(self.why_not_lower),
            "why_not_higher": list(self.why_not_higher),
            "would_change": list(self.would_change),
            "missing": list(self.missing),
            "edition": self.edition,
            "note": self.note,
            "ruleset": {
                "id": self.ruleset.id,
                "version": self.ruleset.version,
                "sha256": self.ruleset.sha256,
            },
        }


def decide(case: Case, using: Ruleset) -> Decision:
    """The level of care these needs support, by this ruleset, with every reason."""
    reached = _reach(case, using)
    level = reached.level
    explained = reached.status is Status.DECIDED and level is not None
    return Decision(
        status=reached.status,
        level=level,
        label=_label(level, case),
        hours=_hours(level, case),
        medical=reached.outcome.medical,
        flags=reached.outcome.flags,
        withdrawal_route=Route(reached.route) if reached.route else None,
        duties=tuple(rule.says for rule in using.duties if rule.when(Circumstance(case)).holds),
        matched=tuple(each.matched for each in reached.fired),
        why_not_lower=tuple(_why_not_lower(reached)) if explained else (),
        why_not_higher=tuple(_why_not_higher(reached, using)) if explained else (),
        would_change=tuple(_would_change(case, using, reached)) if explained else (),
        missing=reached.missing,
        edition=case.edition_used,
        note="Under 18: third-edition levels, with their hours for minors." if case.is_minor else "",
        ruleset=using,
        floor=safety_floor(reached.fired),
    )


# Reaching a level


@dataclass(frozen=True)
class Fired:
    rule: Rule
    because: str

    @property
    def matched(self) -> Matched:
        return Matched(self.rule.id, self.because, self.rule.basis, self.rule.do)


@dataclass(frozen=True)
class Reached:
    status: Status
    fired: tuple[Fired, ...]
    outcome: Effect
    level: LevelOfCare | None
    route: str | None = None
    missing: tuple[str, ...] = ()


def _reach(case: Case, using: Ruleset) -> Reached:
    emergencies = tuple(_firing(using.emergencies, case))
    if emergencies:
        return Reached(Status.EMERGENCY, emergencies, Effect(), None)

    fired = list(_firing(using.minimums, case))
    withdrawal = _withdrawal(case, using)
    fired += withdrawal.fired
    effects = [each.rule.effect for each in fired]
    if not withdrawal.fired:
        effects.append(withdrawal.at_least)
    outcome = _highest(effects)

    unrated = tuple(f"ratings.{domain}" for domain in Domain if domain not in case.ratings)
    missing = tuple(dict.fromkeys((*unrated, *withdrawal.missing)))
    open_question = (bool(unrated) and outcome.intensity < 4) or (
        bool(withdrawal.missing) and outcome.intensity < 3
    )
    if outcome.intensity == 0 and not open_question:
        fired.append(Fired(using.otherwise, using.otherwise.says))
        outcome = replace(outcome, intensity=using.otherwise.effect.intensity)
    if outcome.intensity == 1:
        outcome = replace(outcome, medical=outcome.medical or outcome.medical_if_weekly)
    return Reached(
        status=Status.CANNOT_DETERMINE if open_question else Status.DECIDED,
        fired=tuple(fired),
        outcome=outcome,
        level=_level(outcome),
        route=withdrawal.route,
        missing=missing,
    )


def _firing(rules: Iterable[Rule], case: Case) -> Iterator[Fired]:
    ids: frozenset[str] = frozenset()
    for rule in rules:
        answer = rule.when(Circumstance(case, ids))
        if answer.holds:
            ids |= {rule.id}
            yield Fired(rule, _sentence(rule, answer.because))


@dataclass(frozen=True)
class _Withdrawal:
    fired: tuple[Fired, ...] = ()
    at_least: Effect = _NOTHING
    route: str | None = None
    missing: tuple[str, ...] = ()


def _withdrawal(case: Case, using: Ruleset) -> _Withdrawal:
    """The first row that matches; where an unknown fact leaves several open, what all of them ask for."""
    given = Circumstance(case)
    if not using.withdrawal_applies_when(given).holds:
        return _Withdrawal()
    open_rows: list[Rule] = []
    missing: list[str] = []
    certain: tuple[Fired, ...] = ()
    for row in using.withdrawal:
        answer = row.when(given)
        if answer.holds is None:
            open_rows.append(row)
            missing += answer.unknown
        elif answer.holds:
            certain = (Fired(row, _sentence(row, answer.because)),)
            open_rows.append(row)
            break
    effects = [row.effect for row in open_rows]
    routes = {effect.route for effect in effects}
    route = routes.pop() if len(routes) == 1 else None
    return _Withdrawal(
        fired=certain if route is not None else (),
        at_least=_lowest(effects),
        route=route,
        missing=tuple(dict.fromkeys(missing)),
    )


def _sentence(rule: Rule, because: tuple[str, ...]) -> str:
    if not because:
        return f"{rule.says}."
    found = "; ".join(because)
    return f"{rule.says}. {found[0].upper()}{found[1:]}."


def _highest(effects: Iterable[Effect]) -> Effect:
    highest = Effect()
    for effect in effects:
        highest = Effect(
            intensity=max(highest.intensity, effect.intensity),
            hours=max(highest.hours, effect.hours, key=lambda hours: _HOURS_ORDER.index(Hours(hours))),
            medical=highest.medical or effect.medical,
            medical_if_weekly=highest.medical_if_weekly or effect.medical_if_weekly,
            flags=highest.flags | effect.flags,
        )
    return highest


def _lowest(effects: list[Effect]) -> Effect:
    return Effect(
        intensity=min(effect.intensity for effect in effects),
        hours=min((effect.hours for effect in effects), key=lambda hours: _HOURS_ORDER.index(Hours(hours))),
        medical=all(effect.medical for effect in effects),
        medical_if_weekly=all(effect.medical or effect.medical_if_weekly for effect in effects),
        flags=frozenset.intersection(*(effect.flags for effect in effects)),
    )


# Labels


def _level(outcome: Effect) -> LevelOfCare | None:
    full = outcome.hours == Hours.FROM_20
    match outcome.intensity, outcome.medical:
        case 1, False:
            return LevelOfCare.OUTPATIENT
        case 1, True:
            return LevelOfCare.MEDICAL_OUTPATIENT
        case 2, True:
            return LevelOfCare.MEDICAL_INTENSIVE_OUTPATIENT
        case 2, False:
            return LevelOfCare.HIGH_INTENSITY_OUTPATIENT if full else LevelOfCare.INTENSIVE_OUTPATIENT
        case 3, True:
            return LevelOfCare.MEDICAL_RESIDENTIAL
        case 3, False:
            return LevelOfCare.HIGH_INTENSITY_RESIDENTIAL if full else LevelOfCare.LOW_INTENSITY_RESIDENTIAL
        case 4, _:
            return LevelOfCare.INPATIENT
    return None


def _label(level: LevelOfCare | None, case: Case) -> str | None:
    if level is None:
        return None
    return _THIRD_EDITION.get(level, level.value) if case.edition_used == "3" else level.value


def _hours(level: LevelOfCare | None, case: Case) -> Hours | None:
    if level is None or level is LevelOfCare.INPATIENT:
        return None
    if level in (LevelOfCare.OUTPATIENT, LevelOfCare.MEDICAL_OUTPATIENT):
        hours = Hours.UNDER_9
    elif level in (LevelOfCare.INTENSIVE_OUTPATIENT, LevelOfCare.LOW_INTENSITY_RESIDENTIAL):
        hours = Hours.FROM_9_TO_19
    else:
        hours = Hours.FROM_20
    return _FOR_MINORS.get(hours, hours) if case.is_minor else hours


def safety_floor(fired: Iterable[Fired]) -> LevelOfCare | None:
    """What the rules that keep a person safe ask for, by themselves. None when none of them fired."""
    outcome = _highest(each.rule.effect for each in fired if each.rule.id.startswith(_SAFETY))
    return _level(outcome)


# Why


def _why_not_lower(reached: Reached) -> Iterator[str]:
    """The rules that hold the level where it is: without any one of them it would be lower.

    Where two hold it together, so that taking one away changes nothing, both are given.
    """
    if reached.level is LevelOfCare.OUTPATIENT:
        yield "There is no lower level of care."
        return
    alone = [each for each in reached.fired if _level_without(reached, each) is not reached.level]
    for each in alone or [each for each in reached.fired if _is_decisive(each.rule.effect, reached.outcome)]:
        yield each.because


def _level_without(reached: Reached, left_out: Fired) -> LevelOfCare | None:
    rest = _highest(each.rule.effect for each in reached.fired if each is not left_out)
    if rest.intensity <= 1:
        rest = replace(rest, intensity=1, medical=rest.medical or rest.medical_if_weekly)
    return _level(rest)


def _is_decisive(effect: Effect, final: Effect) -> bool:
    if final.medical:
        return effect.medical or (final.intensity == 1 and effect.medical_if_weekly)
    if final.hours == Hours.FROM_20 and final.intensity < 4:
        return effect.hours == final.hours
    return effect.intensity == final.intensity


def _why_not_higher(reached: Reached, using: Ruleset) -> Iterator[str]:
    order = list(LevelOfCare)
    assert reached.level is not None
    if reached.level is LevelOfCare.INPATIENT:
        yield "There is no higher level of care."
    for step in using.steps_up:
        if order.index(LevelOfCare(step.level)) > order.index(reached.level):
            yield step.says


def _would_change(case: Case, using: Ruleset, reached: Reached) -> Iterator[str]:
    """For each domain, the nearest rating below and above that would give another level."""
    for domain in (each for each in Domain if each in case.ratings):
        now = case.ratings[domain].value
        for values in (range(now - 1, -1, -1), range(now + 1, 4)):
            for value in values:
                need = Need.DAILY_PROGRAM if value == 3 else None
                changed = replace(case, ratings={**case.ratings, domain: Rating(value, need)})
                other = _reach(changed, using)
                if other.status is Status.DECIDED and other.level not in (None, reached.level):
                    assert other.level is not None
                    with_need = f", needing {need.in_words}," if need else ""
                    yield (
                        f"With {domain.in_words} rated {value}{with_need} instead of {now}: "
                        f"{other.level.in_words.lower()} ({_label(other.level, case)})."
                    )
                    break
    if reached.level is not LevelOfCare.INPATIENT:
        yield "With any of them rated 4: inpatient (4)."
