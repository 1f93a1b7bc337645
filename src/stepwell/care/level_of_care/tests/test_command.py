"""`./stepwell level-of-care decide`: one case or many, and what is said of a file that cannot be decided."""

import json
from typing import Any

import pytest

from stepwell.care.level_of_care.command import main

STEADY: dict[str, Any] = {
    "edition": "4",
    "age": 34,
    "ratings": {
        domain: {"value": 1, "need": None}
        for domain in ("withdrawal", "physical", "mental", "danger", "living")
    },
    "facts": {},
}
DANGER = STEADY | {"ratings": STEADY["ratings"] | {"danger": {"value": 2, "need": None}}}


@pytest.fixture
def decide(tmp_path, capsys):
    def run(document):
        path = tmp_path / "case.json"
        if isinstance(document, bytes):
            path.write_bytes(document)
        else:
            path.write_text(document if isinstance(document, str) else json.dumps(document))
        code = main(["decide", str(path)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_one_case_gives_one_answer_in_the_agreed_form(decide):
    code, out, err = decide(DANGER)
    answer = json.loads(out)
    assert (code, err) == (0, "")
    assert list(answer) == [
        "status", "level", "hours", "medical", "co_occurring_enhanced", "recovery_residence",
        "medication_service", "withdrawal_route", "duties", "matched", "why_not_lower", "why_not_higher",
        "would_change", "missing", "ruleset",
    ]  # fmt: skip
    assert (answer["status"], answer["level"], answer["hours"]) == ("decided", "2.1", "9-19")
    assert list(answer["matched"][0]) == ["id", "because"]
    assert list(answer["ruleset"]) == ["id", "version", "sha256"]


def test_a_list_gives_a_list_in_its_order(decide):
    code, out, _ = decide([STEADY, DANGER])
    assert code == 0
    assert [answer["level"] for answer in json.loads(out)] == ["1.5", "2.1"]
    assert json.loads(decide([])[1]) == []
    assert isinstance(json.loads(decide([STEADY])[1]), list)


def test_the_same_file_gives_the_same_bytes(decide):
    assert decide([DANGER, STEADY])[1] == decide([DANGER, STEADY])[1]


def test_an_emergency_says_every_rule_and_what_to_do_and_no_level(decide):
    facts = {"seizure_today": True, "vitals": {"heart_rate": 130}, "minor_at_risk": True}
    answer = json.loads(decide(STEADY | {"facts": facts})[1])
    assert (answer["status"], answer["level"], answer["hours"]) == ("emergency", None, None)
    assert [matched["id"] for matched in answer["matched"]] == ["E4", "E5"]
    assert "call 911" in answer["matched"][0]["because"]
    assert answer["duties"] == ["mandated_report"]


def test_what_is_missing_is_named_by_its_path(decide):
    ratings = {name: rating for name, rating in DANGER["ratings"].items() if name != "living"}
    answer = json.loads(decide(DANGER | {"ratings": ratings})[1])
    assert (answer["status"], answer["level"], answer["missing"]) == (
        "cannot_determine",
        "2.1",
        ["ratings.living"],
    )


def test_of_a_minor_the_answer_says_that_the_third_edition_was_used(decide):
    answer = json.loads(decide(DANGER | {"age": 16})[1])
    assert (answer["level"], answer["hours"]) == ("2.1", "6-19")
    assert any("third-edition" in said for said in answer["would_change"])
    assert not any("third-edition" in said for said in json.loads(decide(DANGER)[1])["would_change"])


@pytest.mark.parametrize(
    ("document", "path"),
    [
        (STEADY | {"edition": "5"}, "edition"),
        (STEADY | {"sex": "f"}, "sex"),
        (STEADY | {"ratings": STEADY["ratings"] | {"mental": {"value": 3, "need": None}}}, "ratings.mental.need"),
        (STEADY | {"ratings": STEADY["ratings"] | {"soul": {"value": 1}}}, "ratings.soul"),
        (STEADY | {"facts": {"mood": 1}}, "facts.mood"),
        (STEADY | {"facts": {"vitals": {"heart_rate": True}}}, "facts.vitals.heart_rate"),
        ('{"facts": {"vitals": {"spo2": NaN}}}', "facts.vitals.spo2"),
        ('{"facts": {"vitals": {"spo2": 1e999}}}', "facts.vitals.spo2"),
        ('{"facts": {"pregnant": false, "pregnant": true}}', "facts.pregnant"),
        ('{"ratings": {"mental": {"value": 1, "value": 4}}}', "ratings.mental.value"),
        ('{"age": ' + "9" * 5000 + "}", "age"),
        ([STEADY, STEADY | {"age": -4}], "[1].age"),
        ([STEADY, None], "[1]"),
        ("null", "case"),
        ('{"ratings": ' + "[" * 800 + "]" * 800 + "}", "ratings"),
    ],
)  # fmt: skip
def test_a_wrong_field_is_an_error_with_its_path_and_nothing_else_is_printed(decide, document, path):
    code, out, err = decide(document)
    assert (code, out) == (2, "")
    assert err.startswith(f"stepwell level-of-care decide: {path}: ")
    assert len(err.splitlines()) == 1
    assert len(err) < 800


def test_each_wrong_field_has_its_own_line(decide):
    _, _, err = decide({"edition": 4, "age": "34", "facts": {"pawss": 11, "delirium": "no"}})
    assert len(err.splitlines()) == 4


def test_what_somebody_hostile_wrote_is_said_without_its_effects(decide):
    code, out, err = decide('{"facts": {"\\u001b[2J\\n\\ud800O\'Brien-Núñez": 1}}')
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert "\x1b" not in err


@pytest.mark.parametrize(
    ("content", "because"),
    [
        (b"", "it is empty"),
        (b"  \n", "it is empty"),
        (b"{", "it is not JSON"),
        (b"ratings: 1", "it is not JSON"),
        (b"\xff\xfe{}", "it is not text in UTF-8"),
        (b"[" * 100_000, "too deep"),
    ],
)
def test_a_file_that_is_no_case_is_an_error_of_one_sentence(decide, content, because):
    code, out, err = decide(content)
    assert (code, out) == (2, "")
    assert because in err
    assert len(err.splitlines()) == 1


def test_a_file_that_cannot_be_opened_is_an_error_of_one_sentence(tmp_path, capsys):
    for name in ("nowhere.json", "."):
        assert main(["decide", str(tmp_path / name)]) == 2
        said = capsys.readouterr()
        assert said.out == ""
        assert "cannot read" in said.err


def test_what_is_asked_wrongly_is_told(capsys):
    assert main([]) == 2
    assert main(["decide"]) == 2
    assert main(["decide", "--help"]) == 0
    capsys.readouterr()
