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
