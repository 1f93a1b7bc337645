"""What a center may say that it offers, in the public directory, and who pays for it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = dict[str, str | Promise]

#: How much of a week. A reader chooses one of these.
LEVELS: Words = {
    "outpatient": _("Outpatient"),
    "iop": _("Intensive outpatient (IOP)"),
    "day": _("Day program"),
    "inpatient": _("Inpatient"),
}
#: What a reader may need besides.
MORE: Words = {
    "evening": _("Evening groups"),
    "virtual": _("Virtual IOP"),
    "medication": _("Medicine for opioid or alcohol use disorder"),
    "women": _("Women’s groups"),
    "lgbtq": _("LGBTQ+ groups"),
    "peer": _("Peer support"),
    "family": _("Help for families"),
    "child_care": _("Child care"),
    "wheelchair": _("Wheelchair access"),
}
SERVICES: Words = LEVELS | MORE

PLANS: Words = {
    "medicaid": _("Medicaid"),
    "medicare": _("Medicare"),
    "private": _("Private health plans"),
    "military": _("TRICARE or VA"),
    "uninsured": _("Care without insurance"),
}
