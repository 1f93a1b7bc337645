"""Writing an event: in the transaction of the act it tells of, or, for a refusal, in one of its own."""

import hashlib
from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.db import connection, models

from stepwell.ground.kit import clock
from stepwell.trust.audit.did import Did, Purpose
from stepwell.trust.audit.rules.purposes import purpose_of
from stepwell.trust.organizations.acting import acting_in, current_organization_id

if TYPE_CHECKING:
    from stepwell.trust.accounts.models import User

#: Where patients read and write about themselves.
OWN_DOOR = "/me/"


@dataclass(frozen=True)
class Whence:
    """Where a request came from: its address on this site, the network address of the asker, and the session."""

    address: str = ""
    came_from: str | None = None
    session: str = ""


NOWHERE = Whence()
whence: ContextVar[Whence] = ContextVar("stepwell_whence", default=NOWHERE)


#: An empty list, and one of words, do not say by themselves what they are lists of.
_CAST = {"by_roles": "%s::varchar[]", "patients": "%s::uuid[]"}
_COLUMNS = (
    *("by_id", "by_name", "by_roles", "did", "to_type", "to_id", "patient_id", "patients", "how_many"),
    *("purpose", "because", "address", "came_from", "session"),
)
_INSERT = (
    f"INSERT INTO audit_auditevent (id, organization_id, at, {', '.join(_COLUMNS)}) "  # noqa: S608 our own names
    f"VALUES (%s, %s, %s, {', '.join(_CAST.get(column, '%s') for column in _COLUMNS)})"
)


def fingerprint(session_key: str | None) -> str:
    """What stands for a session in the log: enough to tell two apart, and no use to whoever would steal it."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:16] if session_key else ""


def record(
    *,
    by: "User | None",
    did: Did,
    to: models.Model | None = None,
    patient: models.Model | UUID | None = None,
    patients: Iterable[UUID] | None = None,
    purpose: Purpose | None = None,
    because: str = "",
) -> None:
    """Add one event beside the act itself: both are kept, or neither.

    ``patients`` are those whose names stood in a list. ``purpose`` is read from the person's part when it is not given.
    ``because`` is in our own words, never in somebody's about a patient: the record itself holds those.
    """
    told = _told(by=by, did=did, to=to, patient=patient, patients=patients, purpose=purpose, because=because)
    # A plain statement: it is in every request, and costs a third of what the model's own way does.
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [uuid4(), current_organization_id(), clock.now(), *told.values()])


def _told(
    *,
    by: "User | None",
    did: Did,
    to: models.Model | None = None,
    patient: models.Model | UUID | None = None,
    patients: Iterable[UUID] | None = None,
    purpose: Purpose | None = None,
    because: str = "",
) -> dict[str, Any]:
    """The columns of an event, in the order of ``_COLUMNS``."""
    if patient is None and to is not None:
        patient = getattr(to, "patient_id", None) or (to if to._meta.model_name == "patient" else None)
    listed = None if patients is None else list(dict.fromkeys(patients))
    here = whence.get()
    roles = by.roles if by else frozenset()
    return {
        "by_id": by.pk if by else None,
        "by_name": by.name if by else "",
        "by_roles": sorted(str(role) for role in roles),
        "did": str(did),
        "to_type": to._meta.label if to is not None else "",
        "to_id": to.pk if to is not None else None,
        "patient_id": patient.pk if isinstance(patient, models.Model) else patient,
        "patients": listed,
        "how_many": None if listed is None else len(listed),
        "purpose": str(
            purpose
            or purpose_of(
                roles,
                about_a_patient=patient is not None or listed is not None,
                at_own_door=here.address.startswith(OWN_DOOR),
            )
        ),
        "because": because,
        "address": here.address[:200],
        "came_from": here.came_from,
        "session": here.session,
    }


def record_each(
    *, by: "User", did: Did, to: models.Model, patients: Iterable[models.Model], because: str = ""
) -> None:
    """One event for each of these people, of one act that was about all of them, in one statement."""
    from stepwell.trust.audit.models import AuditEvent

    whose = list(patients)
    AuditEvent.objects.bulk_create(
        AuditEvent(**_told(by=by, did=did, to=to, patient=patient, because=because)) for patient in whose
    )


def record_apart(
    organization_id: UUID, *, by: "User | None", did: Did, patient: UUID | None = None, because: str = ""
) -> None:
    """Add one event in a transaction of its own: what was refused is undone, that it was asked is not."""
    with acting_in(organization_id):
        record(by=by, did=did, patient=patient, because=because)
