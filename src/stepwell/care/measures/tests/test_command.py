"""`./stepwell measures`: list and score."""

import json

from stepwell.care.measures.command import main


def scored(tmp_path, capsys, document):
    path = tmp_path / "answers.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    code = main(["score", str(path)])
    captured = capsys.readouterr()
    return code, (json.loads(captured.out) if captured.out else None), captured.err


def test_list_names_every_instrument_with_its_licence(capsys):
    assert main(["list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 27
    assert any(line.startswith("phq9 ") and line.endswith("free") for line in lines)


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


def test_a_file_that_cannot_be_read_is_an_error(tmp_path, capsys):
    assert main(["score", str(tmp_path / "nowhere.json")]) == 2
    assert "nowhere.json" in capsys.readouterr().err
    for content in ("{", "[]", '{"cases": 3}', "[" * 100_000):
        code, _, said = scored(tmp_path, capsys, content)
        assert code == 2
        assert "cannot read" in said


def test_an_unknown_verb_says_how_to_ask(capsys):
    assert main(["guess"]) == 2
    assert "list" in capsys.readouterr().err
