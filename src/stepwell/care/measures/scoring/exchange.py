"""The exchange form of `./stepwell measures score`: cases in, results out.

One case that cannot be scored is an `invalid` result that says why; the others are scored all the same.
"""

import json
from collections.abc import Mapping

from stepwell.care.measures.scoring.definitions import Definition, Json
from stepwell.care.measures.scoring.scorer import Status, score
from stepwell.ground.kit import given_json
from stepwell.ground.kit.given_json import shown


def read(content: bytes) -> list[Json]:
    """The cases of a file. Raises Unreadable."""
    document = given_json.read(content)
    cases = document.get("cases") if isinstance(document, dict) else None
    if not isinstance(cases, list):
        raise given_json.Unreadable('it should hold an object with a list of "cases"')
    return cases


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
