"""The question every action asks first."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import models

from stepwell.trust.access.rules import Permission, Relation
from stepwell.trust.access.sights import Sight, sight
from stepwell.trust.access.visibility import standing

if TYPE_CHECKING:
    from stepwell.trust.accounts.models import User


class Forbidden(PermissionDenied):
    """The table does not give this person this permission. The web door records it apart from the act."""

    def __init__(self, user: "User", permission: Permission, patient: models.Model | None) -> None:
        super().__init__(f"may not {permission.value}")
        self.user = user
        self.permission = permission
        self.patient_id = patient.pk if patient is not None else None


def may(
    user: "User",
    permission: Permission,
    patient: models.Model | Sight | None = None,
    *,
    center: models.Model | None = None,
) -> bool:
    """Whether the table gives this person this permission: for a patient, or at a center, if one is named.

    A page with many such questions about one patient asks for the ``sight`` once and names that instead.
    """
    standings = standing(user, permission)
    if not standings:
        return False
    if center is not None and not _works_at(center, standings):
        return False
    if patient is None:
        return True
    stands = patient if isinstance(patient, Sight) else sight(user, patient)
    return stands.reader_id == user.pk and stands.meets(standings)


def _works_at(center: models.Model, standings: dict[Relation, set[UUID] | None]) -> bool:
    if Relation.CENTER not in standings:
        return False
    centers = standings[Relation.CENTER]
    return centers is None or center.pk in centers


def require(
    user: "User",
    permission: Permission,
    patient: models.Model | None = None,
    *,
    center: models.Model | None = None,
) -> None:
    """Raise Forbidden unless the table gives it, at this moment: what a page knew does not count here."""
    if not may(user, permission, patient, center=center):
        raise Forbidden(user, permission, patient)
