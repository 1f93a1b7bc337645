"""The checklist among the measures and the diagnosis in the chart count the same answers alike."""

from hypothesis import given
from hypothesis import strategies as st

from stepwell.care.measures.library import instrument
from stepwell.care.measures.scoring import score
from stepwell.care.record.rules.use_disorder import (
    PRESCRIBED,
    Criterion,
    Severity,
    Substance,
    asked_of,
    judge,
)

BANDS = {"No disorder": None, "Mild": Severity.MILD, "Moderate": Severity.MODERATE, "Severe": Severity.SEVERE}
#: The eleven stand in the same order in both.
NUMBERS = {each: f"sud_{number}" for number, each in enumerate(Criterion, start=1)}


@given(
    st.sampled_from(Substance),
    st.dictionaries(st.sampled_from(Criterion), st.booleans(), min_size=1),
    st.booleans(),
)
def test_both_give_the_same_count_the_same_severity_and_miss_the_same(substance, answers, supervised):
    supervised = supervised and substance in PRESCRIBED
    said = {NUMBERS[each]: int(is_met) for each, is_met in answers.items()}
    scored = score(
        instrument("dsm5_sud_checklist"),
        said | {"sud_medical_supervision": int(supervised)},
        {"class": substance.value},
    )
    judged = judge(substance, answers, only_as_prescribed=supervised)

    assert scored.scores["count"] == judged.count
    assert set(scored.missing) == {NUMBERS[each] for each in judged.not_asked}
    band = scored.bands["count"]
    assert (band is not None) == judged.is_settled
    if band is not None:
        assert BANDS[band] is judged.at_least


def test_both_know_all_eleven():
    items = [item.id for item in instrument("dsm5_sud_checklist").items if item.scored]
    assert items == [NUMBERS[each] for each in asked_of(Substance.ALCOHOL)]
