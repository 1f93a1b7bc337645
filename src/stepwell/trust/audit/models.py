"""The event log. Events point at rows by type and id, not by foreign key, so that they outlive what they tell of."""

import uuid
from typing import ClassVar

from django.db import models

from stepwell.ground.kit import clock
from stepwell.trust.audit.did import Did
from stepwell.trust.organizations.models import OfOrganization


class AuditEvent(OfOrganization):
    at = models.DateTimeField(default=clock.now, db_index=True)
    by_id = models.UUIDField(null=True)
    by_name = models.CharField(max_length=200, blank=True)
    did = models.CharField(max_length=40, choices=[(did.value, did.value) for did in Did])
    to_type = models.CharField(max_length=60, blank=True)
    to_id = models.UUIDField(null=True)
    patient_id = models.UUIDField(null=True)
    because = models.TextField(blank=True)
    address = models.CharField(max_length=200, blank=True)
    came_from = models.GenericIPAddressField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["patient_id", "-at"], name="audit_patient_at")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.by_name} {self.did} {self.to_type}"


class SignInEvent(models.Model):
    """A sign-in or a failed one. It happens before an organization is known, so it stands outside the wall."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(default=clock.now, db_index=True)
    by_id = models.UUIDField(null=True)
    did = models.CharField(max_length=40, choices=[(did.value, did.value) for did in Did])
    came_from = models.GenericIPAddressField(null=True)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.did}"
