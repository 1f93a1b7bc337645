"""When two lines are the same words, whatever the case, the punctuation and the spaces.

Text copied from one person's note to the next says nothing about either, and payers refuse it.
"""

import re
import unicodedata
from collections import Counter

#: Two lines are alike from here on: of all their words, counted one by one, at least this part is shared
#: (Dice's measure, 2 x shared / all). One word in five may differ and it is still a copy: "Wrote a plan for
#: Thursday: arrive late, leave by 7" and "Wrote plan for Thursday, arrive late and leave by 7" share 0.9. Two people
#: who did the same exercise with their own numbers ("Practiced; craving 6 to 2", "Practiced; craving 8 to 3")
#: share 0.6, and are left alone.
ALIKE_FROM = 0.8

# A copy with the pronouns turned is a copy.
_PRONOUNS = {
    **dict.fromkeys(("he", "she", "they"), "they"),
    **dict.fromkeys(("him", "her", "them"), "them"),
    **dict.fromkeys(("his", "hers", "their", "theirs"), "them"),
    **dict.fromkeys(("himself", "herself", "themself", "themselves"), "themself"),
}
_WORD = re.compile(r"[^\W_]+")


def plain(text: str) -> str:
    """Lower case, without accents."""
    # Folding can bring a mark in (İ), so the marks are taken out last.
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return "".join(letter for letter in folded if not unicodedata.combining(letter))


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text, without case, accents, punctuation and spaces; an apostrophe joins."""
    return tuple(_WORD.findall(re.sub(r"['’ʼ]", "", plain(text))))


def says_something(text: str) -> bool:
    """Whether there is a word in it: a dot, a dash or a number alone is not a line."""
    return any(letter.isalpha() for letter in text)


def likeness(a: str, b: str) -> float:
    """How much of two texts is shared, from 0 to 1."""
    ours, theirs = _counted(a), _counted(b)
    together = ours.total() + theirs.total()
    return 2 * (ours & theirs).total() / together if together else 0.0


def are_alike(a: str, b: str) -> bool:
    """Whether two lines are the same words, or nearly."""
    return likeness(a, b) >= ALIKE_FROM


def _counted(text: str) -> Counter[str]:
    return Counter(_PRONOUNS.get(word, word) for word in words_of(text))
