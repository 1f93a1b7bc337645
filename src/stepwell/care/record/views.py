"""The diagnoses of a person, in the chart."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stepwell.care.record import actions
from stepwell.care.record.forms import UseDisorderForm
from stepwell.care.record.models import Condition
from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import Refused
from stepwell.ground.web.refusing import refuse
from stepwell.trust.access import Permission, lists, may, require
from stepwell.trust.accounts.models import signed_in
from stepwell.trust.people.actions import may_mark_in_error
from stepwell.trust.people.charts import open_chart, sight_of


@require_safe
@login_required
def conditions(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Of each substance what was found last; what was found before stands below it."""
    patient = open_chart(request, patient_id)
    found = list(
        Condition.objects.visible_to(signed_in(request))
        .filter(patient=patient)
        .select_related("recorded_by", "entered_in_error_by")
    )
    in_force = [each for each in found if each.entered_in_error_at is None]
    if lists.asked_for_csv(request):
        return lists.as_csv(
            request,
            "diagnoses",
            (_("Found"), _("Diagnosis"), _("Code"), _("Criteria met"), _("By")),
            ([each.found_on, each.says, each.code, each.judged.count, each.recorded_by] for each in in_force),
        )
    newest: dict[str, Condition] = {}
    for each in in_force:
        newest.setdefault(each.substance, each)
    reader = signed_in(request)
    return render(
        request,
        "record/conditions.html",
        {
            "patient": patient,
            "conditions": list(newest.values()),
            "earlier": [each for each in in_force if newest[each.substance] is not each],
            "struck": [each for each in found if each.entered_in_error_at is not None],
            "may_correct": may_mark_in_error(Condition, sight_of(request, patient), reader),
            "may_diagnose": may(reader, Permission.DIAGNOSE, sight_of(request, patient)),
        },
    )


@login_required
def new_condition(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Write down a substance use disorder, with its criteria."""
    patient = open_chart(request, patient_id, Permission.DIAGNOSE)
    require(signed_in(request), Permission.DIAGNOSE, patient)
    form = UseDisorderForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            found = actions.diagnose(patient, form.finding, by=signed_in(request), at=clock.now())
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(
                request,
                _("Recorded: %(diagnosis)s, %(code)s.") % {"diagnosis": found.says, "code": found.code},
            )
            return redirect("record:conditions", patient_id)
    return render(
        request,
        "record/new_condition.html",
        {"patient": patient, "form": form},
        status=422 if form.errors else 200,
    )
