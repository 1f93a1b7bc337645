"""What some instruments give besides a total: a triage, domains, deciles, a provisional pattern.

Each follows the published algorithm of its instrument, named in its definition.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from stepwell.care.measures.scoring.answers import Answers
from stepwell.care.measures.scoring.definitions import Json, Method

# Every question of these, not only the summed ones, is needed for the answer.
EVERY_ITEM_COUNTS = frozenset({Method.TRIAGE, Method.RULES, Method.DOMAINS})


@dataclass(frozen=True)
class Found:
    values: Mapping[str, Json] = field(default_factory=dict)
    incomplete: bool = False
    unanswered_safety: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def outcomes(answers: Answers, scores: Mapping[str, int | None]) -> Found:
    definition = answers.definition
    if definition.method is Method.TRIAGE:
        return _suicide_triage(answers)
    if definition.method is Method.RULES:
        return _overdose_rules(answers)
    if definition.method is Method.DOMAINS:
        return _domains(answers)
    if definition.method is Method.MEANS:
        return _readiness(answers)
    if definition.method is Method.NONE:
        return _safety_plan(answers)
    if definition.deciles and definition.deciles.shown:
        return Found(
            {f"{score_id}_decile": _decile(answers, score_id, total) for score_id, total in scores.items()}
        )
    if any(item.cluster for item in definition.items):
        return Found({"provisional_ptsd": _provisional_ptsd(answers)})
    if definition.percent_of:
        total = scores["total"]
        return Found({"percent": None if total is None else round(100 * total / definition.percent_of, 1)})
    return Found()


def excluded_items(answers: Answers, context: Mapping[str, Json]) -> frozenset[str]:
    """Criteria that do not count here (substance use disorder criteria).

    Tolerance and withdrawal under medical supervision are not counted for opioids, sedatives and
    stimulants; withdrawal does not exist for phencyclidine, other hallucinogens and inhalants.
    """
    if answers.definition.method is not Method.COUNT_WITH_EXCLUSIONS:
        return frozenset()
    tolerance, withdrawal = answers.definition.scores[0].items[-2:]
    words = re.findall(r"[a-z]+", str(context.get("class") or "").lower())
    supervised = any(
        answers.raw(item.id) == 1
        for item in answers.definition.items
        if item.id.endswith("_medical_supervision")
    )
    excluded = set()
    # With no class named, the question itself says for which classes "yes" can be the answer.
    if supervised and (not words or any(word.startswith(_PRESCRIBED) for word in words)):
        excluded |= {tolerance, withdrawal}
    if any(word.startswith(_WITHOUT_WITHDRAWAL) for word in words):
        excluded.add(withdrawal)
    return frozenset(excluded)


_PRESCRIBED = ("opioid", "sedative", "hypnotic", "anxiolytic", "stimulant")
_WITHOUT_WITHDRAWAL = ("phencyclidine", "pcp", "hallucinogen", "inhalant")


# Columbia protocol


def _suicide_triage(answers: Answers) -> Found:
    """The screener's triage. Anything unanswered that could raise it leaves it a minimum, never NEGATIVE."""
    ids = [item.id for item in answers.definition.items]
    prefix = ids[0].rsplit("_", 1)[0]

    def yes(number: str) -> bool:
        return bool(answers.raw(f"{prefix}_{number}") == 1)

    recent_is_separate = f"{prefix}_6a" in ids
    # Behavior without a word on when it was is taken as recent until that is answered.
    recent_behavior = yes("6") and (not recent_is_separate or answers.raw(f"{prefix}_6a") != 0)
    missing = tuple(item for item in ids if answers.is_missing(item))
    level: str | None
    if yes("4") or yes("5") or recent_behavior:
        level = "HIGH"
    elif yes("3") or yes("6"):
        level = "MODERATE"
    elif yes("1") or yes("2"):
        level = "LOW"
    else:
        level = None if missing else "NEGATIVE"
    return Found(
        values={"triage": level, "triage_band": answers.definition.levels.get(level or "")},
        incomplete=bool(missing) and level != "HIGH",
        unanswered_safety=missing,
    )


# Overdose checklist (project wording and rules)


def _overdose_rules(answers: Answers) -> Found:
    def yes(name: str) -> bool:
        return bool(answers.raw(f"od_{name}") == 1)

    def could(name: str) -> bool:
        return answers.raw(f"od_{name}") in (1, None)

    mixed = ("tolerance_loss", "mix_benzo", "moud_stop")
    alert = yes("prior_6m") or (yes("opioid_use") and any(yes(name) for name in mixed))
    open_question = could("prior_6m") or (could("opioid_use") and any(could(name) for name in mixed))
    reasons = ("opioid_use", "prior", "stimulant", "tolerance_loss")
    offer = any(yes(name) for name in reasons) and not yes("naloxone")
    could_offer = any(could(name) for name in reasons) and not yes("naloxone")
    return Found(
        values={
            "alert": "ALERT" if alert else None if open_question else "NONE",
            "naloxone_offer": True if offer else None if could_offer else False,
        },
        incomplete=(open_question and not alert) or (could_offer and not offer),
    )


# Social needs


def _domains(answers: Answers) -> Found:
    positive: list[str] = []
    unscreened: list[str] = []
    for domain in dict.fromkeys(item.domain for item in answers.definition.items if item.positive_values):
        items = [item for item in answers.definition.items if item.domain == domain]
        values = [answers.raw(item.id) for item in items]
        chosen = [
            choice
            for item, value in zip(items, values, strict=True)
            for choice in (value if isinstance(value, list) else [value])
            if choice in item.positive_values
        ]
        if chosen:
            positive.append(domain)
        elif None in values:
            unscreened.append(domain)
    return Found({"domains": positive, "not_fully_screened": unscreened}, incomplete=bool(unscreened))


# Structures without numbers


def _readiness(answers: Answers) -> Found:
    """URICA: the formula is known, but not which item belongs to which stage, so nothing is worked out."""
    scored = [item.id for item in answers.definition.items if item.scored]
    unanswered = any(answers.is_missing(item) for item in scored)
    return Found({"readiness": None}, incomplete=unanswered, warnings=("item_key_not_held",))


def _safety_plan(answers: Answers) -> Found:
    """A draft until these have an entry: signs, ways to cope, somebody to call, safer surroundings."""
    needed = (
        ("sp_warning_signs",),
        ("sp_internal_coping",),
        ("sp_support_contacts", "sp_professional_contacts"),
        ("sp_environment_safety",),
    )
    missing = tuple(part[0] for part in needed if all(answers.raw(item) is None for item in part))
    return Found({"plan": "draft" if missing else "complete"}, incomplete=bool(missing), missing=missing)


# Deciles and patterns


def _decile(answers: Answers, score_id: str, total: int | None) -> int | None:
    assert answers.definition.deciles is not None
    rows = answers.definition.deciles.table.get(score_id, ())
    return next((decile for low, high, decile in rows if total is not None and low <= total <= high), None)


_SYMPTOMS_NEEDED = {"B": 1, "C": 1, "D": 2, "E": 2}
_ENDORSED = 2


def _provisional_ptsd(answers: Answers) -> bool | str:
    """A symptom counts from "moderately"; one B, one C, two D, two E. Says so when it cannot be known."""
    certain = possible = True
    for cluster, needed in _SYMPTOMS_NEEDED.items():
        values = [answers.raw(item.id) for item in answers.definition.items if item.cluster == cluster]
        endorsed = sum(1 for value in values if isinstance(value, int) and value >= _ENDORSED)
        certain &= endorsed >= needed
        possible &= endorsed + values.count(None) >= needed
    return True if certain else "indeterminate" if possible else False
