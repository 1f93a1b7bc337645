"""The level-of-care table: each rule, the order among them, and what must hold of every case."""

import os
from dataclasses import fields
from datetime import date

import pytest

from stepwell.care.episodes.levels import LevelOfCare
from stepwell.care.level_of_care import rules
from stepwell.care.level_of_care.rules import (
    Case,
    CaseError,
    Domain,
    Facts,
    Kind,
    OverrideRefused,
    Permitted,
    Status,
    Vitals,
    decide,
    may_override,
    may_sign_second,
    read_case,
    read_cases,
)
from stepwell.care.level_of_care.rules.ruleset import BASIS
from stepwell.trust.accounts.roles import Role

TABLE = rules.ruleset("stepwell-needs 2")


def a_case(edition="4", age=None, facts=None, **ratings):
    """Every domain steady at 1, except as said: `danger=2`, `mental=(3, "daily_program")`, `living=None`."""
    given = {domain.value: 1 for domain in Domain} | ratings
    written = {
        name: {"value": rating[0], "need": rating[1]} if isinstance(rating, tuple) else {"value": rating}
        for name, rating in given.items()
        if rating is not None
    }
    return read_case({"edition": edition, "age": age, "ratings": written, "facts": facts or {}})


def decided(**given):
    return decide(a_case(**given), TABLE)


def ids(decision):
    return [matched.id for matched in decision.matched]


# The minimums


@pytest.mark.parametrize(
    ("ratings", "level", "rule"),
    [
        ({}, "1.5", "O1"),
        ({"mental": 2}, "2.1", "I1"),
        ({"danger": 2}, "2.1", "I1"),
        ({"living": 2}, "2.1", "I1"),
        ({"physical": 2}, "1.7", "M1"),
        ({"withdrawal": 2}, "1.7", "M1"),
        ({"danger": (3, "daily_program")}, "2.5", "N2"),
        ({"mental": (3, "psychiatric_enhanced")}, "2.5", "N4"),
        ({"physical": (3, "medical")}, "2.7", "N1"),
        ({"living": (3, "around_the_clock")}, "3.1", "N3"),
        ({"living": (3, "around_the_clock"), "mental": 2}, "3.5", "R2"),
        ({"living": (3, "around_the_clock"), "danger": (3, "daily_program")}, "3.5", "R2"),
        ({"living": (3, "around_the_clock"), "physical": (3, "medical")}, "3.7", "N1"),
        ({"mental": 4}, "4", "H1"),
    ],
)
def test_each_rule_sets_its_minimum(ratings, level, rule):
    decision = decided(**ratings)
    assert (decision.status, decision.label) == (Status.DECIDED, level)
    assert rule in ids(decision)


def test_the_highest_minimum_stands_and_nothing_is_averaged():
    decision = decided(mental=0, living=0, danger=(3, "around_the_clock"))
    assert decision.level is LevelOfCare.LOW_INTENSITY_RESIDENTIAL


def test_medicine_alone_does_not_raise_a_program():
    decision = decided(danger=2, facts={"starting_medication": True})
    assert decision.level is LevelOfCare.INTENSIVE_OUTPATIENT
    assert "medication_service" in decision.flags
    assert not decision.medical


def test_medicine_makes_a_weekly_visit_a_medical_one():
    assert decided(facts={"starting_medication": True}).level is LevelOfCare.MEDICAL_OUTPATIENT


def test_an_unsafe_home_asks_for_a_recovery_residence_and_leaves_the_level():
    decision = decided(danger=2, facts={"home_unsafe": True})
    assert (decision.level, "recovery_residence" in decision.flags) == (
        LevelOfCare.INTENSIVE_OUTPATIENT,
        True,
    )


def test_stepping_down_with_danger_left_goes_through_an_intensive_program():
    assert decided(facts={"stepping_down_from": "3.5"}).level is LevelOfCare.INTENSIVE_OUTPATIENT
    assert decided(danger=0, facts={"stepping_down_from": "3.5"}).level is LevelOfCare.OUTPATIENT
    assert decided(facts={"stepping_down_from": "2.1"}).level is LevelOfCare.OUTPATIENT


def test_psychiatric_need_at_two_belongs_to_the_program():
    decision = decided(mental=(2, "psychiatric_enhanced"))
    assert (decision.label, "co_occurring_enhanced" in decision.flags) == ("2.1", True)


# Emergencies


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ({"unresponsive": True}, "E1"),
        ({"cssrs_triage": "HIGH"}, "E2"),
        ({"suicide_plan_or_intent_now": True}, "E2"),
        ({"violence_now": True}, "E3"),
        ({"seizure_today": True}, "E4"),
        ({"delirium": True}, "E4"),
        ({"ciwa_ar": 19}, "E4"),
        ({"vitals": {"heart_rate": 120}}, "E5"),
        ({"vitals": {"respiratory_rate": 24}}, "E5"),
        ({"vitals": {"spo2": 89}}, "E5"),
        ({"vitals": {"temperature_c": 35.0}}, "E5"),
        ({"vitals": {"systolic": 180}}, "E5"),
        ({"vitals": {"systolic": 89}}, "E5"),
        ({"pregnant": True, "bleeding": True}, "E6"),
        ({"pregnant": True, "in_withdrawal_from": ["opioid"]}, "E6"),
    ],
)
def test_an_emergency_comes_before_every_level(facts, rule):
    decision = decided(mental=4, facts=facts)
    assert decision.status is Status.EMERGENCY
    assert decision.label is None
    assert rule in ids(decision)
    assert all(matched.do for matched in decision.matched)


@pytest.mark.parametrize(
    "facts",
    [
        {"cssrs_triage": "MODERATE"},
        {"ciwa_ar": 18},
        {
            "vitals": {
                "heart_rate": 119,
                "respiratory_rate": 23,
                "spo2": 90,
                "temperature_c": 38.2,
                "systolic": 179,
            }
        },
        {"pregnant": True, "in_withdrawal_from": ["cannabis"]},
        {"pregnant": True},
        {"unresponsive": None},
    ],
)
def test_short_of_the_threshold_it_is_no_emergency(facts):
    assert decided(facts=facts).status is not Status.EMERGENCY


def test_all_emergencies_are_listed_not_only_the_first():
    facts = {"seizure_today": True, "vitals": {"temperature_c": 38.5}, "in_withdrawal_from": ["alcohol"]}
    decision = decided(facts=facts)
    assert ids(decision) == ["E4", "E5"]
    assert "temperature 38.5" in decision.matched[0].because


def test_an_emergency_needs_no_ratings():
    assert decide(read_case({"facts": {"unresponsive": True}}), TABLE).status is Status.EMERGENCY


def test_a_child_at_risk_is_a_duty_beside_any_answer():
    assert decided(facts={"minor_at_risk": True}).duties == ("mandated_report",)
    assert decided(facts={"minor_at_risk": True, "unresponsive": True}).duties == ("mandated_report",)


# Withdrawal from alcohol or sedatives


KNOWN = {
    "past_withdrawal_seizure_or_delirium": False,
    "pawss": 1,
    "can_attend_daily": True,
    "safe_person_at_home": True,
}


@pytest.mark.parametrize(
    ("withdrawal", "facts", "route", "level", "row"),
    [
        (0, {"in_withdrawal_from": ["alcohol"]}, "none", "1.5", "W0"),
        (
            0,
            {"in_withdrawal_from": ["alcohol"], "ciwa_ar": 4, "days_since_last_drink": 6},
            "none",
            "1.5",
            "W0",
        ),
        (1, {"ciwa_ar": 4, "past_withdrawal_seizure_or_delirium": True}, "inpatient", "3.7", "W1"),
        (1, {"ciwa_ar": 4, "pawss": 4}, "inpatient", "3.7", "W1"),
        (1, {"ciwa_ar": 4, "substances": ["alcohol", "benzodiazepine"]}, "inpatient", "3.7", "W1"),
        (1, {"in_withdrawal_from": ["ghb"]}, "inpatient", "3.7", "W1"),
        (1, {"ciwa_ar": 12}, "daily_monitoring", "2.7", "W2"),
        (1, {"ciwa_ar": 12, "safe_person_at_home": False}, "inpatient", "3.7", "W3"),
        (1, {"ciwa_ar": 18, "can_attend_daily": False}, "inpatient", "3.7", "W3"),
        (1, {"ciwa_ar": 9}, "ambulatory", "1.7", "W4"),
        (1, {"ciwa_ar": 9, "can_attend_daily": False}, "daily_monitoring", "2.7", "W5"),
        (1, {"substances": ["benzodiazepine"]}, "ambulatory", "1.7", "W6"),
        (2, {"substances": ["sedative"]}, "daily_monitoring", "2.7", "W7"),
        ((3, "medical"), {"substances": ["sedative"]}, "inpatient", "3.7", "W8"),
    ],
)
def test_withdrawal_goes_by_the_first_row_that_matches(withdrawal, facts, route, level, row):
    listed = {} if "substances" in facts or "in_withdrawal_from" in facts else {"substances": ["alcohol"]}
    decision = decided(withdrawal=withdrawal, facts=KNOWN | listed | facts)
    assert (decision.status, decision.withdrawal_route, decision.label) == (Status.DECIDED, route, level)
    assert row in ids(decision)


def test_withdrawal_is_asked_about_only_where_it_applies():
    assert decided(withdrawal=0, facts={"substances": ["alcohol"]}).withdrawal_route is None
    assert decided(withdrawal=2, facts={"substances": ["opioid"]}).withdrawal_route is None


@pytest.mark.parametrize(
    ("unknown", "missing"),
    [
        ("past_withdrawal_seizure_or_delirium", "facts.past_withdrawal_seizure_or_delirium"),
        ("pawss", "facts.pawss"),
        ("ciwa_ar", "facts.ciwa_ar"),
        ("safe_person_at_home", "facts.safe_person_at_home"),
        ("can_attend_daily", "facts.can_attend_daily"),
    ],
)
def test_a_fact_that_withdrawal_turns_on_is_named_when_it_is_unknown(unknown, missing):
    facts = KNOWN | {"in_withdrawal_from": ["alcohol"], "ciwa_ar": 6, unknown: None}
    decision = decided(facts=facts)
    assert decision.status is Status.CANNOT_DETERMINE
    assert missing in decision.missing


def test_an_unknown_fact_that_changes_nothing_does_not_hold_the_answer_up():
    facts = {"in_withdrawal_from": ["alcohol"], "ciwa_ar": 12, "can_attend_daily": False}
    decision = decided(facts=facts)  # complicated or not, it is inpatient
    assert (decision.status, decision.label) == (Status.DECIDED, "3.7")
    assert "facts.pawss" in decision.missing


# Missing ratings


def test_a_missing_rating_is_named_and_never_taken_as_zero():
    decision = decided(living=None)
    assert (decision.status, decision.label, decision.missing) == (
        Status.CANNOT_DETERMINE,
        None,
        ("ratings.living",),
    )


def test_what_is_rated_already_sets_a_minimum():
    decision = decided(living=None, danger=(3, "daily_program"))
    assert (decision.status, decision.label) == (Status.CANNOT_DETERMINE, "2.5")


def test_hospital_care_waits_for_no_further_rating():
    decision = decided(living=None, physical=4)
    assert (decision.status, decision.label) == (Status.DECIDED, "4")


# Labels and hours


@pytest.mark.parametrize(
    ("ratings", "fourth", "third", "hours", "for_minors"),
    [
        ({}, "1.5", "1", "<9", "<6"),
        ({"physical": 2}, "1.7", "1", "<9", "<6"),
        ({"danger": 2}, "2.1", "2.1", "9-19", "6-19"),
        ({"danger": (3, "daily_program")}, "2.5", "2.5", ">=20", ">=20"),
        ({"danger": (3, "medical")}, "2.7", "2.5", ">=20", ">=20"),
        ({"danger": (3, "around_the_clock")}, "3.1", "3.1", "9-19", "6-19"),
        ({"danger": 4}, "4", "4", None, None),
    ],
)
def test_labels_and_hours_follow_the_edition_and_the_age(ratings, fourth, third, hours, for_minors):
    assert (decided(**ratings).label, decided(**ratings).hours) == (fourth, hours)
    assert decided(edition="3", **ratings).label == third
    minor = decided(age=16, **ratings)
    assert (minor.label, minor.hours, minor.edition) == (third, for_minors, "3")
    assert minor.note


def test_age_is_no_input_beyond_hours_and_edition():
    assert decided(age=18, danger=2).level is decided(age=70, danger=2).level


# Reasons


def test_the_reason_names_the_domain_and_its_rating():
    [matched] = [each for each in decided(danger=2).matched if each.id == "I1"]
    assert matched.because.endswith("Danger in the coming days is rated 2.")
    assert matched.basis == "D"


def test_why_not_lower_gives_the_rule_that_holds_the_level_and_not_the_ones_it_covers():
    decision = decided(danger=(3, "daily_program"), mental=2)
    [why] = decision.why_not_lower
    assert why.startswith("N2: ")
    assert why.endswith("Danger in the coming days is rated 3.")


def test_why_not_lower_gives_every_rule_where_several_hold_the_level_together():
    decision = decided(danger=2, facts={"stepping_down_from": "3.5"})
    assert len(decision.why_not_lower) == 2  # without either one it would still be 2.1
    residential = decided(living=(3, "around_the_clock"), danger=2)
    assert len(residential.why_not_lower) == 1


def test_why_not_higher_says_what_each_step_up_would_take():
    why = " ".join(decided(danger=2).why_not_higher)
    assert "High intensity outpatient (2.5) takes a rating of 3" in why
    assert "Now the highest rating is 2 (danger in the coming days)." in why
    assert "Inpatient (4)" in why
    assert "(2.1)" not in why


def test_what_would_change_it_is_true_when_tried():
    decision = decided(danger=2)
    assert (
        "With danger in the coming days rated 1 instead of 2: outpatient (1.5), without I1."
        in decision.would_change
    )
    assert "With any of them rated 4: inpatient (4), by H1, without I1." in decision.would_change
    assert decided(danger=1).label == "1.5"


def test_a_fact_that_would_change_it_is_said_known_or_not():
    drinks = {"substances": ["alcohol"], "ciwa_ar": 12} | KNOWN
    said = decided(facts=drinks).would_change
    assert "Without a safe person at home: medical residential (3.7), by W3, without W2." in said
    assert "With a PAWSS of 4: medical residential (3.7), by W1, without W2." in said
    assert decided(facts=drinks | {"safe_person_at_home": False}).label == "3.7"
    assert (
        "With a medicine being started: medical outpatient (1.7), by M2." in decided().would_change
    )  # nobody has said


def test_what_is_missing_is_what_would_settle_it():
    [said] = decided(living=None).would_change[:1]
    assert said == "The level is decided once this is known: the rating of living situation and support."


def test_what_is_not_known_is_never_said_not_to_be_so():
    [program] = [why for why in decided().why_not_higher if why.startswith("Intensive outpatient (2.1)")]
    assert "Not known: the level of care before this one." in program
    assert "E1 to E6" in decided().why_not_higher[-1]
    assert "a seizure today" in decided().why_not_higher[-1]
    asked = decided(facts={"seizure_today": False}).why_not_higher[-1]
    assert "a seizure today" not in asked


def test_the_words_come_in_the_same_order_in_every_process():
    import subprocess
    import sys

    ask = (
        "from stepwell.care.level_of_care.rules import *\n"
        "case = read_case({'ratings': {d: {'value': 1} for d in Domain},"
        " 'facts': {'vitals': {'heart_rate': 80}, 'substances': ['opioid', 'alcohol', 'ghb', 'sedative']}})\n"
        "print(decide(case, ruleset('stepwell-needs 2')).to_dict())"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", ask],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(said) == 1


def test_every_reason_names_its_rule():
    import re

    for case in (decided(danger=2), decided(living=(3, "around_the_clock")), decided(), decided(mental=4)):
        for said in (*case.why_not_lower, *case.why_not_higher):
            assert re.search(r"\b[EHNRIXMOW]\d\b", said), said
        assert all(re.search(r"\b[HNRIMOW]\d\b|Age", said) for said in case.would_change)


def test_a_minimum_that_no_row_gives_alone_still_says_why():
    facts = KNOWN | {"in_withdrawal_from": ["alcohol"], "can_attend_daily": False}
    decision = decided(facts=facts)  # mild or moderate, without daily visits: seen every day at the least
    assert (decision.status, decision.label) == (Status.CANNOT_DETERMINE, "2.7")
    [matched] = decision.matched
    assert matched.id == "W5"
    assert "or more. Not known: CIWA-Ar." in matched.because


def test_a_decision_names_its_ruleset_so_that_it_runs_again_the_same():
    answer = decided(danger=2).to_dict()
    assert answer["ruleset"]["id"] == "stepwell-needs"
    assert answer["ruleset"]["version"] == "2"
    assert len(answer["ruleset"]["sha256"]) == 64
    assert rules.current(date(2026, 11, 23)).sha256 == answer["ruleset"]["sha256"]
    assert "asam" not in str(answer).lower()


def test_every_fact_has_words_for_a_reason():
    from stepwell.care.level_of_care.rules.conditions import _SAYS, called

    told = {"vitals", "in_withdrawal_from", "substances"}  # each is told by what is in it
    assert {each.name for each in fields(Facts)} - told <= set(_SAYS)
    assert {each.name for each in fields(Vitals)} <= set(_SAYS)
    for each in fields(Facts):
        assert called(f"facts.{each.name}")
    for each in fields(Vitals):
        assert called(f"facts.vitals.{each.name}")


# The tables, old and new


LANDED = {
    "stepwell-needs 1": "a7ee130e4f9caa5d3d63419a4bc060d50a9e5e8160b2907343b00b44ec2ef2d1",
    "stepwell-needs 2": "d034e1e04f752185819ca0cfab0e29c4414d1b74c6f1bf4a1072e4a0e5d4e10f",
}


def test_a_table_that_was_in_use_does_not_change():
    assert {name: rules.ruleset(name).sha256 for name in LANDED} == LANDED


def test_the_newest_table_in_effect_decides():
    assert rules.current(date(2026, 11, 23)).name == "stepwell-needs 2"
    assert rules.current(date(2026, 1, 1)).name == "stepwell-needs 2"  # none was in effect yet


def test_every_rule_says_where_it_comes_from_and_how_sure_that_is():
    assert TABLE.written_on == date(2026, 11, 23)
    for rule in TABLE.every_rule:
        assert rule.source, rule.id
        assert rule.basis in BASIS


def test_every_rule_that_a_step_up_names_is_there():
    known = {rule.id for rule in TABLE.every_rule}
    for step in TABLE.steps_up:
        assert set(step.rules) <= known
        assert step.rules
        for rule in step.rules:
            assert rule in step.says


# Reading a case


@pytest.mark.parametrize(
    ("case", "field"),
    [
        ({"ratings": {"mental": {"value": 5}}}, "ratings.mental.value"),
        ({"ratings": {"mental": {"value": True}}}, "ratings.mental.value"),
        ({"ratings": {"mental": {"value": 3}}}, "ratings.mental.need"),
        ({"ratings": {"mental": {"value": 3, "need": "rest"}}}, "ratings.mental.need"),
        ({"ratings": {"mental": 2}}, "ratings.mental"),
        ({"ratings": {"soul": {"value": 1}}}, "ratings.soul"),
        ({"ratings": []}, "ratings"),
        ({"edition": "5"}, "edition"),
        ({"age": -1}, "age"),
        ({"race": "x"}, "race"),
        ({"facts": {"sex": "female"}}, "facts.sex"),
        ({"facts": {"pregnant": "yes"}}, "facts.pregnant"),
        ({"facts": {"ciwa_ar": 68}}, "facts.ciwa_ar"),
        ({"facts": {"cssrs_triage": "high"}}, "facts.cssrs_triage"),
        ({"facts": {"substances": "alcohol"}}, "facts.substances"),
        ({"facts": {"substances": ["sugar"]}}, "facts.substances[0]"),
        ({"facts": {"substances": ["alcohol", "alcohol"]}}, "facts.substances[1]"),
        ({"facts": {"substances": [["alcohol"]]}}, "facts.substances[0]"),
        ({"facts": {"ciwa_ar": 6.0}}, "facts.ciwa_ar"),
        ({"facts": {"ciwa_ar": True}}, "facts.ciwa_ar"),
        ({"facts": {"pregnant": 1}}, "facts.pregnant"),
        ({"facts": {"vitals": {"spo2": True}}}, "facts.vitals.spo2"),
        ({"facts": {"vitals": {"spo2": float("nan")}}}, "facts.vitals.spo2"),
        ({"facts": {"vitals": 80}}, "facts.vitals"),
        ({"facts": {"stepping_down_from": 2.5}}, "facts.stepping_down_from"),
        ({"facts": []}, "facts"),
        ({"ratings": {"mental": {"need": "medical"}}}, "ratings.mental.value"),
        ({"ratings": {"mental": {"value": "2"}}}, "ratings.mental.value"),
        ({"ratings": {"mental": {"value": 1, "why": "?"}}}, "ratings.mental.why"),
        ({"edition": 4}, "edition"),
        ({"edition": None}, "edition"),
        ({"age": 17.5}, "age"),
        ({"age": True}, "age"),
        ({"facts": {"vitals": {"heart_rate": "fast"}}}, "facts.vitals.heart_rate"),
        ({"facts": {"vitals": {"mood": 3}}}, "facts.vitals.mood"),
        ({"facts": {"stepping_down_from": "9"}}, "facts.stepping_down_from"),
        ("case", "case"),
    ],
)
def test_a_wrong_field_is_named(case, field):
    with pytest.raises(CaseError) as error:
        read_case(case)
    assert [problem.field for problem in error.value.problems] == [field]


def test_every_wrong_field_is_named_at_once():
    with pytest.raises(CaseError) as error:
        read_case({"edition": 3, "ratings": {"mental": {"value": 9}}, "facts": {"pawss": "x"}})
    assert len(error.value.problems) == 3


def test_a_wrong_field_of_a_list_is_named_by_its_place():
    with pytest.raises(CaseError) as error:
        read_cases([{"age": 20}, {"age": -1}, 5])
    assert [problem.field for problem in error.value.problems] == ["[1].age", "[2]"]


def test_no_demographic_field_is_an_input():
    assert [each.name for each in fields(Case)] == ["ratings", "facts", "edition", "age"]
    people = {"sex", "gender", "race", "ethnicity", "language", "religion", "income", "payer", "zip", "name"}
    for name in people:
        for place in ({name: "x"}, {"facts": {name: "x"}}, {"ratings": {name: {"value": 1}}}):
            with pytest.raises(CaseError):
                read_case(place)


def test_null_is_unknown():
    assert read_case({"ratings": {"mental": None}, "facts": {"pregnant": None}, "age": None}) == Case(
        {}, Facts()
    )


# Override


REASON = "Lives with her sister and has asked to start from home."


def override(decision, chosen, *roles, reason=REASON, kind=Kind.PREFERENCE):
    level = LevelOfCare(chosen)
    return may_override(decision, chosen=level, roles=frozenset(roles), reason=reason, kind=kind)


def test_the_recommended_level_needs_no_reason():
    assert override(decided(danger=2), "2.1", Role.NURSE, reason="", kind=None) == Permitted(
        needs_second_signature=False
    )


def test_another_level_takes_a_license_and_a_reason():
    decision = decided(danger=2)
    assert isinstance(override(decision, "2.5", Role.NURSE), OverrideRefused)
    assert override(decision, "2.5", Role.COUNSELOR) == Permitted(needs_second_signature=False)
    refused = override(decision, "2.5", Role.COUNSELOR, reason="because            I think so")
    assert isinstance(refused, OverrideRefused)
    assert refused.field == "override_because"
    unsaid = override(decision, "2.5", Role.COUNSELOR, kind=None)
    assert isinstance(unsaid, OverrideRefused)
    assert unsaid.field == "override_kind"


def test_below_a_safety_rule_takes_a_second_signature():
    decision = decided(danger=(3, "daily_program"))
    permitted = override(decision, "2.1", Role.COUNSELOR)
    assert isinstance(permitted, Permitted)
    assert permitted.needs_second_signature
    assert "N2: " in permitted.because
    assert not override(
        decided(danger=2), "1.5", Role.COUNSELOR
    ).needs_second_signature  # I1 is no safety rule


@pytest.mark.parametrize(
    ("given", "chosen", "takes_two"),
    [
        ({"physical": (3, "medical")}, "2.7", False),
        (
            {"physical": (3, "medical")},
            "3.1",
            True,
        ),  # more hours of the day, and nobody to watch over the body
        ({"physical": (3, "medical")}, "3.7", False),
        ({"physical": (3, "medical")}, "4", False),
        ({"living": (3, "around_the_clock")}, "2.7", True),
        ({"withdrawal": 1, "facts": "mild"}, "1.5", True),  # withdrawal without a prescriber
        ({"withdrawal": 1, "facts": "mild"}, "1.7", False),
        ({"withdrawal": 1, "facts": "mild"}, "2.1", False),
        ({"mental": 4}, "3.7", True),
    ],
)
def test_a_level_is_below_a_safety_rule_on_whichever_axis_it_gives_less(given, chosen, takes_two):
    if given.get("facts") == "mild":
        given = given | {"facts": KNOWN | {"in_withdrawal_from": ["alcohol"], "ciwa_ar": 5}}
    assert override(decided(**given), chosen, Role.COUNSELOR).needs_second_signature == takes_two


def test_an_emergency_is_never_talked_down():
    assert isinstance(
        override(decided(facts={"unresponsive": True}), "2.1", Role.CLINICAL_SUPERVISOR), OverrideRefused
    )


def test_the_second_signature_is_another_persons_with_that_right():
    second = frozenset({Role.CLINICAL_SUPERVISOR})
    assert isinstance(may_sign_second(roles=second, is_first_signer=False), Permitted)
    assert isinstance(may_sign_second(roles=second, is_first_signer=True), OverrideRefused)
    assert isinstance(
        may_sign_second(roles=frozenset({Role.COUNSELOR}), is_first_signer=False), OverrideRefused
    )
