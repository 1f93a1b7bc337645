"""What scoring promises, one sentence a test."""

import pytest

from stepwell.care.measures.library import instrument
from stepwell.care.measures.scoring import FlagKind, Status, is_asked, parse, score

PHQ9 = [f"phq9_{number}" for number in range(1, 10)]
CALM = dict.fromkeys(PHQ9, 0)


def phq9(**changes):
    return score(instrument("phq9"), CALM | changes)


def bam(**changes):
    week = {"1": 1, "2": 1, "3": 1, "4": 0, "6": 0, "8": 1, "9": 3, "10": 2, "11": 1}
    week |= {"12": 2, "13": 3, "14": 4, "15": 1, "16": 3, "17": 3}
    return score(
        instrument("bam_iop"), {f"bam_iop_{number}": value for number, value in (week | changes).items()}
    )


# Missing answers


def test_two_missing_answers_are_prorated_and_rounded_half_up():
    scored = phq9(phq9_1=2, phq9_2=2, phq9_3=1, phq9_8=None, phq9_7=None)  # 5 x 9 / 7 = 6.43
    assert (scored.status, scored.scores["total"]) == (Status.PRORATED, 6)
    half = score(instrument("core10"), {f"core10_{n}": 1 for n in range(1, 10)} | {"core10_10": None})
    assert (half.status, half.scores["total"]) == (Status.PRORATED, 10)


def test_three_missing_answers_give_bounds_and_no_total():
    scored = phq9(phq9_1=3, phq9_2=None, phq9_3=None, phq9_4=None)
    assert scored.status is Status.INCOMPLETE
    assert scored.scores["total"] is None
    assert scored.bands["total"] is None
    assert scored.bounds == {"total": (3, 12)}
    assert scored.missing == ("phq9_2", "phq9_3", "phq9_4")


def test_an_absent_answer_is_missing_as_a_blank_one_is():
    blank = score(instrument("phq9"), CALM | {"phq9_9": None})
    absent = score(instrument("phq9"), dict.fromkeys(PHQ9[:-1], 0))
    assert blank == absent


def test_nothing_answered_is_incomplete_and_its_bounds_are_the_whole_range():
    scored = score(instrument("cows"), {})
    assert scored.status is Status.INCOMPLETE
    assert scored.bounds == {"total": (0, 48)}


def test_a_complete_subscale_keeps_its_score_when_another_is_incomplete():
    scored = bam(**{"8": None})
    assert scored.scores == {"use": 0, "risk": None, "protective": 17}
    assert scored.bounds == {"risk": (5, 9)}


# Safety


def test_thoughts_of_being_better_off_dead_are_flagged_whatever_the_total():
    scored = phq9(phq9_9=1)
    assert scored.scores["total"] == 1
    assert [flag.code for flag in scored.flags] == ["phq9_9"]
    assert scored.flags[0].kind is FlagKind.ITEM
    assert "C-SSRS" in scored.flags[0].action


def test_a_proration_never_hides_an_unanswered_safety_question():
    scored = phq9(phq9_9=None)
    assert scored.status is Status.PRORATED
    assert [flag.code for flag in scored.flags] == ["phq9_9:unanswered"]


def test_a_flag_is_raised_when_the_lower_bound_already_reaches_it():
    rated = {"cows_1": 4, "cows_2": 4, "cows_3": 5}  # 13 at least
    assert [flag.code for flag in score(instrument("cows"), rated).flags] == ["total>=13"]
    assert score(instrument("cows"), rated | {"cows_3": 3}).flags == ()


def test_an_unfinished_columbia_screener_is_a_minimum_and_never_negative():
    nothing = score(instrument("cssrs_screener"), {"cssrs_1": 0, "cssrs_2": 0})
    assert (nothing.status, nothing.outcomes["triage"]) == (Status.INCOMPLETE, None)
    assert nothing.has_flag("cssrs_6:unanswered")
    some = score(instrument("cssrs_screener"), {"cssrs_1": 1, "cssrs_2": 0})
    assert (some.status, some.outcomes["triage"]) == (Status.INCOMPLETE, "LOW")


def test_behavior_of_unknown_date_is_taken_as_recent():
    scored = score(instrument("cssrs_screener"), {"cssrs_1": 0, "cssrs_2": 0, "cssrs_6": 1})
    assert scored.outcomes["triage"] == "HIGH"
    assert scored.has_flag("triage=HIGH")
    assert scored.has_flag("cssrs_6a:unanswered")


def test_hallucinations_name_the_sense_they_were_rated_in():
    rated = {f"ciwa_{number}": 0 for number in range(1, 11)} | {"ciwa_7": 5}
    assert [flag.code for flag in score(instrument("ciwa_ar"), rated).flags] == ["ciwa_7"]


def test_low_confidence_is_a_flag_though_it_is_not_scored():
    scored = score(instrument("craving_nrs"), {"crave_now": 2, "crave_peak_24h": 4, "crave_confidence": 3})
    assert [flag.code for flag in scored.flags] == ["crave_confidence"]
    assert scored.scores == {"now": 2, "peak": 4}


def test_an_overdose_alert_needs_no_further_answer():
    said = {"od_opioid_use": 1, "od_tolerance_loss": 1, "od_naloxone": 0}
    scored = score(instrument("overdose_risk_checklist"), said)
    assert (scored.status, scored.outcomes) == (Status.SCORED, {"alert": "ALERT", "naloxone_offer": True})
    assert [flag.code for flag in scored.flags] == ["alert=ALERT"]


def test_an_overdose_answer_not_known_is_not_a_no():
    said = {"od_opioid_use": None, "od_prior_6m": 0, "od_naloxone": 0}
    scored = score(instrument("overdose_risk_checklist"), said)
    assert (scored.status, scored.outcomes["alert"]) == (Status.INCOMPLETE, None)


# Questions not asked


def test_a_question_rightly_not_asked_counts_as_zero():
    scored = bam(**{"4": 0, "6": 0})  # heavy drinking and single drugs were never asked
    assert (scored.status, scored.scores["use"]) == (Status.SCORED, 0)


def test_a_question_is_missing_once_an_earlier_answer_calls_for_it():
    scored = bam(**{"4": 2})
    assert scored.missing == ("bam_iop_5",)
    assert scored.bounds == {"use": (2, 6)}


def test_whether_a_question_is_asked_follows_the_answers():
    cows, phq = instrument("bam_iop"), instrument("phq9")
    assert not is_asked(cows, {"bam_iop_6": 0}, "bam_iop_7e")
    assert is_asked(cows, {"bam_iop_6": 1}, "bam_iop_7e")
    assert not is_asked(phq, CALM, "phq9_10")
    assert is_asked(phq, {"phq9_3": 1}, "phq9_10")


def test_never_drinking_leaves_nothing_to_ask():
    scored = score(instrument("audit_c"), {"auditc_1": 0})
    assert (scored.status, scored.scores["total"], scored.bands["total"]) == (Status.SCORED, 0, "Negative")


def test_no_trauma_completes_the_screen_whatever_else_was_ticked():
    scored = score(instrument("pc_ptsd5"), {"pcptsd5_0": 0, "pcptsd5_1": 1})
    assert (scored.status, scored.scores["total"]) == (Status.SCORED, 0)
    assert scored.warnings == ("pcptsd5_1:answered_though_not_asked",)


def test_days_of_use_are_counted_even_against_a_zero():
    scored = bam(**{"4": 0, "5": 2})
    assert scored.scores["use"] == 2
    assert scored.warnings == ("item5>item4",)


# Bands


def test_an_unknown_sex_takes_the_more_sensitive_cut():
    answers = {"auditc_1": 1, "auditc_2": 1, "auditc_3": 1}
    banded = {
        sex: score(instrument("audit_c"), answers, {"sex": sex}).bands["total"]
        for sex in ("male", "female", "x")
    }
    assert banded == {"male": "Negative", "female": "Positive", "x": "Positive"}
    assert score(instrument("audit_c"), answers).bands["total"] == "Positive"


def test_points_from_how_often_alone_are_said():
    scored = score(instrument("audit_c"), {"auditc_1": 4, "auditc_2": 0, "auditc_3": 0})
    assert scored.warnings == ("all_points_from_auditc_1",)


def test_an_unknown_band_scheme_is_refused_by_name():
    scored = score(instrument("ciwa_ar"), {}, {"scheme": "home_made"})
    assert scored.status is Status.INVALID
    assert "home_made" in scored.error
    assert "ASAM_2020" in scored.error


def test_a_provisional_pattern_says_when_it_cannot_be_known():
    bothered = {f"pcl5_{number}": 3 for number in range(1, 21)}
    pcl5 = instrument("pcl5")
    one_unknown_of_two = bothered | {"pcl5_6": None, "pcl5_7": 0}
    assert score(pcl5, bothered | {"pcl5_20": None}).outcomes["provisional_ptsd"] is True
    assert score(pcl5, one_unknown_of_two).outcomes["provisional_ptsd"] == "indeterminate"
    assert score(pcl5, bothered | {"pcl5_6": 0, "pcl5_7": 0}).outcomes["provisional_ptsd"] is False


def test_deciles_of_another_form_are_not_shown():
    answers = {f"socrates8d_{number}": 3 for number in range(1, 20)}
    assert score(instrument("socrates8d"), answers).outcomes == {}


# Bad answers


@pytest.mark.parametrize("value", [4, -1, "2", 1.5, True, [1], {"a": 1}])
def test_a_value_that_is_not_an_answer_is_refused_with_its_question_and_value(value):
    scored = phq9(phq9_3=value)
    assert scored.status is Status.INVALID
    assert scored.scores == {}
    assert scored.error.startswith("phq9_3: ")
    assert repr(value) in scored.error


def test_every_bad_answer_is_named_not_only_the_first():
    assert [problem.item for problem in phq9(phq9_1=9, phq9_4=7).problems] == ["phq9_1", "phq9_4"]


def test_a_question_the_instrument_does_not_have_is_refused():
    assert phq9(phq9_11=1).error == "phq9_11: phq9 has no such question"


def test_a_whole_number_written_with_a_point_is_that_number():
    assert phq9(phq9_1=2.0).scores["total"] == 2


def test_days_beyond_the_window_are_refused():
    scored = score(instrument("bam_r"), {"bam_r_4": 31})
    assert scored.error == "bam_r_4: 31 is not between 0 and 30"


# Methods of instruments a site may add


CRITERIA = {
    "id": "criteria",
    "title": "Criteria",
    "short_title": "Criteria",
    "version": "1",
    "verdict": "ship_original",
    "source": "made for this test",
    "licence": {"verdict": "original", "text": "made for this test"},
    "administration": "clinician",
    "items": [
        {
            "id": name,
            "scored": name != "c_medical_supervision",
            "text": name,
            "answers": [{"value": 0, "label": "No"}, {"value": 1, "label": "Yes"}],
        }
        for name in ("c_role", "c_time", "c_tolerance", "c_withdrawal", "c_medical_supervision")
    ],
    "scoring": {
        "method": "count_with_exclusions",
        "missing": {"rule": "bounded"},
        "scores": [
            {"id": "count", "items": ["c_role", "c_time", "c_tolerance", "c_withdrawal"], "min": 0, "max": 4}
        ],
    },
    "bands": [
        {"score": "count", "min": 0, "max": 1, "label": "None"},
        {"score": "count", "min": 2, "max": 4, "label": "Some"},
    ],
}
MET = {"c_role": 0, "c_time": 0, "c_tolerance": 1, "c_withdrawal": 1, "c_medical_supervision": 1}


def test_tolerance_under_medical_supervision_is_not_counted():
    criteria = parse(CRITERIA)
    assert score(criteria, MET, {"class": "opioid"}).scores == {"count": 0}
    assert score(criteria, MET, {"class": "cannabis"}).scores == {"count": 2}
    assert score(criteria, MET, {"class": "inhalant"}).scores == {"count": 1}


def test_a_count_with_gaps_is_a_minimum_and_names_a_band_only_when_it_is_sure():
    criteria = parse(CRITERIA)
    open_band = score(criteria, {"c_role": 1, "c_time": 0, "c_tolerance": 0})
    assert (open_band.status, open_band.scores["count"], open_band.bands["count"]) == (
        Status.INCOMPLETE,
        1,
        None,
    )
    sure_band = score(criteria, {"c_role": 1, "c_time": 1, "c_tolerance": 0})
    assert (sure_band.scores["count"], sure_band.bands["count"]) == (2, "Some")


NEEDS = {
    "id": "needs",
    "title": "Needs",
    "short_title": "Needs",
    "version": "1",
    "verdict": "ship_original",
    "source": "made for this test",
    "licence": {"verdict": "original", "text": "made for this test"},
    "administration": "self",
    "items": [
        {
            "id": "n_home",
            "domain": "housing",
            "positive_values": [1],
            "text": "Home",
            "answers": [{"value": 0, "label": "Steady"}, {"value": 1, "label": "Worried"}],
        },
        {
            "id": "n_repairs",
            "domain": "housing",
            "type": "multi",
            "positive_values": ["mold"],
            "text": "Repairs",
            "answers": [{"value": "mold", "label": "Mold"}, {"value": "none", "label": "None"}],
        },
        {
            "id": "n_food",
            "domain": "food",
            "positive_values": ["often"],
            "text": "Food",
            "answers": [{"value": "often", "label": "Often"}, {"value": "never", "label": "Never"}],
        },
    ],
    "scoring": {"method": "domain_flags_plus_sum", "missing": {"rule": "per_domain"}, "scores": []},
}


def test_a_domain_is_positive_when_any_answer_in_it_is():
    scored = score(parse(NEEDS), {"n_home": 0, "n_repairs": ["mold"], "n_food": "never"})
    assert (scored.status, scored.outcomes["domains"]) == (Status.SCORED, ["housing"])


def test_a_domain_not_fully_asked_says_so():
    scored = score(parse(NEEDS), {"n_home": 0, "n_food": "often"})
    assert scored.outcomes == {"domains": ["food"], "not_fully_screened": ["housing"]}
    assert scored.status is Status.INCOMPLETE


@pytest.mark.parametrize("value", ["mold", ["rain"], [True]])
def test_several_answers_are_a_list_of_known_ones(value):
    assert score(parse(NEEDS), {"n_repairs": value}).status is Status.INVALID
