"""Answers that agree with the course: PHQ-9, GAD-7, BAM-IOP, BARC-10, COWS, and what people write at check-in.

None of these were asked in the trials. They are invented to fit what was: samples, days of use, visits.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from random import Random

PHQ9_ITEMS = tuple(f"phq9_{n}" for n in range(1, 10))
COWS_VALUES: Mapping[str, tuple[int, ...]] = {
    "cows_1": (0, 1, 2, 4),
    "cows_2": (0, 1, 2, 3, 4),
    "cows_3": (0, 1, 3, 5),
    "cows_4": (0, 1, 2, 5),
    "cows_5": (0, 1, 2, 4),
    "cows_6": (0, 1, 2, 4),
    "cows_7": (0, 1, 2, 3, 5),
    "cows_8": (0, 1, 2, 4),
    "cows_9": (0, 1, 2, 4),
    "cows_10": (0, 1, 2, 4),
    "cows_11": (0, 3, 5),
}


def within(value: float, least: int, most: int) -> int:
    return max(least, min(most, round(value)))


def phq9(total: int, thoughts_of_death: int, chance: Random) -> dict[str, int]:
    """Nine answers that add up to the total, tired and sleepless first, and how hard it made life."""
    answers = dict.fromkeys(PHQ9_ITEMS, 0)
    answers["phq9_9"] = thoughts_of_death
    weights = dict(zip(PHQ9_ITEMS, (2, 3, 4, 4, 2, 2, 2, 1, 0), strict=True))
    for _ in range(min(total, 24 + thoughts_of_death) - thoughts_of_death):
        open_items = [item for item in PHQ9_ITEMS[:8] if answers[item] < 3]
        answers[chance.choices(open_items, [weights[item] for item in open_items])[0]] += 1
    if any(answers.values()):
        answers["phq9_10"] = within(total / 9, 0, 3)
    return answers


def gad7(total: int, chance: Random) -> dict[str, int]:
    """Seven answers that add up to the total."""
    answers = {f"gad7_{n}": 0 for n in range(1, 8)}
    for _ in range(total):
        answers[chance.choice([item for item, value in answers.items() if value < 3])] += 1
    return answers


def barc10(trouble: float, chance: Random) -> dict[str, int]:
    """Ten answers from 1 to 6, higher the better things go."""
    return {f"barc_{n}": within(chance.gauss(5.4 - 3 * trouble, 0.8), 1, 6) for n in range(1, 11)}


def bam_iop(
    trouble: float, drank: int, used: Mapping[str, int], life: Mapping[str, int], chance: Random
) -> dict[str, int]:
    """`trouble` runs from 0 to 1; `used` says on how many of the last seven days, by BAM's letters."""

    def about(middle: float, spread: float = 0.6) -> int:
        return within(chance.gauss(middle, spread), 0, 4)

    answers = {
        "bam_iop_1": about(1 + 2 * trouble),
        "bam_iop_2": about(4 * trouble),
        "bam_iop_3": about(3.5 * trouble),
        "bam_iop_4": min(drank, 4),
        "bam_iop_6": min(max(used.values(), default=0), 4),
        "bam_iop_8": about(4 * trouble),
        "bam_iop_9": about(4 - 3 * trouble),
        "bam_iop_10": about(life["meetings"]),
        "bam_iop_11": about(3 * trouble),
        "bam_iop_12": life["spirit"],
        "bam_iop_13": about(life["work"], 0.4),
        "bam_iop_14": life["income"],
        "bam_iop_15": about(3 * trouble),
        "bam_iop_16": about(life["company"]),
        "bam_iop_17": about(3.5 - 2.5 * trouble),
    }
    # The two skip rules of the instrument: no drinking, no heavy drinking; no use, no list of what.
    if answers["bam_iop_4"]:
        answers["bam_iop_5"] = within(answers["bam_iop_4"] * chance.random(), 0, 4)
    if answers["bam_iop_6"]:
        answers |= {f"bam_iop_7{letter}": min(used.get(letter, 0), 4) for letter in "abcdefg"}
    return dict(
        sorted(answers.items(), key=lambda item: (int(item[0].split("_")[2].rstrip("abcdefg")), item[0]))
    )


def life(chance: Random) -> dict[str, int]:
    """What does not change from week to week."""
    return {
        "meetings": chance.randint(0, 3),
        "spirit": chance.randint(0, 4),
        "work": chance.choice((0, 0, 3, 4)),
        "income": chance.choice((0, 4, 4)),
        "company": chance.randint(1, 4),
    }


# What is asked once, at intake

#: By BAM's letters: what TAPS calls the same.
TAPS_NAMES: Mapping[str, str] = {
    "a": "cannabis",
    "b": "sedative_rx",
    "c": "stimulant_illicit",
    "d": "stimulant_illicit",
}
#: Which of its second part follow on which question of the first.
TAPS_ASKED_AFTER: Mapping[str, tuple[str, ...]] = {
    "taps1_1": ("tobacco",),
    "taps1_2": ("alcohol",),
    "taps1_3": ("cannabis", "stimulant_illicit", "heroin", "other"),
    "taps1_4": ("opioid_rx", "sedative_rx", "stimulant_rx"),
}
#: How many questions TAPS has about each.
TAPS_QUESTIONS: Mapping[str, int] = {
    "tobacco": 3,
    "alcohol": 4,
    "cannabis": 3,
    "stimulant_illicit": 3,
    "heroin": 3,
    "opioid_rx": 3,
    "sedative_rx": 3,
    "stimulant_rx": 3,
    "other": 1,
}
#: From days of the last seven, in the steps of BAM-IOP, to days of the last thirty in those of BAM.
DAYS_OF_THIRTY: Mapping[int, int] = {0: 0, 1: 2, 2: 3, 3: 3, 4: 4}
IN_DAYS = frozenset(
    {"2", "3", "4", "5", "6", "10", "11", "13", "16", *(f"7{letter}" for letter in "abcdefg")}
)


def bam(last_week: Mapping[str, int]) -> dict[str, int]:
    """The thirty days that the answers about the last seven belong to."""
    answers = {item.removeprefix("bam_iop_"): value for item, value in last_week.items()}
    return {f"bam_{n}": DAYS_OF_THIRTY[value] if n in IN_DAYS else value for n, value in answers.items()}


def audit_c(drank: int, chance: Random) -> dict[str, int]:
    if not drank:
        return {"auditc_1": 0} if chance.random() < 0.3 else {"auditc_1": 1, "auditc_2": 0, "auditc_3": 0}
    return {
        "auditc_1": min(4, drank + 1),
        "auditc_2": min(4, drank),
        "auditc_3": min(4, chance.randint(1, drank + 1)),
    }


def taps(used: Mapping[str, int], drank: int, opioid: str, chance: Random) -> dict[str, int]:
    """Which substances, by BAM's letters; pills are a prescribed medicine, whatever else somebody calls opioids."""
    found = {TAPS_NAMES[letter] for letter, days in used.items() if days and letter in TAPS_NAMES}
    if used.get("e"):
        found.add("opioid_rx" if opioid == "pills" else "heroin")
    found |= {"alcohol"} if drank else set()
    found |= {"tobacco"} if chance.random() < 0.6 else set()
    answers = {
        "taps1_1": 4 if "tobacco" in found else 0,
        "taps1_2": min(4, drank),
        "taps1_3": 4 if found & set(TAPS_ASKED_AFTER["taps1_3"]) else 0,
        "taps1_4": 3 if found & set(TAPS_ASKED_AFTER["taps1_4"]) else 0,
    }
    for opens, names in TAPS_ASKED_AFTER.items():
        for name in names if answers[opens] else ():
            answers[f"taps2_{name}_1"] = int(name in found)
            if name in found:
                more = range(2, TAPS_QUESTIONS[name] + 1)
                answers |= {f"taps2_{name}_{n}": int(chance.random() < 0.8) for n in more}
    return answers


def pc_ptsd5(trouble: float, chance: Random) -> dict[str, int]:
    """Whether anything frightening happened; only then, what came of it."""
    if chance.random() < 0.35:
        return {"pcptsd5_0": 0}
    return {"pcptsd5_0": 1} | {
        f"pcptsd5_{n}": int(chance.random() < 0.2 + 0.5 * trouble) for n in range(1, 6)
    }


def cssrs(wish_to_be_dead: bool) -> dict[str, int]:
    """As the PHQ-9 of that day has it; nobody here thought of how, or tried."""
    return {"cssrs_1": int(wish_to_be_dead), "cssrs_2": 0, "cssrs_6": 0}


def rulers(trouble: float, chance: Random) -> dict[str, int]:
    return {
        "ruler_importance": within(chance.gauss(8.2, 1), 0, 10),
        "ruler_confidence": within(chance.gauss(7 - 4 * trouble, 1.2), 0, 10),
        "ruler_readiness": within(chance.gauss(7.4, 1.3), 0, 10),
    }


def overdose(used: Mapping[str, int], drank: int, wish_to_be_dead: bool, chance: Random) -> dict[str, int]:
    opioids = bool(used.get("e"))
    return {
        "od_opioid_use": int(opioids),
        "od_tolerance_loss": int(opioids and chance.random() < 0.3),
        "od_prior": (prior := int(opioids and chance.random() < 0.4)),
        "od_prior_6m": int(prior and chance.random() < 0.3),
        "od_mix_benzo": int(opioids and bool(drank or used.get("b"))),
        "od_alone": int(opioids and chance.random() < 0.5),
        "od_inject": int(opioids and chance.random() < 0.4),
        "od_moud_stop": 0,
        "od_stimulant": int(bool(used.get("c") or used.get("d"))),
        "od_medical": int(chance.random() < 0.1),
        "od_suicide": int(wish_to_be_dead),
        "od_naloxone": int(chance.random() < 0.7),
        "od_plan": int(chance.random() < 0.6),
    }


def sud_criteria(trouble: float, chance: Random) -> dict[str, int]:
    """Six or more of eleven, as for most who need nine hours a week."""
    answers = {f"sud_{n}": int(chance.random() < 0.45 + 0.5 * trouble) for n in range(1, 12)}
    return answers | {"sud_medical_supervision": 0}


def cows(least: int, most: int, chance: Random) -> dict[str, int]:
    while True:
        answers = {
            item: chance.choices(values[:3], (5, 4, 3)[: len(values[:3])])[0]
            for item, values in COWS_VALUES.items()
        }
        if least <= sum(answers.values()) <= most:
            return answers


def trouble(start: float, weeks: float, *, after_use: bool, missed: bool) -> float:
    """How hard it is just now: less week by week, more after use and after a missed week."""
    return max(0.04, min(1.0, start * 0.88**weeks + 0.2 * after_use + 0.08 * missed))


def week_of_use(test_on: date, days: int, not_before: date) -> Sequence[date]:
    """The days of use a positive sample speaks of: the ones before it."""
    return tuple(
        day for n in range(1, days + 1) if (day := date.fromordinal(test_on.toordinal() - n)) >= not_before
    ) or (not_before,)
