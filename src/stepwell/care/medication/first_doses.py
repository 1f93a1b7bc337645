"""The first dose of each medicine that treats, as it stands on the trend of every measure. A rescue spray does not."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from stepwell.care.measures.charts import Happened
from stepwell.care.medication.models import MedicationAdministration
from stepwell.care.medication.vocabulary import Medicine
from stepwell.trust.accounts.models import User
from stepwell.trust.people.models import Patient


def first_doses(patient: Patient, reader: User) -> Iterator[Happened]:
    given = (
        MedicationAdministration.objects.visible_to(reader)
        .in_force()
        .filter(patient=patient)
        .exclude(request__medicine=Medicine.NALOXONE_SPRAY)
    )
    seen: set[str] = set()
    for dose in given.select_related("request").order_by("given_at"):
        if dose.request.medicine not in seen:
            seen.add(dose.request.medicine)
            name = dose.request.get_medicine_display()
            on = dose.given_at.astimezone(patient.center.zone).date()
            yield Happened(on, _("First dose: %(medicine)s") % {"medicine": name})
