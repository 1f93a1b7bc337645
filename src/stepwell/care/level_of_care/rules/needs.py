"""What is given: a need rating from 0 to 4 in each domain, and facts that may be known or unknown.

What a person wants and what stands in the way (the sixth domain) is recorded with the rest, but it
never raises a level and never lowers safety: it changes what is offered. No demographic fact is an
input; age only chooses the edition and the floor of hours for minors.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any

from stepwell.care.episodes.levels import LevelOfCare


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


_WHOLE = {"ciwa_ar": (0, 67), "pawss": (0, 10), "days_since_last_drink": (0, 36_500)}
_CHOICES = {"cssrs_triage": Triage, "stepping_down_from": LevelOfCare}
_LISTS = ("in_withdrawal_from", "substances")
_VITALS = {
    "heart_rate": (0, 400),
    "respiratory_rate": (0, 150),
    "spo2": (0, 100),
    "temperature_c": (20, 46),
    "systolic": (0, 350),
}


def read_case(raw: Any) -> Case:
    """Read the exchange form. Raises CaseError with every wrong field, not only the first."""
    problems: list[Problem] = []
    if not isinstance(raw, dict):
        raise CaseError([Problem("case", "should be an object")])
    problems += [
        Problem(key, "is not known") for key in raw if key not in ("edition", "age", "ratings", "facts")
    ]
    edition = raw.get("edition")
    if edition not in (None, "3", "4"):
        problems.append(Problem("edition", f'{edition!r} should be "3" or "4"'))
    age = raw.get("age")
    if age is not None and (not _is_whole(age) or not 0 <= age <= 130):
        problems.append(Problem("age", f"{age!r} is not an age in years"))
    ratings = _read_ratings(raw.get("ratings"), problems)
    facts = _read_facts(raw.get("facts"), problems)
    if problems:
        raise CaseError(problems)
    return Case(ratings=ratings, facts=facts, edition=edition or "4", age=age)


def _read_ratings(raw: Any, problems: list[Problem]) -> dict[Domain, Rating]:
    ratings: dict[Domain, Rating] = {}
    if raw is None:
        return ratings
    if not isinstance(raw, dict):
        problems.append(Problem("ratings", "should be an object"))
        return ratings
    for name, given in raw.items():
        where = f"ratings.{name}"
        if name not in list(Domain):
            problems.append(Problem(where, "is not a domain"))
        elif given is not None and (rating := _read_rating(where, given, problems)):
            ratings[Domain(name)] = rating
    return ratings


def _read_rating(where: str, given: Any, problems: list[Problem]) -> Rating | None:
    if not isinstance(given, dict):
        problems.append(Problem(where, "should hold a value and a need"))
        return None
    before = len(problems)
    problems += [Problem(f"{where}.{key}", "is not known") for key in given if key not in ("value", "need")]
    value, need = given.get("value"), given.get("need")
    if value is None and need is None and len(problems) == before:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 4:
        value = 0
        problems.append(Problem(f"{where}.value", f"{given.get('value')!r} is not a rating from 0 to 4"))
    if need is not None and need not in list(Need):
        problems.append(Problem(f"{where}.need", f"{need!r} is not a need"))
    elif value == 3 and need is None:
        problems.append(Problem(f"{where}.need", "a rating of 3 must say what is needed"))
    return Rating(value, Need(need) if need else None) if len(problems) == before else None


def _read_facts(raw: Any, problems: list[Problem]) -> Facts:
    if raw is None:
        return Facts()
    if not isinstance(raw, dict):
        problems.append(Problem("facts", "should be an object"))
        return Facts()
    known = {each.name for each in fields(Facts)}
    read: dict[str, Any] = {}
    for name, value in raw.items():
        where = f"facts.{name}"
        if name not in known:
            problems.append(Problem(where, "is not known"))
        elif value is None:
            continue
        elif name == "vitals":
            read[name] = _read_vitals(value, problems)
        elif name in _LISTS:
            read[name] = _read_substances(where, value, problems)
        elif name in _CHOICES:
            if value in list(_CHOICES[name]):
                read[name] = _CHOICES[name](value)
            else:
                problems.append(Problem(where, f"{value!r} is not one of {', '.join(_CHOICES[name])}"))
        elif name in _WHOLE:
            low, high = _WHOLE[name]
            if _is_whole(value) and low <= value <= high:
                read[name] = int(value)
            else:
                problems.append(Problem(where, f"{value!r} is not a whole number from {low} to {high}"))
        elif isinstance(value, bool):
            read[name] = value
        else:
            problems.append(Problem(where, f"{value!r} should be true or false"))
    return Facts(**read)


def _read_vitals(raw: Any, problems: list[Problem]) -> Vitals:
    if not isinstance(raw, dict):
        problems.append(Problem("facts.vitals", "should be an object"))
        return Vitals()
    read: dict[str, float] = {}
    for name, value in raw.items():
        where = f"facts.vitals.{name}"
        if name not in _VITALS:
            problems.append(Problem(where, "is not known"))
        elif value is not None:
            low, high = _VITALS[name]
            if isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high:
                read[name] = value
            else:
                problems.append(Problem(where, f"{value!r} is not a number from {low} to {high}"))
    return Vitals(**read)


def _read_substances(where: str, value: Any, problems: list[Problem]) -> frozenset[Substance]:
    if not isinstance(value, list):
        problems.append(Problem(where, "should be a list"))
        return frozenset()
    unknown = [each for each in value if each not in list(Substance)]
    problems += [Problem(where, f"{each!r} is not one of {', '.join(Substance)}") for each in unknown]
    return frozenset(Substance(each) for each in value if each not in unknown)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
