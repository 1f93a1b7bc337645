"""A plan is in force when both have signed the same text, and in no other way."""

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from stepwell.care.care_plans.rules import life_cycle
from stepwell.care.care_plans.rules.life_cycle import IN_FORCE, NotNow, Signer, Standing, Status

DRAFT = Standing()
SENT = life_cycle.after_sending(DRAFT)

ACTS = {
    "send": life_cycle.after_sending,
    "return": life_cycle.after_returning,
    "patient signs": lambda standing: life_cycle.after_signing(standing, Signer.PATIENT),
    "clinician signs": lambda standing: life_cycle.after_signing(standing, Signer.CLINICIAN),
    "replace": life_cycle.after_replacing,
}


@pytest.mark.parametrize("order", [(Signer.PATIENT, Signer.CLINICIAN), (Signer.CLINICIAN, Signer.PATIENT)])
def test_the_order_of_the_signatures_is_free(order):
    first, second = order
    half = life_cycle.after_signing(SENT, first)
    assert half.status is Status.AWAITING_SIGNATURES
    assert half.awaits == {second}
    assert life_cycle.after_signing(half, second) == Standing(Status.ACTIVE, frozenset(Signer))


def test_going_back_to_the_draft_drops_the_signatures():
    half = life_cycle.after_signing(SENT, Signer.CLINICIAN)
    again = life_cycle.after_sending(life_cycle.after_returning(half))
    assert again.awaits == set(Signer)


@pytest.mark.parametrize("act", ["return", "patient signs", "clinician signs", "replace"])
def test_a_draft_is_only_sent(act):
    with pytest.raises(NotNow):
        ACTS[act](DRAFT)


@pytest.mark.parametrize("act", ["send", "return", "patient signs", "clinician signs"])
def test_a_plan_in_force_is_only_replaced(act):
    with pytest.raises(NotNow):
        ACTS[act](Standing(Status.ACTIVE, frozenset(Signer)))


@pytest.mark.parametrize("act", ACTS)
def test_a_replaced_plan_stays(act):
    with pytest.raises(NotNow):
        ACTS[act](Standing(Status.REPLACED, frozenset(Signer)))


@pytest.mark.parametrize("signer", Signer)
def test_nobody_signs_twice(signer):
    with pytest.raises(NotNow):
        life_cycle.after_signing(life_cycle.after_signing(SENT, signer), signer)


@seed(20261123)
@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(sorted(ACTS)), max_size=30))
def test_no_sequence_of_acts_puts_a_plan_in_force_without_both_signatures_on_the_text_that_was_sent(acts):
    standing = DRAFT
    signed_since_sent: set[Signer] = set()
    for act in acts:
        try:
            standing = ACTS[act](standing)
        except NotNow:
            continue
        if act in ("send", "return"):
            signed_since_sent.clear()
        elif act.endswith("signs"):
            signed_since_sent.add(Signer(act.removesuffix(" signs")))
        assert standing.signed == signed_since_sent
        assert (standing.status in IN_FORCE) == (signed_since_sent == set(Signer))
