"""What must hold of any answers to any instrument."""

from hypothesis import given, settings
from hypothesis import strategies as st

from stepwell.care.measures.library import instrument, instruments
from stepwell.care.measures.scoring import FlagKind, ItemKind, MissingRule, Status, is_asked, score

SUMMED = sorted(each.id for each in instruments().values() if each.scores)


@st.composite
def answered(draw, ids=SUMMED, *, gaps=True):
    """An instrument with answers that follow its skips, some left out when gaps are allowed."""
    definition = instrument(draw(st.sampled_from(ids)))
    responses: dict[str, object] = {}
    for item in definition.items:
        if item.kind is ItemKind.FREE or not is_asked(definition, responses, item.id):
            continue
        values = range(item.minimum, item.maximum + 1) if item.kind is ItemKind.INTEGER else item.values
        one = st.sampled_from([value for value in values if value is not None])
        several = st.lists(one, min_size=1, unique=True)
        responses[item.id] = draw(several if item.kind is ItemKind.MULTI else one)
    if gaps:
        left_out = draw(some_of(responses))
        responses = {item: value for item, value in responses.items() if item not in left_out}
    return definition, responses


def some_of(responses, min_size=0):
    """Questions to leave out. Medical supervision is not left out: unanswered, it takes nothing off the count."""
    return st.sets(
        st.sampled_from([item for item in responses if item != "sud_medical_supervision"]), min_size=min_size
    )


def between(scored, score_id):
    total = scored.scores[score_id]
    return scored.bounds.get(score_id) or (total, total)


@given(answered())
@settings(max_examples=300)
def test_a_score_lies_within_its_range_and_bounds(case):
    definition, responses = case
    scored = score(definition, responses)
    for each in definition.scores:
        low, high = between(scored, each.id)
        assert each.minimum <= low <= high <= each.maximum
        if definition.missing_rule is MissingRule.BOUNDED:
            assert scored.scores[each.id] == low
        else:
            assert (scored.scores[each.id] is None) == (each.id in scored.bounds)


@given(answered(gaps=False))
@settings(max_examples=200)
def test_a_full_answer_is_scored_and_every_score_with_bands_is_in_one(case):
    definition, responses = case
    scored = score(definition, responses)
    assert scored.status is Status.SCORED
    assert scored.missing == ()
    assert all(label is not None for label in scored.bands.values())


@given(answered(gaps=False), st.data())
@settings(max_examples=300)
def test_what_is_left_unanswered_stays_within_the_bounds_given(case, data):
    definition, full = case
    left_out = data.draw(some_of(full, min_size=1))
    partial = score(definition, {item: value for item, value in full.items() if item not in left_out})
    complete = score(definition, full)
    if partial.status is Status.INCOMPLETE:
        for score_id, (low, high) in partial.bounds.items():
            total = complete.scores[score_id]
            assert total is not None
            assert low <= total <= high


@given(answered(gaps=False), st.data())
@settings(max_examples=300)
def test_a_flag_on_a_part_of_the_answers_holds_for_all_of_them(case, data):
    """Missing answers never make up a flag, and a flag raised early is never taken back."""
    definition, full = case
    left_out = data.draw(some_of(full, min_size=1))
    partial = score(definition, {item: value for item, value in full.items() if item not in left_out})
    if partial.status is Status.PRORATED:  # a proration estimates, and may be above the total
        return
    raised = {flag.code for flag in partial.flags if flag.kind in (FlagKind.ITEM, FlagKind.SCORE)}
    assert raised <= {flag.code for flag in score(definition, full).flags}


@given(answered())
@settings(max_examples=200)
def test_a_safety_question_is_answered_or_raised(case):
    definition, responses = case
    scored = score(definition, responses)
    for rule in definition.critical:
        if rule.raise_if_unanswered:
            for item in rule.targets:
                assert (item in responses) or scored.has_flag(f"{item}:unanswered")


@given(answered(), st.randoms(use_true_random=False))
@settings(max_examples=200)
def test_the_order_of_answers_does_not_matter(case, random):
    definition, responses = case
    shuffled = list(responses.items())
    random.shuffle(shuffled)
    assert score(definition, dict(shuffled)) == score(definition, responses)


@given(answered(gaps=False), st.data())
@settings(max_examples=300)
def test_another_answer_never_widens_the_bounds(case, data):
    definition, full = case
    left_out = data.draw(some_of(full, min_size=1))
    before = score(definition, {item: value for item, value in full.items() if item not in left_out})
    answered_now = data.draw(st.sampled_from(sorted(left_out)))
    still_out = left_out - {answered_now}
    after = score(definition, {item: value for item, value in full.items() if item not in still_out})
    if before.status is Status.PRORATED:
        return
    for each in definition.scores:
        low, high = between(before, each.id)
        narrower_low, narrower_high = between(after, each.id)
        assert low <= narrower_low
        assert narrower_high <= high


@given(
    st.dictionaries(
        st.sampled_from([*(f"phq9_{n}" for n in range(1, 12)), "x"]),
        st.none() | st.integers() | st.sampled_from(["", "2", "ñ"]) | st.booleans() | st.floats(),
    )
)
@settings(max_examples=300)
def test_any_answers_at_all_give_a_status_and_never_an_error(responses):
    result = score(instrument("phq9"), responses).to_dict()
    assert result["status"] in {"scored", "prorated", "incomplete", "invalid"}
    assert (result["status"] == "invalid") == ("error" in result)
