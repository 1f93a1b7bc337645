"""When two lines are the same words."""

import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from stepwell.care.notes.rules.likeness import (
    ALIKE_FROM,
    are_alike,
    likeness,
    plain,
    says_something,
    words_of,
)

PLAN = "Wrote a plan for Thursday: arrive late, leave by 7"


@pytest.mark.parametrize(
    "same",
    [
        PLAN,
        PLAN.upper(),
        "  wrote a plan   for thursday, arrive late; leave by 7!",
        "Wrote plan for Thursday, arrive late and leave by 7",
        "Wrote a plan for Thursday – arrive late, leave by seven",
    ],
)
def test_case_punctuation_spaces_and_a_word_or_two_do_not_make_a_line_ones_own(same):
    assert are_alike(PLAN, same)


def test_turning_the_pronouns_does_not_make_a_line_ones_own():
    assert are_alike("He told the group about his brother", "She told the group about her brother")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Practiced; craving 6 to 2", "Practiced; craving 8 to 3"),
        ("Quiet. Said he slept well.", "Quiet. Asked for the number of the clinic."),
        ("Named a trigger: payday", "Named a trigger: her brother's house"),
        (PLAN, "Compared cravings to waves; will keep the card in his truck"),
        ("Listened, said little", "Listened, asked two questions"),
    ],
)
def test_the_same_exercise_in_ones_own_words_is_ones_own(one, other):
    assert not are_alike(one, other)


def test_accents_are_no_difference():
    assert are_alike("Habló de su mamá", "hablo de su mama")


@pytest.mark.parametrize("nothing", ["", "  ", ".", "—", "123", "\n\t", "?!"])
def test_marks_alone_are_not_a_line(nothing):
    assert not says_something(nothing)


def test_any_word_is_a_line():
    assert says_something("Quiet.")
    assert says_something("Sí")


texts = st.text(max_size=60)
tokens = st.lists(st.text(string.ascii_lowercase, min_size=1, max_size=6), min_size=1, max_size=12)


@given(texts)
def test_a_text_is_like_itself_if_it_has_words(text):
    assert likeness(text, text) == (1.0 if words_of(text) else 0.0)


@given(texts, texts)
def test_likeness_goes_both_ways_and_lies_between_none_and_all(one, other):
    assert likeness(one, other) == likeness(other, one)
    assert 0.0 <= likeness(one, other) <= 1.0


@given(texts)
def test_plain_twice_is_plain_once(text):
    assert plain(plain(text)) == plain(text)


@given(tokens, st.randoms(use_true_random=False))
def test_case_punctuation_and_spaces_never_matter(words, chance):
    dressed = "".join(
        chance.choice([word, word.upper(), word.title()]) + chance.choice([" ", ", ", ".  ", " - ", "\n"])
        for word in words
    )
    assert likeness(" ".join(words), dressed) == 1.0


@given(tokens, tokens)
def test_lines_with_no_word_in_common_are_never_alike(one, other):
    assume(not set(words_of(" ".join(one))) & set(words_of(" ".join(other))))
    pronouns = {"he", "she", "they", "him", "her", "them", "his", "hers", "their", "theirs"}
    pronouns |= {"himself", "herself", "themself", "themselves"}
    assume(not pronouns & {*one, *other})
    assert not are_alike(" ".join(one), " ".join(other))


@given(st.integers(5, 40))
def test_one_word_in_five_may_differ_and_it_is_still_a_copy(length):
    line = [f"w{n}x" for n in range(length)]
    changed = [*line[: length - length // 5], *(f"z{n}y" for n in range(length // 5))]
    assert likeness(" ".join(line), " ".join(changed)) >= ALIKE_FROM
