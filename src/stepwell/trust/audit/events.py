"""Writing an event: in the transaction of the act it tells of, or, for a refusal, in one of its own."""

from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models

from stepwell.trust.audit.did import Did
from stepwell.trust.organizations.acting import acting_in

if TYPE_CHECKING:
    from stepwell.trust.accounts.models import User


@dataclass(frozen=True)
class Whence:
    """Where a request came from: its address on this site, and the network address of the asker."""

    address: str = ""
    came_from: str | None = None


NOWHERE = Whence()
whence: ContextVar[Whence] = ContextVar("stepwell_whence", default=NOWHERE)


def record(
    *,
    by: "User | None",
    did: Did,
    to: models.Model | None = None,
    patient: models.Model | UUID | None = None,
    because: str = "",
) -> None:
    """Add one event beside the act itself: both are kept, or neither."""
    from stepwell.trust.audit.models import AuditEvent

    if patient is None and to is not None:
        patient = getattr(to, "patient_id", None) or (to if to._meta.model_name == "patient" else None)
    here = whence.get()
    AuditEvent.objects.create(
        by_id=by.pk if by else None,
        by_name=by.name if by else "",
        did=did,
        to_type=to._meta.label if to is not None else "",
        to_id=to.pk if to is not None else None,
        patient_id=patient.pk if isinstance(patient, models.Model) else patient,
        because=because,
        address=here.address[:200],
        came_from=here.came_from,
    )


def record_apart(
    organization_id: UUID, *, by: "User | None", did: Did, patient: UUID | None = None, because: str = ""
) -> None:
    """Add one event in a transaction of its own: what was refused is undone, that it was asked is not."""
    with acting_in(organization_id):
        record(by=by, did=did, patient=patient, because=because)
