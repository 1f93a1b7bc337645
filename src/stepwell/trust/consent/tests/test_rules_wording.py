"""What a person reads before they sign: whole, in both languages, in easy words, and the same for ever."""

import json
from dataclasses import asdict, replace
from hashlib import sha256
from pathlib import Path

import pytest

from stepwell.ground.web.words import ease_in_spanish, grade, harmful
from stepwell.trust.consent.rules.elements import missing_elements, needed_statements
from stepwell.trust.consent.rules.notices import STATEMENT_1, STATEMENT_2
from stepwell.trust.consent.rules.vocabulary import Expiry, Purpose, Segment
from stepwell.trust.consent.rules.wording import CURRENT, LANGUAGES, VERSIONS, Place, Wording, compose
from stepwell.trust.consent.tests.test_rules_elements import (
    COURT,
    EXCHANGE,
    NOVEMBER_23,
    REGISTRY,
    SISTER,
    WHOLE,
)

PLACE = Place("Alder Creek", "100 Example Street, Dayton, OH 45402", "937-555-0100")
BOTH = pytest.mark.parametrize("language", LANGUAGES)


def text(consent, language="en"):
    return " ".join(compose(consent, PLACE, language).texts)


@BOTH
@pytest.mark.parametrize("consent", WHOLE.values(), ids=WHOLE)
def test_the_text_says_every_statement_that_is_needed(consent, language):
    wording = compose(consent, PLACE, language)
    assert needed_statements(consent) <= wording.statements
    assert missing_elements(replace(consent, statements=wording.statements)) == ()
    assert "{" not in " ".join(wording.texts)
    assert all(section.heading and section.lines and all(section.lines) for section in wording.sections)


@BOTH
def test_the_words_are_whole_in_both_languages(language):
    words = VERSIONS[CURRENT][language]
    assert set(words.segments) == set(Segment)
    assert set(words.purposes) == set(Purpose)
    assert set(words.expiries) == set(Expiry)
    assert len(words.months) == 12


@pytest.mark.parametrize("consent", WHOLE.values(), ids=WHOLE)
def test_it_reads_at_sixth_grade_or_below(consent):
    assert grade(compose(consent, PLACE, "en").texts) <= 6
    assert ease_in_spanish(compose(consent, PLACE, "es").texts) >= 55


@BOTH
@pytest.mark.parametrize("consent", WHOLE.values(), ids=WHOLE)
def test_no_word_in_it_harms(consent, language):
    assert [str(found) for found in harmful(text(consent, language), language)] == []


def test_a_sister_s_text_says_who_what_why_and_until_when():
    said = text(SISTER)
    for words in (
        "Alder Creek may share about you, Maya Reyes.",
        "Elena Reyes",
        "To support you",
        "February 21, 2027",
    ):
        assert words in said
    assert "21 de febrero de 2027" in text(SISTER, "es")
    assert "medicine" not in said


def test_hipaa_s_permission_and_its_limit_are_both_said():
    said = text(WHOLE["doctor"])
    assert "They may share your record again where the HIPAA rules let them." in said
    assert "civil, criminal, administrative or legislative proceeding against you" in said
    assert "HIPAA" not in text(SISTER)


def test_a_court_s_text_says_from_when_it_may_be_ended():
    assert "after this has come: the end of probation." in text(COURT)
    assert "You may stop it from November 23, 2026 on." in text(
        replace(COURT, revocable_event="", revocable_from=NOVEMBER_23)
    )
    assert "You may stop at any time" not in text(COURT)


def test_members_and_programs_are_named_or_limited():
    assert "only to those of their members who treat you" in text(EXCHANGE)
    named = replace(EXCHANGE, any_participant=False, participants=("Valley Clinic", "Dr. Okafor"))
    assert "it may go on to: Valley Clinic, Dr. Okafor." in text(named)
    assert "Valley Clinic" in text(REGISTRY)
    assert "within 200 miles" in text(replace(REGISTRY, any_participant=True))


def test_nothing_may_hang_on_counseling_notes():
    said = text(replace(SISTER, segments=frozenset({Segment.COUNSELING_NOTES})))
    assert "do not hang on this OK" in said


@BOTH
def test_what_is_stored_comes_back_as_it_was(language):
    wording = compose(WHOLE["doctor"], PLACE, language)
    again = Wording.restored(wording.stored())
    assert again == wording and again.fingerprint == wording.fingerprint


def test_one_word_more_or_less_is_another_text():
    prints = {compose(each, PLACE, language).fingerprint for each in WHOLE.values() for language in LANGUAGES}
    assert len(prints) == 2 * len(WHOLE)


def test_version_2026_11_stays_as_it_was_signed():
    """Change a word of it, and what people signed under that name is no longer what is there: add a version instead."""
    version = VERSIONS["2026-11"]
    everything = json.dumps([asdict(version[language]) for language in LANGUAGES], ensure_ascii=False)
    assert (
        sha256(everything.encode()).hexdigest()
        == "78babf5895879b99768b86b6c593b58db526097591505af32b35b64f34be7a78"
    )


# The notice of 42 CFR 2.32(a).

OLD_WORDINGS = (
    "prohibit you from making any further disclosure of information in this record that identifies a patient",
    "is NOT sufficient for this purpose",
    "restrict any use of the information to investigate or prosecute",
    "prohibits unauthorized disclosure of these records",
)


def test_the_notice_is_the_one_of_the_rule_word_for_word():
    assert len(STATEMENT_1.text) == 1325
    fingerprint = "d82205a18044f9f45776343d91e26d8ddb44bf13e136af169ec73d755facd9a8"
    assert sha256(STATEMENT_1.text.encode()).hexdigest() == fingerprint
    short = "79fee3d6dff7e052183c61b66bfed589f0f45dcf330bb277e07b396bd12e9774"
    assert sha256(STATEMENT_2.text.encode()).hexdigest() == short


@pytest.mark.parametrize("old", OLD_WORDINGS)
def test_no_wording_of_an_older_rule_is_anywhere(old):
    room = Path(__file__).resolve().parents[1]
    ours = [
        path
        for path in room.rglob("*")
        if path.suffix in (".py", ".html", ".po") and "tests" not in path.parts
    ]
    assert len(ours) > 10
    for path in ours:
        plain = " ".join(path.read_text().replace('"', " ").split())
        assert old.lower() not in plain.lower(), path
