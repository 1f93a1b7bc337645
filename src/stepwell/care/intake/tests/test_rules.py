"""Two descriptions may be of one person: whoever takes the referral is asked, and decides."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepwell.care.intake.rules import Described, Likeness, alike, likeness, next_record_number

MAYA = Described(("Maya Reyes",), born_on=date(1992, 3, 8), phone="+19375550101")


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Maya Reyes", "maya reyes"),
        ("Maya Reyes", "Reyes, Maya"),
        ("Séamus O'Brien-Núñez", "Seamus OBrien Nunez"),
        ("Catherine Miller", "Katherine Miller"),
        ("Tomás Gutiérrez", "Tomas Gutierez"),
    ],
)
def test_a_name_is_known_again_however_it_was_written(a, b):
    assert alike(a, b)


@pytest.mark.parametrize(("a", "b"), [("Maya Reyes", "Devon Tate"), ("Ana Cruz", "Luis Cruz"), ("", "")])
def test_other_names_are_other_people(a, b):
    assert not alike(a, b)


def test_a_name_and_a_birth_date_are_the_strongest_reason_to_ask():
    assert likeness(MAYA, replace(MAYA, names=("Reyes Maya",), phone="")) is Likeness.NAME_AND_BIRTH


def test_one_phone_number_is_a_reason_to_ask_even_under_another_name():
    assert likeness(MAYA, Described(("Ana Reyes",), phone=MAYA.phone)) is Likeness.PHONE


def test_a_name_alone_is_a_reason_when_a_birth_date_is_not_known():
    assert likeness(MAYA, Described(("Maya Reyes",))) is Likeness.NAME


def test_the_same_name_with_another_birth_date_is_another_person():
    assert likeness(MAYA, Described(("Maya Reyes",), born_on=date(1970, 1, 1))) is None


def test_nothing_in_common_is_no_reason():
    assert likeness(MAYA, Described(("Devon Tate",), born_on=date(1990, 1, 1), phone="+19375550102")) is None


def test_two_people_without_a_phone_do_not_share_one():
    assert likeness(Described(("Maya Reyes",)), Described(("Devon Tate",))) is None


def test_record_numbers_go_on_from_the_greatest():
    assert next_record_number([]) == "10001"
    assert next_record_number(["20418", "9", "A-77"]) == "20419"


@given(st.text(max_size=30), st.text(max_size=30))
def test_likeness_of_names_is_the_same_both_ways_and_a_name_is_like_itself(a, b):
    assert alike(a, a) or not any(letter.isalpha() for letter in a)
    assert isinstance(alike(a, b), bool)
