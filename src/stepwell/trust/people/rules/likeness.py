"""Whether two descriptions may be of one person. Offered to whoever makes or merges records, never decided for them.

What is alike gives points, what differs takes some away, and from ``WORTH_ASKING`` on a person is asked. The points
are our own default [D], set so that every pair in the tests beside this file comes out as a careful front desk would
say: a name and a birth date, or a phone number, or a whole name where no birth date speaks against it, is worth it.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from enum import StrEnum

from stepwell.trust.people.rules.nicknames import forms_of

WORTH_ASKING = 50
#: How alike two spellings must be, from 0 to 1.
ALIKE = 0.8
#: Below this many letters one changed letter makes another name: Ana and Ada, Lee and Lea.
LETTERS_TO_MISSPELL = 4
DIGITS = "0123456789"


@dataclass(frozen=True)
class Described:
    """What is known of somebody."""

    first: str
    last: str = ""
    chosen: str = ""
    middle: str = ""
    born_on: date | None = None
    phone: str = ""
    email: str = ""


class Reason(StrEnum):
    """What speaks for one and the same person, or against it, in words."""

    SAME_NAME = "same name"
    SWAPPED = "first and last name swapped"
    SAME_FIRST = "same first name"
    FIRST_SHORT = "one first name is short for the other"
    FIRST_SPELLED = "first name spelled differently"
    FIRST_INITIAL = "first name with the same initial"
    SAME_LAST = "same last name"
    LAST_SHARED = "one of two last names is the same"
    LAST_SPELLED = "last name spelled differently"
    SAME_BIRTH = "same date of birth"
    BIRTH_NEAR = "date of birth differs by one slip of the pen"
    OTHER_BIRTH = "another date of birth"
    SAME_PHONE = "same phone number"
    SAME_EMAIL = "same e-mail"


POINTS: dict[Reason, int] = {
    Reason.SAME_NAME: 60,
    Reason.SWAPPED: 55,
    Reason.SAME_FIRST: 30,
    Reason.FIRST_SHORT: 27,
    Reason.FIRST_SPELLED: 24,
    Reason.FIRST_INITIAL: 12,
    Reason.SAME_LAST: 30,
    Reason.LAST_SHARED: 26,
    Reason.LAST_SPELLED: 24,
    Reason.SAME_BIRTH: 40,
    Reason.BIRTH_NEAR: 15,
    Reason.OTHER_BIRTH: -30,
    Reason.SAME_PHONE: 50,
    Reason.SAME_EMAIL: 50,
}


@dataclass(frozen=True)
class Likeness:
    """How much speaks for one person, from 0 to 100, and what."""

    score: int
    reasons: tuple[Reason, ...] = ()

    @property
    def is_worth_asking(self) -> bool:
        return self.score >= WORTH_ASKING


def likeness(one: Described, other: Described) -> Likeness:
    """How alike two descriptions are. The same for either order of the two."""
    reasons = (*_names(one, other), *_births(one, other), *_reached(one, other))
    return Likeness(max(0, min(100, sum(POINTS[reason] for reason in reasons))), reasons)


def plain(name: str) -> tuple[str, ...]:
    """The words of a name without case, accents and punctuation: O'Brien-Núñez is obrien nunez."""
    letters = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))
    kept = (
        c if c.isalnum() else " " for c in letters if not unicodedata.combining(c) and c not in _RUN_TOGETHER
    )
    return tuple("".join(kept).split())


#: Letters that do not come apart into a plain one and a mark.
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
_RUN_TOGETHER = "'’‘`´ʼ."


def births_near(born_on: date) -> frozenset[date]:
    """The dates that one slip of the pen makes of this one: two digits swapped, one digit wrong, day for month."""
    written = born_on.isoformat().replace("-", "")
    slips = {written[:n] + written[n + 1] + written[n] + written[n + 2 :] for n in range(len(written) - 1)}
    slips |= {written[:n] + digit + written[n + 1 :] for n in range(len(written)) for digit in DIGITS}
    slips.add(written[:4] + written[6:] + written[4:6])
    return frozenset(day for slip in slips if (day := _date(slip)) is not None and day != born_on)


def _date(written: str) -> date | None:
    try:
        return date(int(written[:4]), int(written[4:6]), int(written[6:]))
    except ValueError:
        return None


def _births(one: Described, other: Described) -> Iterator[Reason]:
    if one.born_on is None or other.born_on is None:
        return
    if one.born_on == other.born_on:
        yield Reason.SAME_BIRTH
    elif one.born_on in births_near(other.born_on) or other.born_on in births_near(one.born_on):
        yield Reason.BIRTH_NEAR
    else:
        yield Reason.OTHER_BIRTH


def _reached(one: Described, other: Described) -> Iterator[Reason]:
    if one.phone and one.phone == other.phone:
        yield Reason.SAME_PHONE
    if one.email and one.email.casefold() == other.email.casefold():
        yield Reason.SAME_EMAIL


def _names(one: Described, other: Described) -> tuple[Reason, ...]:
    straight = _straight(one, other)
    swapped = _swapped(one, other) or _swapped(other, one)
    if swapped and sum(POINTS[reason] for reason in straight) < POINTS[Reason.SWAPPED]:
        return (Reason.SWAPPED,)
    return straight


def _straight(one: Described, other: Described) -> tuple[Reason, ...]:
    first, last = _firsts(one, other), _lasts(one, other)
    if first is Reason.SAME_FIRST and last is Reason.SAME_LAST:
        return (Reason.SAME_NAME,)
    if _whole(one) & _whole(other):
        return (Reason.SAME_NAME,)
    return tuple(reason for reason in (first, last) if reason is not None)


def _whole(one: Described) -> frozenset[str]:
    """Every way the whole name is written in one go: 李明 and 李 明, De La Cruz and Delacruz."""
    return frozenset(
        joined
        for given in (one.first, one.chosen)
        if given and (joined := "".join((*plain(given), *plain(one.last))))
    )


def _swapped(one: Described, other: Described) -> bool:
    given = {plain(name) for name in (one.first, one.chosen) if plain(name)}
    last = plain(one.last)
    others = {plain(name) for name in (other.first, other.chosen) if plain(name)}
    return bool(last) and plain(other.last) in given and last in others


def _firsts(one: Described, other: Described) -> Reason | None:
    ours, theirs = _given(one), _given(other)
    if ours & theirs:
        return Reason.SAME_FIRST
    if any(b in forms_of(a) for a in ours for b in theirs):
        return Reason.FIRST_SHORT
    if any(_misspelled(a, b) for a in ours for b in theirs):
        return Reason.FIRST_SPELLED
    if any(a[0] == b[0] and 1 in (len(a), len(b)) for a in ours for b in theirs):
        return Reason.FIRST_INITIAL
    return None


def _given(one: Described) -> frozenset[str]:
    """Each word that may stand first: María José may be María, or José."""
    return frozenset(
        word for name in (one.first, one.chosen) for word in (*plain(name), "".join(plain(name))) if word
    )


def _lasts(one: Described, other: Described) -> Reason | None:
    ours, theirs = plain(one.last), plain(other.last)
    if not ours and not theirs:
        # Who has one name has the whole of it in common.
        return Reason.SAME_LAST if _firsts(one, other) is Reason.SAME_FIRST else None
    if not ours or not theirs:
        return None
    if "".join(ours) == "".join(theirs) or sorted(ours) == sorted(theirs):
        return Reason.SAME_LAST
    if {*ours} & {*theirs} - _SMALL_WORDS:
        return Reason.LAST_SHARED
    if _misspelled("".join(ours), "".join(theirs)):
        return Reason.LAST_SPELLED
    return None


_SMALL_WORDS = frozenset(
    {"de", "del", "la", "las", "los", "el", "al", "van", "von", "der", "den", "da", "dos", "di", "y"}
)


def _misspelled(a: str, b: str) -> bool:
    if min(len(a), len(b)) < LETTERS_TO_MISSPELL:
        return False
    a, b = sorted((a, b))  # The matcher may answer otherwise for the other order.
    return SequenceMatcher(None, a, b, autojunk=False).ratio() >= ALIKE
