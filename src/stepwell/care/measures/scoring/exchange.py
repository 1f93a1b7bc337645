"""The exchange form of `./stepwell measures score`: cases in, results out.

One case that cannot be scored is an `invalid` result that says why; the others are scored all the same.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass

from stepwell.care.measures.scoring.answers import shown
from stepwell.care.measures.scoring.definitions import Definition, Json
from stepwell.care.measures.scoring.scorer import Status, score

LONGEST_NUMBER = 30


class Unreadable(ValueError):
    """The file itself is no list of cases. Says why, as the end of a sentence."""


@dataclass(frozen=True)
class GivenTwice:
    """Two values under one name: which of them was meant cannot be known, so it is no answer at all."""

    values: tuple[Json, ...]

    def __repr__(self) -> str:
        return f"{' and '.join(shown(value) for value in self.values)}, given twice,"


def read(content: bytes) -> list[Json]:
    """The cases of a file. Raises Unreadable."""
    if not content.strip():
        raise Unreadable("it is empty")
    try:
        document = json.loads(
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
    cases = document.get("cases") if isinstance(document, dict) else None
    if not isinstance(cases, list):
        raise Unreadable('it should hold an object with a list of "cases"')
    return cases


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for name, value in pairs:
        if name in found:
            earlier = found[name].values if isinstance(found[name], GivenTwice) else (found[name],)
            value = GivenTwice((*earlier, value))
        found[name] = value
    return found


def _number(text: str) -> Json:
    """A number as such, or the text of one that no answer can be: 1e999 has no place in a result."""
    return value if math.isfinite(value := float(text)) else text


def _whole_number(text: str) -> Json:
    return int(text) if len(text) <= LONGEST_NUMBER else text


def results(cases: list[Json], instruments: Mapping[str, Definition]) -> dict[str, Json]:
    """A result for each case, in order. An id stands for one case only: the later ones are refused."""
    found: list[dict[str, Json]] = []
    seen: set[str] = set()
    for case in cases:
        case_id = case.get("id") if isinstance(case, dict) else None
        key = json.dumps(case_id) if isinstance(case_id, str | int | float) else ""
        if key and key in seen:
            found.append(_invalid(case_id, case.get("instrument"), f"id: {shown(case_id)} is there twice"))
            continue
        seen.add(key)
        found.append(result(case, instruments))
    return {"results": found}


def result(case: Json, instruments: Mapping[str, Definition]) -> dict[str, Json]:
    if not isinstance(case, dict):
        return _invalid(None, None, f"a case should be an object, and this is {shown(case)}")
    case_id, name = case.get("id"), case.get("instrument")
    if not isinstance(case_id, str | int | float | None):
        return _invalid(case_id, name, f"id: {shown(case_id)} should be words or a number")
    if not isinstance(name, str) or name not in instruments:
        return _invalid(case_id, name, f"instrument: {shown(name)} is not one of ours")
    responses, context = case.get("responses"), case.get("context")
    if not isinstance(responses, dict):
        return _invalid(case_id, name, "responses: should be an object of items and values")
    if context is not None and not isinstance(context, dict):
        return _invalid(case_id, name, "context: should be an object")
    return {"id": case_id} | score(instruments[name], responses, context).to_dict()


def _invalid(case_id: Json, instrument: Json, error: str) -> dict[str, Json]:
    """`id` and `instrument` are given back as they came, where they are words or numbers."""
    plain = [value if isinstance(value, str | int | float) else None for value in (case_id, instrument)]
    answer: dict[str, Json] = {"id": plain[0], "instrument": plain[1], "status": Status.INVALID.value}
    return answer | {"total": None, "bounds": {}, "flags": [], "warnings": [], "missing": [], "error": error}
