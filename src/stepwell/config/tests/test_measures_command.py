"""`./stepwell measures`: list and score."""

import json
from typing import Any

import pytest

from stepwell.config.cli.measures import main


def scored(tmp_path, capsys, document):
    path = tmp_path / "answers.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    code = main(["score", str(path)])
    captured = capsys.readouterr()
    return code, (json.loads(captured.out) if captured.out else None), captured.err


def test_list_names_every_instrument_with_its_licence(capsys):
    assert main(["list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 37
    assert any(line.startswith("phq9 ") and line.endswith("free") for line in lines)
    assert any(line.startswith("audit ") and line.endswith("conditional") for line in lines)
    assert any(line.startswith("whodas12_structure ") and line.endswith("structure") for line in lines)


def test_score_prints_a_result_for_each_case_in_order(tmp_path, capsys):
    cases = [
        {"id": "a", "instrument": "phq2", "responses": {"phq2_1": 2, "phq2_2": 1}},
        {"id": "b", "instrument": "phq2", "responses": {"phq2_1": 7}},
        {"id": "c", "instrument": "horoscope", "responses": {}},
    ]
    code, document, _ = scored(tmp_path, capsys, {"cases": cases})
    assert code == 0
    assert [(result["id"], result["status"]) for result in document["results"]] == [
        ("a", "scored"), ("b", "invalid"), ("c", "invalid"),
    ]  # fmt: skip
    assert document["results"][0]["total"] == 3
    assert "phq2_1" in document["results"][1]["error"]
    assert "horoscope" in document["results"][2]["error"]
    assert all(result["flags"] == [] for result in document["results"])


def test_a_case_that_is_no_case_is_invalid_and_the_others_are_scored(tmp_path, capsys):
    cases = [
        "?",
        {"id": 1, "instrument": "phq2"},
        {"id": 2, "instrument": "phq2", "responses": {}, "context": 3},
    ]
    code, document, _ = scored(tmp_path, capsys, {"cases": cases})
    assert code == 0
    assert [result["status"] for result in document["results"]] == ["invalid"] * 3


def test_a_file_that_is_not_there_is_an_error_of_one_sentence(tmp_path, capsys):
    for name in ("nowhere.json", "."):
        assert main(["score", str(tmp_path / name)]) == 2
        said = capsys.readouterr().err
        assert said.startswith("stepwell measures score: cannot read ")
        assert said.count("\n") == 1


@pytest.mark.parametrize(
    ("content", "because"),
    [
        (b"", "it is empty"),
        (b" \n", "it is empty"),
        (b"{", "it is not JSON"),
        (b"[]", 'an object with a list of "cases"'),
        (b"3", 'an object with a list of "cases"'),
        (b'{"Cases": []}', 'an object with a list of "cases"'),
        (b'{"cases": 3}', 'an object with a list of "cases"'),
        (b'{"cases": {"id": "a"}}', 'an object with a list of "cases"'),
        (b'{"cases": [], "cases": []}', 'an object with a list of "cases"'),
        (b"[" * 100_000, "too deep"),
        (b'{"cases": [{"id": "\xff"}]}', "not text in UTF-8"),
        ('{"cases": []}'.encode("utf-16"), "not text in UTF-8"),
    ],
)  # fmt: skip
def test_a_file_without_cases_is_an_error_of_one_sentence(tmp_path, capsys, content, because):
    path = tmp_path / "answers.json"
    path.write_bytes(content)
    assert main(["score", str(path)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert because in said.err
    assert said.err.count("\n") == 1


def test_no_cases_give_no_results(tmp_path, capsys):
    assert scored(tmp_path, capsys, {"cases": []})[:2] == (0, {"results": []})


def test_a_mark_of_byte_order_does_not_matter(tmp_path, capsys):
    cases = '{"cases": [{"id": "a", "instrument": "phq2", "responses": {}}]}'
    code, document, _ = scored(tmp_path, capsys, f"\ufeff{cases}")
    assert (code, document["results"][0]["status"]) == (0, "incomplete")


NO_NUMBERS = [
    "NaN",
    "Infinity",
    "-Infinity",
    "1e999",
    "1" * 5000,
    "1.5",
    '"2"',
    "true",
    "[" * 200 + "]" * 200,
]


@pytest.mark.parametrize("number", NO_NUMBERS)
def test_a_number_that_is_none_spoils_its_own_case_only(tmp_path, capsys, number):
    fine = '{"id": "fine", "instrument": "phq2", "responses": {"phq2_1": 1, "phq2_2": 1}}'
    spoilt = f'{{"id": "spoilt", "instrument": "phq2", "responses": {{"phq2_1": {number}, "phq2_2": 1}}}}'
    code, document, _ = scored(tmp_path, capsys, f'{{"cases": [{spoilt}, {fine}]}}')
    assert code == 0
    assert [result["status"] for result in document["results"]] == ["invalid", "scored"]
    assert document["results"][0]["error"].startswith("phq2_1: ")
    assert len(document["results"][0]["error"]) < 300


def test_an_id_that_is_no_word_or_number_is_not_given_back(tmp_path, capsys):
    cases = '[{"id": NaN, "instrument": "phq2", "responses": {}}, {"id": {"a": []}}]'
    code, document, _ = scored(tmp_path, capsys, f'{{"cases": {cases}}}')
    assert code == 0
    assert [result["id"] for result in document["results"]] == ["NaN", None]


def test_an_id_that_is_there_twice_stands_for_the_first_case(tmp_path, capsys):
    low, high = ({"id": "a", "instrument": "phq2", "responses": {"phq2_1": n, "phq2_2": n}} for n in (0, 3))
    _, document, _ = scored(tmp_path, capsys, {"cases": [low, high, high | {"id": "b"}, high | {"id": None}]})
    assert [result["status"] for result in document["results"]] == ["scored", "invalid", "scored", "scored"]
    assert document["results"][1]["error"] == "id: 'a' is there twice"


def test_an_answer_given_twice_is_no_answer(tmp_path, capsys):
    """JSON would keep the later one without a word, and the earlier might be the one that matters."""
    twice = '{"id": "a", "instrument": "phq2", "responses": {"phq2_1": 3, "phq2_1": 0, "phq2_2": 0}}'
    _, document, _ = scored(tmp_path, capsys, f'{{"cases": [{twice}]}}')
    assert document["results"][0]["status"] == "invalid"
    assert "3 and 0, given twice" in document["results"][0]["error"]


def test_letters_of_every_kind_come_back(tmp_path, capsys):
    name = "O'Brien-Núñez \ud800"
    case = {"id": name, "instrument": "phq2", "responses": {}}
    _, document, _ = scored(tmp_path, capsys, {"cases": [case]})
    assert document["results"][0]["id"] == name


def test_every_result_has_a_status_and_lists_whatever_came(tmp_path, capsys):
    hostile: list[Any] = [None, 3, "?", [], {}, {"instrument": ["phq9"]}, {"instrument": "phq9", "responses": []},
               {"instrument": "phq9", "responses": {"phq9_1": None}, "context": []},
               {"instrument": "phq9", "responses": {"'; DROP TABLE": 1}}]  # fmt: skip
    code, document, _ = scored(tmp_path, capsys, {"cases": hostile})
    assert code == 0
    for result in document["results"]:
        assert result["status"] == "invalid"
        assert result["flags"] == result["warnings"] == []
        assert result["bounds"] == {}
        assert result["error"]


@pytest.mark.parametrize("words", [["guess"], [], ["score"], ["score", "a.json", "b.json"], ["list", "phq9"]])
def test_what_it_does_not_understand_is_said_as_every_verb_says_it(capsys, words):
    with pytest.raises(SystemExit) as stopped:
        main(words)
    assert stopped.value.code == 2
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith("./stepwell measures")
    assert second.startswith("Type './stepwell measures") and second.endswith("--help' to see what it takes.")
