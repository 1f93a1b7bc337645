"""A definition is checked when it is read: a mistake is a sentence, never a wrong score."""

import copy
import json

import pytest

from stepwell.care.measures.library import INSTRUMENTS, instruments
from stepwell.care.measures.scoring import DefinitionError, Standing, load, parse

PHQ9 = json.loads((INSTRUMENTS / "phq9.json").read_text())


def changed(**changes):
    """PHQ-9 with something wrong: keys are paths such as `scoring__scores__0__max`."""
    raw = copy.deepcopy(PHQ9)
    for path, value in changes.items():
        *steps, last = [int(step) if step.isdigit() else step for step in path.split("__")]
        place = raw
        for step in steps:
            place = place[step]
        if value is None:
            del place[last]
        else:
            place[last] = value
    return raw


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"verdict": "ship_it"}, "phq9.json: verdict: is 'ship_it'; known are"),
        ({"items__0__type": "list"}, "phq9.json: items.phq9_1.type: is 'list', which is not known"),
        ({"scoring__percent": "half"}, "phq9.json: scoring.percent: cannot be read: 'half'"),
        ({"title": None}, "phq9.json: title: is missing"),
        ({"licence__text": ""}, "phq9.json: licence.text: is missing"),
        ({"items": []}, "phq9.json: items: is empty"),
        ({"items__1__id": "phq9_1"}, "phq9.json: items: phq9_1 is there twice"),
        ({"items__0__answers": []}, "phq9.json: items.phq9_1.answers: is empty"),
        ({"items__0__answers__1__value": 0}, "phq9.json: items.phq9_1.answers: has the same value twice"),
        ({"items__0__answers__1__value": 0.5}, "phq9.json: items.phq9_1.answers: 0.5 cannot be"),
        ({"items__9__enable_when": "sometimes"}, "phq9.json: items.phq9_10.enable_when: cannot be read"),
        ({"items__0__enable_when": "phq9_9 > 0"}, "phq9.json: items.phq9_1.enable_when: names a question"),
        ({"scoring__method": "guess"}, "phq9.json: scoring.method: is 'guess'; known are"),
        ({"scoring__missing__rule": "zero"}, "phq9.json: scoring.missing.rule: is 'zero'"),
        ({"scoring__scores__0__max": 28}, "phq9.json: scoring.scores.total: says 0 to 28, but its answers"),
        ({"scoring__scores__0__items__0": "phq9_0"}, "phq9.json: scoring.scores.total.items: phq9_0 is not"),
        ({"scoring__scores__0__min": "0"}, "phq9.json: scoring.scores.total.min: should be a whole number"),
        ({"bands__1__min": 6}, "phq9.json: bands: total: 'None-minimal' ends at 4 and 'Mild' starts at 6"),
        ({"bands__4__max": 26}, "phq9.json: bands: total: the bands do not cover 0 to 27"),
        ({"bands__0__score": "sum"}, "phq9.json: bands: sum is not a score"),
        ({"critical_items__0__item": "phq9_99"}, "phq9.json: critical_items[0].item: phq9_99 is neither"),
        ({"critical_items__0__action": ""}, "phq9.json: critical_items[0].action: is missing"),
        ({"bands": "none"}, "phq9.json: bands: should be a list of objects"),
        ({"scoring": []}, "phq9.json: scoring: should be an object"),
    ],
)  # fmt: skip
def test_a_bad_definition_is_refused_by_file_and_field(change, said):
    with pytest.raises(DefinitionError) as refusal:
        parse(changed(**change), file="phq9.json")
    assert str(refusal.value).startswith(said)


def test_a_file_that_is_not_json_is_refused_by_name(tmp_path):
    path = tmp_path / "phq9.json"
    path.write_text("{")
    with pytest.raises(DefinitionError, match=r"^phq9\.json: file: is not JSON"):
        load(path)


def test_a_file_must_carry_its_instruments_name(tmp_path):
    path = tmp_path / "other.json"
    path.write_text(json.dumps(PHQ9))
    with pytest.raises(DefinitionError, match=r"^other\.json: id: is 'phq9'"):
        load(path)


def test_every_instrument_kept_here_reads_and_may_be_shown_word_for_word():
    """Thirty-six, and none whose owner allows neither its words nor its counting here."""
    by_standing = {
        standing: {each.id for each in instruments().values() if each.standing is standing}
        for standing in Standing
    }
    assert len(by_standing[Standing.FREE]) == 26
    assert by_standing[Standing.CONDITIONAL] == {"ahc_hrsn_core", "audit", "dast10", "pacs"}
    assert by_standing[Standing.STRUCTURE] == {
        "bscs_structure", "dsm5_sud_checklist", "safety_plan_structure",
        "sows_structure", "urica24_structure", "whodas12_structure",
    }  # fmt: skip
    for each in instruments().values():
        assert each.licence.text
        assert each.sureness
        assert all(item.text for item in each.items)


def test_the_wording_that_its_owner_keeps_is_nowhere_here():
    withheld = {each.id for each in instruments().values() if each.is_withheld}
    assert withheld == {"bscs_structure", "sows_structure", "urica24_structure", "whodas12_structure"}
    for name in withheld:
        each = instruments()[name]
        assert each.instructions == each.stem == ""
        assert {item.text for item in each.items} == {"<text withheld: enter your licensed copy>"}


def test_what_only_some_sites_may_show_lies_in_a_folder_with_its_notice():
    folder = {Standing.FREE: ".", Standing.CONDITIONAL: "conditional", Standing.STRUCTURE: "structures"}
    for each in instruments().values():
        assert (INSTRUMENTS / folder[each.standing] / f"{each.id}.json").exists()
    notice = (INSTRUMENTS / "conditional" / "NOTICE.md").read_text()
    assert all(f"`{path.stem}`" in notice for path in (INSTRUMENTS / "conditional").glob("*.json"))


def test_questions_left_out_take_their_score_bands_and_flags_with_them():
    whole = instruments()["ahc_hrsn_core"]
    needs = whole.without({"hrsn_7", "hrsn_8", "hrsn_9", "hrsn_10"})
    assert [item.id for item in needs.items] == [f"hrsn_{n}" for n in range(1, 7)]
    assert (needs.scores, needs.bands, needs.critical) == ((), (), ())
    assert whole.without(()) == whole


def test_the_readme_names_licence_and_source_of_every_instrument():
    readme = (INSTRUMENTS / "README.md").read_text()
    for each in instruments().values():
        assert f"`{each.id}`" in readme, each.id
        row = next(line for line in readme.splitlines() if f"`{each.id}`" in line)
        assert each.source.split(".")[0].split(" ")[0] in row, each.id


def test_loinc_codes_come_with_the_loinc_notice():
    readme = (INSTRUMENTS / "README.md").read_text()
    assert any(each.carries_loinc for each in instruments().values())
    assert "This material contains content from LOINC" in readme


@pytest.mark.parametrize("instrument_id", ["phq9", "bam_iop", "cows"])
def test_change_and_version_travel_with_the_definition(instrument_id):
    definition = instruments()[instrument_id]
    assert definition.version
    assert len(definition.sha256) == 64
