"""From eight answers to the care to start with.

Each answer says something of a need, in the terms of the level-of-care table; the table decides, so that the check can
never ask for less than an assessment with the same facts would. A question that was skipped is unknown, never none.

The readings below are our own design, as the table is: not a validated instrument. A clinical lead confirms both
before use. Basis letters as in the table: K professional knowledge not read again, D our own design.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum, auto
from itertools import combinations
from typing import Any

from stepwell.care.episodes.levels import LevelOfCare
from stepwell.care.level_of_care.rules import (
    Case,
    Domain,
    Facts,
    Need,
    Rating,
    Reached,
    Ruleset,
    Status,
    Substance,
    reach,
)

#: Answers that were given to another version are not read: an option may have meant something else.
VERSION = "1"


class Asked(StrEnum):
    """The questions, in the order in which they are asked: what cannot wait first."""

    NOW = "now"
    USE = "use"
    OFTEN = "often"
    STOPPING = "stopping"
    HEALTH = "health"
    MOOD = "mood"
    HOME = "home"
    WEEK = "week"


@dataclass(frozen=True)
class Option:
    """One answer, and what it says of somebody's needs."""

    id: str
    rates: Mapping[Domain, Rating] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Question:
    id: Asked
    options: tuple[Option, ...]
    many: bool = False
    #: The need that only this question tells of: skipped, it is unknown.
    tells: Domain | None = None

    @property
    def number(self) -> int:
        return list(Asked).index(self.id) + 1

    @property
    def calm(self) -> str:
        """The answer that asks for nothing. Given with others, it is the others that count."""
        return _CALM[self.id]


_CALM = {
    Asked.NOW: "none",
    Asked.USE: "none",
    Asked.OFTEN: "never",
    Asked.STOPPING: "fine",
    Asked.HEALTH: "none",
    Asked.MOOD: "fine",
    Asked.HOME: "safe_with_someone",
    Asked.WEEK: "none",
}

Answers = Mapping[Asked, frozenset[str]]

W, P, M, D, L = Domain.WITHDRAWAL, Domain.PHYSICAL, Domain.MENTAL, Domain.DANGER, Domain.LIVING

QUESTIONS = (
    # A 4 is "severe or imminent; needs emergency or hospital care now": the card in place of a result.
    Question(
        Asked.NOW,
        many=True,
        options=(
            Option("overdose", facts={"unresponsive": True}),
            Option("seizure", facts={"seizure_today": True}),
            Option("unreal", facts={"delirium": True}),
            Option("sick", {W: Rating(4)}),  # D: signs of severe withdrawal, without a scale to count them.
            Option("body", {P: Rating(4)}),
            Option("bleeding", facts={"pregnant": True, "bleeding": True}),
            # D: the table knows plans and screens; here a thought is enough, since nobody is there to ask on.
            Option("life", {M: Rating(4)}),
            Option("hurt", facts={"violence_now": True}),
            Option(
                "none",
                facts={
                    "unresponsive": False,
                    "seizure_today": False,
                    "delirium": False,
                    "bleeding": False,
                    "suicide_plan_or_intent_now": False,
                    "violence_now": False,
                },
            ),
        ),
    ),
    Question(
        Asked.USE,
        many=True,
        options=(
            Option(Substance.ALCOHOL),
            Option(Substance.OPIOID),
            Option(Substance.BENZODIAZEPINE),
            Option(Substance.STIMULANT),
            Option(Substance.CANNABIS),
            Option(Substance.GHB),
            Option(Substance.OTHER),
            Option("none"),
        ),
    ),
    # D: most days or every day needs several contacts a week; less often, a weekly visit may be enough.
    Question(
        Asked.OFTEN,
        tells=D,
        options=(
            Option("never", {D: Rating(0)}),
            Option("monthly", {D: Rating(1)}),
            Option("weekly", {D: Rating(1)}),
            Option("most", {D: Rating(2)}),
            Option("daily", {D: Rating(2)}),
        ),
    ),
    Question(
        Asked.STOPPING,
        many=True,
        tells=W,
        options=(
            Option("fine", {W: Rating(0)}),
            Option("shaky", {W: Rating(2)}),
            Option("very_sick", {W: Rating(3, Need.MEDICAL)}),
            # K: a seizure or delirium in withdrawal before is the strongest sign of another (ASAM, 2020).
            Option("seizure_before", {W: Rating(2)}, {"past_withdrawal_seizure_or_delirium": True}),
            Option("never_without"),  # Says that it is not known.
        ),
    ),
    Question(
        Asked.HEALTH,
        many=True,
        tells=P,
        options=(
            Option("pregnant", {P: Rating(2)}, {"pregnant": True}),
            Option("inject", {P: Rating(1)}),
            Option("overdose", {D: Rating(2)}),
            # K: lost tolerance; the first weeks after a stay are the deadliest. The table asks for a program first.
            Option("leaving", {D: Rating(1)}, {"stepping_down_from": LevelOfCare.LOW_INTENSITY_RESIDENTIAL}),
            Option("illness", {P: Rating(2)}),
            Option("none"),
        ),
    ),
    Question(
        Asked.MOOD,
        tells=M,
        options=(
            Option("fine", {M: Rating(0)}),
            Option("some_days", {M: Rating(1)}),
            Option("most_days", {M: Rating(2)}),
            Option("cannot", {M: Rating(3, Need.PSYCHIATRIC_ENHANCED)}),
        ),
    ),
    Question(
        Asked.HOME,
        tells=L,
        options=(
            Option("safe_with_someone", {L: Rating(0)}, {"safe_person_at_home": True, "home_unsafe": False}),
            Option("safe_alone", {L: Rating(1)}, {"safe_person_at_home": False, "home_unsafe": False}),
            Option("use_around", {L: Rating(2)}, {"home_unsafe": False}),
            Option("no_place", {L: Rating(2)}, {"safe_person_at_home": False, "home_unsafe": True}),
            Option("unsafe", {L: Rating(3, Need.AROUND_THE_CLOCK)}, {"home_unsafe": True}),
        ),
    ),
    # What fits a life changes the offer, never the level.
    Question(
        Asked.WEEK,
        many=True,
        options=(
            Option("work"),
            Option("care"),
            Option("far"),
            Option("room"),
            Option("medicine", facts={"starting_medication": True}),
            Option("none"),
        ),
    ),
)
BY_ID: Mapping[Asked, Question] = {question.id: question for question in QUESTIONS}
#: Without these nobody can say that it is safe to wait.
NEEDED = tuple(question.id for question in QUESTIONS if question.id is not Asked.WEEK)
#: These say how much care; what is used only says how dangerous it is to stop.
TELLING = tuple(question.id for question in QUESTIONS if question.tells)


def read(raw: Mapping[str, Iterable[str]]) -> Answers | None:
    """Answers as they came back; None when they are not answers to these questions."""
    try:
        return {
            Asked(name): kept
            for name, chosen in raw.items()
            if (kept := accepted(BY_ID[Asked(name)], chosen)) is not None
        }
    except (AttributeError, ValueError, KeyError, TypeError):
        return None


def accepted(question: Question, chosen: Iterable[str]) -> frozenset[str] | None:
    """What was chosen, without the calm answer where it stands beside another; None for nothing. Raises ValueError."""
    given = frozenset(chosen)
    if given - {option.id for option in question.options} or (len(given) > 1 and not question.many):
        raise ValueError(question.id)
    return (given - {question.calm} or given) or None


def chosen(answers: Answers) -> Iterator[tuple[Question, Option]]:
    for question in QUESTIONS:
        for option in question.options:
            if option.id in answers.get(question.id, ()):
                yield question, option


# --- reading the answers as a case of the table ----------------------------------------------------

#: Stopping these can be dangerous (K: alcohol, sedatives, GHB) or, when pregnant, these and opioids.
DANGEROUS_TO_STOP = frozenset({Substance.ALCOHOL, Substance.BENZODIAZEPINE, Substance.GHB})
_WITHDRAWN_FROM = DANGEROUS_TO_STOP | {Substance.OPIOID}
_SIGNS = frozenset({"shaky", "very_sick", "seizure_before"})


def case_of(answers: Answers) -> Case:
    """The same answers as the level-of-care table takes them."""
    ratings: dict[Domain, Rating] = {}
    facts: dict[str, Any] = {}
    for question in QUESTIONS:
        # Every option of a question was read: what was not chosen of it is rated none.
        if question.tells and _is_told(question, answers):
            ratings[question.tells] = Rating(0)
    for _question, option in chosen(answers):
        facts |= {name: value for name, value in option.facts.items() if facts.get(name) is not True}
        for domain, rating in option.rates.items():
            if domain not in ratings or rating.value > ratings[domain].value:
                ratings[domain] = rating
    facts |= _use(answers, ratings, facts)
    return Case(ratings=ratings, facts=Facts(**facts))


def _is_told(question: Question, answers: Answers) -> bool:
    return bool(answers.get(question.id, frozenset()) - {"never_without"})


def _use(answers: Answers, ratings: dict[Domain, Rating], facts: Mapping[str, Any]) -> dict[str, Any]:
    """What is used, and what somebody is withdrawn from when a day goes without it."""
    used = substances(answers)
    found: dict[str, Any] = {} if used is None else {"substances": used}
    stopping = answers.get(Asked.STOPPING, frozenset())
    if Asked.HEALTH in answers and "pregnant" not in facts:
        found["pregnant"] = False
    if stopping & _SIGNS:
        found["past_withdrawal_seizure_or_delirium"] = "seizure_before" in stopping
        withdrawn_from = (used or frozenset()) & _WITHDRAWN_FROM
        # Not knowing of what, only a pregnancy makes us take it for the worst.
        if facts.get("pregnant") and (used is None or Substance.OTHER in used):
            withdrawn_from = _WITHDRAWN_FROM
        if used is not None or withdrawn_from:
            found["in_withdrawal_from"] = withdrawn_from
    # K: opioid withdrawal is not by itself a reason for more than medicine the same day, however sick it makes.
    if used and used & _WITHDRAWN_FROM == {Substance.OPIOID} and ratings.get(W) == Rating(3, Need.MEDICAL):
        ratings[W] = Rating(2)
    return found


def substances(answers: Answers) -> frozenset[Substance] | None:
    """What is used; None when the question was skipped."""
    used = answers.get(Asked.USE)
    return None if used is None else frozenset(Substance(each) for each in used - {"none"})


# --- the result ------------------------------------------------------------------------------------


class Kind(StrEnum):
    """Kinds of care as the public reads of them, from least to most. Care by video is a way, not an amount."""

    OUTPATIENT = "outpatient"
    IOP = "iop"
    DAY = "day"
    INPATIENT = "inpatient"


#: With which kinds of care what a week looks like has something to say: nobody works evenings around a ward.
FITS_WITH = {
    "work": (Kind.OUTPATIENT, Kind.IOP),
    "care": (Kind.OUTPATIENT, Kind.IOP),
    "far": (Kind.OUTPATIENT, Kind.IOP, Kind.DAY),
    "room": (Kind.OUTPATIENT, Kind.IOP),
    "medicine": tuple(Kind),
}


def kind_of(level: LevelOfCare) -> Kind:
    """The public's kind for a level. Residential care is inpatient there: people sleep at the center."""
    if level in (LevelOfCare.OUTPATIENT, LevelOfCare.MEDICAL_OUTPATIENT):
        return Kind.OUTPATIENT
    if level is LevelOfCare.INTENSIVE_OUTPATIENT:
        return Kind.IOP
    if level in (LevelOfCare.HIGH_INTENSITY_OUTPATIENT, LevelOfCare.MEDICAL_INTENSIVE_OUTPATIENT):
        return Kind.DAY
    return Kind.INPATIENT


class Danger(StrEnum):
    """What cannot wait, the soonest deadly first."""

    OVERDOSE = "overdose"
    BODY = "body"
    SEIZURE = "seizure"
    UNREAL = "unreal"
    SICK = "sick"
    LIFE = "life"
    HURT = "hurt"
    BLEEDING = "bleeding"
    PREGNANT_AND_SICK = "pregnant_and_sick"

    @property
    def calls_911(self) -> bool:
        return self not in (Danger.LIFE, Danger.PREGNANT_AND_SICK)


class First(StrEnum):
    """What to do before booking, or to say when booking."""

    NURSE = "nurse"
    SAFE_PLACE = "safe_place"
    SEEN_FIRST = "seen_first"
    NALOXONE = "naloxone"


class Holds(Enum):
    """How an answer bears on the result."""

    ASKS = auto()  # By itself it asks for this kind of care.
    ALLOWS = auto()  # Because of it, less than all day and night can be enough.
    FITS = auto()  # It changes what is offered, not how much.


@dataclass(frozen=True)
class Reason:
    question: Asked
    option: str
    holds: Holds


@dataclass(frozen=True)
class Change:
    """The answers that would have to be other than they are for this kind of care. Empty: more than we can say."""

    kind: Kind
    answers: tuple[tuple[Asked, str], ...]
    together: bool = False  # All of them at once; otherwise any of them.


@dataclass(frozen=True)
class Result:
    dangers: tuple[Danger, ...]
    kind: Kind | None  # None: it cannot be told. With something untold it is the least that it can be.
    firsts: tuple[First, ...]
    reasons: tuple[Reason, ...]
    changes: tuple[Change, ...]
    untold: tuple[Asked, ...]
    with_nurse: bool  # A nurse or a doctor belongs to it.
    with_home: bool  # A place to live belongs to it.
    reached: Reached

    @property
    def is_emergency(self) -> bool:
        return bool(self.dangers)


def result_of(answers: Answers, using: Ruleset) -> Result:
    """The emergency that replaces everything; else the care to start with, why, and what would change it."""
    reached = reach(case_of(answers), using)
    untold = tuple(_untold(answers))
    dangers = tuple(_dangers(answers, reached))
    kind = None if dangers else _kind(reached)
    firsts = () if dangers else tuple(_firsts(answers, reached))
    if kind is None and not untold and not dangers:
        # Every question answered and only the depth of a withdrawal open: a visit, after the nurse.
        kind = Kind.OUTPATIENT
    return Result(
        dangers=dangers,
        kind=kind,
        firsts=firsts,
        reasons=() if dangers else tuple(_reasons(answers, kind, using)),
        changes=() if dangers or kind is None else tuple(_changes(answers, kind, using)),
        untold=untold,
        with_nurse=reached.outcome.medical
        or "medication_service" in reached.outcome.flags
        or First.NURSE in firsts,
        with_home="recovery_residence" in reached.outcome.flags,
        reached=reached,
    )


def cannot_wait(answers: Answers, using: Ruleset) -> bool:
    """Whether what was said so far is an emergency already."""
    return is_emergency(reach(case_of(answers), using))


def _kind(reached: Reached) -> Kind | None:
    return kind_of(reached.level) if reached.level else None


def is_emergency(reached: Reached) -> bool:
    """Where the table says emergency or hospital, a card stands in place of a result."""
    return reached.status is Status.EMERGENCY or reached.level is LevelOfCare.INPATIENT


def _dangers(answers: Answers, reached: Reached) -> Iterator[Danger]:
    if is_emergency(reached):
        said = answers.get(Asked.NOW, frozenset())
        found = [danger for danger in Danger if danger.value in said]
        # What the table finds without it having been named: pregnant, and sick when a day goes without.
        yield from found or [Danger.PREGNANT_AND_SICK]


def _untold(answers: Answers) -> Iterator[Asked]:
    """What was skipped, or is not known, and would have to be known to be sure."""
    for question in QUESTIONS:
        if question.id in NEEDED and not _is_told(question, answers):
            yield question.id


def _firsts(answers: Answers, reached: Reached) -> Iterator[First]:
    if _needs_nurse(answers, reached):
        yield First.NURSE
    if "unsafe" in answers.get(Asked.HOME, ()):
        yield First.SAFE_PLACE
    health = answers.get(Asked.HEALTH, frozenset())
    # 45 CFR 96.131 (K): who is pregnant and who injects is admitted first, pregnant people within 48 hours.
    if health & {"pregnant", "inject"}:
        yield First.SEEN_FIRST
    used = substances(answers) or frozenset()
    if used & {Substance.OPIOID, Substance.STIMULANT} or health & {"inject", "overdose", "leaving"}:
        yield First.NALOXONE


def _needs_nurse(answers: Answers, reached: Reached) -> bool:
    """Whether stopping may be dangerous, or nobody can say that it is not."""
    used, stopping = substances(answers), answers.get(Asked.STOPPING, frozenset())
    risky = used is None or bool(used & (DANGEROUS_TO_STOP | {Substance.OTHER}))
    often = answers.get(Asked.OFTEN, frozenset())
    seldom = bool(often & {"never", "monthly", "weekly"})
    signs = bool(stopping & _SIGNS)
    unknown = "never_without" in stopping or (not stopping and not seldom)
    if reached.route not in (None, "none"):
        return True
    # K: benzodiazepines taken on most days are never stopped at once, even when a day without them is easy.
    steady_sedative = bool(used and Substance.BENZODIAZEPINE in used) and not seldom
    return (risky and (signs or unknown)) or steady_sedative


# --- why -------------------------------------------------------------------------------------------


def _reasons(answers: Answers, kind: Kind | None, using: Ruleset) -> Iterator[Reason]:
    """The answers that ask for this kind of care, then those that let it be enough, then what fits a life."""
    asking = [] if kind is None else _asking(answers, kind, using)
    yield from (Reason(question, option, Holds.ASKS) for question, option in asking)
    if kind is not Kind.INPATIENT:
        for question, option in chosen(answers):
            calm = question.id in TELLING and question.id is not Asked.HEALTH
            if calm and (question.id, option.id) not in asking and _rated(option) <= 1:
                yield Reason(question.id, option.id, Holds.ALLOWS)
    for question, option in chosen(answers):
        if question.id is Asked.WEEK and (
            option.id in FITS_WITH and (kind is None or kind in FITS_WITH[option.id])
        ):
            yield Reason(question.id, option.id, Holds.FITS)


def _rated(option: Option) -> int:
    return max((rating.value for rating in option.rates.values()), default=9)


def _asking(answers: Answers, kind: Kind, using: Ruleset) -> list[tuple[Asked, str]]:
    """Each answer that would ask for this kind if all others were calm; where none does alone, those that do together.

    What is used counts with how stopping goes.
    """
    if kind is Kind.OUTPATIENT:
        return []
    raising = [
        (question.id, option.id)
        for question, option in chosen(answers)
        if question.id in TELLING and option.id != question.calm
    ]
    calm: Answers = {asked: frozenset({BY_ID[asked].calm}) for asked in TELLING}
    used: Answers = {asked: given for asked, given in answers.items() if asked is Asked.USE}
    alone = [
        (asked, option)
        for asked, option in raising
        if _kind_with({**calm, **used}, {asked: option}, using) is kind
    ]
    return alone or [
        (asked, option)
        for asked, option in raising
        if _kind_with(answers, {asked: BY_ID[asked].calm}, using) is not kind
    ]


# --- what would change it --------------------------------------------------------------------------


Weigh = Callable[[Mapping[Asked, str]], Kind | None]


def _changes(answers: Answers, kind: Kind, using: Ruleset) -> Iterator[Change]:
    weigh = _weighing_once(answers, using)
    order = list(Kind)
    for other in order:
        if other is not kind:
            higher = order.index(other) > order.index(kind)
            yield _higher(answers, other, weigh) if higher else _lower(answers, other, weigh)


def _weighing_once(answers: Answers, using: Ruleset) -> Weigh:
    """What these answers come to with some of them changed, each change asked once. Gone with the result."""
    weighed: dict[frozenset[tuple[Asked, str]], Kind | None] = {}

    def weigh(instead: Mapping[Asked, str]) -> Kind | None:
        change = frozenset(instead.items())
        if change not in weighed:
            weighed[change] = _kind_with(answers, instead, using)
        return weighed[change]

    return weigh


def _higher(answers: Answers, other: Kind, weigh: Weigh) -> Change:
    """Single answers that would ask for more."""
    found = [
        (question.id, option.id)
        for question in QUESTIONS
        if question.id in TELLING
        for option in question.options
        if option.id not in answers.get(question.id, ()) and weigh({question.id: option.id}) is other
    ]
    return Change(other, tuple(found))


def _lower(answers: Answers, other: Kind, weigh: Weigh) -> Change:
    """The fewest answers that would have to be calmer, all at once."""
    raising = [
        question
        for question in QUESTIONS
        if question.id in TELLING and answers.get(question.id, frozenset()) - {question.calm}
    ]
    for size in range(1, len(raising) + 1):
        for together in combinations(raising, size):
            milder = _milder(answers, together, other, weigh)
            if milder:
                return Change(other, milder, together=True)
    return Change(other, ())


def _milder(
    answers: Answers, together: tuple[Question, ...], other: Kind, weigh: Weigh
) -> tuple[tuple[Asked, str], ...]:
    """The smallest step down of those answers that leads there: one less bad, else none at all."""
    for calmer in (_one_milder, _calm):
        steps = {question.id: calmer(question, answers) for question in together}
        if weigh(steps) is other:
            return tuple(steps.items())
    return ()


def _calm(question: Question, _answers: Answers) -> str:
    return question.calm


def _one_milder(question: Question, answers: Answers) -> str:
    """The worst of the milder answers, where a question has them in order."""
    if question.many:
        return question.calm
    options = [option.id for option in question.options]
    now = options.index(next(iter(answers[question.id])))
    worth = _rated(question.options[now])
    milder = [each for each in question.options[:now] if _rated(each) < worth]
    return milder[-1].id if milder else question.calm


def _kind_with(answers: Answers, instead: Mapping[Asked, str], using: Ruleset) -> Kind | None:
    changed = {**answers, **{asked: frozenset({option}) for asked, option in instead.items()}}
    reached = reach(case_of(changed), using)
    return None if is_emergency(reached) else _kind(reached)
