"""Opening a chart: seen only by those who may, and never without a trace."""

from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from stepwell.trust import audit
from stepwell.trust.access import Permission
from stepwell.trust.people.models import Patient


def open_chart(
    request: HttpRequest, patient_id: UUID, permission: Permission = Permission.SEE_CHART
) -> Patient:
    """The patient whose chart this page belongs to; 404 for a reader without sight of it.

    Leaves the patient on ``request.chart_patient``, where the frame of every chart page finds it, and shows the time
    of the patient's center.
    """
    visible = Patient.objects.visible_to(request.user, permission).select_related("center")
    patient = get_object_or_404(visible, pk=patient_id)
    patient.center.show_its_time()
    audit.record(by=request.user, did=audit.Did.OPENED, to=patient, because="treatment")  # type: ignore[arg-type]
    request.chart_patient = patient  # type: ignore[attr-defined]
    return patient
