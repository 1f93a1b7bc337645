"""Worked cases: answers, and what their instrument's published rule makes of them."""

import json
from pathlib import Path

import pytest

from stepwell.care.measures.library import instruments
from stepwell.care.measures.scoring import exchange

CASES = json.loads((Path(__file__).parent / "cases.json").read_text())["cases"]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_worked_case_scores_as_worked(case):
    result = exchange.result(case, instruments())
    assert {field: result.get(field, "absent") for field in case["expected"]} == case["expected"]


def test_every_instrument_that_sums_has_a_worked_case():
    worked = {case["instrument"] for case in CASES}
    without = {each.id for each in instruments().values() if each.bands} - worked
    assert without == set()
