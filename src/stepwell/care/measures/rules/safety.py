"""Which answers bring help at once, and what each flag asks of whom.

An answer about wanting to be dead is met on the spot, before the next question, whoever is awake to see
it. Every flag also goes to the care team with its reason.

Such a flag stays when the answer is taken back, and with it what was said and when: until somebody has
followed it up, nobody may take a change of mind, or a slip of the finger, for the end of it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from statistics import mean
from typing import Any

from stepwell.care.measures.scoring import Definition, Item, ItemKind, score


class Help(StrEnum):
    """What a person is shown at once."""

    THOUGHTS_OF_DEATH = "thoughts_of_death"
    OVERDOSE = "overdose"


class Urgency(IntEnum):
    NOW = 0
    TODAY = 1
    THIS_WEEK = 2


class Deed(StrEnum):
    """What was done about a raised answer."""

    REACHED = "reached"
    SCREENED = "screened"
    PLAN = "plan"
    MEANS = "means"
    SUPERVISOR = "supervisor"
    EMERGENCY = "emergency"
    NALOXONE = "naloxone"
    PRESCRIBER = "prescriber"
    OTHER = "other"

    @property
    def in_words(self) -> str:
        return _DEEDS[self]


_DEEDS: Mapping["Deed", str] = {
    Deed.REACHED: "Spoke with the person",
    Deed.SCREENED: "Asked the C-SSRS",
    Deed.PLAN: "Looked at the safety plan together",
    Deed.MEANS: "Talked about keeping what could harm out of reach",
    Deed.SUPERVISOR: "Told the supervisor",
    Deed.EMERGENCY: "Called 988, 911 or the hospital",
    Deed.NALOXONE: "Saw to naloxone at home",
    Deed.PRESCRIBER: "Told the prescriber",
    Deed.OTHER: "Something else",
}


_HELP: Mapping[str, Help] = {
    "phq9_9": Help.THOUGHTS_OF_DEATH,
    "core10_6": Help.THOUGHTS_OF_DEATH,
    "bam_7e": Help.OVERDOSE,
    "bam_r_7e": Help.OVERDOSE,
    "bam_iop_7e": Help.OVERDOSE,
}
_STAYS = frozenset(_HELP) | {"triage=HIGH", "alert=ALERT"}
# Program choices, for a clinical lead to confirm.
_NOW = frozenset({"phq9_9", "core10_6", "triage=HIGH", "alert=ALERT", "ciwa_10", "total>=25", "total>=19"})
_TODAY = frozenset({"phq9_9:unanswered", "core10_6:unanswered", "triage=MODERATE", "total>=13", "total>=10"})


@dataclass(frozen=True)
class Raised:
    """A flag in words a clinician can act on."""

    code: str
    says: str
    action: str
    urgency: Urgency
    at: datetime | None = None  # when it was answered so, where that is known apart from the measure


#: What was answered under a flag, first to last, as it is stored: the answer, when, and whether it raised the flag.
Trail = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Standing:
    """The flags that stand after an answer, what was said under each that stays, and whether somebody must act anew."""

    flags: tuple[str, ...]
    told: Mapping[str, Trail]
    asks_anew: bool


def standing(
    *,
    held: Sequence[str],
    told: Mapping[str, Trail],
    before: Mapping[str, Any],
    raised: Iterable[str],
    answers: Mapping[str, Any],
    at: datetime,
) -> Standing:
    """What stands: the flags raised now, and those held that stay although the answer was changed.

    A flag that is new, or an answer changed under one that stays, asks for a follow-up of its own.
    """
    now = tuple(raised)
    flags = now + tuple(code for code in held if code in _STAYS and code not in now)
    trails = {code: _trail(code, told, held, before, now, answers, at) for code in flags if code in _STAYS}
    is_changed = any(before.get(code) != answers.get(code) for code in trails)
    return Standing(flags, trails, is_changed or any(code not in held for code in flags))


def _trail(
    code: str,
    told: Mapping[str, Trail],
    held: Sequence[str],
    before: Mapping[str, Any],
    now: Sequence[str],
    answers: Mapping[str, Any],
    at: datetime,
) -> Trail:
    trail = list(told.get(code, ()))
    if not trail and code in held:  # raised before trails were kept
        trail.append({"answer": before.get(code), "at": None, "raised": True})
    if not trail or trail[-1]["answer"] != answers.get(code):
        trail.append({"answer": answers.get(code), "at": at.isoformat(), "raised": code in now})
    return trail


def objection_to_closing(flags: Iterable[str], deeds: Collection[Deed]) -> str:
    """Why these deeds are not enough to take the answer off the list; empty when they are.

    What needs somebody now is closed by somebody who spoke with the person, or saw to it that they are looked after.
    """
    if not deeds:
        return "Choose what was done."
    is_pressing = any(urgency(code) is Urgency.NOW for code in flags)
    if is_pressing and not {Deed.REACHED, Deed.EMERGENCY} & set(deeds):
        return (
            "This stays until somebody spoke with the person, or called help. Until then, write down the try."
        )
    return ""


def tells_of_death(flags: Iterable[str]) -> bool:
    """Whether one of these flags was raised by an answer about wanting to be dead."""
    return any(_HELP.get(code) is Help.THOUGHTS_OF_DEATH for code in flags)


def help_at_once(definition: Definition, answers: Mapping[str, Any], item_id: str) -> Help | None:
    """The help that the answer to this question calls for."""
    kind = _HELP.get(item_id)
    if kind is None:
        return None
    raised = score(definition, answers).has_flag(item_id)
    return kind if raised else None


def raised_so_far(definition: Definition, answers: Mapping[str, Any]) -> tuple[str, ...]:
    """The flags that answers given so far raise already. What is not answered yet is no flag."""
    return tuple(
        flag.code for flag in score(definition, answers).flags if not flag.code.endswith(":unanswered")
    )


#: What an answer falls below the person's own mean by before somebody asks about it: from the definition of each, a
#: PROJECT CHOICE for the clinical lead to confirm. A mean is one of two earlier answers or more.
DROPS: Mapping[str, int] = {"session_feedback": 3}
FEWEST_BEFORE = 2
DROPPED = ":dropped"


def dropped(
    definition: Definition, answers: Mapping[str, Any], earlier: Sequence[Mapping[str, Any]]
) -> tuple[str, ...]:
    """The flags of answers far below what this person used to answer. Nothing for who always answered so."""
    far = DROPS.get(definition.id)
    if far is None:
        return ()
    codes = []
    for rule in definition.critical:
        for item_id in rule.targets:
            now = answers.get(item_id)
            before = [value for each in earlier if isinstance(value := each.get(item_id), int)]
            if rule.threshold is not None and isinstance(now, int) and rule.threshold.met_by(now):
                continue  # raised as it is
            if isinstance(now, int) and len(before) >= FEWEST_BEFORE and mean(before) - now >= far:
                codes.append(f"{item_id}{DROPPED}")
    return tuple(dict.fromkeys(codes))


def in_words(
    definition: Definition,
    answers: Mapping[str, Any],
    result: Mapping[str, Any],
    code: str,
    trail: Trail = (),
) -> Raised:
    """A stored flag, as the sentence a clinician reads."""
    item_id = code.removesuffix(":unanswered").removesuffix(DROPPED)
    if definition.has_item(item_id):
        item = definition.item(item_id)
        numbered = f"{definition.short_title}, question {item_id.rsplit('_', 1)[-1]}"
        if code.endswith(":unanswered"):
            says = f"{numbered} is a safety question and was not answered."
        elif code.endswith(DROPPED):
            fell = f"{DROPS[definition.id]} or more below what this person used to answer"
            says = f"{numbered}: {_answer_in_words(item, answers.get(item_id))}, {fell}."
        elif len(trail) > 1:
            first, *later = (_answer_in_words(item, said["answer"]) for said in trail)
            says = f"{numbered}: first answered {first}, then changed to {', then to '.join(later)}."
        else:
            says = f"{numbered}: {_answer_in_words(item, answers.get(item_id))}."
    else:
        says = _score_says(definition, result, code)
    return Raised(code, says, _action(definition, code, item_id), urgency(code), _raised_at(trail))


def _answer_in_words(item: Item, value: Any) -> str:
    if value is None:
        return "no answer"
    return f"“{item.label_of(value) if item.kind is not ItemKind.INTEGER else value}”"


def _raised_at(trail: Trail) -> datetime | None:
    """When the flag was last raised: a later, lesser answer does not make it newer."""
    times = [said["at"] for said in trail if said["raised"]]
    return datetime.fromisoformat(times[-1]) if times and times[-1] else None


def urgency(code: str) -> Urgency:
    if code in _NOW:
        return Urgency.NOW
    return Urgency.TODAY if code in _TODAY else Urgency.THIS_WEEK


def _score_says(definition: Definition, result: Mapping[str, Any], code: str) -> str:
    for rule in definition.critical:
        for target in rule.targets:
            if code == f"{target}{rule.threshold}" and rule.threshold is not None:
                value = result.get(target)
                reached = value if value is not None else f"at least {rule.threshold.value}"
                return f"{definition.short_title}: {target} is {reached}."
            if code == f"{target}={rule.level}":
                return f"{definition.short_title}: {target} is {rule.level}."
    return f"{definition.short_title}: {code}."


def _action(definition: Definition, code: str, target: str) -> str:
    for rule in definition.critical:
        codes = {f"{each}{rule.threshold}" for each in rule.targets} | {
            f"{each}={rule.level}" for each in rule.targets
        }
        if target in rule.targets or code in codes:
            return rule.action
    return ""
