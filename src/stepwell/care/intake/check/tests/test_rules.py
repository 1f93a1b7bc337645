"""The private check: what eight answers lead to, and what must hold of all of them."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stepwell.care.intake.check.rules import (
    BY_ID,
    NEEDED,
    QUESTIONS,
    TELLING,
    Answers,
    Asked,
    Danger,
    First,
    Holds,
    Kind,
    Result,
    accepted,
    case_of,
    kind_of,
    read,
    result_of,
)
from stepwell.care.level_of_care.rules import Status, current, decide, read_case

TABLE = current(date(2026, 11, 23))
KINDS = list(Kind)

#: A person with a job and a child who drinks on most days, and shakes without it.
ANA = {
    "now": ["none"],
    "use": ["alcohol"],
    "often": ["most"],
    "stopping": ["shaky"],
    "health": ["none"],
    "mood": ["some_days"],
    "home": ["safe_with_someone"],
    "week": ["work", "care", "medicine"],
}


def told(**other: str | list[str] | None) -> Answers:
    """Ana's answers, except as said; `mood=None` is skipped."""
    raw = ANA | {name: [said] if isinstance(said, str) else said for name, said in other.items()}
    answers = read({name: said for name, said in raw.items() if said is not None})
    assert answers is not None
    return answers


def the_result(**other: str | list[str] | None) -> Result:
    return result_of(told(**other), TABLE)


# Some people


def test_most_days_of_drinking_with_a_safe_home_is_a_program_after_a_nurse():
    result = the_result()
    assert result.kind is Kind.IOP
    assert result.firsts == (First.NURSE,)
    assert result.untold == ()
    assert [(reason.option, reason.holds) for reason in result.reasons] == [
        ("most", Holds.ASKS),
        ("some_days", Holds.ALLOWS),
        ("safe_with_someone", Holds.ALLOWS),
        ("work", Holds.FITS),
        ("care", Holds.FITS),
        ("medicine", Holds.FITS),
    ]


def test_a_few_days_of_use_and_a_steady_life_is_outpatient():
    result = the_result(often="monthly", stopping="fine", mood="fine", week="none")
    assert result.kind is Kind.OUTPATIENT
    assert result.firsts == ()


def test_mild_signs_without_anyone_safe_near_need_daily_care_for_both_reasons_together():
    result = the_result(often="weekly", home="safe_alone")
    assert result.kind is Kind.DAY
    assert {reason.option for reason in result.reasons if reason.holds is Holds.ASKS} == {
        "shaky",
        "safe_alone",
    }


def test_a_seizure_in_withdrawal_before_is_inpatient_and_a_nurse_first():
    result = the_result(stopping="seizure_before")
    assert result.kind is Kind.INPATIENT
    assert First.NURSE in result.firsts


def test_being_very_sick_without_opioids_asks_for_medicine_and_not_for_more():
    result = the_result(use="opioid", often="weekly", stopping="very_sick")
    assert result.kind is Kind.OUTPATIENT
    assert result.with_nurse
    assert First.NURSE not in result.firsts
    assert First.NALOXONE in result.firsts


def test_benzodiazepines_every_day_mean_a_nurse_first_even_when_a_day_without_is_easy():
    assert First.NURSE in the_result(use="benzodiazepine", often="daily", stopping="fine").firsts


def test_not_knowing_what_a_day_without_brings_means_a_nurse_first():
    result = the_result(often="daily", stopping="never_without")
    assert First.NURSE in result.firsts
    assert result.untold == (Asked.STOPPING,)


def test_no_steady_place_to_sleep_asks_for_a_home_beside_the_program():
    result = the_result(often="weekly", stopping="fine", home="no_place")
    assert (result.kind, result.with_home) == (Kind.IOP, True)


def test_a_home_that_is_not_safe_is_inpatient_and_a_safe_place_first():
    result = the_result(stopping="fine", home="unsafe")
    assert result.kind is Kind.INPATIENT
    assert First.SAFE_PLACE in result.firsts


@pytest.mark.parametrize("who", ["pregnant", "inject"])
def test_pregnant_people_and_people_who_inject_are_seen_first(who: str):
    assert First.SEEN_FIRST in the_result(stopping="fine", health=who).firsts


def test_a_life_changes_what_is_offered_and_never_how_much():
    for option in BY_ID[Asked.WEEK].options:
        assert the_result(week=option.id).kind is the_result(week=None).kind


# What cannot wait


@pytest.mark.parametrize("danger", [each for each in Danger if each is not Danger.PREGNANT_AND_SICK])
def test_a_danger_replaces_the_result_whatever_else_was_said(danger: Danger):
    result = the_result(now=danger.value)
    assert result.dangers == (danger,)
    assert (result.kind, result.firsts, result.reasons, result.changes) == (None, (), (), ())


def test_several_dangers_are_told_the_soonest_deadly_first():
    assert the_result(now=["life", "overdose", "none"]).dangers == (Danger.OVERDOSE, Danger.LIFE)


@pytest.mark.parametrize("use", ["alcohol", "benzodiazepine", "opioid", "other", None])
def test_pregnant_and_sick_without_it_is_an_emergency(use: str | None):
    assert the_result(use=use, health="pregnant").dangers == (Danger.PREGNANT_AND_SICK,)
    assert the_result(use="cannabis", health="pregnant").dangers == ()


def test_every_danger_is_an_answer_or_what_the_table_finds():
    named = {option.id for option in BY_ID[Asked.NOW].options} - {"none"}
    assert {danger.value for danger in Danger} == named | {"pregnant_and_sick"}


# What was skipped


def test_nothing_said_is_nothing_told():
    result = result_of({}, TABLE)
    assert result.kind is None
    assert result.untold == NEEDED
    assert First.NURSE in result.firsts  # Nobody can say that stopping is safe.


@pytest.mark.parametrize("skipped", NEEDED)
def test_a_skipped_question_is_unknown_and_said_to_be(skipped: Asked):
    result = the_result(**{"stopping": "fine", skipped: None})
    assert skipped in result.untold


def test_a_skipped_question_is_not_taken_for_none():
    calm = {"often": "never", "stopping": "fine", "mood": "fine", "week": None}
    assert the_result(**calm).kind is Kind.OUTPATIENT
    for skipped in TELLING:
        assert the_result(**{**calm, skipped: None}).kind is None, skipped


# Reading


def test_the_calm_answer_gives_way_to_any_other():
    assert accepted(BY_ID[Asked.NOW], ["none", "life"]) == {"life"}
    assert accepted(BY_ID[Asked.NOW], ["none"]) == {"none"}
    assert accepted(BY_ID[Asked.NOW], []) is None


@pytest.mark.parametrize(
    "foreign",
    [{"age": ["44"]}, {"mood": ["sad"]}, {"mood": ["fine", "cannot"]}, {"mood": None}, {"mood": [["fine"]]}],
)
def test_what_is_no_answer_to_these_questions_is_not_read(foreign: dict):
    assert read(foreign) is None


def test_nobody_is_asked_who_they_are():
    assert len(QUESTIONS) == 8
    case = case_of(told())
    assert case.age is None


# What must hold of all answers

EVERY_ANSWER = st.fixed_dictionaries(
    {},
    optional={
        question.id: (
            st.frozensets(st.sampled_from([option.id for option in question.options]), min_size=1, max_size=3)
            if question.many
            else st.sampled_from([frozenset({option.id}) for option in question.options])
        )
        for question in QUESTIONS
    },
).map(lambda raw: read({asked.value: said for asked, said in raw.items()}) or {})

#: What each answer states, written down apart from the code: facts and the least that a rater could rate.
STATES: dict[tuple[str, str], tuple[dict[str, object], dict[str, object]]] = {
    ("now", "overdose"): ({"unresponsive": True}, {}),
    ("now", "seizure"): ({"seizure_today": True}, {}),
    ("now", "unreal"): ({"delirium": True}, {}),
    ("now", "sick"): ({}, {"withdrawal": {"value": 4}}),
    ("now", "body"): ({}, {"physical": {"value": 4}}),
    ("now", "bleeding"): ({"pregnant": True, "bleeding": True}, {}),
    ("now", "life"): ({"cssrs_triage": "LOW"}, {}),
    ("now", "hurt"): ({"violence_now": True}, {}),
    ("often", "most"): ({}, {"danger": {"value": 2}}),
    ("often", "daily"): ({}, {"danger": {"value": 2}}),
    ("often", "weekly"): ({}, {"danger": {"value": 1}}),
    ("stopping", "shaky"): ({}, {"withdrawal": {"value": 1}}),
    ("stopping", "very_sick"): ({}, {"withdrawal": {"value": 2}}),
    ("stopping", "seizure_before"): (
        {"past_withdrawal_seizure_or_delirium": True},
        {"withdrawal": {"value": 1}},
    ),
    ("health", "pregnant"): ({"pregnant": True}, {}),
    ("health", "leaving"): ({"stepping_down_from": "3.1"}, {"danger": {"value": 1}}),
    ("health", "overdose"): ({}, {"danger": {"value": 2}}),
    ("health", "illness"): ({}, {"physical": {"value": 2}}),
    ("mood", "most_days"): ({}, {"mental": {"value": 2}}),
    ("mood", "cannot"): ({}, {"mental": {"value": 3, "need": "psychiatric_enhanced"}}),
    ("home", "safe_with_someone"): ({"safe_person_at_home": True}, {}),
    ("home", "safe_alone"): ({"safe_person_at_home": False}, {}),
    ("home", "use_around"): ({}, {"living": {"value": 2}}),
    ("home", "no_place"): (
        {"home_unsafe": True, "safe_person_at_home": False},
        {"living": {"value": 2}},
    ),
    ("home", "unsafe"): ({"home_unsafe": True}, {"living": {"value": 3, "need": "around_the_clock"}}),
    ("week", "medicine"): ({"starting_medication": True}, {}),
}


def as_stated(answers: Answers) -> dict:
    facts: dict[str, object] = {}
    ratings: dict[str, dict] = {}
    for asked, chosen in answers.items():
        for option in chosen:
            more, rated = STATES.get((asked.value, option), ({}, {}))
            facts |= more
            for domain, rating in rated.items():
                if rating["value"] >= ratings.get(domain, rating)["value"]:  # type: ignore[index]
                    ratings[domain] = rating  # type: ignore[assignment]
    if Asked.USE in answers:
        facts["substances"] = sorted(answers[Asked.USE] - {"none"})
    if Asked.STOPPING in answers and answers[Asked.STOPPING] & {"shaky", "very_sick"}:
        facts["in_withdrawal_from"] = sorted(
            answers.get(Asked.USE, frozenset()) & {"alcohol", "benzodiazepine", "opioid", "ghb"}
        )
    return {"edition": "4", "ratings": ratings, "facts": facts}


@given(EVERY_ANSWER)
@settings(max_examples=400, deadline=None)
def test_the_check_never_asks_for_less_than_the_table_does(answers: Answers):
    decision = decide(read_case(as_stated(answers)), TABLE)
    result = result_of(answers, TABLE)
    if decision.status is Status.EMERGENCY:
        assert result.is_emergency
    elif decision.level is not None and not result.is_emergency:
        assert result.kind is not None
        assert KINDS.index(result.kind) >= KINDS.index(kind_of(decision.level))
    if decision.withdrawal_route not in (None, "none") and not result.is_emergency:
        assert First.NURSE in result.firsts


@given(EVERY_ANSWER)
@settings(max_examples=200, deadline=None)
def test_every_set_of_answers_has_a_result_and_a_card_wherever_the_table_says_so(answers: Answers):
    result = result_of(answers, TABLE)
    decision = decide(case_of(answers), TABLE)
    must_have_a_card = decision.status is Status.EMERGENCY or (decision.level or "") == "4"
    assert result.is_emergency == must_have_a_card
    assert result.is_emergency or result.kind is not None or result.untold


#: From least to worst, as far as one can be said to be worse than another.
WORSE = {
    Asked.OFTEN: ["never", "monthly", "weekly", "most", "daily"],
    Asked.STOPPING: ["fine", "shaky", "very_sick"],
    Asked.MOOD: ["fine", "some_days", "most_days", "cannot"],
    Asked.HOME: ["safe_with_someone", "safe_alone", "no_place", "unsafe"],
    Asked.HEALTH: ["none", "overdose"],
}


@given(EVERY_ANSWER, st.sampled_from(list(WORSE)), st.data())
@settings(max_examples=300, deadline=None)
def test_a_worse_answer_never_means_less_care(answers: Answers, asked: Asked, data: st.DataObject):
    ordered = WORSE[asked]
    better = data.draw(st.integers(0, len(ordered) - 2))
    worse = data.draw(st.integers(better + 1, len(ordered) - 1))

    def with_(option: str) -> Result:
        return result_of({**answers, asked: frozenset({option})}, TABLE)

    mild, bad = with_(ordered[better]), with_(ordered[worse])
    if mild.is_emergency:
        assert bad.is_emergency
    elif not bad.is_emergency and mild.kind:
        assert bad.kind
        assert KINDS.index(bad.kind) >= KINDS.index(mild.kind)


@given(EVERY_ANSWER)
@settings(max_examples=100, deadline=None)
def test_what_is_said_to_change_the_result_changes_it(answers: Answers):
    for change in result_of(answers, TABLE).changes:
        steps = [change.answers] if change.together else [(each,) for each in change.answers]
        for step in steps:
            if not step:
                continue
            other = {**answers, **{asked: frozenset({option}) for asked, option in step}}
            assert result_of(other, TABLE).kind is change.kind


@given(EVERY_ANSWER)
@settings(max_examples=100, deadline=None)
def test_every_reason_is_an_answer_that_was_given(answers: Answers):
    for reason in result_of(answers, TABLE).reasons:
        assert reason.option in answers[reason.question]
