"""A result is as expected when the prescriptions explain it."""

from datetime import date, timedelta

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from stepwell.care.medication.rules.expectations import (
    Caution,
    Finding,
    Judgement,
    Prescription,
    Presence,
    Reason,
    Verdict,
    cautions,
    judge,
    presence_of,
    summarize,
)
from stepwell.care.medication.vocabulary import Medicine, Result, Substance

ADMITTED = date(2026, 10, 20)
NOV_23 = date(2026, 11, 23)
SHOT = Prescription(Medicine.BUPRENORPHINE_ER, starts_on=date(2026, 10, 27))
FILM = Prescription(Medicine.BUPRENORPHINE_NALOXONE, starts_on=date(2026, 10, 21))
METHADONE = Prescription(Medicine.METHADONE_ELSEWHERE, starts_on=date(2026, 9, 1))
NALTREXONE = Prescription(Medicine.NALTREXONE_ER, starts_on=date(2026, 11, 1))
BUP, POSITIVE, NEGATIVE = Substance.BUPRENORPHINE, Result.POSITIVE, Result.NEGATIVE


@pytest.mark.parametrize("prescription", [SHOT, FILM])
def test_buprenorphine_that_is_prescribed_is_expected(prescription):
    assert judge(BUP, POSITIVE, [prescription], on=NOV_23) == Judgement(True, Reason.PRESCRIBED)


def test_prescribed_buprenorphine_that_is_not_found_is_told_as_not_expected():
    assert judge(BUP, NEGATIVE, [FILM], on=NOV_23) == Judgement(False, Reason.PRESCRIBED_NOT_FOUND)


def test_methadone_from_another_program_explains_methadone_and_nothing_else():
    assert judge(Substance.METHADONE, POSITIVE, [METHADONE], on=NOV_23).as_expected is True
    assert judge(Substance.OPIATES, POSITIVE, [METHADONE], on=NOV_23).as_expected is False


def test_on_the_first_day_of_a_medicine_both_answers_are_as_expected():
    assert judge(BUP, POSITIVE, [FILM], on=FILM.starts_on) == Judgement(True, Reason.MAY_REMAIN)
    assert judge(BUP, NEGATIVE, [FILM], on=FILM.starts_on) == Judgement(True, Reason.NOT_FOUND)


def test_film_that_ended_may_show_for_ten_days_and_the_shot_for_months():
    film = Prescription(Medicine.BUPRENORPHINE_NALOXONE, date(2026, 9, 1), ends_on=date(2026, 10, 1))
    shot = Prescription(Medicine.BUPRENORPHINE_ER, date(2026, 6, 1), ends_on=date(2026, 9, 1))
    assert presence_of(BUP, [film], on=date(2026, 10, 11)) is Presence.POSSIBLE
    assert presence_of(BUP, [film], on=date(2026, 10, 12)) is Presence.UNEXPLAINED
    assert presence_of(BUP, [shot], on=NOV_23) is Presence.POSSIBLE


def test_a_medicine_not_yet_begun_explains_nothing():
    assert judge(BUP, POSITIVE, [FILM], on=FILM.starts_on - timedelta(days=1)).as_expected is False


def test_a_result_that_could_not_be_read_says_nothing():
    assert judge(BUP, Result.INVALID, [FILM], on=NOV_23) == Judgement(None, Reason.COULD_NOT_BE_READ)


def test_fentanyl_in_the_first_four_weeks_may_be_left_from_before_admission():
    within, after = ADMITTED + timedelta(days=28), ADMITTED + timedelta(days=29)
    assert cautions(Substance.FENTANYL, POSITIVE, [], on=within, admitted_on=ADMITTED) == (
        Caution.MAY_PRECEDE_ADMISSION,
    )
    assert cautions(Substance.FENTANYL, POSITIVE, [], on=after, admitted_on=ADMITTED) == ()
    assert cautions(Substance.COCAINE, POSITIVE, [], on=within, admitted_on=ADMITTED) == ()


def test_naltrexone_may_show_as_oxycodone():
    told = cautions(Substance.OXYCODONE, POSITIVE, [NALTREXONE], on=NOV_23, admitted_on=ADMITTED)
    assert told == (Caution.NALTREXONE_MAY_SHOW_AS_OXYCODONE,)


def test_a_test_with_only_the_prescribed_medicine_in_it_is_as_expected():
    told = summarize([Finding(BUP, POSITIVE, True), Finding(Substance.COCAINE, NEGATIVE, True)])
    assert told.verdict is Verdict.AS_EXPECTED
    assert told.found_as_expected == (BUP,)


def test_one_unexpected_finding_makes_the_test_not_expected():
    told = summarize([Finding(BUP, NEGATIVE, False), Finding(Substance.FENTANYL, POSITIVE, False)])
    assert told.verdict is Verdict.NOT_EXPECTED
    assert (told.not_expected, told.prescribed_not_found) == ((Substance.FENTANYL,), (BUP,))


def test_a_test_with_nothing_readable_says_so():
    assert summarize([Finding(BUP, Result.INVALID, None)]).verdict is Verdict.UNREAD


DAYS = st.dates(min_value=date(2026, 1, 1), max_value=date(2027, 12, 31))
PRESCRIPTIONS = st.lists(
    st.builds(
        lambda medicine, starts_on, days: Prescription(
            medicine, starts_on, None if days is None else starts_on + timedelta(days=days)
        ),
        st.sampled_from(Medicine),
        DAYS,
        st.none() | st.integers(min_value=0, max_value=400),
    ),
    max_size=5,
)
cheaply = settings(max_examples=200, deadline=None)


@seed(20261123)
@cheaply
@given(st.sampled_from(Substance), st.sampled_from(Result), PRESCRIPTIONS, DAYS)
def test_every_result_is_judged_in_whatever_order_the_prescriptions_stand(substance, result, prescribed, on):
    told = judge(substance, result, prescribed, on=on)
    assert told == judge(substance, result, prescribed[::-1], on=on)
    assert (told.as_expected is None) == (result is Result.INVALID)


@seed(20261123)
@cheaply
@given(st.sampled_from(Substance), PRESCRIPTIONS, PRESCRIPTIONS, DAYS)
def test_a_further_prescription_never_makes_a_positive_less_expected(substance, some, more, on):
    if judge(substance, POSITIVE, some, on=on).as_expected:
        assert judge(substance, POSITIVE, some + more, on=on).as_expected


@seed(20261123)
@cheaply
@given(st.sampled_from(Substance), PRESCRIPTIONS, DAYS)
def test_what_nothing_prescribed_explains_is_expected_to_be_negative(substance, prescribed, on):
    if presence_of(substance, prescribed, on=on) is Presence.UNEXPLAINED:
        assert judge(substance, NEGATIVE, prescribed, on=on).as_expected is True
        assert judge(substance, POSITIVE, prescribed, on=on).as_expected is False
