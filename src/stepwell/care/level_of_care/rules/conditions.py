"""The conditions a ruleset is written in.

Each says True, False, or None when it turns on something not known, and which facts were found true:
those become the reason a person reads.
"""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeAlias

from stepwell.care.episodes.levels import LevelOfCare
from stepwell.care.level_of_care.rules.needs import Case, Domain, Facts, Need, Substance, Vitals

Known: TypeAlias = bool | None


@dataclass(frozen=True)
class Answer:
    """Whether a condition holds; what made it so; what would have to be known to say."""

    holds: Known
    because: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True)
class Circumstance:
    """A case, with the rules that have fired before."""

    case: Case
    fired: frozenset[str] = frozenset()


Condition: TypeAlias = Callable[[Circumstance], Answer]

_NO = Answer(False)


class UnreadableError(ValueError):
    """A condition in a ruleset file that nobody has taught us."""


def read(raw: Mapping[str, Any]) -> Condition:
    """A condition from its JSON form: one key says which kind it is, the others are its terms."""
    for key, make in _KINDS.items():
        if key in raw:
            return make(raw)
    raise UnreadableError(f"{dict(raw)!r}")


def _any_of(raw: Mapping[str, Any]) -> Condition:
    parts = [read(part) for part in raw["any_of"]]

    def ask(given: Circumstance) -> Answer:
        holds = False
        because: list[str] = []
        unknown: list[str] = []
        for part in parts:
            answer = part(given)
            if answer.holds:
                holds = True
                because += answer.because
            elif answer.holds is None:
                unknown += answer.unknown
        if holds:
            return Answer(True, _once(because))
        return Answer(None, unknown=_once(unknown)) if unknown else _NO

    return ask


def _all_of(raw: Mapping[str, Any]) -> Condition:
    parts = [read(part) for part in raw["all_of"]]

    def ask(given: Circumstance) -> Answer:
        because: list[str] = []
        unknown: list[str] = []
        for part in parts:
            answer = part(given)
            if answer.holds is False:
                return _NO
            because += answer.because
            unknown += answer.unknown
        return Answer(None, unknown=_once(unknown)) if unknown else Answer(True, _once(because))

    return ask


def _not(raw: Mapping[str, Any]) -> Condition:
    part = read(raw["not"])
    without = (said,) if (said := _SAYS_NOT.get(raw["not"].get("fact", ""))) else ()

    def ask(given: Circumstance) -> Answer:
        answer = part(given)
        if answer.holds is None:
            return answer
        return _NO if answer.holds else Answer(True, without)

    return ask


def _rule(raw: Mapping[str, Any]) -> Condition:
    name = raw["rule"]
    return lambda given: Answer(name in given.fired)


def _fact(raw: Mapping[str, Any]) -> Condition:
    name = raw["fact"]
    if name not in {each.name for each in fields(Facts)}:
        raise UnreadableError(f"{name} is not a fact")
    compare = _comparison(raw)
    unknown = Answer(None, unknown=(f"facts.{name}",))

    def ask(given: Circumstance) -> Answer:
        value = getattr(given.case.facts, name)
        if value is None:
            return unknown
        return Answer(True, (_say(name, value),)) if compare(value) else _NO

    return ask


def _known(raw: Mapping[str, Any]) -> Condition:
    """Whether a fact is on record at all."""
    name = raw["known"]
    return lambda given: Answer(getattr(given.case.facts, name) is not None)


def _vital(raw: Mapping[str, Any]) -> Condition:
    name = raw["vital"]
    if name not in {each.name for each in fields(Vitals)}:
        raise UnreadableError(f"{name} is not a vital sign")
    compare = _comparison(raw)
    unknown = Answer(None, unknown=(f"facts.vitals.{name}",))

    def ask(given: Circumstance) -> Answer:
        value = getattr(given.case.facts.vitals, name)
        if value is None:
            return unknown
        return Answer(True, (_say(name, value),)) if compare(value) else _NO

    return ask


def _substances(raw: Mapping[str, Any]) -> Condition:
    """A list of substances that holds any of these; with no `any`, one that is not empty."""
    name = raw["list"]
    wanted = frozenset(Substance(each) for each in raw.get("any", Substance))

    def ask(given: Circumstance) -> Answer:
        listed = getattr(given.case.facts, name)
        if listed is None:
            return Answer(None, unknown=(f"facts.{name}",))
        found = sorted(listed & wanted)
        if not found:
            return _NO
        named = " and ".join(found)
        return Answer(
            True, (f"withdrawal from {named}" if name == "in_withdrawal_from" else f"uses {named}",)
        )

    return ask


def _involved(raw: Mapping[str, Any]) -> Condition:
    """Substances withdrawal has to reckon with: withdrawn from now, or used while there are signs of it."""
    wanted = frozenset(Substance(each) for each in raw["involved"])

    def ask(given: Circumstance) -> Answer:
        found = sorted(involved(given.case) & wanted)
        return Answer(True, (f"withdrawal from {' and '.join(found)}",)) if found else _NO

    return ask


def involved(case: Case) -> frozenset[Substance]:
    facts, rated = case.facts, case.ratings.get(Domain.WITHDRAWAL)
    found = facts.in_withdrawal_from or frozenset()
    if (rated and rated.value >= 1) or facts.ciwa_ar is not None:
        found |= facts.substances or frozenset()
    return found


def _rating(raw: Mapping[str, Any]) -> Condition:
    """Any of the named domains rated so, and with that need where one is named."""
    domains = [Domain(name) for name in raw["rating"]]
    compare = _comparison(raw)
    need = Need(raw["need"]) if "need" in raw else None

    def ask(given: Circumstance) -> Answer:
        ratings = given.case.ratings
        found = [
            domain
            for domain in domains
            if domain in ratings
            and compare(ratings[domain].value)
            and (need is None or ratings[domain].need is need)
        ]
        if found:
            return Answer(
                True, tuple(f"{domain.in_words} is rated {ratings[domain].value}" for domain in found)
            )
        unrated = tuple(f"ratings.{domain}" for domain in domains if domain not in ratings)
        return Answer(None, unknown=unrated) if unrated else _NO

    return ask


def _count_rated(raw: Mapping[str, Any]) -> Condition:
    value, wanted = raw["count_rated"], raw["at_least"]

    def ask(given: Circumstance) -> Answer:
        ratings = given.case.ratings
        found = [each for each in Domain if each in ratings and ratings[each].value == value]
        if len(found) >= wanted:
            return Answer(True, tuple(f"{domain.in_words} is rated {value}" for domain in found))
        unrated = tuple(f"ratings.{domain}" for domain in Domain if domain not in ratings)
        return Answer(None, unknown=unrated) if len(found) + len(unrated) >= wanted else _NO

    return ask


_KINDS: Mapping[str, Callable[[Mapping[str, Any]], Condition]] = {
    "any_of": _any_of,
    "all_of": _all_of,
    "not": _not,
    "rule": _rule,
    "fact": _fact,
    "known": _known,
    "vital": _vital,
    "list": _substances,
    "involved": _involved,
    "rating": _rating,
    "count_rated": _count_rated,
}


def _comparison(raw: Mapping[str, Any]) -> Callable[[Any], bool]:
    if "is" in raw:
        wanted = raw["is"]
        return lambda value: bool(value == wanted)
    if "level_at_least" in raw:
        order = list(LevelOfCare)
        floor = order.index(LevelOfCare(raw["level_at_least"]))
        return lambda value: order.index(value) >= floor
    tests = [(test, raw[name]) for name, test in _BOUNDS.items() if name in raw]
    if not tests:
        return lambda value: value is True
    return lambda value: all(test(value, bound) for test, bound in tests)


_BOUNDS: Mapping[str, Callable[[Any, Any], bool]] = {
    "at_least": operator.ge,
    "at_most": operator.le,
    "below": operator.lt,
    "above": operator.gt,
}

# How a fact reads in a reason, and what an unknown one is called.
_SAYS: Mapping[str, str] = {
    "unresponsive": "not responding, or sedated after an overdose",
    "cssrs_triage": "the suicide screen says {value}",
    "suicide_plan_or_intent_now": "a plan or intent to die now",
    "violence_now": "violence now",
    "seizure_today": "a seizure today",
    "delirium": "confused, or seeing or hearing what is not there",
    "ciwa_ar": "CIWA-Ar is {value}",
    "pregnant": "pregnant",
    "bleeding": "bleeding",
    "days_since_last_drink": "{value} days since the last drink",
    "pawss": "PAWSS is {value}",
    "past_withdrawal_seizure_or_delirium": "a seizure or delirium in withdrawal before",
    "safe_person_at_home": "a safe person at home",
    "can_attend_daily": "can come every day",
    "starting_medication": "a medicine is being started",
    "home_unsafe": "home is not safe",
    "stepping_down_from": "coming from level {value}",
    "failed_weekly_care": "weekly care was tried and was not enough",
    "heart_rate": "heart rate {value}",
    "respiratory_rate": "{value} breaths a minute",
    "spo2": "oxygen saturation {value} %",
    "temperature_c": "temperature {value} °C",
    "systolic": "systolic blood pressure {value}",
    "minor_at_risk": "a child may be at risk",
}
_SAYS_NOT: Mapping[str, str] = {
    "safe_person_at_home": "no safe person at home",
    "can_attend_daily": "cannot come every day",
}
_CALLED: Mapping[str, str] = {
    "unresponsive": "whether the person responds",
    "delirium": "confusion, seeing or hearing what is not there",
    "pregnant": "pregnancy",
    "can_attend_daily": "whether a visit every day is possible",
    "starting_medication": "whether a medicine is being started",
    "home_unsafe": "whether home is safe",
    "cssrs_triage": "the suicide screen",
    "ciwa_ar": "CIWA-Ar",
    "days_since_last_drink": "days since the last drink",
    "pawss": "PAWSS",
    "stepping_down_from": "the level of care before this one",
    "vitals": "vital signs",
    "heart_rate": "heart rate",
    "respiratory_rate": "breaths a minute",
    "spo2": "oxygen saturation",
    "temperature_c": "temperature",
    "systolic": "systolic blood pressure",
    "substances": "substances used",
    "in_withdrawal_from": "what the person is in withdrawal from",
}


def _say(name: str, value: Any) -> str:
    return _SAYS[name].format(value=value)


def called(path: str) -> str:
    """`facts.ciwa_ar` or `ratings.living`, as a sentence about what is not known calls it."""
    part, _dot, name = path.partition(".")
    if part == "ratings":
        return f"the rating of {Domain(name).in_words}"
    name = name.removeprefix("vitals.")
    return _CALLED.get(name) or _SAYS[name]


# A condition as the reference says it.


def in_words(raw: Mapping[str, Any]) -> str:
    for key, joint in (("any_of", " or "), ("all_of", " and ")):
        if key in raw:
            parts = (in_words(part) for part in raw[key])
            return joint.join(f"({part})" if " or " in part and key == "all_of" else part for part in parts)
    if "not" in raw:
        return f"not ({in_words(raw['not'])})"
    compared = " and".join(f" {sign} {raw[name]}" for name, sign in _SIGNS.items() if name in raw)
    if "rating" in raw:
        every = len(raw["rating"]) == len(Domain)
        need = f" with need {raw['need']}" if "need" in raw else ""
        return f"{'any' if every else ' or '.join(raw['rating'])} rated{compared}{need}"
    if "count_rated" in raw:
        return f"{raw['at_least']} or more rated {raw['count_rated']}"
    if "list" in raw or "involved" in raw:
        named = raw.get("any") or raw.get("involved")
        where = f"{raw['list']} names" if "list" in raw else "withdrawal involves"
        return f"{where} {'/'.join(named) if named else 'any'}"
    if "known" in raw:
        return f"{raw['known']} known"
    name = raw.get("fact") or raw.get("vital") or raw.get("rule", "")
    return f"{name}{compared}"


_SIGNS = {"is": "=", "level_at_least": ">=", "at_least": ">=", "at_most": "<=", "below": "<", "above": ">"}


def _once(words: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))
