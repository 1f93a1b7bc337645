"""The parts people play. What each may do is in ``access.rules``."""

from enum import StrEnum


class Role(StrEnum):
    PATIENT = "patient"
    FRONT_DESK = "front_desk"
    COUNSELOR = "counselor"
    FACILITATOR = "facilitator"
    NURSE = "nurse"
    PRESCRIBER = "prescriber"
    PEER = "peer"
    CASE_MANAGER = "case_manager"
    CLINICAL_SUPERVISOR = "clinical_supervisor"
    DIRECTOR = "director"
    BILLER = "biller"
    COMPLIANCE = "compliance"
    ADMINISTRATOR = "administrator"

    @property
    def is_staff(self) -> bool:
        return self is not Role.PATIENT


#: The parts that look after people. The front desk, billing and administration have no place on a care team.
GIVES_CARE = frozenset(
    {
        Role.COUNSELOR,
        Role.FACILITATOR,
        Role.NURSE,
        Role.PRESCRIBER,
        Role.PEER,
        Role.CASE_MANAGER,
        Role.CLINICAL_SUPERVISOR,
    }
)
