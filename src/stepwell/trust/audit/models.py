"""The event log. Events point at rows by type and id, not by foreign key, so that they outlive what they tell of."""

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Func, Q

from stepwell.ground.kit import clock
from stepwell.trust.audit.rules.unusual import Rule, Weight
from stepwell.trust.organizations.acting import current_organization_id
from stepwell.trust.organizations.models import OfOrganization, Organization


class NextNumber(Func):
    """The number of the next event, given by the database: in the order of writing, over all organizations."""

    function = "audit_next_number"
    output_field = models.BigIntegerField()


class AuditEvent(OfOrganization):
    """Who did what, to what, why, from where and when."""

    # Its index would be read by nobody and written by everybody: (organization, number) begins with it.
    organization = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        default=current_organization_id,
        editable=False,
        related_name="+",
        db_index=False,
    )
    number = models.BigIntegerField(db_default=NextNumber(), editable=False)
    at = models.DateTimeField(default=clock.now)
    by_id = models.UUIDField(null=True)
    by_name = models.CharField(max_length=200, blank=True)
    by_roles = ArrayField(models.CharField(max_length=20), default=list)
    did = models.CharField(max_length=40)
    to_type = models.CharField(max_length=60, blank=True)
    to_id = models.UUIDField(null=True)
    patient_id = models.UUIDField(null=True)
    #: Whose names stood in a list, and how many there were.
    patients = ArrayField(models.UUIDField(), null=True)
    how_many = models.PositiveIntegerField(null=True)
    purpose = models.CharField(max_length=20, blank=True)
    because = models.TextField(blank=True)
    address = models.CharField(max_length=200, blank=True)
    came_from = models.GenericIPAddressField(null=True)
    session = models.CharField(max_length=16, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "number"], name="audit_number")
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "-at", "-number"], name="audit_at"),
            models.Index(fields=["by_id", "-at", "-number"], name="audit_by"),
            models.Index(
                fields=["patient_id", "-at", "-number"],
                name="audit_patient",
                condition=Q(patient_id__isnull=False),
            ),
            # Most events are openings: the index of time finds those.
            models.Index(
                fields=["organization", "did", "-at", "-number"],
                name="audit_did",
                condition=~Q(did="opened"),
            ),
            GinIndex(fields=["patients"], name="audit_patients", condition=Q(patients__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.by_name} {self.did} {self.to_type}"


class SignInEvent(models.Model):
    """A sign-in or a failed one. It happens before an organization is known, so it stands outside the wall."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.BigIntegerField(db_default=NextNumber(), editable=False, unique=True)
    at = models.DateTimeField(default=clock.now)
    by_id = models.UUIDField(null=True)
    did = models.CharField(max_length=40)
    address = models.CharField(max_length=200, blank=True)
    came_from = models.GenericIPAddressField(null=True)
    session = models.CharField(max_length=16, blank=True)
    #: Such as "Chrome on Android": the family of the browser, and no more of what it says of itself.
    agent = models.CharField(max_length=60, blank=True)
    #: What was changed, or why; never what was typed.
    because = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["by_id", "-at", "-number"], name="audit_sign_in_by")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.did}"


class Batch(models.Model):
    """Some events, sealed: each by the hash of its columns, all together by the hash that the next batch carries on.

    It holds every event of its chain with a number above the batch before and up to its own.
    """

    position = models.PositiveBigIntegerField()
    upto = models.BigIntegerField()
    count = models.PositiveIntegerField()
    form = models.PositiveSmallIntegerField()
    manifest = models.BinaryField()
    previous_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)
    sealed_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.position}: {self.count} events, {bytes(self.hash).hex()[:12]}"


class AuditBatch(Batch, OfOrganization):
    """A batch in the chain of one organization."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "position"], name="audit_batch_position")
        ]


class SignInBatch(Batch):
    """A batch in the chain of sign-ins."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["position"], name="audit_sign_in_batch_position")
        ]


class Finding(OfOrganization):
    """Looking to ask about: by one rule, of one reader, at one record or many, on one day. It stays for good."""

    rule = models.CharField(max_length=20, choices=[(rule.value, rule.value) for rule in Rule])
    weight = models.CharField(max_length=20, choices=[(weight.value, weight.value) for weight in Weight])
    because = models.CharField(max_length=200)
    reader_id = models.UUIDField()
    reader_name = models.CharField(max_length=200)
    patient_id = models.UUIDField(null=True)
    on = models.DateField()
    first_at = models.DateTimeField()
    found_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "rule", "reader_id", "patient_id", "on"],
                name="audit_finding_once_a_day",
                nulls_distinct=False,
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "-first_at"], name="audit_finding_at"),
            models.Index(fields=["patient_id"], name="audit_finding_patient"),
        ]

    def __str__(self) -> str:
        return f"{self.reader_name}: {self.because}"


class FindingReview(OfOrganization):
    """What somebody other than the reader made of a finding. Each step is kept; the last one says where it stands."""

    class Outcome(models.TextChoices):
        ASKED = "asked", "Asked"
        EXPECTED = "expected", "Part of their work"
        MISTAKE = "mistake", "A mistake, talked over"
        NOT_ALLOWED = "not allowed", "Not allowed"

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="reviews")
    step = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    words = models.TextField()
    at = models.DateTimeField(default=clock.now)
    by_id = models.UUIDField()
    by_name = models.CharField(max_length=200)
    #: Whose looking it is, once more, so that the database itself keeps them from settling it.
    reader_id = models.UUIDField()

    class Meta:
        ordering: ClassVar = ["step"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["finding", "step"], name="audit_review_step"),
            models.CheckConstraint(name="audit_review_by_another", condition=~Q(by_id=models.F("reader_id"))),
            models.CheckConstraint(name="audit_review_says_what", condition=~Q(words="")),
        ]

    def __str__(self) -> str:
        return f"{self.by_name}: {self.outcome}"


class LookedOver(OfOrganization):
    """Up to when the log was looked over for what is unusual."""

    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["organization", "-at"], name="audit_looked_over_at")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
