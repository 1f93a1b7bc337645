"""Setting aside what Today says a person needs, until a day and with a reason; and bringing it back."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepwell.care.episodes.models import EpisodeOfCare
from stepwell.care.progress import actions
from stepwell.care.progress.rules.needs import Need, in_force, last_day_aside, may_be_set_aside
from stepwell.doors.staff.people_now import read
from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import Refused
from stepwell.ground.web import undo
from stepwell.ground.web.refusing import refuse
from stepwell.ground.web.widgets import DateInput, Tiles
from stepwell.trust.access import Permission, require
from stepwell.trust.accounts.models import User, signed_in
from stepwell.trust.people.charts import open_chart
from stepwell.trust.people.models import Patient


class SetAsideForm(forms.Form):
    rule = forms.ChoiceField(
        label=gettext_lazy("What waits"),
        widget=Tiles,
        error_messages={"required": gettext_lazy("Choose what waits.")},
    )
    because = forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("The team reads it on Today."),
        max_length=300,
        error_messages={"required": gettext_lazy("Say why, in a few words. The team reads it.")},
    )
    until = forms.DateField(
        label=gettext_lazy("Until which day"),
        help_text=gettext_lazy("On that day it is back, and before when it becomes more pressing."),
        widget=DateInput,
        error_messages={
            "required": gettext_lazy("Say until which day."),
            "invalid": gettext_lazy("Write the date as month/day/year."),
        },
    )

    def __init__(self, *args: Any, needs: Iterable[Need], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rule"].choices = [(need.rule, need.reason) for need in needs]  # type: ignore[attr-defined]
        self.fields["until"].widget.attrs |= {
            "min": (today + timedelta(days=1)).isoformat(),
            "max": last_day_aside(today, in_force(today)).isoformat(),
        }


@login_required
def set_aside(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Choose a need, a day and a reason. A need that nobody may set aside is not offered."""
    patient = open_chart(request, patient_id)
    user, now = signed_in(request), clock.now()
    require(user, Permission.SET_ASIDE, patient)
    if request.method == "POST" and "of" in request.GET:
        return _undo(request, patient, user)
    if request.method == "POST" and request.POST.get("do") == "bring_back":
        actions.bring_back(patient, request.POST.get("rule", ""), by=user, at=now)
        return redirect("staff:today")
    open_now = EpisodeOfCare.objects.visible_to(user).open().filter(patient=patient)
    people = read(open_now.select_related("patient", "patient__center"), reader=user, now=now)
    # What is set aside already may be given another day or reason.
    found = [
        need for person in people for need in (*person.needs, *(hidden for hidden, _why in person.aside))
    ]
    needs = {need.rule: need for need in found if may_be_set_aside(need)}
    today = patient.center.day_of(now)
    given = {"needs": needs.values(), "today": today}
    if request.method != "POST":
        initial = {"rule": request.GET.get("rule", ""), "until": today + timedelta(days=1)}
        form = SetAsideForm(initial=initial, **given)  # type: ignore[arg-type]
        return render(request, "staff/set_aside.html", {"patient": patient, "form": form, "needs": needs})
    form = SetAsideForm(request.POST, **given)  # type: ignore[arg-type]
    if form.is_valid():
        said = form.cleaned_data
        try:
            actions.set_aside(
                patient, needs[said["rule"]], until=said["until"], because=said["because"], by=user, at=now
            )
            undo.offer(
                request,
                _("%(name)s waits until %(day)s: %(what)s")
                % {
                    "name": patient.short_name,
                    "day": date_format(said["until"], "D M j"),
                    "what": needs[said["rule"]].reason,
                },
                request.path,
                [said["rule"]],
            )
            return redirect("staff:today")
        except Refused as refusal:
            refuse(form, refusal)
    context = {"patient": patient, "form": form, "needs": needs}
    return render(request, "staff/set_aside.html", context, status=422)


def _undo(request: HttpRequest, patient: Patient, user: User) -> HttpResponse:
    """Bring back what this person set aside some minutes ago."""
    asked = undo.asked(request)
    if asked is None:
        messages.error(request, _("It is too late to undo this here. Bring it back from the list."))
    else:
        for rule in asked:
            actions.bring_back(patient, rule, by=user, at=clock.now())
    return redirect("staff:today")
