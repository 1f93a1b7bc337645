"""Opening a chart: seen only by those who may, and never without a trace."""

from collections.abc import Iterable
from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from stepwell.trust import audit
from stepwell.trust.access import Permission, Relation, Sight, sight
from stepwell.trust.accounts.models import signed_in
from stepwell.trust.people.actions.emergencies import open_now
from stepwell.trust.people.models import Patient, patient_of


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
    stands = sight_of(request, patient)
    in_emergency = Relation.EMERGENCY in stands.relations and open_now(patient, signed_in(request))
    purpose = audit.Purpose.EMERGENCY if in_emergency else None
    audit.record(by=signed_in(request), did=audit.Did.OPENED, to=patient, purpose=purpose)
    request.chart_patient = patient  # type: ignore[attr-defined]
    return patient


def sight_of(request: HttpRequest, patient: Patient) -> Sight:
    """How the reader stands to the patient whose page this is: asked once, for what the page shows and offers.

    An act does not take it: it asks again, with the patient.
    """
    known: Sight | None = getattr(request, "chart_sight", None)
    if known is None or known.patient_id != patient.pk:
        known = request.chart_sight = sight(signed_in(request), patient)  # type: ignore[attr-defined]
    return known


def open_own(request: HttpRequest) -> Patient:
    """The patient who asks, at their own door; 404 for anybody who is none. Their own looks leave a trace as well.

    What a person does there is recorded by the act itself. Left on ``request.own_patient``, for the frame of the page.
    """
    patient = patient_of(signed_in(request))
    if patient is None:
        raise Http404
    request.own_patient = patient  # type: ignore[attr-defined]
    if request.method in ("GET", "HEAD"):
        audit.record(by=signed_in(request), did=audit.Did.OPENED, to=patient, purpose=audit.Purpose.OWN)
    return patient


def listed(request: HttpRequest, patients: Iterable[Patient | UUID | None], what: str = "") -> None:
    """One event for a page with the names of several people: whose, so that each can be told who saw it."""
    whose = [one.pk if isinstance(one, Patient) else one for one in patients if one is not None]
    if whose:
        audit.record(by=signed_in(request), did=audit.Did.LISTED, patients=whose, because=what)
