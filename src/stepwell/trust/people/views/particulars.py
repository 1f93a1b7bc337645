"""Who a person is, how to reach them, and who is close to them: for the front desk as for the care team.

Whoever may not open the chart gets the same page in a frame that says nothing of care.
"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import ChangedMeanwhile, Refused
from stepwell.ground.web.refusing import refuse
from stepwell.trust.access import Permission, may, require
from stepwell.trust.accounts.models import signed_in
from stepwell.trust.people.actions import particulars as acts
from stepwell.trust.people.actions.emergencies import may_open
from stepwell.trust.people.charts import open_chart, sight_of
from stepwell.trust.people.forms import ParticularsForm, RelatedPersonForm
from stepwell.trust.people.models import Patient, RelatedPerson

IN_CHART = "staff/chart_page.html"
ALONE = "people/person_page.html"


def _opened(request: HttpRequest, patient_id: UUID) -> Patient:
    return open_chart(request, patient_id, Permission.SEE_DIRECTORY)


def frame_for(request: HttpRequest, patient: Patient) -> dict[str, Any]:
    """The frame of a page about a person: the chart's, or one without a clinical word."""
    user = signed_in(request)
    return {
        "patient": patient,
        "frame": IN_CHART if may(user, Permission.SEE_CHART, sight_of(request, patient)) else ALONE,
        "may_open_in_emergency": may_open(sight_of(request, patient), user),
        "may_see_documents": may(user, Permission.SEE_DOCUMENTS, sight_of(request, patient)),
        "age": patient.age_on(clock.today(patient.center.time_zone)),
    }


@never_cache
@login_required
def particulars(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    patient = _opened(request, patient_id)
    user = signed_in(request)
    may_change = may(user, Permission.CHANGE_PARTICULARS, sight_of(request, patient))
    today = clock.today(patient.center.time_zone)
    now = {name: getattr(patient, name) for name in ParticularsForm.base_fields}
    form = ParticularsForm(request.POST or None, initial=now, today=today)
    meanwhile: list[tuple[str, Any]] = []
    if request.method == "POST":
        require(user, Permission.CHANGE_PARTICULARS, patient)
        if form.is_valid():
            try:
                changed = acts.change_particulars(
                    patient, form.values, version=form.cleaned_data["version"], by=user, at=clock.now()
                )
            except ChangedMeanwhile as refusal:
                meanwhile = _different(form, patient)
                form = _again(request, ParticularsForm, patient.version, today=today)
                form.add_error(None, refusal.because)
            except Refused as refusal:
                refuse(form, refusal)
            else:
                messages.success(request, _("Saved.") if changed else _("Nothing was different."))
                return redirect("people:particulars", patient.pk)
    related = list(RelatedPerson.objects.current().filter(patient=patient))
    return render(
        request,
        "people/particulars.html",
        frame_for(request, patient)
        | {
            "form": form,
            "may_change": may_change,
            "meanwhile": meanwhile,
            "related": [(person, person.has_authority_on(today)) for person in related],
            "may_give_sign_in": may(user, Permission.GIVE_SIGN_IN, sight_of(request, patient)),
            "may_merge": may(user, Permission.MERGE_RECORDS, sight_of(request, patient)),
        },
        status=422 if form.errors else 200,
    )


def _again(request: HttpRequest, kind: type[Any], version: int, **more: Any) -> Any:
    """What was typed, over the version that is there now: to save again is to know of the other's change."""
    typed = request.POST.copy()
    typed["version"] = str(version)
    form = kind(typed, **more)
    form.is_valid()
    return form


def _different(form: Any, row: Patient | RelatedPerson) -> list[tuple[str, Any]]:
    """What stands there now where something else was typed."""
    found = []
    for name, typed in form.values.items():
        there = getattr(row, name)
        if there != typed:
            shown = getattr(row, f"get_{name}_display", lambda there=there: there)()
            if isinstance(there, bool):
                shown = _("yes") if there else _("no")
            found.append((form.fields[name].label, shown if shown not in ("", None) else _("nothing")))
    return found


@never_cache
@login_required
def related_person(request: HttpRequest, patient_id: UUID, person_id: UUID | None = None) -> HttpResponse:
    """Write down somebody close to the patient, or change what is written."""
    patient = _opened(request, patient_id)
    user = signed_in(request)
    require(user, Permission.CHANGE_PARTICULARS, patient)
    person = None
    if person_id is not None:
        people = RelatedPerson.objects.visible_to(user).current().filter(patient=patient)
        person = get_object_or_404(people, pk=person_id)
    now = {name: getattr(person, name) for name in RelatedPersonForm.base_fields} if person else {}
    form = RelatedPersonForm(request.POST or None, initial=now)
    meanwhile: list[tuple[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        try:
            acts.keep_related_person(
                patient,
                form.values,
                person=person,
                version=form.cleaned_data["version"],
                by=user,
                at=clock.now(),
            )
        except ChangedMeanwhile as refusal:
            if person is not None:
                person.refresh_from_db()
                meanwhile = _different(form, person)
                form = _again(request, RelatedPersonForm, person.version)
            form.add_error(None, refusal.because)
        else:
            messages.success(request, _("Saved."))
            return redirect("people:particulars", patient.pk)
    return render(
        request,
        "people/related_person.html",
        frame_for(request, patient) | {"form": form, "person": person, "meanwhile": meanwhile},
        status=422 if form.errors else 200,
    )


@require_POST
@login_required
def related_person_ending(request: HttpRequest, patient_id: UUID, person_id: UUID) -> HttpResponse:
    patient = _opened(request, patient_id)
    people = RelatedPerson.objects.visible_to(signed_in(request)).filter(patient=patient)
    person = get_object_or_404(people, pk=person_id)
    acts.end_related_person(person, by=signed_in(request), at=clock.now())
    messages.success(request, _("Taken off the list. What was written stays in the record."))
    return redirect("people:particulars", patient.pk)
