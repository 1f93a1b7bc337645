"""Medication requests, doses given, and drug tests with a result for each substance."""

from datetime import date
from typing import TYPE_CHECKING, ClassVar, Self

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from stepwell.care.episodes.models import EpisodeOfCare
from stepwell.care.medication import words
from stepwell.care.medication.rules.expectations import Finding, Prescription, Summary, summarize
from stepwell.care.medication.vocabulary import Medicine, Result, Substance
from stepwell.ground.kit import clock
from stepwell.trust.access import Permission
from stepwell.trust.people.models import ClinicalQuerySet, ClinicalRecord, Patient, Practitioner

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class MedicationQuerySet(ClinicalQuerySet):
    seen_with = Permission.SEE_MEDICATION


class RequestQuerySet(MedicationQuerySet):
    def current(self, on: date) -> Self:
        """What is taken on that day."""
        return self.in_force().filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on)

    def prescriptions_of(self, patient: Patient) -> list[Prescription]:
        """Everything ever prescribed to one person, as the rules see it."""
        return [request.as_prescription for request in self.in_force().filter(patient=patient)]


@pghistory.track()
class MedicationRequest(ClinicalRecord):
    """A medicine asked for by a prescriber, from a day on."""

    Medicine = Medicine

    episode = models.ForeignKey(EpisodeOfCare, on_delete=models.PROTECT, related_name="medication_requests")
    medicine = models.CharField(
        max_length=12, choices=[(medicine.value, name) for medicine, name in words.MEDICINES.items()]
    )
    dose = models.CharField(max_length=80)
    every_days = models.PositiveSmallIntegerField(null=True, blank=True)
    prescriber = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="medication_requests")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = RequestQuerySet.as_manager()

    struck_out_with = Permission.CORRECT_MEDICATION

    class Meta(ClinicalRecord.Meta):
        constraints: ClassVar = [
            *ClinicalRecord.Meta.constraints,
            models.CheckConstraint(
                name="medication_ends_after_it_starts",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_medicine_display()}, {self.dose}"

    @property
    def as_prescription(self) -> Prescription:
        return Prescription(Medicine(self.medicine), self.starts_on, self.ends_on)


@pghistory.track()
class MedicationAdministration(ClinicalRecord):
    """One dose given or handed out."""

    request = models.ForeignKey(MedicationRequest, on_delete=models.PROTECT, related_name="administrations")
    given_at = models.DateTimeField()
    dose = models.CharField(max_length=80)
    days_supplied = models.PositiveSmallIntegerField(default=1)
    given_by = models.ForeignKey(
        Practitioner, on_delete=models.PROTECT, null=True, blank=True, related_name="administrations"
    )

    objects = MedicationQuerySet.as_manager()

    struck_out_with = Permission.CORRECT_MEDICATION

    class Meta(ClinicalRecord.Meta):
        ordering: ClassVar = ["given_at"]

    def __str__(self) -> str:
        return f"{self.dose} on {self.given_at:%Y-%m-%d}"


class DrugTestQuerySet(MedicationQuerySet):
    def with_results(self) -> Self:
        return self.select_related("collected_by").prefetch_related(
            models.Prefetch("results", DrugTestResult.objects.in_force())
        )


@pghistory.track()
class DrugTest(ClinicalRecord):
    """One sample, taken at one time. Used to guide care, never to punish."""

    kept_apart_by: ClassVar = {
        "drug_test_once": _("Both have the same test of the same minute. Strike out one of the two first.")
    }

    class Specimen(models.TextChoices):
        URINE = "urine", _("Urine")
        ORAL_FLUID = "oral_fluid", _("Oral fluid")

    class Why(models.TextChoices):
        SCHEDULED = "scheduled", _("Scheduled")
        RANDOM = "random", _("Random")
        INTAKE = "intake", _("At intake")
        CLINICAL = "clinical", _("Clinical reason")

    episode = models.ForeignKey(EpisodeOfCare, on_delete=models.PROTECT, related_name="drug_tests")
    collected_at = models.DateTimeField(default=clock.now)
    specimen = models.CharField(max_length=10, choices=Specimen.choices, default=Specimen.URINE)
    why = models.CharField(max_length=10, choices=Why.choices, default=Why.SCHEDULED)
    collected_by = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="drug_tests")
    note = models.TextField(blank=True, max_length=1000)

    objects = DrugTestQuerySet.as_manager()

    struck_out_with = Permission.RECORD_DRUG_TEST

    if TYPE_CHECKING:
        results: RelatedManager["DrugTestResult"]

    class Meta(ClinicalRecord.Meta):
        ordering: ClassVar = ["collected_at"]
        constraints: ClassVar = [
            *ClinicalRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["patient", "specimen", "collected_at"],
                condition=Q(entered_in_error_at=None),
                name="drug_test_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.patient}, tested {self.collected_at:%Y-%m-%d}"

    @property
    def summary(self) -> Summary:
        """The whole test in one breath, by the answers given when it was recorded."""
        return summarize(
            Finding(Substance(each.substance), Result(each.result), each.as_expected)
            for each in self.results.all()
            if each.entered_in_error_at is None
        )


class ResultQuerySet(MedicationQuerySet):
    def in_force(self) -> Self:
        """The results of a test entered in error go with it."""
        return super().in_force().filter(test__entered_in_error_at=None)


@pghistory.track()
class DrugTestResult(ClinicalRecord):
    """What one test said of one substance, and whether that was expected with what is prescribed.

    ``as_expected`` is not known for a result that could not be read.
    """

    Result = Result

    test = models.ForeignKey(DrugTest, on_delete=models.PROTECT, related_name="results")
    substance = models.CharField(
        max_length=16, choices=[(substance.value, name) for substance, name in words.SUBSTANCES.items()]
    )
    result = models.CharField(
        max_length=8, choices=[(result.value, name) for result, name in words.RESULTS.items()]
    )
    as_expected = models.BooleanField(null=True, blank=True)

    objects = ResultQuerySet.as_manager()

    class Meta(ClinicalRecord.Meta):
        ordering: ClassVar = ["substance"]
        constraints: ClassVar = [
            *ClinicalRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["test", "substance"], condition=Q(entered_in_error_at=None), name="test_result_once"
            ),
            models.CheckConstraint(
                name="test_result_expected_or_unread",
                condition=Q(result="invalid", as_expected=None)
                | (~Q(result="invalid") & Q(as_expected__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_substance_display()}: {self.get_result_display()}"
