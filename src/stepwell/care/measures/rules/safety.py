"""Which answers bring help at once, and what each flag asks of whom.

An answer about wanting to be dead is met on the spot, before the next question, whoever is awake to see
it. Every flag also goes to the care team with its reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any

from stepwell.care.measures.scoring import Definition, ItemKind, score


class Help(StrEnum):
    """What a person is shown at once."""

    THOUGHTS_OF_DEATH = "thoughts_of_death"
    OVERDOSE = "overdose"


class Urgency(IntEnum):
    NOW = 0
    TODAY = 1
    THIS_WEEK = 2


_HELP: Mapping[str, Help] = {
    "phq9_9": Help.THOUGHTS_OF_DEATH,
    "core10_6": Help.THOUGHTS_OF_DEATH,
    "bam_7e": Help.OVERDOSE,
    "bam_r_7e": Help.OVERDOSE,
    "bam_iop_7e": Help.OVERDOSE,
}
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


def in_words(
    definition: Definition, answers: Mapping[str, Any], result: Mapping[str, Any], code: str
) -> Raised:
    """A stored flag, as the sentence a clinician reads."""
    item_id = code.removesuffix(":unanswered")
    if definition.has_item(item_id):
        item = definition.item(item_id)
        numbered = f"{definition.short_title}, question {item_id.rsplit('_', 1)[-1]}"
        if code.endswith(":unanswered"):
            says = f"{numbered} is a safety question and was not answered."
        else:
            value = answers.get(item_id)
            answer = item.label_of(value) if item.kind is not ItemKind.INTEGER else str(value)
            says = f"{numbered}: “{answer}”."
    else:
        says = _score_says(definition, result, code)
    return Raised(code, says, _action(definition, code, item_id), urgency(code))


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
