"""The page of naloxone in the chart."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from stepwell.care.admission import actions
from stepwell.care.admission.forms import NaloxoneForm
from stepwell.care.admission.models import NaloxoneOffer
from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import Refused
from stepwell.ground.web.refusing import refuse
from stepwell.trust.access import Permission, may, require
from stepwell.trust.accounts.models import signed_in
from stepwell.trust.people.actions import may_mark_in_error
from stepwell.trust.people.charts import open_chart, sight_of


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def naloxone(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """What came of each offer; and the next one, written down in one go."""
    patient = open_chart(request, patient_id)
    user, today = signed_in(request), patient.center.day_of(clock.now())
    form = NaloxoneForm(request.POST if request.method == "POST" else None, initial={"on": today})
    if request.method == "POST":
        require(user, Permission.OFFER_NALOXONE, patient)
        if form.is_valid():
            try:
                actions.record_naloxone(patient, **form.cleaned_data, by=user, at=clock.now())
            except Refused as refusal:
                refuse(form, refusal)
            else:
                messages.success(request, _("Written down."))
                return redirect("admission:naloxone", patient.pk)
    offers = NaloxoneOffer.objects.visible_to(user).in_force().filter(patient=patient)
    return render(
        request,
        "admission/naloxone.html",
        {
            "patient": patient,
            "form": form,
            "offers": offers.select_related("recorded_by"),
            "may_correct": may_mark_in_error(NaloxoneOffer, sight_of(request, patient), user),
            "may_offer": may(user, Permission.OFFER_NALOXONE, sight_of(request, patient)),
        },
        status=422 if form.errors else 200,
    )
