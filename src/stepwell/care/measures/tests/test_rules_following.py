"""What a positive screen calls for: held against the definitions, and as lines of the specification."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from stepwell.care.measures import library
from stepwell.care.measures.rules import asking
from stepwell.care.measures.rules.following import FOLLOWS, called_for, carried
from stepwell.care.measures.rules.schedule import Asked, Change, Every, Line, State, Stay, standings
from stepwell.care.measures.scoring import score
from stepwell.care.measures.tests.test_rules_schedule import program

TUESDAY = date(2026, 11, 24)
DAY = timedelta(days=1)
STAY = Stay(TUESDAY - 30 * DAY, "2.1")


def answered(screen: str, answers: Mapping[str, int | None], sex: str = "") -> list[str]:
    result = score(library.instrument(screen), answers, {"sex": sex} if sex else {}).to_dict()
    return [follow.then for follow in called_for(screen, result, sex=sex)]


def positive(screen: str, on: date = TUESDAY) -> Asked:
    return Asked(screen, on, on, calls_for=tuple(each for each in FOLLOWS if each.screen == screen)[:1])


def follows(*asked: Asked, today: date = TUESDAY, changes: tuple[Change, ...] = ()):
    found = standings(
        program(),
        changes,
        asked,
        STAY,
        today=today,
        takes=lambda name: asking.seconds(library.instrument(name)),
    )
    return {each.instrument: each.state for each in found if each.every is Every.FOLLOWS}


# The rule and the definitions


@pytest.mark.parametrize("follow", FOLLOWS, ids=lambda follow: f"{follow.screen} {follow.score}")
def test_the_cut_points_are_those_of_the_definition(follow):
    lowest = {
        band.sex: band.minimum
        for band in reversed(library.instrument(follow.screen).bands)
        if band.score == follow.score and band.label.startswith("Positive")
    }
    cuts = {lowest.get("male", follow.at_least), lowest.get("female", lowest.get(""))}
    assert cuts == {follow.at_least_of_men or follow.at_least, follow.at_least}


@pytest.mark.parametrize("follow", [each for each in FOLLOWS if each.carries], ids=lambda each: each.screen)
def test_an_answer_flows_over_only_where_it_is_worded_the_same(follow):
    screen, then = library.instrument(follow.screen), library.instrument(follow.then)
    assert screen.recall_period == then.recall_period
    for asked, item in follow.carries.items():
        assert [(each.value, each.label) for each in screen.item(asked).answers] == [
            (each.value, each.label) for each in then.item(item).answers
        ]


# What calls for what


def test_drinking_above_the_cut_point_calls_for_the_audit_and_a_mans_is_higher():
    three = {"auditc_1": 2, "auditc_2": 1, "auditc_3": 0}
    assert answered("audit_c", three) == ["audit"]
    assert answered("audit_c", three, sex="male") == []
    assert answered("audit_c", three | {"auditc_3": 1}, sex="male") == ["audit"]
    assert answered("audit_c", dict.fromkeys(three, 0)) == []


def test_a_skipped_question_holds_nothing_up_once_the_rest_is_enough():
    assert answered("audit_c", {"auditc_1": 2, "auditc_2": 1, "auditc_3": None}) == ["audit"]
    assert answered("audit_c", {"auditc_1": 2, "auditc_2": None, "auditc_3": None}) == []


def test_what_was_answered_flows_over_and_what_was_skipped_is_asked_again():
    assert carried("phq9", [("phq2", {"phq2_1": 3, "phq2_2": None})]) == {"phq9_1": 3}
    assert carried("audit", [("audit_c", {"auditc_1": 4, "auditc_2": 0, "auditc_3": 0})]) == {
        "audit_1": 4,
        "audit_3": 0,
    }
    assert carried("pcl5", [("phq2", {"phq2_1": 3})]) == {}


# When it is asked


def test_what_fits_goes_on_the_phone_and_what_is_longer_is_for_the_next_visit():
    assert follows(positive("phq2")) == {"phq9": State.ASK}
    assert follows(positive("pc_ptsd5")) == {"pcl5": State.TOGETHER}


def test_what_does_not_fit_in_the_week_any_more_is_for_the_next_visit_and_does_not_wait():
    full = [Asked("phq9", TUESDAY - DAY, TUESDAY - DAY), Asked("gad7", TUESDAY - DAY, TUESDAY - DAY)]
    assert follows(*full, positive("audit_c")) == {"audit": State.TOGETHER}
    assert follows(*full, positive("audit_c"), today=TUESDAY + 6 * DAY) == {"audit": State.ASK}


def test_a_second_positive_screen_adds_nothing():
    assert follows(positive("phq2"), positive("phq2", TUESDAY + DAY), today=TUESDAY + DAY) == {
        "phq9": State.ASK
    }
    asked = Asked("phq9", TUESDAY)
    assert follows(positive("phq2"), asked, positive("phq2", TUESDAY + DAY), today=TUESDAY + DAY) == {
        "phq9": State.ASKED
    }
    done = Asked("phq9", TUESDAY, TUESDAY)
    assert follows(positive("phq2"), done, positive("phq2", TUESDAY + 7 * DAY), today=TUESDAY + 7 * DAY) == {}


def test_what_is_due_this_week_anyway_is_asked_once_and_first():
    lines = program(Line("gad7", Every.TWO_WEEKS), Line("phq9", Every.TWO_WEEKS))
    found = standings(lines, (), [positive("phq2")], STAY, today=TUESDAY, takes=lambda _name: 40)
    assert [(each.instrument, each.state) for each in found] == [
        ("phq9", State.ASK),
        ("gad7", State.WAITS),
    ]


def test_it_is_asked_anew_once_the_last_answer_says_nothing_of_now():
    done, again = Asked("phq9", TUESDAY, TUESDAY), TUESDAY + 21 * DAY
    assert follows(done, positive("phq2", again), today=again) == {"phq9": State.ASK}


def test_a_screen_of_long_ago_calls_for_nothing():
    assert follows(positive("pc_ptsd5"), today=TUESDAY + 27 * DAY) == {"pcl5": State.TOGETHER}
    assert follows(positive("pc_ptsd5"), today=TUESDAY + 28 * DAY) == {}


def test_what_staff_stopped_or_left_for_later_stays_so():
    stopped, paused = Change("pcl5", stopped=True), Change("pcl5", paused_until=TUESDAY + 9 * DAY)
    assert follows(positive("pc_ptsd5"), changes=(stopped,)) == {}
    assert follows(positive("pc_ptsd5"), changes=(paused,)) == {"pcl5": State.PAUSED}
