"""Words that harm are found; a person's own words are left alone; hard texts are told from easy ones."""

from collections.abc import Iterator, Sequence

import pytest
from babel.messages.pofile import read_po
from django.conf import settings

from stepwell.ground.web import words


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("She was an addict.", "addict"),
        ("The test was clean", "clean"),
        ("Two no-shows this week", "no-shows"),
        ("He relapsed on Friday", "relapsed"),
        ("Offer MAT today", "MAT"),
        ("Left AMA", "AMA"),
    ],
)
def test_a_harmful_word_is_found(text: str, word: str):
    assert [found.word for found in words.harmful(text)] == [word]


@pytest.mark.parametrize("text", ["a yoga mat", "Addiction medicine", "the cleaner came", "Amara Osei"])
def test_a_word_that_only_looks_like_one_is_not(text: str):
    assert list(words.harmful(text)) == []


@pytest.mark.parametrize(
    "text", ["tuvo una recaída", "el abuso de alcohol", "está limpio", "es drogadicta", "el vicio"]
)
def test_a_harmful_word_is_found_in_spanish(text: str):
    assert list(words.harmful(text, "es"))


def test_what_to_write_in_its_place_is_said():
    (found,) = words.harmful("Maya relapsed on Saturday")
    assert str(found) == "“relapsed” in “Maya relapsed on Saturday”: write used again, return to use"


def test_a_persons_own_words_are_left_alone():
    page = "<p>Goal</p><blockquote data-verbatim>I want to be <b>clean</b></blockquote><p>So far</p>"
    assert words.blocks(page) == ["Goal", "So far"]


def test_words_for_the_ear_are_read_as_well():
    assert "Drug user" in words.everything_said('<svg aria-label="Drug user"><text>silent</text></svg>')
    assert "silent" not in words.everything_said('<svg aria-label="x"><text>silent</text></svg>')


def test_words_inside_a_line_are_one_text():
    assert words.blocks("<p>Call <strong>911</strong> now.</p><ul><li>Stay.</li></ul>") == [
        "Call 911 now.",
        "Stay.",
    ]


def test_a_hard_text_is_above_sixth_grade_and_an_easy_one_below():
    hard = "Individualized multidimensional assessment determines appropriate pharmacological intervention."
    assert words.grade([hard]) > 12
    assert words.grade(["You talk with one person. You can bring a friend."]) < 3


def test_a_hard_spanish_text_is_told_from_an_easy_one():
    hard = "La individualización multidimensional determina apropiadamente la intensidad farmacológica correspondiente."
    assert words.ease_in_spanish([hard]) < 20
    assert words.ease_in_spanish(["Usted habla con una persona. Puede venir con alguien."]) > 65


def test_labels_do_not_flatter_the_figure():
    assert words.sentences_of(["Home", "Find a center", "You can stay. You can go."]) == [
        "You can stay.",
        "You can go.",
    ]


def catalog() -> Iterator[tuple[str, str]]:
    """Every sentence in both languages, from every room."""
    for path in sorted(settings.LOCALE_PATHS[0].parent.glob("**/es/LC_MESSAGES/*.po")):
        with path.open("rb") as file:
            entries = read_po(file, locale="es")
        for entry in entries:
            if entry.id:
                yield from zip(_all(entry.id), _all(entry.string or ()), strict=False)


def _all(text: str | Sequence[str]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


def test_no_translated_sentence_holds_a_harmful_word():
    found = [
        str(one)
        for english, spanish in catalog()
        for one in (*words.harmful(english, "en"), *words.harmful(spanish, "es"))
    ]
    assert found == []


def test_the_catalog_speaks_with_usted_and_without_shouting():
    loud = [spanish for _english, spanish in catalog() if "!" in spanish or "¡" in spanish]
    assert loud == []
