"""What may be told, to whom, what for, on which day: and why not, in a sentence."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stepwell.trust.consent.rules.disclosing import (
    FOR,
    SPOKEN,
    Asked,
    Permitted,
    Refused,
    Withheld,
    beyond_usual,
    may_disclose,
)
from stepwell.trust.consent.rules.elements import missing_elements, mixtures
from stepwell.trust.consent.rules.record import Signature, WrittenConsent, revocable_on
from stepwell.trust.consent.rules.vocabulary import Expiry, LegalBasis, Purpose, RecipientKind, Segment
from stepwell.trust.consent.tests.test_rules_elements import (
    COURT,
    DOCTOR,
    FEBRUARY_21,
    NOVEMBER_23,
    ONE_FOR_ALL,
    SISTER,
)

K, P, S = RecipientKind, Purpose, Segment
ATTENDANCE = Asked("Elena Reyes", K.PERSON, P.SUPPORT, frozenset({S.ATTENDANCE}))
NOT_FOR_ELENA = "No consent in force lets Elena Reyes know attendance for supporting the patient."


def test_a_sister_is_told_what_she_may_know():
    assert may_disclose([SISTER], ATTENDANCE, on=NOVEMBER_23) == Permitted(SISTER, frozenset({S.ATTENDANCE}))


def test_she_is_told_no_more_and_the_reason_names_what():
    asked = replace(ATTENDANCE, segments=frozenset({S.ATTENDANCE, S.NOTES}))
    because = "No consent in force lets Elena Reyes know progress notes for supporting the patient."
    answer = may_disclose([SISTER], asked, on=NOVEMBER_23)
    assert answer == Permitted(SISTER, frozenset({S.ATTENDANCE}), (Withheld(S.NOTES, because),))
    only = may_disclose([SISTER], replace(asked, segments=frozenset({S.NOTES})), on=NOVEMBER_23)
    assert only == Refused(because)


def test_another_purpose_or_another_person_is_refused():
    for asked in (replace(ATTENDANCE, purpose=P.LIFE), replace(ATTENDANCE, to="Elena Ruiz")):
        assert isinstance(may_disclose([SISTER], asked, on=NOVEMBER_23), Refused)


def test_a_name_is_the_same_in_other_capitals_and_blanks():
    asked = replace(ATTENDANCE, to="  elena   REYES ")
    assert isinstance(may_disclose([SISTER], asked, on=NOVEMBER_23), Permitted)


def test_it_holds_through_its_last_day():
    assert isinstance(may_disclose([SISTER], ATTENDANCE, on=FEBRUARY_21), Permitted)
    after = may_disclose([SISTER], ATTENDANCE, on=FEBRUARY_21 + timedelta(days=1))
    assert after == Refused(f"{NOT_FOR_ELENA} The one there was has run out.")


def test_it_does_not_hold_before_it_is_signed():
    assert isinstance(may_disclose([SISTER], ATTENDANCE, on=NOVEMBER_23 - timedelta(days=1)), Refused)
    waiting = replace(SISTER, signature=None, signed_on=None)
    refusal = may_disclose([waiting], ATTENDANCE, on=NOVEMBER_23)
    assert refusal == Refused(f"{NOT_FOR_ELENA} One is prepared and not signed.")


def test_ending_it_ends_it_the_same_day_and_what_was_told_before_stands():
    ended = replace(SISTER, revoked_on=date(2026, 12, 10))
    refusal = may_disclose([ended], ATTENDANCE, on=date(2026, 12, 10))
    assert refusal == Refused(f"{NOT_FOR_ELENA} The patient ended theirs on 2026-12-10.")
    assert isinstance(may_disclose([ended], ATTENDANCE, on=date(2026, 12, 9)), Permitted)


def test_an_event_ends_it_on_the_day_it_comes():
    asked = Asked("Dr. Okafor", K.TREATING_PROVIDER, P.TREATMENT, frozenset({S.ATTENDANCE}))
    ended = replace(DOCTOR, event_on=date(2026, 12, 10))
    assert isinstance(may_disclose([ended], asked, on=date(2026, 12, 9)), Permitted)
    assert isinstance(may_disclose([ended], asked, on=date(2026, 12, 10)), Refused)


def test_what_is_known_to_be_untrue_opens_nothing():
    assert isinstance(may_disclose([replace(SISTER, known_false=True)], ATTENDANCE, on=NOVEMBER_23), Refused)


def test_one_consent_for_treatment_payment_and_operations_names_a_class():
    insurer = Asked("Valley Health Plan", K.PAYER, P.PAYMENT, frozenset({S.ATTENDANCE}))
    assert isinstance(may_disclose([ONE_FOR_ALL], insurer, on=NOVEMBER_23), Permitted)
    sister = replace(insurer, to="Elena Reyes", kind=K.PERSON)
    assert isinstance(may_disclose([ONE_FOR_ALL], sister, on=NOVEMBER_23), Refused)


def test_a_disclosure_stands_under_the_consent_that_grants_most():
    wider = replace(SISTER, key="2", segments=frozenset({S.ATTENDANCE, S.PLAN}))
    asked = replace(ATTENDANCE, segments=frozenset({S.ATTENDANCE, S.PLAN}))
    answer = may_disclose([SISTER, wider], asked, on=NOVEMBER_23)
    assert isinstance(answer, Permitted) and answer.under == wider and answer.withheld == ()


@pytest.mark.parametrize("basis", [basis for basis in LegalBasis if basis is not LegalBasis.CONSENT])
def test_no_other_ground_opens_the_door_today(basis):
    answer = may_disclose([SISTER], replace(ATTENDANCE, basis=basis), on=NOVEMBER_23)
    assert isinstance(answer, Refused) and "Only a written consent" in answer.because


def test_nothing_chosen_is_refused():
    asked = replace(ATTENDANCE, segments=frozenset())
    assert may_disclose([SISTER], asked, on=NOVEMBER_23) == Refused("Choose what to share.")


@pytest.mark.parametrize(
    "change", [{"purposes": frozenset({P.LEGAL_PROCEEDING, P.SUPPORT})}, {"statements": frozenset()}]
)
def test_a_consent_that_is_not_valid_on_its_face_opens_nothing(change):
    assert isinstance(may_disclose([replace(SISTER, **change)], ATTENDANCE, on=NOVEMBER_23), Refused)


def test_more_than_a_purpose_usually_needs_takes_a_reason():
    assert beyond_usual(P.SUPPORT, frozenset({S.ATTENDANCE, S.NOTES})) == {S.NOTES}
    assert beyond_usual(P.TREATMENT, frozenset(S)) == frozenset()
    assert beyond_usual(P.AT_REQUEST, frozenset(S)) == frozenset()


def test_every_part_and_purpose_can_be_said():
    assert set(SPOKEN) == set(S)
    assert set(FOR) == set(P)


def test_a_court_s_consent_is_ended_only_when_it_says():
    assert not revocable_on(COURT, NOVEMBER_23)
    over = replace(COURT, revocable_from=NOVEMBER_23)
    assert revocable_on(over, NOVEMBER_23)
    assert not revocable_on(over, NOVEMBER_23 - timedelta(days=1))
    assert revocable_on(SISTER, NOVEMBER_23)


# The law: nothing leaves but under a consent that is whole, in force that day, and grants it to them for that.

DAYS = st.dates(date(2026, 11, 20), date(2026, 11, 26))
NAMES = st.sampled_from(["Elena Reyes", "Dr. Okafor", "Valley Health Plan"])
CONSENTS = st.builds(
    WrittenConsent,
    key=st.uuids().map(str),
    patient=st.just("Maya Reyes"),
    discloser=st.just("Alder Creek"),
    segments=st.frozensets(st.sampled_from(S), max_size=4),
    recipient_kind=st.sampled_from(K),
    recipients=st.lists(NAMES, max_size=2).map(tuple),
    purposes=st.frozensets(st.sampled_from(P), max_size=2),
    expiry=st.none() | st.sampled_from(Expiry),
    names_a_class=st.booleans(),
    any_participant=st.booleans(),
    expires_on=st.none() | DAYS,
    event_on=st.none() | DAYS,
    condition=st.sampled_from(["", "probation"]),
    revocable_from=st.none() | DAYS,
    signature=st.none() | st.just(Signature("Maya Reyes")),
    signed_on=st.none() | DAYS,
    revoked_on=st.none() | DAYS,
    known_false=st.booleans(),
    statements=st.frozensets(st.sampled_from(["hipaa", "fundraising", "revoke", "redisclosure", "refusal"])),
)
#: The same, but whole and in force: so that permission is met often, too.
HOLDING = st.builds(
    lambda segments, name, purpose, signed_on: replace(
        SISTER, segments=segments, recipients=(name,), purposes=frozenset({purpose}), signed_on=signed_on
    ),
    st.frozensets(st.sampled_from([s for s in S if s is not S.COUNSELING_NOTES]), min_size=1),
    NAMES,
    st.sampled_from([P.SUPPORT, P.LIFE]),
    DAYS,
)
ASKED = st.builds(
    Asked,
    to=NAMES,
    kind=st.sampled_from([K.PERSON, K.PERSON, K.TREATING_PROVIDER, K.PAYER]),
    purpose=st.sampled_from([P.SUPPORT, P.LIFE, P.TREATMENT, P.PAYMENT]),
    segments=st.frozensets(st.sampled_from(S)),
    basis=st.sampled_from([LegalBasis.CONSENT, LegalBasis.CONSENT, LegalBasis.COURT_ORDER]),
)


@settings(max_examples=600, deadline=None, derandomize=True)
@given(consents=st.lists(CONSENTS | HOLDING, max_size=5), asked=ASKED, day=DAYS)
def test_nothing_is_permitted_that_no_consent_grants(consents, asked, day):
    answer = may_disclose(consents, asked, on=day)
    if isinstance(answer, Refused):
        assert answer.because
        return
    under = answer.under
    assert under in consents
    assert answer.segments and answer.segments <= under.segments & asked.segments
    assert answer.segments | {each.segment for each in answer.withheld} == asked.segments
    assert not answer.segments & {each.segment for each in answer.withheld}
    assert asked.basis is LegalBasis.CONSENT
    assert asked.purpose in under.purposes
    assert under.names(asked.to, asked.kind)
    assert missing_elements(under) == () and mixtures(under) == ()
    assert under.signed_on <= day
    assert under.revoked_on is None or under.revoked_on > day
    assert under.expires_on is None or under.expires_on >= day
    assert under.event_on is None or under.event_on > day
    assert not under.known_false


@settings(max_examples=200, deadline=None, derandomize=True)
@given(consents=st.lists(HOLDING, min_size=1, max_size=3), asked=ASKED, day=DAYS)
def test_what_a_single_consent_grants_is_permitted(consents, asked, day):
    one = consents[0]
    asked = replace(
        asked, to=one.recipients[0], kind=K.PERSON, purpose=min(one.purposes), segments=one.segments,
        basis=LegalBasis.CONSENT,
    )  # fmt: skip
    answer = may_disclose(consents, asked, on=max(day, one.signed_on))
    assert isinstance(answer, Permitted) and answer.segments == one.segments
