"""The exchange form of `./stepwell measures score`: cases in, results out.

One case that cannot be scored is an `invalid` result that says why; the others are scored all the same.
"""

from collections.abc import Mapping

from stepwell.care.measures.scoring.definitions import Definition, Json
from stepwell.care.measures.scoring.scorer import Status, score


def results(document: Json, instruments: Mapping[str, Definition]) -> dict[str, Json]:
    """Raises ValueError when the document is not a list of cases."""
    cases = document.get("cases") if isinstance(document, dict) else None
    if not isinstance(cases, list):
        raise ValueError('should hold an object with a list of "cases"')
    return {"results": [result(case, instruments) for case in cases]}


def result(case: Json, instruments: Mapping[str, Definition]) -> dict[str, Json]:
    if not isinstance(case, dict):
        return _invalid(None, None, f"a case should be an object, and this is {case!r}")
    case_id, name = case.get("id"), case.get("instrument")
    if not isinstance(name, str) or name not in instruments:
        return _invalid(case_id, name, f"instrument: {name!r} is not one of ours")
    responses, context = case.get("responses"), case.get("context")
    if not isinstance(responses, dict):
        return _invalid(case_id, name, "responses: should be an object of items and values")
    if context is not None and not isinstance(context, dict):
        return _invalid(case_id, name, "context: should be an object")
    return {"id": case_id} | score(instruments[name], responses, context).to_dict()


def _invalid(case_id: Json, instrument: Json, error: str) -> dict[str, Json]:
    answer: dict[str, Json] = {"id": case_id, "instrument": instrument, "status": Status.INVALID.value}
    return answer | {"bounds": {}, "flags": [], "warnings": [], "missing": [], "error": error}
