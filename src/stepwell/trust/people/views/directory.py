"""Finding a person by name, with the least that tells people apart."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from stepwell.trust.access import Permission, lists, may, require
from stepwell.trust.accounts.models import signed_in
from stepwell.trust.people.charts import listed
from stepwell.trust.people.finding import MOST_FOUND, people_called
from stepwell.trust.people.models import Patient

LONGEST = 80


@never_cache
@require_safe
@login_required
def people(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    require(user, Permission.SEE_DIRECTORY)
    typed = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:LONGEST]
    found = people_called(typed, user) if typed else []
    if typed:
        listed(request, found, "people found by name")
    if lists.asked_for_csv(request):
        header = (_("Person"), _("Born"), _("Record"), _("Center"))
        rows = ([one.name, one.born_on, one.record_number, one.center.name] for one in found)
        return lists.as_csv(request, "people found by name", header, rows)
    opens = {
        patient.pk
        for patient in Patient.objects.visible_to(user, Permission.SEE_CHART).filter(
            pk__in=[p.pk for p in found]
        )
    }
    in_emergency = {
        patient.pk
        for patient in Patient.objects.visible_to(user, Permission.OPEN_IN_EMERGENCY).filter(
            pk__in=[p.pk for p in found if p.pk not in opens]
        )
    }
    return render(
        request,
        "people/people.html",
        {
            "here": "people",
            "typed": typed,
            "lines": [(patient, patient.pk in opens, patient.pk in in_emergency) for patient in found],
            "is_cut": len(found) == MOST_FOUND,
            "may_take_referral": may(user, Permission.TAKE_REFERRAL),
        },
    )
