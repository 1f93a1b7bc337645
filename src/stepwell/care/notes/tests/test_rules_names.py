"""Nobody of the group stands in another's note."""

import string
import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from stepwell.care.notes.rules.everyday_words import EVERYDAY_WORDS
from stepwell.care.notes.rules.likeness import plain
from stepwell.care.notes.rules.names import Member, named_in

BRIANNA = Member("brianna", ("Brianna", "Foxworth"))
WILL = Member("will", ("Will", "William", "Okafor"))
LUCIA = Member("lucia", ("Lucía", "Fuentes"))
MARY_ANN = Member("mary ann", ("Mary Ann", "O'Neil"))
JO = Member("jo", ("Jo", "de la Cruz"))
GROUP = (BRIANNA, WILL, LUCIA, MARY_ANN, JO)


def found(text, own=None, members=GROUP):
    return [named.member.key for named in named_in(text, members, own=own)]


@pytest.mark.parametrize(
    "text",
    [
        "Agreed with Brianna",
        "agreed with brianna",
        "AGREED WITH BRIANNA",
        "Liked Brianna's plan",
        "Liked Brianna’s plan",
        "Liked Briannas plan",
        "(Brianna) spoke first",
        "Brianna2 said no",
        "Like Brianna-style planning",
        "the Foxworth family",
    ],
)
def test_a_name_is_found_in_any_dress(text):
    assert found(text) == ["brianna"]


@pytest.mark.parametrize("text", ["Sat by Lucía", "sat by lucia", "sat by LUCIA", "sat by Luci\u0301a"])
def test_accents_hide_nobody(text):
    assert found(text) == ["lucia"]


@pytest.mark.parametrize("text", ["He will come on Friday", "she jo-joked", "iron will", "He may, she might"])
def test_an_everyday_word_in_small_letters_names_nobody(text):
    assert found(text) == []


@pytest.mark.parametrize("text", ["Agreed with Will", "Will said he would", "Will's plan", "WILL SPOKE"])
def test_an_everyday_word_with_a_capital_may_be_a_name(text):
    assert found(text) == ["will"]


def test_short_names_count_with_a_capital_only():
    assert found("Told Jo about it") == ["jo"]
    assert found("told jo about it") == []


@pytest.mark.parametrize("text", ["with Mary", "with mary ann", "with MaryAnn", "with O'Neil", "with oneil"])
def test_every_part_of_a_name_tells(text):
    assert set(found(text)) == {"mary ann"}


def test_the_little_words_of_a_name_tell_nothing():
    assert found("Salió de la casa") == []


def test_ones_own_name_is_no_secret():
    assert found("Brianna spoke of her week", own=BRIANNA) == []


def test_a_name_that_two_share_is_fine_in_either_note():
    other = Member("other", ("Brianna", "Lee"))
    assert found("Brianna spoke", own=BRIANNA, members=(BRIANNA, other)) == []
    assert found("Brianna spoke of Ms. Lee", own=BRIANNA, members=(BRIANNA, other)) == ["other"]


@pytest.mark.parametrize("text", ["brio", "Briannalee", "abrianna", "unwilling", "Lucian", "goodwill"])
def test_a_name_inside_another_word_names_nobody(text):
    assert found(text) == []


def test_it_says_which_words():
    named = named_in("Practiced with Brianna's card and lucia", GROUP)
    assert [each.word for each in named] == ["Brianna", "lucia"]


def test_the_list_of_everyday_words_is_plain():
    assert all(word == plain(word) and word.isalpha() for word in EVERYDAY_WORDS)


letters = string.ascii_letters + "áéíóúñüçøåÁÉÍÓÚÑ"
names = st.text(letters, min_size=3, max_size=10)
between = st.text(' \t\n.,;:!?()"-–/0123456789', max_size=6)
words = st.lists(st.text(string.ascii_lowercase, min_size=1, max_size=8), max_size=6).map(" ".join)
dresses = st.sampled_from(
    [
        str,
        str.lower,
        str.upper,
        str.title,
        lambda name: unicodedata.normalize("NFD", name),
        plain,
        lambda name: name + "'s",
        lambda name: name + "’s",
    ]
)


@given(names, dresses, words, words, between, between)
def test_no_dress_and_no_place_hides_a_name(name, dress, before, after, left, right):
    assume(plain(name) not in EVERYDAY_WORDS)
    text = f"{before} {left}{dress(name)}{right} {after}"
    assert "somebody" in found(text, members=(Member("somebody", (name,)),))


@given(names, words, words)
def test_ones_own_name_never_stops_ones_own_note(name, before, after):
    own = Member("own", (name,))
    assert found(f"{before} {name} {after}", own=own, members=(own,)) == []


@given(st.lists(st.text(string.ascii_lowercase, min_size=1, max_size=9), max_size=12), names)
def test_a_text_without_the_name_is_never_stopped(text_words, name):
    stem = plain(name)
    assume(not any(stem in word for word in text_words))
    assert found(" ".join(text_words), members=(Member("somebody", (name,)),)) == []


@given(st.sampled_from(sorted(word for word in EVERYDAY_WORDS if len(word) > 2)), words)
def test_everyday_names_are_told_by_their_capital_alone(name, around):
    assume(name not in around.split())
    member = Member("somebody", (name.title(),))
    assert found(f"{around} {name}", members=(member,)) == []
    assert found(f"{around} {name.title()}", members=(member,)) == ["somebody"]
