"""Which question comes next, what brings help, what a series says."""

from datetime import date, time

import pytest

from stepwell.care.measures.library import instrument, instruments
from stepwell.care.measures.rules import asking, safety, trends
from stepwell.care.measures.rules.safety import Help, Urgency
from stepwell.care.measures.rules.trends import Point, Turn

BAM, PHQ9, COWS = instrument("bam_iop"), instrument("phq9"), instrument("cows")


# Asking


def test_a_question_keeps_its_number_whatever_is_answered():
    assert asking.number_of(BAM, "bam_iop_8") == 14
    assert asking.question_at(BAM, 14) == BAM.item("bam_iop_8")
    assert asking.question_at(BAM, 0) is None
    assert asking.question_at(BAM, 24) is None


def test_no_days_of_use_skips_the_questions_about_them():
    said = {"bam_iop_4": 0, "bam_iop_6": 0}
    assert asking.next_after(BAM, said, 4) == 6  # heavy drinking is not asked
    assert asking.next_after(BAM, said, 6) == 14  # nor which drugs
    assert asking.before(BAM, said, 14) == 6
    assert len(asking.called_for(BAM, said)) == 15


def test_how_many_are_left_follows_the_answers():
    assert asking.place(BAM, {"bam_iop_4": 0, "bam_iop_6": 0}, 14) == (6, 15)
    assert asking.place(BAM, {"bam_iop_4": 1, "bam_iop_6": 1}, 14) == (14, 23)


def test_after_the_last_question_there_is_none():
    assert asking.next_after(PHQ9, dict.fromkeys([f"phq9_{n}" for n in range(1, 10)], 0), 9) is None
    assert asking.next_after(PHQ9, {"phq9_1": 1}, 9) == 10


def test_a_skipped_question_is_not_asked_again_but_one_not_reached_is():
    assert asking.first_open(PHQ9, {"phq9_1": 0, "phq9_2": None}) == 3
    assert asking.first_open(PHQ9, {}) == 1
    assert asking.first_open(PHQ9, {f"phq9_{n}": None for n in range(1, 10)} | {"phq9_1": 0}) is None


def test_going_back_to_no_days_drops_what_kind_of_days_they_were():
    said = {"bam_iop_6": 2, "bam_iop_7a": 1, "bam_iop_8": 3}
    assert asking.kept(BAM, said) == said
    assert asking.kept(BAM, said | {"bam_iop_6": 0}) == {"bam_iop_6": 0, "bam_iop_8": 3}


def test_the_time_told_is_for_what_is_still_open():
    assert asking.seconds(PHQ9, {}) == 9 * 5 + 2
    assert asking.seconds(PHQ9, {"phq9_1": 1}) == 8 * 5 + 5
    assert asking.minutes(PHQ9, dict.fromkeys([f"phq9_{n}" for n in range(1, 9)], 0)) == 1


@pytest.mark.parametrize(("beats", "answer"), [(80, 0), (81, 1), (100, 1), (101, 2), (120, 2), (121, 4)])
def test_a_counted_pulse_stands_for_one_answer(beats, answer):
    assert asking.pulse_answer(beats) == answer
    assert answer in COWS.item("cows_1").values


#: A safety plan is written and not asked: it has no question.
ASKED = [each for each in instruments().values() if each.id != "safety_plan_structure"]


@pytest.mark.parametrize("definition", ASKED, ids=[each.id for each in ASKED])
def test_every_instrument_can_be_walked_from_its_first_question_to_its_last(definition):
    answers: dict[str, object] = {}
    steps = 0
    while (number := asking.first_open(definition, answers)) is not None:
        item = asking.question_at(definition, number)
        assert item is not None
        answers[item.id] = item.maximum or item.values[-1]
        steps += 1
        assert steps <= len(definition.items)
    assert steps


# Safety


def test_thoughts_of_death_bring_help_at_once():
    assert safety.help_at_once(PHQ9, {"phq9_9": 1}, "phq9_9") is Help.THOUGHTS_OF_DEATH
    assert safety.help_at_once(PHQ9, {"phq9_9": 0}, "phq9_9") is None
    assert safety.help_at_once(PHQ9, {"phq9_9": 1, "phq9_8": 2}, "phq9_8") is None


def test_a_day_of_opioids_brings_word_of_naloxone():
    assert safety.help_at_once(BAM, {"bam_iop_6": 1, "bam_iop_7e": 1}, "bam_iop_7e") is Help.OVERDOSE


FEEDBACK = instruments()["session_feedback"]


def test_a_session_that_suited_less_than_the_ones_before_is_asked_about():
    before: list[dict[str, int | None]] = [
        {"sf_1": 9, "sf_2": 10},
        {"sf_1": 10, "sf_2": None},
        {"sf_1": 8, "sf_2": 9},
    ]
    assert safety.dropped(FEEDBACK, {"sf_1": 6, "sf_2": 7}, before) == ("sf_1:dropped",)
    assert safety.dropped(FEEDBACK, {"sf_1": 7, "sf_2": 9}, before) == ()


def test_one_session_before_is_no_mean_and_who_always_answers_low_did_not_drop():
    assert safety.dropped(FEEDBACK, {"sf_1": 6}, [{"sf_1": 10}]) == ()
    assert safety.dropped(FEEDBACK, {"sf_1": 6}, [{"sf_1": 6}, {"sf_1": 7}]) == ()
    assert safety.dropped(FEEDBACK, {"sf_1": 6}, []) == ()
    assert safety.dropped(FEEDBACK, {"sf_1": None}, [{"sf_1": 10}, {"sf_1": 10}]) == ()
    assert safety.dropped(PHQ9, {"phq9_1": 0}, [{"phq9_1": 3}, {"phq9_1": 3}]) == ()


def test_an_answer_that_is_raised_as_it_is_is_not_raised_twice():
    assert safety.dropped(FEEDBACK, {"sf_1": 5}, [{"sf_1": 10}, {"sf_1": 10}]) == ()


def test_a_drop_says_what_was_answered():
    raised = safety.in_words(FEEDBACK, {"sf_1": 6}, {}, "sf_1:dropped")
    assert raised.says == (
        "Session feedback, question 1: “6”, 3 or more below what this person used to answer."
    )
    assert "next session" in raised.action
    assert raised.urgency is safety.Urgency.THIS_WEEK


def test_a_flag_stands_as_soon_as_it_is_answered_and_what_is_open_is_none():
    assert safety.raised_so_far(PHQ9, {"phq9_9": 2}) == ("phq9_9",)
    assert safety.raised_so_far(PHQ9, {"phq9_1": 0}) == ()


def test_a_flag_says_what_was_answered_and_what_to_do():
    raised = safety.in_words(PHQ9, {"phq9_9": 1}, {}, "phq9_9")
    assert raised.says == "PHQ-9, question 9: “Several days”."
    assert "C-SSRS" in raised.action
    assert raised.urgency is Urgency.NOW


def test_an_unanswered_safety_question_and_a_high_total_say_so():
    assert "not answered" in safety.in_words(PHQ9, {}, {}, "phq9_9:unanswered").says
    assert safety.in_words(PHQ9, {}, {"total": 22}, "total>=20").says == "PHQ-9: total is 22."
    assert safety.in_words(COWS, {}, {"total": None}, "total>=13").says == "COWS: total is at least 13."
    assert safety.in_words(COWS, {}, {"total": 14}, "total>=13").urgency is Urgency.TODAY


# Trends


def points(*values):
    bands = {17: "Moderately severe", 9: "Mild", 12: "Moderate"}
    days = [date(2026, 10, 20), date(2026, 11, 3), date(2026, 11, 23)]
    return [
        Point(day, value, bands.get(value, ""))
        for day, value in zip(days[-len(values) :], values, strict=True)
    ]


def test_a_change_beyond_the_published_threshold_is_real():
    trend = trends.read_trend(PHQ9, "total", points(17, 12, 9))
    assert trend.sentence == (
        "Went from 17 (moderately severe) on Oct 20 to 9 (mild) on Nov 23, in five weeks: "
        "a real change (6 or more)."
    )
    assert (trend.turn, trend.is_real) == (Turn.BETTER, True)


def test_a_change_within_the_usual_swing_is_not_yet_real():
    trend = trends.read_trend(PHQ9, "total", points(9, 12))
    assert "from 9 (mild) on Nov 3 to 12 (moderate) on Nov 23, in three weeks" in trend.sentence
    assert "not yet a real change (6 or more)" in trend.sentence
    assert (trend.turn, trend.is_real) == (Turn.WORSE, False)


def test_without_a_published_threshold_none_is_made_up():
    trend = trends.read_trend(BAM, "protective", points(10, 15))
    assert (trend.turn, trend.is_real) == (Turn.BETTER, None)
    assert "No published threshold" in trend.sentence


def test_one_score_or_none_says_that():
    assert trends.read_trend(PHQ9, "total", []).sentence == "Not asked yet."
    assert trends.read_trend(PHQ9, "total", points(9)).sentence == "First score: 9 (mild) on Nov 23."
    assert trends.read_trend(PHQ9, "total", points(9, 9)).turn is Turn.LEVEL


def test_another_version_is_not_compared_and_a_mixed_pair_is_said():
    older = Point(date(2026, 10, 1), 20, version="1998")
    newer = [Point(date(2026, 11, 2), 12, mode="self", version="1999")]
    assert "First score: 12 on Nov 2. Earlier answers are of another version" in (
        trends.read_trend(PHQ9, "total", [older, *newer]).sentence
    )
    aloud = Point(date(2026, 11, 16), 4, mode="staff", version="1999")
    assert "compare with care" in trends.read_trend(PHQ9, "total", [*newer, aloud]).sentence


def test_a_series_by_the_clock_says_hours():
    readings = [Point(date(2026, 11, 23), 14, at=time(9)), Point(date(2026, 11, 23), 6, at=time(10, 15))]
    said = trends.read_trend(COWS, "total", readings).sentence
    assert "from 14 at 9:00 AM to 6 at 10:15 AM, in 1 h 15 min" in said
    over_midnight = [Point(date(2026, 11, 23), 14, at=time(23)), Point(date(2026, 11, 24), 6, at=time(1))]
    assert "on Tue at 1:00 AM" in trends.read_trend(COWS, "total", over_midnight, by_clock=True).sentence


def test_a_range_says_which_end_is_better():
    assert trends.range_in_words(PHQ9, "total") == "0 to 27, lower is better"
    assert trends.range_in_words(BAM, "protective") == "0 to 24, higher is better"
