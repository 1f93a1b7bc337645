"""Every word of every definition is read, or known not to be, with the reason."""

import json
from typing import Any

import pytest

from stepwell.care.measures.library import INSTRUMENTS, instruments
from stepwell.care.measures.scoring import parse

FILES = sorted(INSTRUMENTS.rglob("*.json"))

#: What the reader passes over, and why nothing is lost.
PASSED_OVER = {
    "change.csc_threshold": "PCL-5's end state of 28 is said in change.source, which is shown; no score depends on it",
    "change.verified": "the source in words says what was seen and what is from memory",
    "items.group": "a heading for the 11 criteria; the count does not use it",
    "items.part": "TAPS part 1 or 2: what is asked follows from enable_when",
    "items.short": "a short name of a criterion; the whole sentence is shown",
    "items.window": "the time a Columbia question is about: said in its wording or in recall_period",
    "scoring.deciles.format": "says how the rows of the table are written, which is how they are read",
    "scoring.deciles.labels": "words for five of the nine deciles; the decile itself is given",
    "scoring.item_transform.income_item": "said again by scale_value in the answers of that item",
    "scoring.item_transform.income_map": "said again by scale_value in the answers of that item",
    "scoring.item_transform.note": "words about the transform",
    "scoring.missing.formula": "the one formula there is; see test_there_is_one_formula",
    "scoring.missing.if_exceeded": "what the engine does beyond the limit: no total, and bounds",
    "scoring.missing.if_missing": "what the engine does under this rule, in words",
    "scoring.missing.rounding": "half up, everywhere",
    "scoring.missing.verified": "the source in words says what was seen and what is from memory",
    "scoring.reverse_items": "their answers carry the reversed values already",
    "scoring.reverse_note": "words about the reversed values",
    "scoring.skip_rules_verified": "the note beside AUDIT's skip rules; the definition's sureness covers it",
    "scoring.total": "always null: an instrument without a total score has none in `scores`",
}


class Watched(dict[str, Any]):
    """An object of a definition that knows which of its names were looked at."""

    def __init__(self, raw: dict[str, Any], place: str, seen: set[str]) -> None:
        super().__init__({name: watched(value, f"{place}{name}", seen) for name, value in raw.items()})
        self.place, self.seen = place, seen

    def get(self, name: str, default: Any = None) -> Any:
        self.seen.add(f"{self.place}{name}")
        return super().get(name, default)

    def __getitem__(self, name: str) -> Any:
        self.seen.add(f"{self.place}{name}")
        return super().__getitem__(name)


def watched(value: Any, place: str, seen: set[str]) -> Any:
    if isinstance(value, dict):
        return Watched(value, f"{place}." if place else "", seen)
    return [watched(each, place, seen) for each in value] if isinstance(value, list) else value


#: Objects whose names are data and not keys.
TABLES = ("verification", "scoring.positive", "scoring.deciles.table", "scoring.item_transform.map")


def names(value: Any, place: str = "") -> set[str]:
    if isinstance(value, list):
        return set().union(*(names(each, place) for each in value))
    if not isinstance(value, dict) or place in (
        *TABLES,
        "scoring.item_transform.income_map",
        "scoring.deciles.labels",
    ):
        return set()
    inner = {f"{place}.{name}" if place else name: each for name, each in value.items()}
    return set(inner).union(*(names(each, name) for name, each in inner.items()))


def test_every_name_in_every_definition_is_read_or_passed_over_with_a_reason():
    there: set[str] = set()
    seen: set[str] = set()
    for path in FILES:
        raw = json.loads(path.read_text())
        there |= names(raw)
        parse(watched(raw, "", seen))
    assert there - seen == set(PASSED_OVER)


def test_no_definition_has_a_grand_total_where_the_engine_makes_none():
    for path in FILES:
        scoring = json.loads(path.read_text())["scoring"]
        assert scoring.get("total") is None


def test_there_is_one_formula():
    found = {json.loads(path.read_text())["scoring"]["missing"].get("formula") for path in FILES}
    assert found == {None, "round_half_up(sum_answered * n_items / n_answered)"}


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_reversed_items_carry_their_reversed_values_already(path):
    raw = json.loads(path.read_text())
    reverse = set(raw["scoring"]["reverse_items"])
    first = {item["id"]: [answer["value"] for answer in item["answers"]] for item in raw["items"]}
    for item in reverse:
        others = next(
            values
            for other, values in first.items()
            if other not in reverse and len(values) == len(first[item])
        )
        worded = {i["id"]: [answer["label"] for answer in i["answers"]] for i in raw["items"]}
        same_words = next(
            labels
            for other, labels in worded.items()
            if other not in reverse and len(labels) == len(first[item])
        )
        by_label = dict(zip(worded[item], first[item], strict=True))
        assert [by_label[label] for label in same_words] == list(reversed(others))


def test_the_income_answers_of_the_monthly_form_are_worth_what_its_transform_says():
    transform = json.loads((INSTRUMENTS / "bam_r.json").read_text())["scoring"]["item_transform"]
    income = instruments()["bam_r"].item(transform["income_item"])
    assert {income.label_of(value): income.worth(value) for value in (0, 4)} == transform["income_map"]
