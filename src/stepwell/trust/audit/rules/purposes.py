"""What for, when nobody says it: read from the part the person plays."""

from collections.abc import Collection

from stepwell.trust.accounts.roles import GIVES_CARE, Role
from stepwell.trust.audit.did import Purpose


def purpose_of(roles: Collection[Role], *, about_a_patient: bool, at_own_door: bool) -> Purpose:
    """Who gives care looks for the sake of care, whatever else they are; the others for their part of the work."""
    if at_own_door or set(roles) == {Role.PATIENT}:
        return Purpose.OWN
    if not about_a_patient:
        return Purpose.OPERATIONS
    if GIVES_CARE.intersection(roles):
        return Purpose.TREATMENT
    if Role.COMPLIANCE in roles:
        return Purpose.COMPLIANCE
    if Role.BILLER in roles:
        return Purpose.PAYMENT
    return Purpose.OPERATIONS
