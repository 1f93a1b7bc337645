"""What is done about medication: recording a drug test."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from stepwell.care.episodes.models import EpisodeOfCare
from stepwell.care.medication.models import DrugTest, DrugTestResult, MedicationRequest
from stepwell.care.medication.rules.expectations import judge
from stepwell.care.medication.vocabulary import Result, Substance
from stepwell.ground.kit.refusals import Refused
from stepwell.trust import audit
from stepwell.trust.access import Permission, require
from stepwell.trust.accounts.models import User
from stepwell.trust.people.models import Patient, practitioner_of


@dataclass(frozen=True)
class Sample:
    """One sample and what was found in it."""

    collected_at: datetime
    specimen: DrugTest.Specimen
    why: DrugTest.Why
    results: Mapping[Substance, Result]
    note: str = ""


@transaction.atomic
def record_drug_test(patient: Patient, sample: Sample, *, by: User, at: datetime) -> DrugTest:
    """Keep a test with the answer, for each substance, whether the prescriptions of that day explain it.

    The same test twice is one test. Raises Refused for somebody not in care, for a moment in the future or
    before admission, for a test without a result, and when another test of that moment is there already.
    """
    require(by, Permission.RECORD_DRUG_TEST, patient)
    episode = EpisodeOfCare.objects.open_for(patient)
    if episode is None:
        raise Refused(_("%(name)s is not in care now.") % {"name": patient.called})
    collector = practitioner_of(by)
    if collector is None:
        raise Refused(_("A test is recorded by somebody who gives care here."))
    day = patient.center.day_of(sample.collected_at)
    if sample.collected_at > at:
        raise Refused(_("This time is in the future. Check the date and time."), field="time")
    if day < episode.admitted_on:
        raise Refused(
            _("This is before admission on %(day)s. Check the date.")
            % {"day": f"{episode.admitted_on:%m/%d/%Y}"},
            field="date",
        )
    if not sample.results:
        raise Refused(_("Mark at least one result."))
    if there := _test_of_that_moment(patient, sample):
        return _the_same(there, sample)
    try:
        with transaction.atomic():
            test = DrugTest.objects.create(
                patient=patient,
                episode=episode,
                collected_at=sample.collected_at,
                specimen=sample.specimen,
                why=sample.why,
                collected_by=collector,
                note=sample.note,
                recorded_by=by,
                recorded_at=at,
            )
    except IntegrityError:
        # Recorded in the same moment by another click.
        there = _test_of_that_moment(patient, sample)
        if there is None:
            raise
        return _the_same(there, sample)
    prescriptions = MedicationRequest.objects.prescriptions_of(patient)
    DrugTestResult.objects.bulk_create(
        DrugTestResult(
            patient=patient,
            test=test,
            substance=substance,
            result=result,
            as_expected=judge(substance, result, prescriptions, on=day).as_expected,
            recorded_by=by,
            recorded_at=at,
        )
        for substance, result in sample.results.items()
    )
    audit.record(by=by, did=audit.Did.CREATED, to=test)
    return test


def _test_of_that_moment(patient: Patient, sample: Sample) -> DrugTest | None:
    tests = DrugTest.objects.in_force().filter(
        patient=patient, specimen=sample.specimen, collected_at=sample.collected_at
    )
    return tests.with_results().first()


def _the_same(test: DrugTest, sample: Sample) -> DrugTest:
    """The test that is there already, if it says the same."""
    found = {Substance(each.substance): Result(each.result) for each in test.results.all()}
    if found != dict(sample.results):
        raise Refused(
            _("Another test of this time is recorded already, with other results. Look at it first."),
            field="time",
        )
    return test
