"""Following the table: emergencies, then the highest minimum on each axis, with every reason.

Three axes: intensity (1 weekly, 2 program, 3 residential, 4 hospital), hours a week, and medical.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any

from stepwell.care.episodes.levels import LevelOfCare
from stepwell.care.level_of_care.rules.conditions import Circumstance, called
from stepwell.care.level_of_care.rules.needs import Case, Domain, Facts, Need, Rating, Vitals
from stepwell.care.level_of_care.rules.ruleset import HOURS, Effect, Rule, Ruleset


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


# Rules that keep a person safe: going below them takes a second signature.
_SAFETY = ("E", "H", "N", "W")
_NOTHING = Effect()


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
    fired: tuple["Fired", ...]

    def goes_below(self, chosen: LevelOfCare) -> tuple[Matched, ...]:
        """The rules that keep a person safe and that this level would fall short of."""
        label = self.ruleset.label(chosen)
        return tuple(
            each.matched
            for each in self.fired
            if each.rule.id.startswith(_SAFETY) and label.falls_short_of(each.rule.effect)
        )

    def to_dict(self) -> dict[str, Any]:
        """The exchange form of `./stepwell level-of-care decide`."""
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
                {"id": each.id, "because": f"{each.because} {each.do}".strip()} for each in self.matched
            ],
            "why_not_lower": list(self.why_not_lower),
            "why_not_higher": list(self.why_not_higher),
            "would_change": [*self.would_change, *([self.note] if self.note else [])],
            "missing": list(self.missing),
            "ruleset": {
                "id": self.ruleset.id,
                "version": self.ruleset.version,
                "sha256": self.ruleset.sha256,
            },
        }


def decide(case: Case, using: Ruleset) -> Decision:
    """The level of care these needs support, by this ruleset, with every reason."""
    reached = reach(case, using)
    named = using.label(reached.level) if reached.level else None
    hours = (named.minors if case.is_minor else named.hours) if named else None
    is_decided = reached.status is Status.DECIDED
    return Decision(
        status=reached.status,
        level=reached.level,
        label=_label(reached.level, case, using),
        hours=Hours(hours) if hours else None,
        medical=reached.outcome.medical,
        flags=reached.outcome.flags,
        withdrawal_route=Route(reached.route) if reached.route else None,
        duties=tuple(rule.says for rule in using.duties if rule.when(Circumstance(case)).holds),
        matched=tuple(each.matched for each in reached.fired),
        why_not_lower=tuple(_why_not_lower(reached, using)),
        why_not_higher=tuple(_why_not_higher(case, using, reached)) if is_decided else (),
        would_change=tuple(_would_change(case, using, reached)),
        missing=reached.missing,
        edition=case.edition_used,
        note="" if reached.status is Status.EMERGENCY else _note(case),
        ruleset=using,
        fired=reached.fired,
    )


def _note(case: Case) -> str:
    if case.is_minor:
        return "Under 18: third-edition levels and the hours for minors, whichever edition is asked for."
    if case.age is None:
        return "Age is not known: these are the hours of adults. Under 18, third-edition levels hold."
    return ""


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


def reach(case: Case, using: Ruleset) -> Reached:
    """What the rules come to, before anything is said about it."""
    emergencies = tuple(_firing(using.emergencies, case))
    if emergencies:
        return Reached(Status.EMERGENCY, emergencies, Effect(), None)

    fired = list(_firing(using.minimums, case))
    withdrawal = _withdrawal(case, using)
    fired += withdrawal.fired
    outcome = _highest((each.rule.effect for each in fired), withdrawal.at_least)

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
        level=_level(outcome, using),
        route=withdrawal.route,
        missing=missing,
    )


def _firing(rules: Iterable[Rule], case: Case) -> Iterator[Fired]:
    given = Circumstance(case)
    for rule in rules:
        answer = rule.when(given)
        if answer.holds:
            given = Circumstance(case, given.fired | {rule.id})
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
    certain: Fired | None = None
    for row in using.withdrawal:
        answer = row.when(given)
        if answer.holds is None:
            open_rows.append(row)
            missing += answer.unknown
        elif answer.holds:
            certain = Fired(row, _sentence(row, answer.because))
            open_rows.append(row)
            break
    if not missing:
        return (
            _Withdrawal((certain,), certain.rule.effect, certain.rule.effect.route)
            if certain
            else _Withdrawal()
        )
    unknown = tuple(dict.fromkeys(missing))
    at_least = _lowest([row.effect for row in open_rows])
    routes = {row.effect.route for row in open_rows}
    fired: tuple[Fired, ...] = ()
    if at_least.intensity:
        least = min(
            open_rows,
            key=lambda row: (
                row.effect.intensity,
                row.effect.medical,
                certain is None or row is not certain.rule,
            ),
        )
        fired = (
            certain
            if certain and certain.rule is least
            else Fired(
                replace(least, effect=at_least),
                f"{least.says}, or more. Not known: {', '.join(called(each) for each in unknown)}.",
            ),
        )
    return _Withdrawal(fired, at_least, routes.pop() if len(routes) == 1 else None, unknown)


def _sentence(rule: Rule, because: tuple[str, ...]) -> str:
    if not because:
        return f"{rule.says}."
    found = "; ".join(because)
    return f"{rule.says}. {found[0].upper()}{found[1:]}."


def _highest(effects: Iterable[Effect], highest: Effect = _NOTHING) -> Effect:
    for effect in effects:
        highest = Effect(
            intensity=max(highest.intensity, effect.intensity),
            hours=max(highest.hours, effect.hours, key=HOURS.index),
            medical=highest.medical or effect.medical,
            medical_if_weekly=highest.medical_if_weekly or effect.medical_if_weekly,
            flags=highest.flags | effect.flags,
        )
    return highest


def _lowest(effects: list[Effect]) -> Effect:
    return Effect(
        intensity=min(effect.intensity for effect in effects),
        hours=min((effect.hours for effect in effects), key=HOURS.index),
        medical=all(effect.medical for effect in effects),
        medical_if_weekly=all(effect.medical or effect.medical_if_weekly for effect in effects),
        flags=frozenset.intersection(*(effect.flags for effect in effects)),
    )


# Labels


def _level(outcome: Effect, using: Ruleset) -> LevelOfCare | None:
    return using.reached(outcome) if outcome.intensity else None


def _label(level: LevelOfCare | None, case: Case, using: Ruleset) -> str | None:
    if level is None:
        return None
    return using.label(level).third if case.edition_used == "3" else level.value


# Why


def _why_not_lower(reached: Reached, using: Ruleset) -> Iterator[str]:
    """The rules that hold the level where it is: without any one of them it would be lower.

    Where two hold it together, so that taking one away changes nothing, both are given.
    """
    if reached.level is None:
        return
    if reached.level is LevelOfCare.OUTPATIENT:
        yield f"There is no lower level of care. {_as_reasons(reached.fired[-1:])}"
        return
    alone = [each for each in reached.fired if _level_without(reached, each, using) is not reached.level]
    for each in alone or [each for each in reached.fired if _is_decisive(each.rule.effect, reached.outcome)]:
        yield _as_reasons([each])


def _as_reasons(fired: Iterable[Fired]) -> str:
    return " ".join(f"{each.rule.id}: {each.because}" for each in fired)


def _level_without(reached: Reached, left_out: Fired, using: Ruleset) -> LevelOfCare | None:
    rest = _highest(each.rule.effect for each in reached.fired if each is not left_out)
    if rest.intensity <= 1:
        rest = replace(rest, intensity=1, medical=rest.medical or rest.medical_if_weekly)
    return _level(rest, using)


def _is_decisive(effect: Effect, final: Effect) -> bool:
    if final.medical:
        return effect.medical or (final.intensity == 1 and effect.medical_if_weekly)
    if final.hours == Hours.FROM_20 and final.intensity < 4:
        return effect.hours == final.hours
    return effect.intensity == final.intensity


def _why_not_higher(case: Case, using: Ruleset, reached: Reached) -> Iterator[str]:
    order = list(LevelOfCare)
    assert reached.level is not None
    if reached.level is LevelOfCare.INPATIENT:
        yield f"There is no higher level of care. {_as_reasons(reached.fired[:1])}"
        return
    now = _highest_rating(case)
    for step in using.steps_up:
        if order.index(step.level) <= order.index(reached.level):
            continue
        if not step.rules:
            yield step.says
            continue
        unknown = _unknown_of(
            [rule for rule in using.every_rule if rule.id in step.rules], case, using, reached
        )
        yield " ".join(
            [f"{step.level.in_words} ({_label(step.level, case, using)}) takes {step.says}. {now}", *unknown]
        )
    if any(step.rules for step in using.steps_up):
        yield " ".join(
            [
                f"No emergency is known of ({using.emergencies[0].id} to {using.emergencies[-1].id}).",
                *_unknown_of(using.emergencies, case, using, reached),
            ]
        )


def _highest_rating(case: Case) -> str:
    top = max(case.ratings.values(), key=lambda rating: rating.value)
    rated = [
        f"{domain.in_words}, needing {rating.need.in_words}"
        if top.value == 3 and rating.need
        else domain.in_words
        for domain, rating in case.ratings.items()
        if rating.value == top.value
    ]
    return f"Now the highest rating is {top.value} ({'; '.join(rated)})."


def _unknown_of(rules: Iterable[Rule], case: Case, using: Ruleset, reached: Reached) -> Iterator[str]:
    """What these rules ask about and nobody knows, as one sentence; nothing where all is known."""
    given = Circumstance(case, frozenset(each.rule.id for each in reached.fired))
    asked = rules if using.withdrawal_applies_when(given).holds else set(rules) - set(using.withdrawal)
    unknown = {name for rule in asked for name in rule.when(given).unknown}
    if case.facts.vitals == Vitals():
        unknown = {"facts.vitals" if name.startswith("facts.vitals.") else name for name in unknown}
    if unknown:
        yield f"Not known: {'; '.join(called(name) for name in sorted(unknown, key=_place_on_the_form))}."


def _place_on_the_form(path: str) -> tuple[int, str]:
    return _PLACES.index(path.split(".")[1]), path


_PLACES = [*Domain, *(each.name for each in fields(Facts))]


def _would_change(case: Case, using: Ruleset, reached: Reached) -> Iterator[str]:
    """What would have to be otherwise for another level. Each is tried, and only what is true is said."""
    if reached.status is Status.EMERGENCY:
        return
    if reached.status is Status.CANNOT_DETERMINE:
        yield f"The level is decided once this is known: {'; '.join(map(called, reached.missing))}."
        return
    for domain in (each for each in Domain if each in case.ratings):
        now = case.ratings[domain].value
        for values in (range(now - 1, -1, -1), range(now + 1, 4)):
            for value in values:
                need = Need.DAILY_PROGRAM if value == 3 else None
                changed = replace(case, ratings={**case.ratings, domain: Rating(value, need)})
                if said := _another_level(changed, using, reached):
                    with_need = f", needing {need.in_words}," if need else ""
                    yield f"With {domain.in_words} rated {value}{with_need} instead of {now}: {said}"
                    break
    applies = using.withdrawal_applies_when(Circumstance(case)).holds
    for name, value, words in _OTHERWISE:
        if getattr(case.facts, name) != value and (applies or name not in _OF_WITHDRAWAL):
            changed = replace(case, facts=replace(case.facts, **{name: value}))
            if said := _another_level(changed, using, reached):
                yield f"{words}: {said}"
    if reached.level is not LevelOfCare.INPATIENT:
        hospital = replace(case, ratings={**case.ratings, Domain.DANGER: Rating(4)})
        yield f"With any of them rated 4: {_another_level(hospital, using, reached)}"


# The facts that move a level by themselves, each tried as it might turn out to be.
_OTHERWISE: tuple[tuple[str, Any, str], ...] = (
    ("ciwa_ar", 10, "With a CIWA-Ar of 10"),
    ("ciwa_ar", 9, "With a CIWA-Ar of 9"),
    ("stepping_down_from", LevelOfCare.HIGH_INTENSITY_OUTPATIENT, "Coming from level 2.5"),
    ("pawss", 4, "With a PAWSS of 4"),
    ("pawss", 3, "With a PAWSS of 3"),
    ("past_withdrawal_seizure_or_delirium", True, "With a seizure or delirium in withdrawal before"),
    ("past_withdrawal_seizure_or_delirium", False, "Without a seizure or delirium in withdrawal before"),
    ("safe_person_at_home", True, "With a safe person at home"),
    ("safe_person_at_home", False, "Without a safe person at home"),
    ("can_attend_daily", True, "With a visit every day"),
    ("can_attend_daily", False, "Without a visit every day"),
    ("starting_medication", True, "With a medicine being started"),
    ("starting_medication", False, "Without a medicine being started"),
)


# Nobody asks about these unless there is withdrawal to manage.
_OF_WITHDRAWAL = frozenset(
    {"pawss", "past_withdrawal_seizure_or_delirium", "safe_person_at_home", "can_attend_daily"}
)


def _another_level(changed: Case, using: Ruleset, reached: Reached) -> str:
    """The level a changed case comes to, and the rules that make the difference; nothing if it is the same."""
    other = reach(changed, using)
    if other.status is not Status.DECIDED or other.level in (None, reached.level):
        return ""
    assert other.level is not None
    before, after = ({each.rule for each in side.fired} for side in (reached, other))
    rules = [
        *(f"by {each.rule.id}" for each in other.fired if each.rule not in {*before, using.otherwise}),
        *(f"without {each.rule.id}" for each in reached.fired if each.rule not in {*after, using.otherwise}),
    ]
    return (
        ", ".join([f"{other.level.in_words.lower()} ({_label(other.level, changed, using)})", *rules]) + "."
    )
