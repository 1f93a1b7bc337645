"""Each of the 36, by hand: the least and the most it can say, and what it does with what is missing or wrong."""

import pytest

from stepwell.care.measures.library import instrument, instruments
from stepwell.care.measures.scoring import ItemKind, Status, score

#: The least and the most of each score, with its band, as the papers print them.
LEAST_AND_MOST: dict[str, dict[str, tuple[int, str | None, int, str | None]]] = {
    "ahc_hrsn_core": {"safety": (4, "Negative", 20, "Positive")},
    "audit": {
        "total": (0, "Zone I - low risk", 40, "Zone IV - possible dependence"),
        "consumption": (0, None, 12, None),
        "dependence": (0, None, 12, None),
        "problems": (0, None, 16, None),
    },
    "audit_c": {"total": (0, "Negative", 12, "Positive")},
    "bam": {
        "use": (0, "No use reported", 12, "Use reported - examine further"),
        "risk": (0, "Below flag", 24, "Elevated risk - examine further"),
        "protective": (0, "Low protection - clinically significant", 24, "Above flag"),
    },
    "bam_iop": {
        "use": (0, "No use reported", 12, "Use reported - examine further"),
        "risk": (0, "Below flag", 24, "Elevated risk - examine further"),
        "protective": (0, "Low protection - clinically significant", 24, "Above flag"),
    },
    "bam_r": {
        "use": (0, "No use reported", 90, "Use reported - examine further"),
        "risk": (0, None, 180, None),
        "protective": (0, None, 180, None),
    },
    "barc10": {
        "total": (
            10,
            "Below the sustained-remission cut-off",
            60,
            "At or above the sustained-remission cut-off",
        )
    },
    "bscs_structure": {"primary_substance": (0, None, 12, None)},
    "ciwa_ar": {"total": (0, "Mild", 67, "Severe / complicated")},
    "core10": {"total": (0, "Healthy", 40, "Severe")},
    "cows": {"total": (0, "No active withdrawal", 48, "Severe")},
    "craving_nrs": {"now": (0, None, 10, None), "peak": (0, None, 10, None)},
    "cssrs_screener": {},
    "cssrs_since_last_contact": {},
    "dast10": {"total": (0, "No problems reported", 10, "Severe level")},
    "dsm5_sud_checklist": {"count": (0, "No disorder", 11, "Severe")},
    "gad2": {"total": (0, "Negative screen", 6, "Positive screen - give GAD-7")},
    "gad7": {"total": (0, "Minimal", 21, "Severe")},
    "k6": {"total": (0, "Low", 24, "Probable serious mental illness")},
    "overdose_risk_checklist": {},
    "pacs": {"total": (0, "Below 15", 30, ">=15: clinically significant craving (community sample)")},
    "pc_ptsd5": {"total": (0, "Negative", 5, "Positive")},
    "pcl5": {
        "total": (0, "Below cut-point", 80, "Probable PTSD - assess further"),
        "B": (0, None, 20, None),
        "C": (0, None, 8, None),
        "D": (0, None, 28, None),
        "E": (0, None, 24, None),
    },
    "pcl5_weekly": {
        "total": (0, "Below cut-point", 80, "Probable PTSD - assess further"),
        "B": (0, None, 20, None),
        "C": (0, None, 8, None),
        "D": (0, None, 28, None),
        "E": (0, None, 24, None),
    },
    "phq2": {"total": (0, "Negative screen", 6, "Positive screen - give PHQ-9")},
    "phq9": {"total": (0, "None-minimal", 27, "Severe")},
    "readiness_ruler": {
        "importance": (0, None, 10, None),
        "confidence": (0, None, 10, None),
        "readiness": (0, None, 10, None),
    },
    "safety_plan_structure": {},
    "session_feedback": {"total": (0, None, 40, None)},
    "single_item_screeners": {
        "alcohol": (0, "Negative", 365, "Positive - dependence likely"),
        "drug": (0, "Negative", 365, "Positive - dependence likely"),
    },
    "socrates8a": {
        "recognition": (7, None, 35, None),
        "ambivalence": (4, None, 20, None),
        "taking_steps": (8, None, 40, None),
    },
    "socrates8d": {
        "recognition": (7, None, 35, None),
        "ambivalence": (4, None, 20, None),
        "taking_steps": (8, None, 40, None),
    },
    "sows_structure": {"total": (0, "None", 64, "Severe")},
    "taps": {
        name: (0, "No use in past 3 months", most, "Problem use" if most == 1 else "Higher risk")
        for name, most in {
            "tobacco": 3, "alcohol": 4, "cannabis": 3, "stimulant_illicit": 3, "heroin": 3,
            "opioid_rx": 3, "sedative_rx": 3, "stimulant_rx": 3, "other": 1,
        }.items()
    },
    "urica24_structure": {},
    "whodas12_structure": {"total": (0, None, 48, None)},
}  # fmt: skip
PRORATED = {"phq9", "gad7", "core10", "whodas12_structure"}
EVERY = sorted(LEAST_AND_MOST)
COUNTED = [name for name in EVERY if LEAST_AND_MOST[name]]


def extreme(name, pick):
    """Every question answered with its least, or its most; medical supervision is another matter."""
    answers = {}
    for item in instrument(name).items:
        if item.kind is ItemKind.INTEGER:
            answers[item.id] = pick(item.minimum, item.maximum)
        elif item.kind is ItemKind.MULTI:
            answers[item.id] = [item.values[0]]
        elif item.kind is ItemKind.CHOICE and item.id != "sud_medical_supervision":
            numbers = [value for value in item.values if isinstance(value, int)]
            answers[item.id] = pick(numbers) if numbers else item.values[0]
    return answers


def counted(name):
    return {item for each in instrument(name).scores for item in each.items}


def answers_to(prefix, *values, first=1):
    return {f"{prefix}_{number}": value for number, value in enumerate(values, first)}


def test_all_thirty_six_are_here():
    assert set(instruments()) == set(LEAST_AND_MOST)
    assert len(LEAST_AND_MOST) == 36


@pytest.mark.parametrize("name", COUNTED)
def test_the_least_and_the_most_are_what_the_papers_print(name):
    for which, pick in ((0, min), (2, max)):
        scored = score(instrument(name), extreme(name, pick))
        assert scored.status is Status.SCORED
        for score_id, row in LEAST_AND_MOST[name].items():
            assert (score_id, scored.scores[score_id]) == (score_id, row[which])
            assert scored.bands.get(score_id) == row[which + 1]
        assert scored.bounds == {}
        assert scored.missing == ()


@pytest.mark.parametrize("name", COUNTED)
def test_one_question_missing_is_never_a_zero(name):
    full = extreme(name, max)
    for item in sorted(counted(name)):
        for partial in ({k: v for k, v in full.items() if k != item}, full | {item: None}):
            scored = score(instrument(name), partial)
            assert item in scored.missing
            hit = {each.id for each in instrument(name).scores if item in each.items}
            if name in PRORATED:
                assert scored.status is Status.PRORATED
                assert all(scored.scores[each] == LEAST_AND_MOST[name][each][2] for each in hit)
                continue
            assert scored.status is Status.INCOMPLETE
            assert hit <= set(scored.bounds)
            assert all(scored.bounds[each][0] < scored.bounds[each][1] for each in hit)
            assert all(scored.bounds[each][1] == LEAST_AND_MOST[name][each][2] for each in hit)
            if name != "dsm5_sud_checklist":  # its count so far is said as a minimum
                assert all(scored.scores[each] is None for each in hit)
                assert all(scored.bands.get(each) is None for each in hit)


@pytest.mark.parametrize("name", COUNTED)
def test_nothing_answered_is_incomplete_between_the_least_and_the_most(name):
    for nothing in ({}, dict.fromkeys(extreme(name, min))):
        scored = score(instrument(name), nothing)
        assert scored.status is Status.INCOMPLETE
        for score_id, (least, _, most, _) in LEAST_AND_MOST[name].items():
            # A substance of TAPS, or the rest of AUDIT, may turn out not to be asked: then it is zero.
            assert scored.bounds[score_id] == (least, most)
        assert all(flag.code.endswith(":unanswered") for flag in scored.flags)


@pytest.mark.parametrize("name", EVERY)
def test_what_is_no_answer_is_refused_by_question(name):
    for item in instrument(name).items:
        wrong = [True, False, 2.5, -1, 366, 10**40, {"a": 1}, float("nan"), float("inf")]
        if item.kind is ItemKind.FREE:
            wrong = [True, 2.5, 0]
        elif item.kind is ItemKind.MULTI:
            wrong += ["pests", [1], [True], [["pests"]], "none"]
        else:
            wrong += [[0], [], ""] + [str(value) for value in item.values if isinstance(value, int)]
            wrong += ["1", "yes please", item.answers[0].label + "?" if item.answers else "x"]
        for value in wrong:
            scored = score(instrument(name), {item.id: value})
            assert scored.status is Status.INVALID, (item.id, value)
            assert scored.error.startswith(f"{item.id}: ")
            assert (scored.scores, scored.flags) == ({}, ())


@pytest.mark.parametrize("name", EVERY)
def test_a_question_it_does_not_have_is_refused_even_when_it_is_blank(name):
    for value in (1, None):
        scored = score(instrument(name), extreme(name, min) | {"phq9_0": value})
        assert scored.status is Status.INVALID
        assert scored.error == f"phq9_0: {name} has no such question"


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("key", ["sex", "scheme", "class"])
def test_a_context_that_is_no_word_is_refused(name, key):
    assert score(instrument(name), {}, {key: ["male"]}).error == f"{key}: ['male'] should be words"
    assert score(instrument(name), {}, {key: None}).status is not Status.INVALID


# PHQ-9, PHQ-2, GAD-7, GAD-2, K6


def test_the_bands_of_phq9_turn_where_the_paper_says():
    for total, band in [
        (4, "None-minimal"), (5, "Mild"), (9, "Mild"), (10, "Moderate"), (14, "Moderate"),
        (15, "Moderately severe"), (19, "Moderately severe"), (20, "Severe"),
    ]:  # fmt: skip
        spread = [min(3, max(0, total - 3 * step)) for step in range(9)]
        assert score(instrument("phq9"), answers_to("phq9", *spread)).bands["total"] == band


def test_a_half_is_rounded_up():
    # 4 x 9 / 8 = 4.5, and 6 x 7 / 6 = 7, 5 x 7 / 6 = 5.83, 3 x 7 / 6 = 3.5
    assert score(instrument("phq9"), answers_to("phq9", 1, 1, 1, 1, 0, 0, 0, 0)).scores["total"] == 5
    assert score(instrument("gad7"), answers_to("gad7", 1, 1, 1, 0, 0, 0)).scores["total"] == 4
    assert score(instrument("gad7"), answers_to("gad7", 1, 1, 1, 1, 1, 0)).scores["total"] == 6
    assert score(instrument("core10"), answers_to("core10", *[1] * 8, 1)).scores["total"] == 10


def test_only_as_many_may_be_missing_as_the_rule_allows():
    allowed = {"phq9": 2, "gad7": 2, "core10": 1, "whodas12_structure": 1}
    for name, most in allowed.items():
        full = {item: value for item, value in extreme(name, min).items() if item in counted(name)}
        for missing in range(len(full) + 1):
            partial = dict(list(full.items())[missing:])
            expected = (
                Status.SCORED if not missing else Status.PRORATED if missing <= most else Status.INCOMPLETE
            )
            assert score(instrument(name), partial).status is expected


def test_how_difficult_it_was_is_neither_scored_nor_missed():
    answers = answers_to("phq9", 1, 0, 0, 0, 0, 0, 0, 0, 0)
    assert score(instrument("phq9"), answers) == score(instrument("phq9"), answers | {"phq9_10": 3})


def test_a_severe_total_is_flagged_from_its_lower_bound_and_from_a_proration():
    six = answers_to("phq9", 3, 3, 3, 3, 3, 3)
    assert [f.code for f in score(instrument("phq9"), six).flags] == ["phq9_9:unanswered"]  # 18 at least
    seven = answers_to("phq9", 3, 3, 3, 3, 3, 1)  # 16 of six
    assert [f.code for f in score(instrument("phq9"), seven | {"phq9_9": 3}).flags] == ["phq9_9", "total>=20"]
    assert [f.code for f in score(instrument("gad7"), answers_to("gad7", 3, 3, 3, 3, 3)).flags] == [
        "total>=15"
    ]
    assert [f.code for f in score(instrument("k6"), answers_to("k6", 4, 4, 4, 1)).flags] == ["total>=13"]
    assert score(instrument("k6"), answers_to("k6", 4, 4, 4)).flags == ()


def test_a_safety_question_left_out_is_raised_whatever_else_was_said():
    for rest in (0, 1, 3):
        scored = score(instrument("phq9"), answers_to("phq9", *[rest] * 8))
        assert scored.has_flag("phq9_9:unanswered")
    assert score(instrument("core10"), answers_to("core10", 0, 0, 0, 0, 0)).has_flag("core10_6:unanswered")
    assert not score(instrument("core10"), {"core10_6": 0}).flags
    assert score(instrument("core10"), {"core10_6": 4}).has_flag("core10_6")


# AUDIT, AUDIT-C, DAST-10, single items, PACS, SOWS


def test_who_never_drinks_is_asked_only_about_injury_and_concern():
    scored = score(instrument("audit"), {"audit_1": 0, "audit_9": 2, "audit_10": 4})
    assert (scored.status, scored.scores["total"], scored.scores["problems"]) == (Status.SCORED, 6, 6)
    without_concern = score(instrument("audit"), {"audit_1": 0, "audit_9": 0})
    assert without_concern.missing == ("audit_10",)
    assert without_concern.bounds == {"total": (0, 4), "problems": (0, 4)}
    assert without_concern.scores["consumption"] == without_concern.scores["dependence"] == 0


def test_who_drinks_little_at_a_time_skips_to_the_end():
    scored = score(
        instrument("audit"), {"audit_1": 4, "audit_2": 0, "audit_3": 0, "audit_9": 0, "audit_10": 0}
    )
    assert (scored.status, scored.scores["total"]) == (Status.SCORED, 4)
    one_more = {"audit_1": 4, "audit_2": 1, "audit_3": 0, "audit_9": 0, "audit_10": 0}
    assert score(instrument("audit"), one_more).missing == tuple(f"audit_{n}" for n in range(4, 9))


def test_an_answer_to_a_skipped_question_scores_zero_and_is_said_and_still_flagged():
    """The manual says items 2 to 8 score 0; a first drink in the morning is worth asking about all the same."""
    scored = score(instrument("audit"), {"audit_1": 0, "audit_6": 4, "audit_9": 0, "audit_10": 0})
    assert scored.scores["total"] == 0
    assert scored.warnings == ("audit_6:answered_though_not_asked",)
    assert [flag.code for flag in scored.flags] == ["audit_6"]


def test_injury_and_concern_are_worth_nothing_two_or_four():
    for value in (1, 3):
        assert score(instrument("audit"), {"audit_9": value}).status is Status.INVALID


def test_twenty_points_are_flagged_as_soon_as_they_are_sure():
    drinking = answers_to("audit", 4, 4, 4, 4)
    assert not score(instrument("audit"), drinking).has_flag("total>=20")
    assert score(instrument("audit"), drinking | {"audit_9": 4}).has_flag("total>=20")


@pytest.mark.parametrize(
    ("sex", "three", "four"),
    [("male", "Negative", "Positive"), ("Male ", "Negative", "Positive"), ("female", "Positive", "Positive"),
     ("other", "Positive", "Positive"), ("", "Positive", "Positive"), (None, "Positive", "Positive")],
)  # fmt: skip
def test_the_cut_of_audit_c_by_sex(sex, three, four):
    for total, band in ((3, three), (4, four)):
        answers = answers_to("auditc", total - 2, 1, 1)
        assert score(instrument("audit_c"), answers, {"sex": sex}).bands["total"] == band


def test_never_drinking_closes_audit_c_even_against_an_answer():
    scored = score(instrument("audit_c"), answers_to("auditc", 0, 4, None))
    assert (scored.status, scored.scores["total"]) == (Status.SCORED, 0)
    assert scored.warnings == ("auditc_2:answered_though_not_asked",)
    assert score(instrument("audit_c"), answers_to("auditc", 1, None, 0)).bounds == {"total": (1, 5)}


def test_being_able_to_stop_counts_nothing_and_not_being_able_counts_one():
    stop = instrument("dast10").item("dast_3")
    assert (stop.label_of(0), stop.label_of(1)) == ("Yes", "No")
    assert [f.code for f in score(instrument("dast10"), {"dast_9": 1}).flags] == ["dast_9"]
    for total, band in [
        (1, "Low level"),
        (3, "Moderate level"),
        (6, "Substantial level"),
        (9, "Severe level"),
    ]:
        answers = answers_to("dast", *[1] * total, *[0] * (10 - total))
        assert score(instrument("dast10"), answers).bands["total"] == band


def test_the_single_questions_turn_at_one_eight_and_three():
    for alcohol, drug, bands in [
        (0, 1, ("Negative", "Positive")), (1, 2, ("Positive", "Positive")),
        (7, 3, ("Positive", "Positive - dependence likely")), (8, 0, ("Positive - dependence likely", "Negative")),
    ]:  # fmt: skip
        scored = score(instrument("single_item_screeners"), {"sisq_alcohol": alcohol, "sisq_drug": drug})
        assert (scored.bands["alcohol"], scored.bands["drug"]) == bands
    half = score(instrument("single_item_screeners"), {"sisq_drug": 3})
    assert (half.status, half.bands) == (
        Status.INCOMPLETE,
        {"alcohol": None, "drug": "Positive - dependence likely"},
    )


def test_craving_for_alcohol_is_flagged_at_twenty():
    assert not score(instrument("pacs"), answers_to("pacs", 6, 6, 6, 1, 0)).has_flag("total>=20")
    assert score(instrument("pacs"), answers_to("pacs", 6, 6, 6, 2)).has_flag("total>=20")
    assert score(instrument("pacs"), answers_to("pacs", 3, 3, 3, 3, 3)).bands["total"].startswith(">=15")


# BAM


@pytest.mark.parametrize(("name", "much"), [("bam", 1), ("bam_iop", 1), ("bam_r", 1)])
def test_no_bam_has_a_total(name, much):
    scored = score(instrument(name), extreme(name, max)).to_dict()
    assert scored["total"] is None
    assert "total_band" not in scored


def test_the_monthly_form_stretches_its_five_words_over_thirty_days():
    worth = {
        value: score(instrument("bam_r"), extreme("bam_r", min) | {"bam_r_1": value}).scores["risk"]
        for value in range(5)
    }
    assert worth == {0: 0, 1: 8, 2: 15, 3: 22, 4: 30}
    income = extreme("bam_r", min) | {"bam_r_14": 4}
    assert score(instrument("bam_r"), income).scores["protective"] == 30
    days = extreme("bam_r", min) | {"bam_r_13": 17}
    assert score(instrument("bam_r"), days).scores["protective"] == 17


def test_missing_words_of_the_monthly_form_are_bounded_by_their_worth():
    answers = extreme("bam_r", min)
    del answers["bam_r_8"]
    assert score(instrument("bam_r"), answers).bounds == {"risk": (0, 30)}


@pytest.mark.parametrize("name", ["bam", "bam_iop", "bam_r"])
def test_what_bam_flags(name):
    quiet = extreme(name, min)
    said = quiet | {f"{name}_4": 1, f"{name}_6": 2, f"{name}_7e": 1, f"{name}_8": 3}
    assert [flag.code for flag in score(instrument(name), said).flags] == [
        f"{name}_4", f"{name}_6", f"{name}_7e", f"{name}_8",
    ]  # fmt: skip
    assert score(instrument(name), quiet | {f"{name}_8": 2}).flags == ()


@pytest.mark.parametrize("name", ["bam", "bam_iop", "bam_r"])
def test_days_of_one_drug_beyond_all_days_are_said_each(name):
    said = extreme(name, min) | {f"{name}_6": 1, f"{name}_7a": 2, f"{name}_7g": 3}
    assert score(instrument(name), said).warnings == ("item7a>item6", "item7g>item6")


def test_satisfaction_and_single_drugs_are_not_missed():
    answers = {
        item: value
        for item, value in extreme("bam_iop", max).items()
        if "_7" not in item and not item.endswith("17")
    }
    assert score(instrument("bam_iop"), answers).status is Status.SCORED


# PCL-5, PC-PTSD-5


def test_a_symptom_counts_from_moderately():
    pattern = dict.fromkeys((f"pcl5_{n}" for n in range(1, 21)), 0)
    just = pattern | dict.fromkeys(("pcl5_1", "pcl5_6", "pcl5_8", "pcl5_9", "pcl5_15", "pcl5_16"), 2)
    assert score(instrument("pcl5"), just).outcomes == {"provisional_ptsd": True}
    assert score(instrument("pcl5"), just).bands["total"] == "Below cut-point"
    for one in ("pcl5_1", "pcl5_6", "pcl5_9", "pcl5_16"):
        assert score(instrument("pcl5"), just | {one: 1}).outcomes == {"provisional_ptsd": False}
        assert score(instrument("pcl5"), just | {one: None}).outcomes == {"provisional_ptsd": "indeterminate"}


def test_the_cut_of_the_pcl_is_31_and_risks_are_flagged_from_three():
    total = dict.fromkeys((f"pcl5_{n}" for n in range(1, 21)), 0)
    for points, band in ((2, "Below cut-point"), (3, "Probable PTSD - assess further")):
        answers = total | dict.fromkeys((f"pcl5_{n}" for n in range(1, 8)), 4) | {"pcl5_16": points}
        assert score(instrument("pcl5"), answers).bands["total"] == band
        assert score(instrument("pcl5_weekly"), answers).has_flag("pcl5_16") == (points == 3)


def test_three_is_positive_only_at_the_sensitive_cut():
    for total, band in [(2, "Negative"), (3, "Positive at the sensitive cut-point"), (4, "Positive")]:
        answers = {"pcptsd5_0": 1} | answers_to("pcptsd5", *[1] * total, *[0] * (5 - total))
        for context in ({}, {"sex": "female"}, {"sex": "male"}):
            assert score(instrument("pc_ptsd5"), answers, context).bands["total"] == band


def test_without_a_word_on_any_trauma_the_rest_is_open():
    assert score(instrument("pc_ptsd5"), {"pcptsd5_0": None}).bounds == {"total": (0, 5)}
    assert score(instrument("pc_ptsd5"), {"pcptsd5_0": 0}).status is Status.SCORED
    assert score(instrument("pc_ptsd5"), {"pcptsd5_0": 1}).missing == tuple(
        f"pcptsd5_{n}" for n in range(1, 6)
    )


# Columbia


@pytest.mark.parametrize(
    ("said", "status", "level"),
    [
        ({"1": 0, "2": 0, "6": 0}, "scored", "NEGATIVE"),
        ({"1": 1, "2": 0, "6": 0}, "scored", "LOW"),
        ({"1": 0, "2": 1, "3": 0, "4": 0, "5": 0, "6": 0}, "scored", "LOW"),
        ({"1": 0, "2": 1, "3": 1, "4": 0, "5": 0, "6": 0}, "scored", "MODERATE"),
        ({"1": 0, "2": 1, "3": 0, "4": 1, "5": 0, "6": 0}, "scored", "HIGH"),
        ({"1": 0, "2": 1, "3": 0, "4": 0, "5": 1, "6": 0}, "scored", "HIGH"),
        ({"1": 0, "2": 0, "6": 1, "6a": 1}, "scored", "HIGH"),
        ({"1": 0, "2": 0, "6": 1, "6a": 0}, "scored", "MODERATE"),
        ({"1": 0, "2": 0, "6": 1, "6a": None}, "scored", "HIGH"),
        ({"4": 1}, "scored", "HIGH"),  # nothing else was answered: it cannot get lower
        ({"1": None, "2": 0, "6": 0}, "incomplete", None),
        ({"1": 0, "2": None, "6": 0}, "incomplete", None),
        ({"1": 1}, "incomplete", "LOW"),
        ({"1": 0, "2": 1, "3": 0, "4": None, "5": 0, "6": 0}, "incomplete", "LOW"),
        ({"1": 0, "2": 0, "4": 1, "6": 0}, "scored", "HIGH"),  # against the skip: taken at their word
        ({}, "incomplete", None),
    ],
)
def test_the_triage_of_the_screener(said, status, level):
    scored = score(instrument("cssrs_screener"), {f"cssrs_{item}": value for item, value in said.items()})
    assert (scored.status.value, scored.outcomes["triage"]) == (status, level)
    assert scored.has_flag(f"triage={level}") == (level not in (None, "NEGATIVE"))


def test_since_last_contact_any_behavior_is_high():
    slc = instrument("cssrs_since_last_contact")
    assert score(slc, answers_to("cssrs_slc", 0, 0) | {"cssrs_slc_6": 1}).outcomes["triage_band"] == "High"
    assert score(slc, answers_to("cssrs_slc", 0, 0) | {"cssrs_slc_6": 0}).outcomes["triage"] == "NEGATIVE"
    assert score(slc, answers_to("cssrs_slc", 0, 0)).outcomes["triage"] is None
    assert score(slc, answers_to("cssrs_slc", 0, 1, 1, 0, 0, 0)).flags == ()  # only HIGH has an act in it


def test_an_answer_against_the_skip_of_the_screener_is_said():
    scored = score(instrument("cssrs_screener"), {"cssrs_1": 0, "cssrs_2": 0, "cssrs_4": 1, "cssrs_6": 0})
    assert scored.warnings == ("cssrs_4:answered_though_not_asked",)


# COWS, CIWA-Ar


def test_the_values_of_cows_are_irregular():
    allowed = {
        1: [0, 1, 2, 4], 2: [0, 1, 2, 3, 4], 3: [0, 1, 3, 5], 4: [0, 1, 2, 5], 5: [0, 1, 2, 4], 6: [0, 1, 2, 4],
        7: [0, 1, 2, 3, 5], 8: [0, 1, 2, 4], 9: [0, 1, 2, 4], 10: [0, 1, 2, 4], 11: [0, 3, 5],
    }  # fmt: skip
    for number, values in allowed.items():
        for value in range(7):
            scored = score(instrument("cows"), {f"cows_{number}": value})
            assert (scored.status is Status.INVALID) == (value not in values)


def test_withdrawal_is_flagged_at_thirteen_and_again_at_twenty_five():
    answers = answers_to("cows", 4, 4, 5, 5, 4, 2, 1)
    assert [flag.code for flag in score(instrument("cows"), answers).flags] == ["total>=13", "total>=25"]


@pytest.mark.parametrize(
    ("total", "asam", "legacy"),
    [(7, "Mild", "Minimal-mild"), (8, "Mild", "Moderate"), (9, "Mild", "Moderate"), (10, "Moderate", "Moderate"),
     (15, "Moderate", "Moderate"), (16, "Moderate", "Severe"), (18, "Moderate", "Severe"),
     (19, "Severe / complicated", "Severe")],
)  # fmt: skip
def test_the_two_schemes_of_ciwa(total, asam, legacy):
    answers = answers_to("ciwa", *[min(7, max(0, total - 7 * step)) for step in range(5)], 0, 0, 0, 0, 0)
    ciwa = instrument("ciwa_ar")
    assert score(ciwa, answers).bands["total"] == asam
    assert score(ciwa, answers, {"scheme": "ASAM_2020"}).bands["total"] == asam
    assert score(ciwa, answers, {"scheme": "Sullivan_legacy"}).bands["total"] == legacy


def test_clouding_and_hallucinations_are_flagged_by_themselves():
    flags = score(instrument("ciwa_ar"), {"ciwa_10": 2, "ciwa_6": 4, "ciwa_8": 7, "ciwa_7": 3}).flags
    assert {flag.code for flag in flags} == {"ciwa_10", "ciwa_6", "ciwa_8", "total>=10"}
    assert score(instrument("ciwa_ar"), {"ciwa_10": 5}).status is Status.INVALID


def test_a_scheme_means_nothing_to_an_instrument_without_schemes():
    assert score(instrument("phq2"), answers_to("phq2", 1, 1), {"scheme": "x"}).status is Status.SCORED


# TAPS


def test_never_in_a_year_leaves_nothing_to_ask():
    scored = score(instrument("taps"), answers_to("taps1", 0, 0, 0, 0))
    assert scored.status is Status.SCORED
    assert set(scored.scores.values()) == {0}


def test_a_no_to_a_substance_settles_it_whatever_else_was_ticked():
    said = answers_to("taps1", 0, 0, 1, 0) | {"taps2_heroin_1": 0, "taps2_heroin_2": 1}
    scored = score(instrument("taps"), said)
    assert scored.scores["heroin"] == 0
    assert scored.warnings == ("taps2_heroin_2:answered_though_not_asked",)
    assert scored.scores["cannabis"] is None
    assert scored.bounds["cannabis"] == (0, 3)


def test_who_says_never_and_then_yes_to_heroin_has_used_heroin():
    said = answers_to("taps1", 0, 0, 0, 0) | {"taps2_heroin_1": 1, "taps2_heroin_2": 1, "taps2_heroin_3": 0}
    scored = score(instrument("taps"), said)
    assert (scored.scores["heroin"], scored.bands["heroin"]) == (2, "Higher risk")
    assert [flag.code for flag in scored.flags] == ["taps2_heroin_1"]
    assert scored.warnings == ("taps2_heroin_1:answered_though_not_asked",)


# SOCRATES, BARC-10, craving, session feedback, rulers


def test_deciles_are_of_the_alcohol_form_and_only_of_what_is_complete():
    answers = extreme("socrates8a", min)
    scored = score(instrument("socrates8a"), answers | {"socrates8a_1": None})
    assert scored.outcomes == {
        "recognition_decile": None,
        "ambivalence_decile": 10,
        "taking_steps_decile": 10,
    }
    assert scored.bounds == {"recognition": (7, 11)}
    assert score(instrument("socrates8d"), extreme("socrates8d", min)).outcomes == {}


def test_each_rating_of_craving_stands_for_itself():
    scored = score(instrument("craving_nrs"), {"crave_peak_24h": 7})
    assert (scored.scores, scored.bounds) == ({"now": None, "peak": 7}, {"now": (0, 10)})
    assert [flag.code for flag in scored.flags] == ["crave_peak_24h"]
    assert (
        score(instrument("craving_nrs"), {"crave_now": 10, "crave_peak_24h": 6, "crave_confidence": 4}).flags
        == ()
    )


def test_any_low_mark_of_a_session_is_flagged_also_about_the_group():
    marks = answers_to("sf", 10, 6, 5, 10) | {"sf_g1": 5, "sf_g2": 6, "sf_text": "More time"}
    scored = score(instrument("session_feedback"), marks)
    assert (scored.scores["total"], [flag.code for flag in scored.flags]) == (31, ["sf_3", "sf_g1"])


# Social needs


NEEDS = {"hrsn_1": 0, "hrsn_2": ["none"], "hrsn_3": "never", "hrsn_4": "never", "hrsn_5": 0, "hrsn_6": "no"}
SAFE = answers_to("hrsn", 1, 1, 1, 1, first=7)


def test_eleven_is_positive_and_ten_is_not():
    for last, band in ((4, "Negative"), (5, "Positive")):
        scored = score(instrument("ahc_hrsn_core"), NEEDS | answers_to("hrsn", 2, 2, 2, last, first=7))
        assert scored.bands["safety"] == band
        assert [flag.code for flag in scored.flags] == (["safety>=11"] if last == 5 else [])
    assert score(instrument("ahc_hrsn_core"), answers_to("hrsn", 5, 5, first=7)).has_flag("safety>=11")


def test_safety_needs_all_four_questions():
    scored = score(instrument("ahc_hrsn_core"), NEEDS | SAFE | {"hrsn_9": None})
    assert (scored.status, scored.scores["safety"], scored.bounds) == (
        Status.INCOMPLETE,
        None,
        {"safety": (4, 8)},
    )
    assert scored.outcomes == {"domains": [], "not_fully_screened": []}


def test_nothing_ticked_is_not_none_of_the_above():
    scored = score(instrument("ahc_hrsn_core"), NEEDS | SAFE | {"hrsn_2": []})
    assert (scored.status, scored.missing) == (Status.INCOMPLETE, ("hrsn_2",))
    assert scored.outcomes["not_fully_screened"] == ["housing"]


@pytest.mark.parametrize(
    ("said", "domain"),
    [({"hrsn_1": 2}, "housing"), ({"hrsn_2": ["none", "mold"]}, "housing"), ({"hrsn_4": "often"}, "food"),
     ({"hrsn_5": 1}, "transportation"), ({"hrsn_6": "yes"}, "utilities")],
)  # fmt: skip
def test_one_need_makes_its_domain_positive(said, domain):
    assert score(instrument("ahc_hrsn_core"), NEEDS | SAFE | said).outcomes["domains"] == [domain]


def test_without_the_last_four_nothing_is_said_of_safety():
    needs = instrument("ahc_hrsn_core").without({f"hrsn_{n}" for n in range(7, 11)})
    scored = score(needs, NEEDS)
    assert (scored.status, scored.scores) == (Status.SCORED, {})
    assert score(needs, NEEDS | SAFE).status is Status.INVALID


# Criteria of a substance use disorder


def criteria(*met, **more):
    return {f"sud_{n}": int(n in met) for n in range(1, 12)} | more


@pytest.mark.parametrize(
    ("substance", "supervised", "count"),
    [
        ("opioid", 1, 1), ("opioids", 1, 1), ("Sedative, hypnotic or anxiolytic", 1, 1), ("anxiolytic", 1, 1),
        ("stimulants", 1, 1), (None, 1, 1), ("alcohol", 1, 3), ("cannabis", 1, 3), ("opioid", 0, 3), (None, 0, 3),
        ("inhalant", 0, 2), ("other_hallucinogen", 0, 2), ("phencyclidine", 0, 2), ("Other hallucinogens", 1, 2),
    ],
)  # fmt: skip
def test_what_does_not_count_for_a_class(substance, supervised, count):
    met = criteria(1, 10, 11, sud_medical_supervision=supervised)
    assert score(instrument("dsm5_sud_checklist"), met, {"class": substance}).scores == {"count": count}


def test_supervision_that_nobody_asked_about_takes_nothing_off():
    assert score(instrument("dsm5_sud_checklist"), criteria(10, 11), {"class": "opioid"}).scores == {
        "count": 2
    }


def test_a_criterion_that_does_not_count_is_not_missed():
    scored = score(instrument("dsm5_sud_checklist"), criteria(1, 2, sud_11=None), {"class": "inhalant"})
    assert (scored.status, scored.bands["count"]) == (Status.SCORED, "Mild")


def test_a_severity_is_named_only_when_it_is_sure():
    open_ones = criteria(1, 2, 3, sud_8=None, sud_9=None)
    scored = score(instrument("dsm5_sud_checklist"), open_ones)
    assert (scored.status, scored.scores["count"], scored.bounds["count"]) == (Status.INCOMPLETE, 3, (3, 5))
    assert scored.bands["count"] is None
    sure = score(instrument("dsm5_sud_checklist"), criteria(1, 2, 3, 4, sud_9=None))
    assert (sure.scores["count"], sure.bands["count"]) == (4, "Moderate")
    assert score(instrument("dsm5_sud_checklist"), criteria(11)).has_flag("sud_11")


# Structures and checklists


def test_one_missing_of_whodas_is_prorated_and_its_days_are_not_counted():
    answers = answers_to("whodas_s", *[]) | {f"whodas_s{n}": 1 for n in range(1, 12)} | {"whodas_h1": 30}
    scored = score(instrument("whodas12_structure"), answers)  # 11 x 12 / 11
    assert (scored.status, scored.scores["total"], scored.outcomes["percent"]) == (Status.PRORATED, 12, 25.0)
    two = {f"whodas_s{n}": 4 for n in range(1, 11)}
    assert score(instrument("whodas12_structure"), two).outcomes == {"percent": None}


def test_urica_gives_no_number_and_says_why():
    whole = score(instrument("urica24_structure"), {f"urica_{n}": 5 for n in range(1, 25)})
    assert (whole.status, whole.outcomes) == (Status.SCORED, {"readiness": None})
    assert whole.warnings == ("item_key_not_held",)
    part = score(instrument("urica24_structure"), {"urica_1": 5})
    assert (part.status, len(part.missing)) == (Status.INCOMPLETE, 23)


def test_a_safety_plan_is_a_draft_until_its_parts_have_an_entry():
    plan = {
        "sp_warning_signs": ["I stop sleeping"],
        "sp_internal_coping": [{"activity": "Walk", "obstacles": "", "plan": ""}],
        "sp_support_contacts": [],
        "sp_professional_contacts": [{"name": "988"}],
        "sp_environment_safety": [{"means": "Pills", "action": "With my sister"}],
    }
    whole = score(instrument("safety_plan_structure"), plan)
    assert (whole.status, whole.outcomes, whole.missing) == (Status.SCORED, {"plan": "complete"}, ())
    for part in ("sp_warning_signs", "sp_internal_coping", "sp_environment_safety"):
        for blank in ([], [" "], [{"means": " "}], None):
            draft = score(instrument("safety_plan_structure"), plan | {part: blank})
            assert (draft.status, draft.outcomes, draft.missing) == (
                Status.INCOMPLETE,
                {"plan": "draft"},
                (part,),
            )
    alone = score(instrument("safety_plan_structure"), plan | {"sp_professional_contacts": None})
    assert alone.missing == ("sp_support_contacts",)
    assert score(instrument("safety_plan_structure"), {}).status is Status.INCOMPLETE


@pytest.mark.parametrize(
    ("said", "alert", "offer"),
    [
        ({"od_prior_6m": 1}, "ALERT", True),
        ({"od_opioid_use": 1, "od_mix_benzo": 1}, "ALERT", True),
        ({"od_opioid_use": 1, "od_moud_stop": 1}, "ALERT", True),
        ({"od_opioid_use": 1, "od_naloxone": 1}, "NONE", False),
        ({"od_stimulant": 1, "od_naloxone": 0}, "NONE", True),
        ({"od_stimulant": 1, "od_naloxone": None}, "NONE", True),
        ({"od_tolerance_loss": 1, "od_naloxone": 1}, "NONE", False),
        ({}, "NONE", False),
    ],
)
def test_the_overdose_checklist(said, alert, offer):
    no_to_all = {item.id: 0 for item in instrument("overdose_risk_checklist").items}
    prior = {"od_prior": 1} if "od_prior_6m" in said else {}
    scored = score(instrument("overdose_risk_checklist"), no_to_all | prior | said)
    assert (scored.status, scored.outcomes) == (Status.SCORED, {"alert": alert, "naloxone_offer": offer})
    assert scored.has_flag("alert=ALERT") == (alert == "ALERT")
