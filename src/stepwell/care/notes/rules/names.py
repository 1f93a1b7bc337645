"""Whether a text names somebody of the group. Each member is a secret from the others.

Names are found in any case, with or without accents, as whole words. A name that is also an everyday word is found
only with a capital letter (see ``everyday_words``); at the start of a sentence that stops some innocent text, and
the writer can begin it with another word.
"""

import re
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass

from stepwell.care.notes.rules.everyday_words import EVERYDAY_WORDS
from stepwell.care.notes.rules.likeness import plain

#: Shorter than this, a name counts as an everyday word ("Al", "Jo"), and one letter is an initial, not a name.
LONG_ENOUGH = 3

#: What hangs on a name after an apostrophe: 's, 'd, 'll.
LONGEST_ENDING = 2

#: Little words inside names, which name nobody alone.
_PARTICLES = frozenset(
    [
        "de",
        "del",
        "della",
        "der",
        "den",
        "di",
        "da",
        "das",
        "dos",
        "du",
        "el",
        "la",
        "las",
        "le",
        "les",
        "los",
    ]
).union(["van", "von", "y", "bin", "ibn", "al"])

_APOSTROPHES = "'’ʼ`´"
# A word with the apostrophes inside it: O'Neil, Brianna's.
_WORD = re.compile(rf"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f]|[{_APOSTROPHES}](?=[^\W\d_]))*")


@dataclass(frozen=True)
class Member:
    """Somebody of the group, with every name they go by: given, chosen, family."""

    key: Hashable
    names: tuple[str, ...]


@dataclass(frozen=True)
class Named:
    """Somebody was named: the word as it was written, and who goes by it."""

    word: str
    member: Member


def named_in(text: str, members: Iterable[Member], *, own: Member | None = None) -> tuple[Named, ...]:
    """Everybody of the group whom the text names, in the order of the text. One's own names are no secret."""
    free = frozenset(_parts(own.names)) if own else frozenset()
    others = [
        (member, [name for name in _parts(member.names) if name not in free])
        for member in members
        if own is None or member.key != own.key
    ]
    found: dict[tuple[str, Hashable], Named] = {}
    for word in _WORD.findall(text):
        said = _spoken(word)
        for member, names in others:
            for name in names:
                if _is(name, said, word):
                    found.setdefault((name, member.key), Named(_shown(word, name), member))
    return tuple(found.values())


def _spoken(word: str) -> frozenset[str]:
    """The word as a name may stand in it: without its apostrophes, and without what hangs on it ("Brianna's")."""
    pieces = re.split(rf"[{_APOSTROPHES}]", plain(word))
    whole = "".join(pieces)
    if len(pieces) > 1 and len(pieces[-1]) <= LONGEST_ENDING:
        return frozenset({whole, "".join(pieces[:-1])})
    return frozenset({whole})


def _is(name: str, said: frozenset[str], word: str) -> bool:
    if name in EVERYDAY_WORDS or len(name) < LONG_ENOUGH:
        return name in said and not word[0].islower()
    # "Briannas plan" was meant to have an apostrophe.
    return name in said or name + "s" in said


def _shown(word: str, name: str) -> str:
    """The name in the word, without what hangs on it."""
    begin = re.split(rf"[{_APOSTROPHES}]", word)[0]
    return begin if plain(begin) == name else word


def _parts(names: Iterable[str]) -> Iterator[str]:
    """Every word of the names that names somebody alone, and a name of several words written as one."""
    for name in names:
        words = [plain(re.sub(rf"[{_APOSTROPHES}]", "", word)) for word in _WORD.findall(name)]
        telling = [word for word in words if word not in _PARTICLES]
        alone = words if len(words) == 1 else [*telling, "".join(words)]
        yield from (word for word in alone if len(word) > 1)
