"""Two descriptions may be of one person: whoever makes a record is asked, and decides. These pairs say when."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepwell.trust.people.rules.likeness import POINTS, Described, Reason, births_near, likeness, plain
from stepwell.trust.people.rules.nicknames import GROUPS, forms_of

BORN = date(1992, 3, 8)
MAYA = Described("Maya", "Reyes", born_on=BORN, phone="+19375550101", email="maya@example.org")
R = Reason


def named(first: str, last: str = "", chosen: str = "", **more: object) -> Described:
    return Described(first, last, chosen, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("a", "b", "reason"),
    [
        (named("Maya", "Reyes"), named("MAYA", "reyes"), R.SAME_NAME),
        (named("Séamus", "O'Brien-Núñez"), named("Seamus", "OBrien Nunez"), R.SAME_NAME),
        (named("Séamus", "O’Brien"), named("Seamus", "O'Brien"), R.SAME_NAME),
        (named("Ana", "De La Cruz"), named("Ana", "Delacruz"), R.SAME_NAME),
        (named("Robert", "Lee", "Robin"), named("Robin", "Lee"), R.SAME_NAME),
        (named("李", ""), named("李", ""), R.SAME_NAME),
        (named("明", "李"), named("明李", ""), R.SAME_NAME),
        (named("Ngoc"), named("NGOC"), R.SAME_NAME),
        (named("Ana", "López García"), named("Ana", "García López"), R.SAME_NAME),
        (named("Reyes", "Maya"), named("Maya", "Reyes"), R.SWAPPED),
        (named("Lee", "Robin"), named("Robert", "Lee", "Robin"), R.SWAPPED),
        (named("Søren", "Łuczak"), named("Soren", "Luczak"), R.SAME_NAME),
    ],
)
def test_a_whole_name_is_known_again_however_it_was_written(a, b, reason):
    found = likeness(a, b)
    assert found.reasons == (reason,)
    assert found.is_worth_asking


@pytest.mark.parametrize(
    ("a", "b", "reasons"),
    [
        (named("Bill", "Carter"), named("William", "Carter"), (R.FIRST_SHORT, R.SAME_LAST)),
        (named("Pepe", "Ruiz"), named("José", "Ruiz"), (R.FIRST_SHORT, R.SAME_LAST)),
        (named("Catherine", "Miller"), named("Cathrine", "Miller"), (R.FIRST_SPELLED, R.SAME_LAST)),
        (named("Tomás", "Gutiérrez"), named("Tomas", "Gutierez"), (R.SAME_FIRST, R.LAST_SPELLED)),
        (named("Rosa", "Mendez Ortiz"), named("Rosa", "Mendez"), (R.SAME_FIRST, R.LAST_SHARED)),
        (named("Maya", "Reyes-Montgomery"), named("Maya", "Montgomery"), (R.SAME_FIRST, R.LAST_SHARED)),
        (named("María José", "Ruiz"), named("Maria", "Ruiz"), (R.SAME_NAME,)),
    ],
)
def test_a_name_told_a_little_differently_is_worth_the_question(a, b, reasons):
    found = likeness(a, b)
    assert found.reasons == reasons
    assert found.is_worth_asking


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (named("Maya", "Reyes"), named("Devon", "Tate")),
        (named("Ana", "Cruz"), named("Luis", "Cruz")),
        (named("Ana", "de la Cruz"), named("Ana Luz", "de la Torre", born_on=None)),
        (named("Ana", "Cruz"), named("Ada", "Ruiz")),
        (named("Maya"), named("Maya", "Reyes")),
        (named("M", "Reyes"), named("Maya", "Reyes")),
    ],
)
def test_other_names_are_other_people(a, b):
    assert not likeness(a, b).is_worth_asking


@pytest.mark.parametrize(
    ("other", "worth", "reason"),
    [
        (date(1992, 3, 8), True, R.SAME_BIRTH),
        (date(1992, 8, 3), True, R.BIRTH_NEAR),  # day for month
        (date(1929, 3, 8), True, R.BIRTH_NEAR),  # two digits swapped
        (date(1993, 3, 8), True, R.BIRTH_NEAR),  # one digit wrong
        (date(1970, 1, 1), False, R.OTHER_BIRTH),
    ],
)
def test_a_birth_date_speaks_for_or_against_a_name(other, worth, reason):
    found = likeness(replace(MAYA, phone="", email=""), named("Maya", "Reyes", born_on=other))
    assert found.is_worth_asking is worth
    assert reason in found.reasons


def test_twins_are_asked_about_and_told_apart_by_a_person():
    twin = likeness(replace(MAYA, phone="", email=""), named("Lena", "Reyes", born_on=BORN))
    assert twin.reasons == (R.SAME_LAST, R.SAME_BIRTH)
    assert twin.is_worth_asking


def test_who_took_another_last_name_is_known_by_first_name_and_birth():
    assert likeness(MAYA, named("Maya", "Okafor", born_on=BORN)).reasons == (R.SAME_FIRST, R.SAME_BIRTH)


@pytest.mark.parametrize("same", [{"phone": MAYA.phone}, {"email": "MAYA@example.org"}])
def test_one_number_or_address_is_a_reason_even_under_another_name(same):
    assert likeness(MAYA, named("Devon", "Tate", **same)).is_worth_asking


def test_two_people_without_a_phone_do_not_share_one():
    assert likeness(named("Maya", "Reyes"), named("Devon", "Tate")).score == 0


def test_a_birth_date_alone_is_no_reason():
    assert not likeness(MAYA, named("Devon", "Tate", born_on=BORN)).is_worth_asking


def test_every_reason_has_its_points():
    assert set(POINTS) == set(Reason)


def test_the_forms_of_a_name_are_written_plainly_and_each_group_has_two():
    for group in GROUPS:
        assert len(group) > 1
        assert all(plain(name) == (name,) for name in group)
    assert {"william", "will", "liam"} <= forms_of("bill")


words = st.text(alphabet="abcdeéñø '-李O", max_size=12)
descriptions = st.builds(
    Described,
    first=words,
    last=words,
    chosen=words,
    born_on=st.none() | st.dates(date(1900, 1, 1), date(2026, 1, 1)),
    phone=st.sampled_from(["", "+19375550101"]),
)


@given(descriptions, descriptions)
def test_likeness_is_the_same_from_either_side_and_within_its_scale(a, b):
    one, other = likeness(a, b), likeness(b, a)
    assert one.score == other.score
    assert 0 <= one.score <= 100


@given(descriptions)
def test_everybody_with_a_name_is_like_themself(a):
    found = likeness(a, a)
    assert found.is_worth_asking or not plain(a.first + a.chosen)


@given(st.dates(date(1900, 1, 1), date(2026, 1, 1)))
def test_a_slip_of_the_pen_makes_another_date_and_can_be_slipped_back(day):
    near = births_near(day)
    assert day not in near
    assert all(day in births_near(other) for other in near)
