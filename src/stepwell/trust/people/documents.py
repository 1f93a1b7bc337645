"""Scans about a person: a referral, an identity card, an insurance card, a signed paper. The bytes lie in the vault."""

from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stepwell.trust.access import Permission
from stepwell.trust.people import models as people
from stepwell.trust.people.frozen import frozen


class DocumentQuerySet(people.ClinicalQuerySet):
    seen_with = Permission.SEE_DOCUMENTS


@pghistory.track()
class Document(people.ClinicalRecord):
    """One scan, kept for good. Entered in error it stays, and opens only for those who look after records."""

    class Kind(models.TextChoices):
        REFERRAL = "referral", _("Referral")
        IDENTITY = "identity", _("Identity card")
        INSURANCE_FRONT = "insurance_front", _("Insurance card, front")
        INSURANCE_BACK = "insurance_back", _("Insurance card, back")
        SIGNED = "signed", _("Signed paper")
        OTHER = "other", _("Something else")

    kind = models.CharField(max_length=16, choices=Kind.choices)
    name = models.CharField(max_length=100)
    media = models.CharField(max_length=20)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=48)

    objects = DocumentQuerySet.as_manager()  # type: ignore[misc]

    class Meta(people.ClinicalRecord.Meta):
        ordering: ClassVar = ["-recorded_at"]
        constraints: ClassVar = [
            *people.ClinicalRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["patient", "kind", "sha256"],
                condition=Q(entered_in_error_at=None),
                name="document_once",
            ),
            models.UniqueConstraint(fields=["organization", "stored_as"], name="document_stored_once"),
            models.CheckConstraint(name="document_has_something_in_it", condition=Q(size__gt=0)),
            models.CheckConstraint(
                name="document_of_a_known_type",
                condition=Q(media__in=["image/jpeg", "image/png", "application/pdf"]),
            ),
        ]
        triggers: ClassVar = [
            frozen(
                "document_stays",
                "patient_id",
                "kind",
                "name",
                "media",
                "size",
                "sha256",
                "stored_as",
                "recorded_by_id",
                "recorded_at",
                once="TRUE",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.name}"

    @property
    def is_picture(self) -> bool:
        return self.media.startswith("image/")

    @property
    def file_name(self) -> str:
        """What it is called where it is downloaded to: nothing that says whose it is, or what about."""
        ending = {"image/jpeg": "jpg", "image/png": "png"}.get(self.media, "pdf")
        return f"document-{self.recorded_at:%Y-%m-%d-%H%M}.{ending}"
