"""What a person is shown of their own scores: where one stands, without the label that a clinician reads.

They are shown what their team sees: every score, every answer. Left out are the words of the bands ("harmful",
"probable"), which name a person; and what only staff rate, or nobody may read on a phone by chance.
"""

from collections.abc import Mapping
from enum import StrEnum

from stepwell.care.measures.scoring import Definition, Direction
from stepwell.care.measures.scoring.definitions import EACH_SUBSTANCE, Band

#: Questions about safety at home: whoever takes up the phone may be the one they are about. Their notice asks for the
#: same ("never shown on a screen that others see"). The person is asked about them in private.
NEVER_ON_A_PHONE = frozenset({"ahc_hrsn_core"})


def is_shown(definition: Definition) -> bool:
    """What staff rate of a person, in withdrawal or in a crisis, is gone through with them, and not left on a phone."""
    return not definition.rated_by_clinician and definition.id not in NEVER_ON_A_PHONE


class Place(StrEnum):
    """Where a score stands among the published ranges: said by how hard it is, never by their names."""

    EASIEST = "easiest"
    BETWEEN = "between"
    HARDEST = "hardest"
    CALM = "calm"  # of two ranges: nothing more is asked
    ASKS = "asks"  # of two ranges: the one at which more is asked


def place(definition: Definition, score_id: str, label: str) -> Place | None:
    """None where the measure has no published ranges, or nobody says which end of it is the harder one."""
    higher = definition.score(score_id).higher
    found = next((each for each in _bands(definition, score_id) if each.label == label), None)
    if found is None or higher is None:
        return None
    ladder = [
        each for each in _bands(definition, score_id) if (each.sex, each.scheme) == (found.sex, found.scheme)
    ]
    ladder.sort(key=lambda each: each.minimum, reverse=higher is Direction.BETTER)
    step = ladder.index(found)
    if len(ladder) < 2:
        return None
    if len(ladder) == 2:
        return Place.ASKS if step else Place.CALM
    return _ENDS.get((step == 0, step == len(ladder) - 1), Place.BETWEEN)


_ENDS: Mapping[tuple[bool, bool], Place] = {(True, False): Place.EASIEST, (False, True): Place.HARDEST}


def _bands(definition: Definition, score_id: str) -> list[Band]:
    return [each for each in definition.bands if each.score in (score_id, EACH_SUBSTANCE)]
