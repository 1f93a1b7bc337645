"""What is given: a need rating from 0 to 4 in each domain, and facts that may be known or unknown.

What a person wants and what stands in the way (the sixth domain) is recorded with the rest, but it
never raises a level and never lowers safety: it changes what is offered. No demographic fact is an
input; age only chooses the edition and the floor of hours for minors.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any, TypeGuard

from stepwell.care.episodes.levels import LevelOfCare
from stepwell.ground.kit.given_json import shown


class Domain(StrEnum):
    WITHDRAWAL = "withdrawal"
    PHYSICAL = "physical"
    MENTAL = "mental"
    DANGER = "danger"
    LIVING = "living"

    @property
    def in_words(self) -> str:
        return _DOMAIN_WORDS[self]


_DOMAIN_WORDS = {
    Domain.WITHDRAWAL: "withdrawal and medication",
    Domain.PHYSICAL: "physical health",
    Domain.MENTAL: "mental health",
    Domain.DANGER: "danger in the coming days",
    Domain.LIVING: "living situation and support",
}

ANCHORS = {
    0: "No current concern; steady for over 90 days, or not applicable",
    1: "Mild; a weekly outpatient visit is enough",
    2: "Moderate; needs several contacts a week and can keep safe between them",
    3: "Serious; not safe with a few contacts a week",
    4: "Severe or imminent; needs emergency or hospital care now",
}


class Need(StrEnum):
    """What a rating of 3 needs."""

    MEDICAL = "medical"
    DAILY_PROGRAM = "daily_program"
    AROUND_THE_CLOCK = "around_the_clock"
    PSYCHIATRIC_ENHANCED = "psychiatric_enhanced"

    @property
    def in_words(self) -> str:
        return _NEED_WORDS[self]


_NEED_WORDS = {
    Need.MEDICAL: "medical monitoring",
    Need.DAILY_PROGRAM: "a program every day",
    Need.AROUND_THE_CLOCK: "support around the clock",
    Need.PSYCHIATRIC_ENHANCED: "psychiatric care within the program",
}


class Substance(StrEnum):
    ALCOHOL = "alcohol"
    BENZODIAZEPINE = "benzodiazepine"
    SEDATIVE = "sedative"
    OPIOID = "opioid"
    STIMULANT = "stimulant"
    CANNABIS = "cannabis"
    NICOTINE = "nicotine"
    GHB = "ghb"
    OTHER = "other"


class Triage(StrEnum):
    NEGATIVE = "NEGATIVE"
    LOW = "LOW"
    MODERATE = "MODERATE"
    HIGH = "HIGH"


@dataclass(frozen=True)
class Rating:
    value: int
    need: Need | None = None


@dataclass(frozen=True)
class Vitals:
    heart_rate: float | None = None
    respiratory_rate: float | None = None
    spo2: float | None = None
    temperature_c: float | None = None
    systolic: float | None = None


@dataclass(frozen=True)
class Facts:
    """Every fact may be unknown (None). An empty list says: none."""

    unresponsive: bool | None = None
    cssrs_triage: Triage | None = None
    suicide_plan_or_intent_now: bool | None = None
    violence_now: bool | None = None
    seizure_today: bool | None = None
    delirium: bool | None = None
    ciwa_ar: int | None = None
    vitals: Vitals = field(default_factory=Vitals)
    pregnant: bool | None = None
    bleeding: bool | None = None
    in_withdrawal_from: frozenset[Substance] | None = None
    substances: frozenset[Substance] | None = None
    days_since_last_drink: int | None = None
    pawss: int | None = None
    past_withdrawal_seizure_or_delirium: bool | None = None
    safe_person_at_home: bool | None = None
    can_attend_daily: bool | None = None
    starting_medication: bool | None = None
    home_unsafe: bool | None = None
    stepping_down_from: LevelOfCare | None = None
    failed_weekly_care: bool | None = None
    minor_at_risk: bool | None = None


@dataclass(frozen=True)
class Case:
    ratings: Mapping[Domain, Rating]
    facts: Facts = Facts()
    edition: str = "4"
    age: int | None = None

    @property
    def is_minor(self) -> bool:
        return self.age is not None and self.age < 18

    @property
    def edition_used(self) -> str:
        """Minors are placed by third-edition logic whichever edition is asked for."""
        return "3" if self.is_minor else self.edition


# Reading a case


@dataclass(frozen=True)
class Problem:
    field: str
    because: str

    def __str__(self) -> str:
        return f"{self.field}: {self.because}"


class CaseError(ValueError):
    """A case that cannot be decided as written. Holds one problem for each wrong field."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


_CASE = ("edition", "age", "ratings", "facts")
_EDITIONS = ("3", "4")
_WHOLE = {"ciwa_ar": (0, 67), "pawss": (0, 10), "days_since_last_drink": (0, 36_500)}
_LISTS = ("in_withdrawal_from", "substances")
_VITALS = {
    "heart_rate": (0, 400),
    "respiratory_rate": (0, 150),
    "spo2": (0, 100),
    "temperature_c": (20, 46),
    "systolic": (0, 350),
}
# What the third edition calls by another name; the rules only ask how intense it was.
_LEVELS_BEFORE = {level.value: level for level in LevelOfCare} | {
    "1": LevelOfCare.OUTPATIENT,
    "3.3": LevelOfCare.HIGH_INTENSITY_RESIDENTIAL,
}
_CHOICES: Mapping[str, Mapping[str, Any]] = {
    "cssrs_triage": {each.value: each for each in Triage},
    "stepping_down_from": _LEVELS_BEFORE,
}


#: What each fact takes, in words.
TAKES: Mapping[str, str] = {
    each.name: f"one of {', '.join(_CHOICES[each.name])}"
    if each.name in _CHOICES
    else f"a whole number from {_WHOLE[each.name][0]} to {_WHOLE[each.name][1]}"
    if each.name in _WHOLE
    else f"a list of {', '.join(Substance)}"
    if each.name in _LISTS
    else "; ".join(f"`{name}` from {low} to {high}" for name, (low, high) in _VITALS.items())
    if each.name == "vitals"
    else "true or false"
    for each in fields(Facts)
}


def read_cases(raw: Any) -> Case | list[Case]:
    """One case, or a list of them. Raises CaseError; in a list each field begins with its place: `[1].age`."""
    if not isinstance(raw, list):
        return read_case(raw)
    cases: list[Case] = []
    problems: list[Problem] = []
    for place, each in enumerate(raw):
        try:
            cases.append(read_case(each))
        except CaseError as error:
            problems += [
                Problem(_within(f"[{place}]", wrong.field), wrong.because) for wrong in error.problems
            ]
    if problems:
        raise CaseError(problems)
    return cases


def _within(place: str, field: str) -> str:
    return f"{place}.{field}" if field != "case" else place


def read_case(raw: Any) -> Case:
    """Read the exchange form. Raises CaseError with every wrong field, not only the first."""
    problems: list[Problem] = []
    if not isinstance(raw, dict):
        raise CaseError([Problem("case", f"{shown(raw)} should be an object")])
    problems += _unknown("", raw, _CASE)
    edition = raw.get("edition", "4")
    if edition not in _EDITIONS:
        problems.append(Problem("edition", f'{shown(edition)} should be "3" or "4"'))
    age = raw.get("age")
    if age is not None and (not _is_whole(age) or not 0 <= age <= 130):
        problems.append(Problem("age", f"{shown(age)} is not an age in whole years"))
    ratings = _read_ratings(raw.get("ratings"), problems)
    facts = _read_facts(raw.get("facts"), problems)
    if problems:
        raise CaseError(problems)
    return Case(ratings=ratings, facts=facts, edition=edition, age=age)


def _unknown(place: str, given: Mapping[str, Any], known: Iterable[str]) -> Iterator[Problem]:
    known = tuple(known)
    for key in given:
        if key not in known:
            yield Problem(f"{place}{shown(key)[1:-1]}", f"is not known; it takes {', '.join(known)}")


def _read_ratings(raw: Any, problems: list[Problem]) -> dict[Domain, Rating]:
    if raw is None:
        return {}
    if not isinstance(raw, dict):
        problems.append(Problem("ratings", f"{shown(raw)} should be an object"))
        return {}
    problems += _unknown("ratings.", raw, Domain)
    ratings = ((domain, _read_rating(domain, raw.get(domain), problems)) for domain in Domain)
    return {domain: rating for domain, rating in ratings if rating is not None}


def _read_rating(domain: Domain, given: Any, problems: list[Problem]) -> Rating | None:
    where = f"ratings.{domain}"
    if given is None:
        return None
    if not isinstance(given, dict):
        problems.append(Problem(where, f"{shown(given)} should be an object with a value and a need"))
        return None
    before = len(problems)
    problems += _unknown(f"{where}.", given, ("value", "need"))
    value, need = given.get("value"), given.get("need")
    if need is not None and need not in list(Need):
        problems.append(Problem(f"{where}.need", f"{shown(need)} is not one of {', '.join(Need)}"))
    if value is None and need is None:
        return None
    if not _is_whole(value) or not 0 <= value <= 4:
        problems.append(Problem(f"{where}.value", f"{shown(value)} is not a rating from 0 to 4"))
    elif value == 3 and need is None:
        problems.append(Problem(f"{where}.need", f"a rating of 3 must say what is needed: {', '.join(Need)}"))
    if len(problems) > before or value is None:
        return None
    return Rating(value, Need(need) if need else None)


def _read_facts(raw: Any, problems: list[Problem]) -> Facts:
    if raw is None:
        return Facts()
    if not isinstance(raw, dict):
        problems.append(Problem("facts", f"{shown(raw)} should be an object"))
        return Facts()
    known = [each.name for each in fields(Facts)]
    problems += _unknown("facts.", raw, known)
    return Facts(
        **{
            name: _read_fact(name, raw[name], problems)
            for name in known
            if name in raw and raw[name] is not None
        }
    )


def _read_fact(name: str, value: Any, problems: list[Problem]) -> Any:
    where = f"facts.{name}"
    if name == "vitals":
        return _read_vitals(value, problems)
    if name in _LISTS:
        return _read_substances(where, value, problems)
    if name in _CHOICES:
        choices = _CHOICES[name]
        if isinstance(value, str) and value in choices:
            return choices[value]
        problems.append(Problem(where, f"{shown(value)} is not one of {', '.join(choices)}"))
    elif name in _WHOLE:
        low, high = _WHOLE[name]
        if _is_whole(value) and low <= value <= high:
            return value
        problems.append(Problem(where, f"{shown(value)} is not a whole number from {low} to {high}"))
    elif isinstance(value, bool):
        return value
    else:
        problems.append(Problem(where, f"{shown(value)} should be true or false"))
    return None


def _read_vitals(raw: Any, problems: list[Problem]) -> Vitals:
    if not isinstance(raw, dict):
        problems.append(Problem("facts.vitals", f"{shown(raw)} should be an object"))
        return Vitals()
    problems += _unknown("facts.vitals.", raw, _VITALS)
    read: dict[str, float] = {}
    for name, (low, high) in _VITALS.items():
        value = raw.get(name)
        if value is None:
            continue
        if isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high:
            read[name] = value
        else:
            problems.append(
                Problem(f"facts.vitals.{name}", f"{shown(value)} is not a number from {low} to {high}")
            )
    return Vitals(**read)


def _read_substances(where: str, value: Any, problems: list[Problem]) -> frozenset[Substance]:
    if not isinstance(value, list):
        problems.append(Problem(where, f"{shown(value)} should be a list"))
        return frozenset()
    read: set[Substance] = set()
    for place, each in enumerate(value):
        if not isinstance(each, str) or each not in list(Substance):
            problems.append(
                Problem(f"{where}[{place}]", f"{shown(each)} is not one of {', '.join(Substance)}")
            )
        elif each in read:
            problems.append(Problem(f"{where}[{place}]", f"{shown(each)} is there twice"))
        else:
            read.add(Substance(each))
    return frozenset(read)


def _is_whole(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)
