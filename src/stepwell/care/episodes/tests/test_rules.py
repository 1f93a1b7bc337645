"""A referral's life, the level of a day, and what stands against an admission or a change."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepwell.care.episodes.levels import LevelOfCare
from stepwell.care.episodes.rules import admission, levels
from stepwell.care.episodes.rules.admission import Applicant, Assessed, objection_to_admission
from stepwell.care.episodes.rules.life_cycle import NEXT, OPEN, Act, NotNow, Status, after

IOP, OUTPATIENT = LevelOfCare.INTENSIVE_OUTPATIENT, LevelOfCare.OUTPATIENT
NOV_2, NOV_20, NOV_23 = date(2026, 11, 2), date(2026, 11, 20), date(2026, 11, 23)


def test_a_referral_goes_from_received_to_booked_to_admitted():
    booked = after(Status.RECEIVED, Act.BOOK_INTAKE)
    assert (booked, after(booked, Act.ADMIT)) == (Status.BOOKED, Status.ADMITTED)


def test_a_cancelled_intake_leaves_the_referral_waiting_again():
    assert after(Status.BOOKED, Act.CANCEL_INTAKE) is Status.RECEIVED


@pytest.mark.parametrize(("status", "act"), sorted(set(product(Status, Act)) - set(NEXT)))
def test_what_is_absent_from_the_table_is_refused(status: Status, act: Act):
    with pytest.raises(NotNow):
        after(status, act)


def test_nothing_leads_on_from_a_referral_that_is_done():
    assert {status for status, _ in NEXT} == OPEN


@dataclass(frozen=True)
class Days:
    level: str
    starts_on: date
    ends_on: date | None = None


def test_the_level_of_a_day_changes_on_the_day_the_next_one_begins():
    periods = [Days("2.1", NOV_2, NOV_20), Days("1.5", NOV_20)]
    assert levels.level_on(periods, NOV_20 - timedelta(days=1)) is IOP
    assert levels.level_on(periods, NOV_20) is OUTPATIENT


def test_there_is_no_level_before_admission_nor_after_the_end():
    periods = [Days("2.1", NOV_2, NOV_20)]
    assert levels.level_on(periods, NOV_2 - timedelta(days=1)) is None
    assert levels.level_on(periods, NOV_20) is None


@given(st.lists(st.integers(1, 90), min_size=1, max_size=6), st.integers(-10, 600))
def test_every_day_of_an_episode_has_exactly_one_level(lengths: list[int], offset: int):
    starts = [NOV_2 + timedelta(days=sum(lengths[:n])) for n in range(len(lengths) + 1)]
    every = list(LevelOfCare)
    periods = [Days(every[n], starts_on, ends_on) for n, (starts_on, ends_on) in enumerate(pairwise(starts))]
    day = NOV_2 + timedelta(days=offset)
    standing_then = [period.level for period in periods if levels.level_on([period], day)]
    assert len(standing_then) == (1 if NOV_2 <= day < starts[-1] else 0)
    assert levels.level_on(periods, day) == (standing_then[0] if standing_then else None)


STANDING = levels.Standing(IOP, since=NOV_20, admitted_on=NOV_2)


@pytest.mark.parametrize(
    ("to", "on", "because", "objection"),
    [
        (OUTPATIENT, NOV_23, "Nine weeks without use", None),
        (OUTPATIENT, NOV_20, "Wrong level on admission", None),
        (IOP, NOV_23, "As before", levels.Objection.SAME_LEVEL),
        (OUTPATIENT, NOV_20 - timedelta(days=1), "Earlier", levels.Objection.BEFORE_THIS_LEVEL_BEGAN),
        (OUTPATIENT, NOV_2 - timedelta(days=1), "Earlier", levels.Objection.BEFORE_ADMISSION),
        (OUTPATIENT, NOV_23, "   ", levels.Objection.NO_REASON),
    ],
)
def test_what_stands_against_another_level(to, on, because, objection):
    found = levels.objection_to_change(STANDING, to=to, on=on, because=because)
    assert (found and found[0]) == objection


@pytest.mark.parametrize(
    ("on", "because", "objection"),
    [
        (NOV_23, "Moved to Columbus", None),
        (NOV_20, "Moved to Columbus", None),
        (NOV_23 + timedelta(days=1), "Moved", levels.Objection.IN_THE_FUTURE),
        (NOV_20 - timedelta(days=1), "Moved", levels.Objection.BEFORE_THIS_LEVEL_BEGAN),
        (NOV_2 - timedelta(days=1), "Moved", levels.Objection.BEFORE_ADMISSION),
        (NOV_23, "", levels.Objection.NO_REASON),
    ],
)
def test_what_stands_against_the_end_of_care(on, because, objection):
    found = levels.objection_to_end(STANDING, on=on, because=because, today=NOV_23)
    assert (found and found[0]) == objection


READY = Applicant(Status.BOOKED, is_in_care=False, assessed=Assessed(IOP, NOV_23))


def test_a_person_with_an_open_referral_and_a_signed_assessment_is_admitted():
    assert objection_to_admission(READY, level=IOP, because="Needs structure", on=NOV_23) is None


@pytest.mark.parametrize(
    ("change", "objection"),
    [
        ({"is_in_care": True}, admission.Objection.IN_CARE),
        ({"referral": None}, admission.Objection.NO_REFERRAL),
        ({"referral": Status.CLOSED}, admission.Objection.REFERRAL_NOT_OPEN),
        ({"referral": Status.ADMITTED}, admission.Objection.REFERRAL_NOT_OPEN),
        ({"assessed": None}, admission.Objection.NOT_ASSESSED),
        ({"assessed": Assessed(OUTPATIENT, NOV_23)}, admission.Objection.ANOTHER_LEVEL),
        ({"assessed": Assessed(IOP, date(2026, 10, 23))}, admission.Objection.ASSESSMENT_TOO_OLD),
        (
            {"assessed": Assessed(IOP, NOV_20), "last_ended_on": NOV_23},
            admission.Objection.ASSESSMENT_BEFORE_LAST_END,
        ),
    ],
)
def test_what_stands_against_an_admission(change, objection):
    applicant = replace(READY, **change)
    assert objection_to_admission(applicant, level=IOP, because="Needs structure", on=NOV_23) is objection


def test_an_assessment_carries_an_admission_for_thirty_days():
    applicant = replace(READY, assessed=Assessed(IOP, date(2026, 10, 24)))
    assert objection_to_admission(applicant, level=IOP, because="Needs structure", on=NOV_23) is None


def test_care_in_a_bed_is_not_given_here():
    inpatient = replace(READY, assessed=Assessed(LevelOfCare.INPATIENT, NOV_23))
    found = objection_to_admission(inpatient, level=LevelOfCare.INPATIENT, because="Withdrawal", on=NOV_23)
    assert found is admission.Objection.NOT_OUTPATIENT


def test_an_admission_needs_a_reason():
    assert objection_to_admission(READY, level=IOP, because=" ", on=NOV_23) is admission.Objection.NO_REASON
