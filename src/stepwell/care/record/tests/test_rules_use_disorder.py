"""Eleven criteria, a severity, a remission, a code."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepwell.care.record.rules.use_disorder import (
    PRESCRIBED,
    WITHOUT_WITHDRAWAL,
    Criterion,
    Remission,
    Severity,
    Substance,
    asked_of,
    code_of,
    judge,
    remission,
    severity_of,
)

NOV_23 = date(2026, 11, 23)
EVERY = list(Criterion)
answers = st.dictionaries(st.sampled_from(EVERY), st.booleans())


def said(*, met: int) -> dict[Criterion, bool]:
    return {each: number < met for number, each in enumerate(EVERY)}


def test_the_number_of_criteria_says_how_severe_it_is():
    severities = [severity_of(judge(Substance.ALCOHOL, said(met=n)).count) for n in range(12)]
    mild, moderate, severe = [Severity.MILD] * 2, [Severity.MODERATE] * 2, [Severity.SEVERE] * 6
    assert severities == [None, None, *mild, *moderate, *severe]


@given(st.sampled_from(Substance), answers, st.sampled_from(EVERY))
def test_one_criterion_more_never_makes_it_less_severe(substance, given_before, also_met):
    before = judge(substance, given_before)
    after = judge(substance, given_before | {also_met: True})
    order = [None, *Severity]
    assert order.index(after.at_least) >= order.index(before.at_least)


@given(st.sampled_from(Substance), answers, st.data())
def test_once_settled_no_further_answer_changes_it(substance, given_before, data):
    before = judge(substance, given_before)
    if before.is_settled:
        rest = {each: data.draw(st.booleans()) for each in before.not_asked}
        assert judge(substance, given_before | rest).at_least is before.at_least


def test_a_criterion_that_was_not_asked_is_not_a_no():
    three_met = dict.fromkeys(EVERY[:3], True)
    judged = judge(Substance.OPIOID, three_met)
    assert judged.at_least is Severity.MILD
    assert not judged.is_settled
    assert judged.not_asked == tuple(EVERY[3:])


def test_six_met_are_severe_whatever_was_not_asked():
    assert judge(Substance.OPIOID, dict.fromkeys(EVERY[:6], True)).is_settled


def test_the_body_used_to_a_medicine_as_prescribed_does_not_count():
    body = {each: each in (Criterion.TOLERANCE, Criterion.WITHDRAWAL) for each in EVERY}
    assert judge(Substance.OPIOID, body).at_least is Severity.MILD
    judged = judge(Substance.OPIOID, body, only_as_prescribed=True)
    assert judged.at_least is None
    assert judged.is_settled
    assert judged.not_counted == (Criterion.TOLERANCE, Criterion.WITHDRAWAL)


@pytest.mark.parametrize("substance", sorted(set(Substance) - PRESCRIBED))
def test_only_what_is_prescribed_is_taken_as_prescribed(substance):
    with pytest.raises(ValueError, match="not taken as prescribed"):
        judge(substance, {}, only_as_prescribed=True)


def test_withdrawal_is_not_asked_where_none_is_described():
    for substance in Substance:
        assert (Criterion.WITHDRAWAL in asked_of(substance)) == (substance not in WITHOUT_WITHDRAWAL)
    assert judge(Substance.INHALANT, {Criterion.WITHDRAWAL: True}).count == 0


@pytest.mark.parametrize(
    ("free_since", "expected"),
    [
        (None, Remission.NONE),
        (date(2026, 8, 24), Remission.NONE),
        (date(2026, 8, 23), Remission.EARLY),
        (date(2025, 11, 24), Remission.EARLY),
        (date(2025, 11, 23), Remission.SUSTAINED),
        (date(2027, 1, 1), Remission.NONE),
    ],
)
def test_remission_is_early_from_three_months_and_sustained_from_twelve(free_since, expected):
    assert remission(free_since=free_since, on=NOV_23) is expected


def test_every_code_is_a_billable_leaf_and_icd_10_cm_says_the_same_of_it():
    # Loaded here alone: it takes 1.6 s and 185 MB, so that no page and no job reads it.
    import simple_icd_10_cm  # type: ignore[import-untyped]

    named = {
        Substance.ALCOHOL: "Alcohol",
        Substance.OPIOID: "Opioid",
        Substance.CANNABIS: "Cannabis",
        Substance.SEDATIVE: "sedative hypnotic or anxiolytic",
        Substance.COCAINE: "Cocaine",
        Substance.STIMULANT: "Amphetamine type substance",
        Substance.HALLUCINOGEN: "Other hallucinogen",
        Substance.TOBACCO: "Tobacco",
        Substance.INHALANT: "Inhalant",
        Substance.OTHER: "Other (or unknown) substance",
    }
    for substance, severity, ended in product(Substance, Severity, Remission):
        code = code_of(substance, severity, ended)
        assert simple_icd_10_cm.is_leaf(code), code
        term = f"{named[substance]} use disorder, {severity}" + (f", in {ended} remission" if ended else "")
        if code == "F13.20":  # The one leaf without such terms.
            name = "Sedative, hypnotic or anxiolytic dependence, uncomplicated"
            assert simple_icd_10_cm.get_description(code) == name
            continue
        assert plain(term) in map(plain, simple_icd_10_cm.get_inclusion_term(code)), (code, term)


def plain(term: str) -> str:
    """Its commas stand now here, now there."""
    return term.lower().replace(",", "").replace("-", " ")
