"""How screens say the parts that people play."""

from django.utils.translation import gettext_lazy

from stepwell.trust.accounts.roles import Role

ROLES = {
    Role.PATIENT: gettext_lazy("Patient"),
    Role.FRONT_DESK: gettext_lazy("Front desk"),
    Role.COUNSELOR: gettext_lazy("Counselor"),
    Role.FACILITATOR: gettext_lazy("Group facilitator"),
    Role.NURSE: gettext_lazy("Nurse"),
    Role.PRESCRIBER: gettext_lazy("Prescriber"),
    Role.PEER: gettext_lazy("Peer supporter"),
    Role.CASE_MANAGER: gettext_lazy("Case manager"),
    Role.CLINICAL_SUPERVISOR: gettext_lazy("Clinical supervisor"),
    Role.DIRECTOR: gettext_lazy("Director"),
    Role.BILLER: gettext_lazy("Billing"),
    Role.COMPLIANCE: gettext_lazy("Compliance"),
    Role.ADMINISTRATOR: gettext_lazy("Administrator"),
}


def role_name(role: str) -> str:
    return str(ROLES[Role(role)])
