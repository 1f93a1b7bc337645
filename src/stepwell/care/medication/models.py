"""Medication requests, doses given, and drug tests with a result for each substance."""

from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q

from stepwell.care.episodes.models import EpisodeOfCare
from stepwell.ground.kit import clock
from stepwell.trust.access import Permission
from stepwell.trust.people.models import ClinicalQuerySet, ClinicalRecord, Practitioner


class MedicationQuerySet(ClinicalQuerySet):
    seen_with = Permission.SEE_MEDICATION


@pghistory.track()
class MedicationRequest(ClinicalRecord):
    """A medicine asked for by a prescriber, from a day on."""

    class Medicine(models.TextChoices):
        BUPRENORPHINE_NALOXONE = "bup_nx", "Buprenorphine/naloxone"
        BUPRENORPHINE_ER = "bup_er", "Buprenorphine ER, monthly shot"
        NALTREXONE_ER = "ntx_er", "Naltrexone ER, monthly shot"
        NALTREXONE = "ntx", "Naltrexone tablets"
        METHADONE_ELSEWHERE = "methadone", "Methadone, from another program"
        ACAMPROSATE = "acamprosate", "Acamprosate"
        NALOXONE_SPRAY = "naloxone", "Naloxone spray"

    episode = models.ForeignKey(EpisodeOfCare, on_delete=models.PROTECT, related_name="medication_requests")
    medicine = models.CharField(max_length=12, choices=Medicine.choices)
    dose = models.CharField(max_length=80)
    every_days = models.PositiveSmallIntegerField(null=True, blank=True)
    prescriber = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="medication_requests")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = MedicationQuerySet.as_manager()

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

    class Meta(ClinicalRecord.Meta):
        ordering: ClassVar = ["given_at"]

    def __str__(self) -> str:
        return f"{self.dose} on {self.given_at:%Y-%m-%d}"


class Substance(models.TextChoices):
    ALCOHOL = "alcohol", "Alcohol (EtG)"
    AMPHETAMINES = "amphetamines", "Amphetamines"
    BENZODIAZEPINES = "benzodiazepines", "Benzodiazepines"
    BUPRENORPHINE = "buprenorphine", "Buprenorphine"
    CANNABIS = "cannabis", "Cannabis (THC)"
    COCAINE = "cocaine", "Cocaine"
    FENTANYL = "fentanyl", "Fentanyl"
    METHADONE = "methadone", "Methadone"
    OPIATES = "opiates", "Opiates"
    OXYCODONE = "oxycodone", "Oxycodone"


@pghistory.track()
class DrugTest(ClinicalRecord):
    """One sample, taken at one time. Used to guide care, never to punish."""

    class Specimen(models.TextChoices):
        URINE = "urine", "Urine"
        ORAL_FLUID = "oral_fluid", "Oral fluid"

    class Why(models.TextChoices):
        SCHEDULED = "scheduled", "Scheduled"
        RANDOM = "random", "Random"
        INTAKE = "intake", "At intake"
        CLINICAL = "clinical", "Clinical reason"

    episode = models.ForeignKey(EpisodeOfCare, on_delete=models.PROTECT, related_name="drug_tests")
    collected_at = models.DateTimeField(default=clock.now)
    specimen = models.CharField(max_length=10, choices=Specimen.choices, default=Specimen.URINE)
    why = models.CharField(max_length=10, choices=Why.choices, default=Why.SCHEDULED)
    collected_by = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="drug_tests")
    note = models.TextField(blank=True, max_length=1000)

    objects = MedicationQuerySet.as_manager()

    class Meta(ClinicalRecord.Meta):
        ordering: ClassVar = ["collected_at"]

    def __str__(self) -> str:
        return f"{self.patient}, tested {self.collected_at:%Y-%m-%d}"


@pghistory.track()
class DrugTestResult(ClinicalRecord):
    """What one test said of one substance, and whether that was expected with what is prescribed."""

    class Result(models.TextChoices):
        NEGATIVE = "negative", "Negative"
        POSITIVE = "positive", "Positive"
        INVALID = "invalid", "Could not be read"

    test = models.ForeignKey(DrugTest, on_delete=models.PROTECT, related_name="results")
    substance = models.CharField(max_length=16, choices=Substance.choices)
    result = models.CharField(max_length=8, choices=Result.choices)
    as_expected = models.BooleanField()

    objects = MedicationQuerySet.as_manager()

    class Meta(ClinicalRecord.Meta):
        ordering: ClassVar = ["substance"]
        constraints: ClassVar = [
            *ClinicalRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["test", "substance"], condition=Q(entered_in_error_at=None), name="test_result_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_substance_display()}: {self.get_result_display()}"
