"""JSON as somebody gave it to a command: read without hiding what is wrong in it, and said short in an error."""

import json
import math
import reprlib
from dataclasses import dataclass
from typing import Any

LONGEST_NUMBER = 30

_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = _SHORT.maxlong = 60


class Unreadable(ValueError):
    """The file itself is not what it should be. Says why, as the end of a sentence."""


@dataclass(frozen=True)
class GivenTwice:
    """Two values under one name: which of them was meant cannot be known, so it is no value at all."""

    values: tuple[Any, ...]

    def __repr__(self) -> str:
        return f"{' and '.join(shown(value) for value in self.values)}, given twice,"


def read(content: bytes) -> Any:
    """What a file says. A number that is none (NaN, 1e999) comes back as its text. Raises Unreadable."""
    if not content.strip():
        raise Unreadable("it is empty")
    try:
        return json.loads(
            content.decode("utf-8-sig"),
            object_pairs_hook=_object,
            parse_constant=str,
            parse_float=_number,
            parse_int=_whole_number,
        )
    except UnicodeDecodeError:
        raise Unreadable("it is not text in UTF-8") from None
    except RecursionError:
        raise Unreadable("its lists and objects lie too deep in one another") from None
    except ValueError as error:
        raise Unreadable(f"it is not JSON ({error})") from None


def shown(value: Any) -> str:
    """A value as an error says it: short, however long or deep it was."""
    return _SHORT.repr(value)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            earlier = found[name].values if isinstance(found[name], GivenTwice) else (found[name],)
            value = GivenTwice((*earlier, value))
        found[name] = value
    return found


def _number(text: str) -> float | str:
    """A number as such, or the text of one that no answer can be: 1e999 has no place in a result."""
    return value if math.isfinite(value := float(text)) else text


def _whole_number(text: str) -> int | str:
    return int(text) if len(text) <= LONGEST_NUMBER else text
