"""What somebody typed to find a person: parts of a name, a birth date, the end of a phone number, a record number."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from stepwell.trust.people.rules.likeness import plain
from stepwell.trust.people.rules.nicknames import forms_of

LONGEST = 80
MOST_WORDS = 6
#: Fewer letters or digits than these name half of a center.
LETTERS = 2
DIGITS = 4
#: A word this unlike every word of a name is not a slip of the pen for one. [D] Mya and Maya 0.86, Jonh and John 0.75.
A_SLIP = 0.74

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED = "|".join(_MONTHS)
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?!\d)")
_MONTH_NAMED = re.compile(rf"\b({_NAMED})[a-z]*\.? (\d{{1,2}}),? (\d{{4}})\b", re.IGNORECASE)
_DAY_FIRST = re.compile(rf"\b(\d{{1,2}}) ({_NAMED})[a-z]*\.?,? (\d{{4}})\b", re.IGNORECASE)
_PHONE = re.compile(r"\+?[\d()][\d ().-]*\d")


@dataclass(frozen=True)
class Typed:
    whole: str
    words: tuple[str, ...] = ()
    born_on: date | None = None
    #: The digits, when what is left besides a birth date is a number.
    digits: str = ""

    @property
    def says_enough(self) -> bool:
        return bool(self.words or self.born_on or self.digits)


def read(typed: str, today: date) -> Typed:
    """Digits, dates and words, each in the usual ways of writing them. A year of two digits is in the past."""
    whole = " ".join(typed.replace("\x00", "").split())[:LONGEST]
    rest, born_on = _birth(whole, today)
    if (number := _PHONE.fullmatch(rest)) is not None:
        digits = "".join(filter(str.isdigit, number.group()))
        if len(digits) >= DIGITS and digits.isascii():
            return Typed(whole, (), born_on, digits)
    words = plain(rest)
    # A single letter narrows; by itself it is half of the center. One sign of Chinese is a name.
    if not any(len(word) >= LETTERS or not word.isascii() for word in words):
        words = ()
    return Typed(whole, words[:MOST_WORDS], born_on)


def _birth(typed: str, today: date) -> tuple[str, date | None]:
    for pattern, order in (
        (_YEAR_FIRST, (0, 1, 2)),
        (_YEAR_LAST, (2, 0, 1)),
        (_MONTH_NAMED, (2, 0, 1)),
        (_DAY_FIRST, (2, 1, 0)),
    ):
        if (found := pattern.search(typed)) is None:
            continue
        year, month, day = (_number(found.groups()[at]) for at in order)
        if month > 12 >= day:
            # Written with the day first: 23/4/1990 can be no other.
            month, day = day, month
        if year < 100:
            year += 2000 if 2000 + year <= today.year else 1900
        try:
            born_on = date(year, month, day)
        except ValueError:
            continue
        return " ".join((typed[: found.start()] + " " + typed[found.end() :]).split()), born_on
    return typed, None


def _number(part: str) -> int:
    return int(part) if part.isdecimal() else _MONTHS.index(part.casefold()) + 1


def nearness(words: Iterable[str], *names: str) -> float:
    """How well a name answers to what was typed, from 0 (not at all) to 1; by the word that fits worst."""
    parts = [part for name in names for part in plain(name)]
    return min((max((_fit(word, part) for part in parts), default=0.0) for word in words), default=0.0)


def _fit(word: str, part: str) -> float:
    if word == part:
        return 1.0
    if part.startswith(word):
        return 0.95
    if len(word) > LETTERS and word in part:
        return 0.9
    if part in forms_of(word):
        return 0.85
    a, b = sorted((word, part))  # The matcher may answer otherwise for the other order.
    alike = SequenceMatcher(None, a, b, autojunk=False).ratio()
    return alike * 0.8 if min(len(a), len(b)) >= 3 and alike >= A_SLIP else 0.0
