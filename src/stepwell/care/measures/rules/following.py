"""What a positive screen calls for: the longer measure that says more, asked once and by itself.

Questions that both measures ask in the same words, with the same answers, are not asked twice on one day.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any


@dataclass(frozen=True)
class Follow:
    """After a score of a screen that is high enough comes another measure."""

    screen: str
    score: str
    at_least: int
    then: str
    source: str
    #: An answer to the longer measure from so long before the screen still stands. Its own questions look back as far.
    counts_for: timedelta
    #: Where the cut-point of men differs.
    at_least_of_men: int | None = None
    #: The questions whose answers flow over, by those of the screen.
    carries: Mapping[str, str] = field(default_factory=dict)

    def is_reached(self, result: Mapping[str, Any], sex: str) -> bool:
        """The lower bound is enough where answers are missing: the score cannot be less."""
        value = result.get(self.score)
        if value is None:
            value = next(iter(result.get("bounds", {}).get(self.score, ())), None)
        cut = self.at_least_of_men if sex == "male" and self.at_least_of_men else self.at_least
        return isinstance(value, int) and value >= cut


_NOTES = "Instrument notes, section 5"
_TWO_WEEKS, _MONTH, _HALF_A_YEAR = timedelta(days=14), timedelta(days=28), timedelta(days=182)

FOLLOWS: tuple[Follow, ...] = (
    # Question 2 is asked again: its answers are worded otherwise.
    Follow(
        "audit_c",
        "total",
        3,
        "audit",
        f"{_NOTES}: AUDIT if AUDIT-C is positive",
        _HALF_A_YEAR,
        at_least_of_men=4,
        carries={"auditc_1": "audit_1", "auditc_3": "audit_3"},
    ),
    # 3 is the cut-point of women and of sensitive settings, 4 the balanced one. Program choice, for the clinical lead
    # to confirm: trauma is common here, and twenty questions too many cost less than one person not asked.
    Follow("pc_ptsd5", "total", 3, "pcl5", f"{_NOTES}: PCL-5 if PC-PTSD-5 is positive", _MONTH),
    Follow(
        "phq2",
        "total",
        3,
        "phq9",
        "PHQ-2 definition: 'if >=3 give full PHQ-9'; it holds the question about death, which PHQ-2 does not",
        _TWO_WEEKS,
        carries={"phq2_1": "phq9_1", "phq2_2": "phq9_2"},
    ),
    Follow(
        "gad2",
        "total",
        3,
        "gad7",
        "GAD-2 definition: 'Positive screen - give GAD-7'; the cut-point is from memory",
        _TWO_WEEKS,
        carries={"gad2_1": "gad7_1", "gad2_2": "gad7_2"},
    ),
    # [K] The usual order of screening in general care: one question, then AUDIT or DAST-10. Not seen in a source here.
    Follow("single_item_screeners", "alcohol", 1, "audit", "[K] one question, then AUDIT", _HALF_A_YEAR),
    Follow("single_item_screeners", "drug", 1, "dast10", "[K] one question, then DAST-10", _HALF_A_YEAR),
)

SCREENS = frozenset(follow.screen for follow in FOLLOWS)


def after(screen: str) -> tuple[Follow, ...]:
    return tuple(follow for follow in FOLLOWS if follow.screen == screen)


def called_for(screen: str, result: Mapping[str, Any], *, sex: str = "") -> tuple[Follow, ...]:
    """What these answers call for."""
    return tuple(follow for follow in after(screen) if follow.is_reached(result, sex))


def carried(then: str, answered: Iterable[tuple[str, Mapping[str, Any]]]) -> dict[str, Any]:
    """The answers that flow over into a measure, from screens of the same day; the last one counts.

    What was skipped is asked again.
    """
    found: dict[str, Any] = {}
    for screen, answers in answered:
        for follow in after(screen):
            if follow.then == then:
                found |= {
                    item: answers[asked]
                    for asked, item in follow.carries.items()
                    if answers.get(asked) is not None
                }
    return found
