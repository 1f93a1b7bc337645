"""A drug test is recorded once, whole, with the answer that the prescriptions of its day give."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from stepwell.care.medication.actions import Sample, record_drug_test
from stepwell.care.medication.models import DrugTest, DrugTestResult
from stepwell.care.medication.testing import prescribe
from stepwell.care.medication.vocabulary import Medicine, Result, Substance
from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import Refused
from stepwell.trust.access import Forbidden
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit.models import AuditEvent
from stepwell.trust.people.actions import mark_in_error

AT_8 = datetime(2026, 11, 23, 8, 0, tzinfo=ZoneInfo("America/New_York"))
SAMPLE = Sample(
    collected_at=AT_8,
    specimen=DrugTest.Specimen.URINE,
    why=DrugTest.Why.SCHEDULED,
    results={Substance.BUPRENORPHINE: Result.POSITIVE, Substance.FENTANYL: Result.NEGATIVE},
)
NOW = clock.now


def answers(test):
    return {each.substance: each.as_expected for each in test.results.all()}


def test_each_result_is_judged_by_what_is_prescribed_that_day(maya, joel):
    prescribe(maya, Medicine.BUPRENORPHINE_ER, by=joel, starts_on=AT_8.date() - timedelta(days=27))
    test = record_drug_test(maya, SAMPLE, by=joel, at=NOW())
    assert answers(test) == {"buprenorphine": True, "fentanyl": True}
    assert test.collected_by.name == "Joel Price"


def test_a_prescription_entered_in_error_explains_nothing(maya, joel):
    request = prescribe(maya, Medicine.BUPRENORPHINE_ER, by=joel, starts_on=AT_8.date() - timedelta(days=27))
    mark_in_error(request, by=joel, at=NOW(), because="Another person's prescription")
    assert answers(record_drug_test(maya, SAMPLE, by=joel, at=NOW()))["buprenorphine"] is False


def test_a_result_that_could_not_be_read_has_no_answer(maya, joel):
    unread = replace(SAMPLE, results={Substance.FENTANYL: Result.INVALID})
    assert answers(record_drug_test(maya, unread, by=joel, at=NOW())) == {"fentanyl": None}


def test_the_same_test_twice_is_one_test(maya, joel):
    first = record_drug_test(maya, SAMPLE, by=joel, at=NOW())
    assert record_drug_test(maya, SAMPLE, by=joel, at=NOW()) == first
    assert DrugTestResult.objects.count() == 2
    assert AuditEvent.objects.filter(did="created", to_id=first.id).count() == 1


def test_another_test_of_the_same_moment_is_refused(maya, joel):
    record_drug_test(maya, SAMPLE, by=joel, at=NOW())
    other = replace(SAMPLE, results={Substance.FENTANYL: Result.POSITIVE})
    with pytest.raises(Refused, match="recorded already, with other results"):
        record_drug_test(maya, other, by=joel, at=NOW())


def test_after_a_correction_the_test_can_be_recorded_anew(maya, joel):
    wrong = record_drug_test(maya, SAMPLE, by=joel, at=NOW())
    mark_in_error(wrong, by=joel, at=NOW(), because="Wrong person")
    assert record_drug_test(maya, SAMPLE, by=joel, at=NOW()) != wrong
    assert DrugTestResult.objects.in_force().count() == 2


@pytest.mark.parametrize(
    ("sample", "because", "field"),
    [
        (replace(SAMPLE, collected_at=AT_8 + timedelta(hours=2)), "in the future", "time"),
        (replace(SAMPLE, collected_at=AT_8 - timedelta(days=35)), "before admission on 10/20/2026", "date"),
        (replace(SAMPLE, results={}), "Mark at least one result", None),
    ],
)
def test_a_test_that_cannot_be_is_refused(maya, joel, sample, because, field):
    with pytest.raises(Refused, match=because) as refusal:
        record_drug_test(maya, sample, by=joel, at=NOW())
    assert refusal.value.field == field
    assert not DrugTest.objects.exists()


def test_the_day_of_admission_counts(maya, joel):
    record_drug_test(maya, replace(SAMPLE, collected_at=AT_8 - timedelta(days=34)), by=joel, at=NOW())
    assert DrugTest.objects.count() == 1


def test_somebody_not_in_care_is_not_tested(clinic, joel):
    wendell = clinic.patient("Wendell Price", team=(joel,))
    with pytest.raises(Refused, match="Wendell is not in care now"):
        record_drug_test(wendell, SAMPLE, by=joel, at=NOW())


@pytest.mark.parametrize("role", [Role.PEER, Role.FRONT_DESK, Role.FACILITATOR])
def test_who_may_not_record_tests_is_refused(clinic, maya, role):
    user = clinic.user(role)
    clinic.join(maya, user)
    with pytest.raises(Forbidden):
        record_drug_test(maya, SAMPLE, by=user, at=NOW())


def test_the_database_has_no_answer_for_what_could_not_be_read_and_one_for_the_rest(maya, joel):
    test = record_drug_test(maya, SAMPLE, by=joel, at=NOW())
    for wrong in ({"result": "invalid"}, {"as_expected": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            DrugTestResult.objects.filter(test=test).update(**wrong)
