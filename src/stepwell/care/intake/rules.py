"""Whether two descriptions may be of one person. Offered to whoever takes a referral, never decided for them."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from enum import StrEnum

#: How alike two names must be, from 0 to 1, to be worth a question. Our own default, tried on common misspellings.
ALIKE = 0.82


@dataclass(frozen=True)
class Described:
    """What is known of somebody: every name they go by, and two things that tell people apart."""

    names: tuple[str, ...]
    born_on: date | None = None
    phone: str = ""


class Likeness(StrEnum):
    """Why two descriptions may be of one person, the strongest first."""

    NAME_AND_BIRTH = "name and date of birth"
    PHONE = "phone number"
    NAME = "name"


def likeness(one: Described, other: Described) -> Likeness | None:
    """The strongest reason to ask whether these are the same person; None when there is no reason.

    The same name with two different dates of birth is no reason: people share names.
    """
    names_alike = any(alike(a, b) for a in one.names for b in other.names)
    born_alike = one.born_on is not None and one.born_on == other.born_on
    if names_alike and born_alike:
        return Likeness.NAME_AND_BIRTH
    if one.phone and one.phone == other.phone:
        return Likeness.PHONE
    if names_alike and (one.born_on is None or other.born_on is None):
        return Likeness.NAME
    return None


def alike(a: str, b: str) -> bool:
    """Whether two names may be the same, however they were spelled, accented or ordered."""
    first, second = _plain(a), _plain(b)
    if not first or not second:
        return False
    return SequenceMatcher(None, first, second, autojunk=False).ratio() >= ALIKE


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.casefold())
    words = re.findall(
        r"[^\W\d_]+", "".join(c for c in letters if not unicodedata.combining(c)).replace("'", "")
    )
    return " ".join(sorted(words))


def next_record_number(used: Iterable[str]) -> str:
    """One more than the greatest number in use; 10001 to begin with. Numbers of another make are left alone."""
    return str(max((int(number) for number in used if number.isdecimal()), default=10_000) + 1)
