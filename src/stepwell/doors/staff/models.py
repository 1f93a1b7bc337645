"""What the staff's lists are sorted and narrowed by: see ``summaries``."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from stepwell.trust.organizations.models import OfOrganization
from stepwell.trust.people.models import Patient


class SnapshotField(models.Field):  # type: ignore[type-arg]
    """Which transactions had ended at a moment: those whose rows could be read then."""

    def db_type(self, connection: object) -> str:
        return "pg_snapshot"


class Summary(OfOrganization):
    """Of one person on one day: what a row of a list is sorted and narrowed by. Never shown, and never the record."""

    patient = models.OneToOneField(
        Patient, on_delete=models.DO_NOTHING, db_constraint=False, related_name="summary"
    )
    on = models.DateField()
    #: By which rules: a digest of the code that decides.
    by_rules = models.CharField(max_length=20)
    #: What could be read when it was made. A change that could not has touched the person since.
    seen = SnapshotField()

    #: In the order of ``rules.rank``, number by number; none who need nothing.
    need = ArrayField(models.IntegerField(), null=True)
    has_aside = models.BooleanField()
    name = models.CharField(max_length=300)
    #: What is searched, letters large or small.
    words = models.CharField(max_length=400)
    level = models.PositiveSmallIntegerField(null=True)
    day = models.IntegerField()
    hours = models.IntegerField(null=True)
    missed = models.IntegerField(null=True)
    craving = models.PositiveSmallIntegerField(null=True)
    use = models.IntegerField(null=True)
    risk = models.IntegerField(null=True)
    dose = models.DateField(null=True)
    contact = models.DateTimeField(null=True)
    counselor = models.CharField(max_length=200, null=True)
    #: For so many days nobody has seen the person.
    unseen = models.IntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["on"], name="summary_day")]

    def __str__(self) -> str:
        return f"summary of {self.on}"
