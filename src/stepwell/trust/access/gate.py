"""The question every action asks first."""

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import models

from stepwell.trust.access.rules import Permission
from stepwell.trust.access.visibility import _patient_condition, standing

if TYPE_CHECKING:
    from stepwell.trust.accounts.models import User


class Forbidden(PermissionDenied):
    """The table does not give this person this permission. The web door records it apart from the act."""

    def __init__(self, user: "User", permission: Permission, patient: models.Model | None) -> None:
        super().__init__(f"may not {permission.value}")
        self.user = user
        self.permission = permission
        self.patient_id = patient.pk if patient is not None else None


def may(user: "User", permission: Permission, patient: models.Model | None = None) -> bool:
    """Whether the table gives this person this permission, for this patient if one is named."""
    standings = standing(user, permission)
    if not standings:
        return False
    if patient is None:
        return True
    return type(patient)._base_manager.filter(_patient_condition(user, standings), pk=patient.pk).exists()


def require(user: "User", permission: Permission, patient: models.Model | None = None) -> None:
    """Raise Forbidden unless the table gives it."""
    if not may(user, permission, patient):
        raise Forbidden(user, permission, patient)
