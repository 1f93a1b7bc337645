"""Prescriptions, doses and tests, for tests of this room and of those above it."""

from datetime import date, datetime

from stepwell.care.episodes.models import EpisodeOfCare
from stepwell.care.medication.models import MedicationAdministration, MedicationRequest
from stepwell.care.medication.vocabulary import Medicine
from stepwell.trust.accounts.models import User
from stepwell.trust.people.models import Patient, practitioner_of


def prescribe(
    patient: Patient,
    medicine: Medicine,
    *,
    by: User,
    starts_on: date,
    ends_on: date | None = None,
    dose: str = "300 mg",
    every_days: int | None = None,
) -> MedicationRequest:
    prescriber = practitioner_of(by)
    assert prescriber is not None
    return MedicationRequest.objects.create(
        patient=patient,
        episode=EpisodeOfCare.objects.get(patient=patient, ended_on=None),
        medicine=medicine,
        dose=dose,
        every_days=every_days,
        prescriber=prescriber,
        starts_on=starts_on,
        ends_on=ends_on,
        recorded_by=by,
    )


def give(
    request: MedicationRequest, *, by: User, at: datetime, days: int = 1, dose: str = ""
) -> MedicationAdministration:
    return MedicationAdministration.objects.create(
        patient=request.patient,
        request=request,
        given_at=at,
        dose=dose or request.dose,
        days_supplied=days,
        given_by=practitioner_of(by),
        recorded_by=by,
    )
