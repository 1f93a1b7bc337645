"""The days on which a plan was signed by both, as they stand on the trend of every measure."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from stepwell.care.care_plans.models import CarePlan
from stepwell.care.measures.charts import Happened
from stepwell.trust.accounts.models import User
from stepwell.trust.people.models import Patient


def signed_plans(patient: Patient, reader: User) -> Iterator[Happened]:
    for plan in CarePlan.objects.visible_to(reader).in_force().filter(patient=patient):
        if plan.signed_at is not None:
            yield Happened(plan.signed_at.astimezone(patient.center.zone).date(), _("Plan signed"))
