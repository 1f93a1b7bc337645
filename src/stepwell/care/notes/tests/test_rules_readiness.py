"""Whether the notes of a group may be signed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepwell.care.notes.rules.names import Member
from stepwell.care.notes.rules.readiness import Came, Lacks, Place, SharedText, obstacles

ENDS = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)
AFTER = ENDS + timedelta(minutes=5)

SHARED = SharedText(
    topic="Urge surfing",
    what_we_did="Check-in round. Taught urge surfing.",
    method="CBT skills",
    safety="nobody",
)


def came(name: str, line: str, **more) -> Place:
    return Place(Member(name, (name,)), Came.YES, line=line, minutes=90, until=ENDS, **more)


AISHA = came("Aisha", "Named Sunday night as her hardest hour; rode out a craving using breath")
BRIANNA = came("Brianna", "Wrote a plan for Thursday: arrive late, leave by 7")
COLE = came("Cole", "Compared cravings to waves; will keep the card in his truck")
WENDELL = Place(Member("Wendell", ("Wendell",)), Came.NO)
GROUP = (AISHA, BRIANNA, COLE, WENDELL)


def lacking(*places, shared=SHARED, at=AFTER):
    return [(each.lacks, each.row) for each in obstacles(places or GROUP, shared, at=at)]


def test_a_group_with_everything_may_be_signed():
    assert lacking() == []


def test_who_did_not_come_needs_no_line():
    assert lacking(AISHA, WENDELL) == []


@pytest.mark.parametrize("line", ["", "   ", ".", "—"])
def test_everybody_who_came_needs_a_line(line):
    assert lacking(replace(AISHA, line=line), BRIANNA) == [(Lacks.NO_LINE, "Aisha")]


def test_somebody_nobody_marked_stops_the_signature():
    assert lacking(AISHA, replace(BRIANNA, came=Came.UNMARKED)) == [(Lacks.UNMARKED, "Brianna")]


def test_minutes_are_needed():
    assert lacking(replace(AISHA, minutes=None)) == [(Lacks.NO_MINUTES, "Aisha")]


def test_minutes_that_have_not_passed_cannot_be_signed():
    assert lacking(AISHA, at=ENDS - timedelta(minutes=1)) == [(Lacks.NOT_OVER, "Aisha")]
    assert lacking(AISHA, at=ENDS) == []


def test_the_second_of_two_same_lines_is_the_copy():
    lucia = replace(came("Lucía", BRIANNA.line.upper()))
    (obstacle,) = obstacles((BRIANNA, COLE, lucia), SHARED, at=AFTER)
    assert (obstacle.lacks, obstacle.row) == (Lacks.SAME_WORDS, "Lucía")
    assert obstacle.others == (BRIANNA.member,)


def test_a_signed_line_came_first_wherever_it_stands():
    signed_later_in_the_list = came("Zoe", AISHA.line, is_signed=True)
    assert lacking(AISHA, signed_later_in_the_list) == [(Lacks.SAME_WORDS, "Aisha")]


def test_a_line_that_names_another_member_says_which_words():
    naming = replace(AISHA, line="Told brianna about Sunday. Cole's card helped.")
    (obstacle,) = obstacles((naming, BRIANNA, COLE), SHARED, at=AFTER)
    assert (obstacle.lacks, obstacle.words) == (Lacks.NAMES_SOMEBODY, ("brianna", "Cole"))


def test_somebody_who_did_not_come_is_a_secret_too():
    naming = replace(AISHA, line="Missed Wendell today")
    assert lacking(naming, WENDELL) == [(Lacks.NAMES_SOMEBODY, "Aisha")]


def test_ones_own_name_is_fine():
    assert lacking(replace(AISHA, line="Aisha named Sunday night"), BRIANNA) == []


@pytest.mark.parametrize(
    ("shared", "lacks"),
    [
        (replace(SHARED, topic=""), Lacks.NO_TOPIC),
        (replace(SHARED, what_we_did=" . "), Lacks.NO_ACCOUNT),
        (replace(SHARED, safety=""), Lacks.NO_SAFETY),
        (replace(SHARED, topic="Aisha's topic"), Lacks.SHARED_NAMES_SOMEBODY),
        (replace(SHARED, what_we_did="Paired brianna with cole."), Lacks.SHARED_NAMES_SOMEBODY),
        (replace(SHARED, method="As Wendell likes it"), Lacks.SHARED_NAMES_SOMEBODY),
    ],
)
def test_the_shared_note_is_whole_and_names_nobody(shared, lacks):
    assert lacking(shared=shared) == [(lacks, None)]


def test_the_method_may_be_left_out():
    assert lacking(shared=replace(SHARED, method="")) == []


def test_when_nobody_came_there_is_nothing_to_sign():
    assert lacking(WENDELL, shared=SharedText()) == [(Lacks.NOBODY_CAME, None)]


def test_when_everything_is_signed_nothing_is_lacking():
    assert lacking(replace(AISHA, is_signed=True), WENDELL, shared=SharedText()) == []


lines = st.sampled_from([AISHA.line, BRIANNA.line, COLE.line, "", "Told Cole about it", "Quiet today"])
places = st.lists(
    st.builds(
        lambda name, line, how, signed: Place(
            Member(name, (name,)), how, line, 90, ENDS, is_signed=signed and how is Came.YES
        ),
        st.sampled_from(["Aisha", "Brianna", "Cole", "Devon", "Eli"]),
        lines,
        st.sampled_from(Came),
        st.booleans(),
    ),
    max_size=5,
    unique_by=lambda place: place.member.key,
)


@given(places)
def test_what_may_be_signed_names_nobody_and_repeats_nobody(group):
    if obstacles(group, SHARED, at=AFTER):
        return
    fresh = [place for place in group if place.needs_a_note]
    assert all(place.line for place in fresh)
    assert all(place.came is not Came.UNMARKED for place in group)
    assert len({place.line for place in fresh}) == len(fresh)
    for place in fresh:
        others = {str(other.member.key) for other in group} - {place.member.key}
        assert not any(other in place.line.split() for other in others)


@given(places)
def test_every_obstacle_has_a_field_to_stand_beside(group):
    for obstacle in obstacles(group, SharedText(), at=AFTER):
        assert obstacle.field or obstacle.lacks is Lacks.NOBODY_CAME
        assert obstacle.row is None or obstacle.row in {place.member.key for place in group}
