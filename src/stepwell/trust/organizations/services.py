"""What a center may say that it offers, in the public directory."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SERVICES: dict[str, str | Promise] = {
    "outpatient": _("Outpatient"),
    "iop": _("Intensive outpatient (IOP)"),
    "virtual": _("Virtual IOP"),
    "inpatient": _("Inpatient"),
    "medication": _("Medicine for opioid or alcohol use disorder"),
    "peer": _("Peer support"),
    "family": _("Help for families"),
}
