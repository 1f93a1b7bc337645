"""Which instruments an organization asks: those that are free until it says no, the others once it has said yes.

The reason an instrument waits, and the notice under which it may be used, stand here beside its owner's terms
(`instruments/conditional/NOTICE.md`). Where the wording is withheld, a site's own copy must be whole first.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from stepwell.care.measures.scoring import Definition, Item, ItemKind, Standing


@dataclass(frozen=True)
class Terms:
    """Why it is off until somebody switches it on, and what they accept by doing so."""

    reason: str
    notice: str


@dataclass(frozen=True)
class Part:
    """Questions that are switched on apart from the rest of their instrument."""

    id: str
    name: str
    items: tuple[str, ...]
    terms: Terms


#: Checked 23 November 2026 against the licence sentence that each definition quotes.
TERMS: Mapping[str, Terms] = {
    "audit": Terms(
        "The World Health Organization allows copies, but not together with commercial purposes.",
        "We use the AUDIT without charge to the person and not in conjunction with commercial purposes. (c) World"
        " Health Organization 2001. If this program is run for profit, we have asked the WHO first.",
    ),
    "dast10": Terms(
        "Its author allows non-commercial use with credit. Another source asks that he be written to first.",
        "We use the DAST-10 for clinical, research or training purposes that are not commercial, and credit Dr. Harvey"
        " A. Skinner, York University, Toronto, Canada. Copyright 1982 Harvey A. Skinner, PhD, and the Centre for"
        " Addiction and Mental Health, Toronto. We have written to the author, or hold his permission.",
    ),
    "pacs": Terms(
        "The wording of questions 2, 4 and 5 was not seen whole in a source.",
        "We have compared every question and answer shown on this page with a published copy of the Penn Alcohol"
        " Craving Scale, and they are the same.",
    ),
    "ahc_hrsn_core": Terms(
        "The terms for its use outside the Accountable Health Communities Model were not seen whole.",
        "We use questions 1 to 6 of the screening tool of the Centers for Medicare and Medicaid Services as they stand."
        " Questions 3 and 4 are the Hunger Vital Sign. We have read the terms for use outside that model.",
    ),
}
PARTS: Mapping[str, tuple[Part, ...]] = {
    "ahc_hrsn_core": (
        Part(
            "safety",
            "Questions 7 to 10, safety at home",
            ("hrsn_7", "hrsn_8", "hrsn_9", "hrsn_10"),
            Terms(
                "These are the HITS questions of somebody else, and their terms outside the Accountable Health"
                " Communities Model were not seen.",
                "We have permission to use the HITS questions (Sherin), or know that we need none. Answers are given in"
                " private and never shown on a screen that others see.",
            ),
        ),
    )
}
LICENSED = Terms(
    "Its owner keeps the wording. It can be asked once this organization has entered its own licensed copy.",
    "We hold a licence or written permission for electronic use of this questionnaire, and have entered the wording as"
    " its owner gives it.",
)
#: Kept for its structure and never asked, with the reason.
NEVER_ASKED: Mapping[str, str] = {
    "safety_plan_structure": "A safety plan is written together, and not asked: these are its parts."
}


@dataclass(frozen=True)
class Decision:
    """What an organization said last of an instrument, or of a part of it."""

    instrument: str
    part: str
    is_on: bool


def terms_of(definition: Definition) -> Terms | None:
    """What must be accepted before it is switched on; None where nothing must."""
    return LICENSED if definition.is_withheld else TERMS.get(definition.id)


def starts_on(definition: Definition) -> bool:
    return terms_of(definition) is None and definition.id not in NEVER_ASKED


def is_on(definition: Definition, decisions: Iterable[Decision], *, whole: Collection[str] = ()) -> bool:
    """Whether it may be asked. `whole` names the withheld ones of which the site has its whole copy."""
    if definition.id in NEVER_ASKED or (definition.is_withheld and definition.id not in whole):
        return False
    said = [each.is_on for each in decisions if (each.instrument, each.part) == (definition.id, "")]
    return said[-1] if said else starts_on(definition)


def parts_off(definition: Definition, decisions: Iterable[Decision]) -> tuple[str, ...]:
    """The parts that are not asked although the instrument is."""
    on = {each.part for each in decisions if each.instrument == definition.id and each.part and each.is_on}
    return tuple(part.id for part in PARTS.get(definition.id, ()) if part.id not in on)


def without_parts(definition: Definition, off: Collection[str]) -> Definition:
    left_out = [item for part in PARTS.get(definition.id, ()) if part.id in off for item in part.items]
    return definition.without(left_out) if left_out else definition


# The wording that a site enters itself


@dataclass(frozen=True)
class Wording:
    """A site's own copy of what an owner withholds, in one language."""

    language: str
    title: str
    instructions: str
    items: Mapping[str, str]
    answers: Mapping[str, Mapping[str, str]]  # by item, by value
    licence: str


def labels_wanted(definition: Definition) -> Mapping[str, tuple[Item, ...]]:
    """The scales whose answers need words, by the item that stands for each: one for all where all have the same."""
    by_scale: dict[str, tuple[Item, ...]] = {}
    for item in definition.items:
        if item.kind is not ItemKind.CHOICE:
            continue
        # Where no label is known, each question may have answers of its own.
        same = next(
            (
                first
                for first, items in by_scale.items()
                if items[0].answers == item.answers and all(answer.label for answer in item.answers)
            ),
            item.id,
        )
        by_scale[same] = (*by_scale.get(same, ()), item)
    return by_scale


def still_missing(definition: Definition, wording: Wording) -> tuple[str, ...]:
    """What is not there yet: `title`, `instructions`, `licence`, an item's id, or `item=value` of an answer."""
    missing = [name for name in ("title", "instructions", "licence") if not getattr(wording, name).strip()]
    for item in definition.items:
        if not wording.items.get(item.id, "").strip():
            missing.append(item.id)
        if item.kind is ItemKind.CHOICE:
            labels = wording.answers.get(item.id, {})
            missing += [
                f"{item.id}={value}" for value in item.values if not labels.get(str(value), "").strip()
            ]
    return tuple(missing)


def worded(definition: Definition, wording: Wording) -> Definition:
    """The structure with the site's own words in it."""
    return replace(
        definition,
        title=wording.title,
        instructions=wording.instructions,
        language=wording.language,
        items=tuple(
            replace(
                item,
                text=wording.items.get(item.id, ""),
                answers=tuple(
                    replace(answer, label=wording.answers.get(item.id, {}).get(str(answer.value), ""))
                    for answer in item.answers
                ),
            )
            for item in definition.items
        ),
    )


def standing_in_words(definition: Definition) -> str:
    if definition.is_withheld:
        return "Wording withheld by its owner"
    return {
        Standing.FREE: "Free to use",
        Standing.CONDITIONAL: "Only under its owner's terms",
        Standing.STRUCTURE: "Structure, in our own words",
    }[definition.standing]
