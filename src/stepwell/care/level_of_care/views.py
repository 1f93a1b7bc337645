"""The screening page, its result with every reason, and the signatures that settle it."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from stepwell.care.episodes.levels import LevelOfCare
from stepwell.care.level_of_care import actions, rules
from stepwell.care.level_of_care.evidence import on_record
from stepwell.care.level_of_care.forms import (
    DOMAIN_NAMES,
    HOURS_NAMES,
    NEED_NAMES,
    ROUTE_NAMES,
    DispositionForm,
    EditionForm,
    ScreeningForm,
    SignatureForm,
    as_given,
    facts_in_words,
)
from stepwell.care.level_of_care.models import LevelOfCareAssessment, edition_at
from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import ChangedMeanwhile, Refused
from stepwell.ground.web.refusing import refuse
from stepwell.trust.access import Permission, lists, may, require
from stepwell.trust.accounts.models import signed_in
from stepwell.trust.people.charts import open_chart, sight_of
from stepwell.trust.people.models import Patient
from stepwell.trust.setup.views.common import center_tabs, open_center


@login_required
def assessments(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Every screening of a person, newest first."""
    patient = open_chart(request, patient_id)
    found = LevelOfCareAssessment.objects.filter(patient=patient).select_related("signed_by", "recorded_by")
    newest_first = found.order_by("-recorded_at")
    if lists.asked_for_csv(request):
        return lists.as_csv(
            request,
            "screenings",
            (_("Screened"), _("By"), _("The needs support"), _("Chosen"), _("Signed"), _("State")),
            (
                [
                    each.recorded_at,
                    each.recorded_by,
                    _("Emergency")
                    if each.result.get("status") == rules.Status.EMERGENCY
                    else each.recommended,
                    each.chosen,
                    each.signed_at,
                    _("Entered in error") if each.entered_in_error_at else "",
                ]
                for each in newest_first
            ),
        )
    return render(
        request,
        "level_of_care/assessments.html",
        {
            "patient": patient,
            "assessments": newest_first,
            "may_screen": may(request.user, Permission.SCREEN, sight_of(request, patient)),  # type: ignore[arg-type]
        },
    )


@login_required
def new(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Rate the needs. The level follows; nothing is settled until it is signed."""
    patient = open_chart(request, patient_id, Permission.SCREEN)
    form = _screening_form(request, patient)
    if request.method == "POST" and form.is_valid():
        try:
            assessment = actions.assess(
                patient,
                ratings=form.ratings(),
                facts=form.facts(),
                edition=form.cleaned_data["edition"],
                by=request.user,  # type: ignore[arg-type]
                at=clock.now(),
            )
        except Refused as refusal:
            form.add_problem(rules.Problem(refusal.field or "", refusal.because))
        else:
            return redirect("level_of_care:assessment", assessment.pk)
    return _screening_page(request, patient, form)


@login_required
def ratings(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Correct the ratings before anyone signs."""
    found = _visible(request, assessment_id, Permission.SCREEN)
    patient = open_chart(request, found.patient_id, Permission.SCREEN)
    if found.signed_at or found.entered_in_error_at:
        return redirect("level_of_care:assessment", found.pk)
    form = _screening_form(request, patient, found)
    changed = ""
    if request.method == "POST" and form.is_valid():
        try:
            actions.correct(
                found,
                ratings=form.ratings(),
                facts=form.facts(),
                edition=form.cleaned_data["edition"],
                version=form.cleaned_data["version"] or 0,
                by=request.user,  # type: ignore[arg-type]
                at=clock.now(),
            )
        except ChangedMeanwhile as meanwhile:
            found.refresh_from_db()
            if found.signed_at:
                messages.info(request, meanwhile.because)
                return redirect("level_of_care:assessment", found.pk)
            changed = meanwhile.because
            typed = request.POST.copy()  # what was typed stays; the version is the one now shown
            typed["version"] = str(found.version)
            form.data = typed
        except Refused as refusal:
            form.add_problem(rules.Problem(refusal.field or "", refusal.because))
        else:
            return redirect("level_of_care:assessment", found.pk)
    return _screening_page(request, patient, form, found, changed)


@login_required
def assessment(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """The level these needs support, why, why not less or more, and what would change it."""
    found = _visible(request, assessment_id)
    return _result_page(request, found, _signing_form(found))


@login_required
@require_POST
def signature(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Settle the level, or close an emergency by what came of it."""
    found = _visible(request, assessment_id)
    require(request.user, Permission.SCREEN, found.patient)  # type: ignore[arg-type]
    form = _signing_form(found, request)
    if form.is_valid():
        given = form.cleaned_data
        try:
            signed = actions.sign(
                found,
                chosen=LevelOfCare(given["chosen"]) if given.get("chosen") else None,
                because=given.get("override_because", ""),
                kind=rules.Kind(given["override_kind"]) if given.get("override_kind") else None,
                disposition=given.get("disposition", ""),
                version=given["version"] or 0,
                by=request.user,  # type: ignore[arg-type]
                at=clock.now(),
            )
        except ChangedMeanwhile as meanwhile:
            messages.warning(request, meanwhile.because)
            return redirect("level_of_care:assessment", found.pk)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            if signed.needs_second_signature:
                messages.warning(
                    request, _("Signed. It waits for a second signature before care follows it.")
                )
            else:
                messages.success(request, _("Signed."))
            return redirect("level_of_care:assessment", found.pk)
    return _result_page(request, found, form)


@login_required
@require_POST
def second_signature(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Another clinician agrees with a level below a safety rule."""
    found = _visible(request, assessment_id)
    require(request.user, Permission.SCREEN, found.patient)  # type: ignore[arg-type]
    try:
        actions.sign_second(found, by=request.user, at=clock.now())  # type: ignore[arg-type]
    except Refused as refusal:
        messages.error(request, refusal.because)
    else:
        messages.success(request, _("Signed second. Care may follow it now."))
    return redirect("level_of_care:assessment", found.pk)


@login_required
def edition(request: HttpRequest, center_id: UUID) -> HttpResponse:
    """Which edition's labels a center writes."""
    center = open_center(request, center_id)
    form = EditionForm(request.POST or None, initial={"edition": edition_at(center)})
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_edition(center, form.cleaned_data["edition"], by=signed_in(request), at=clock.now())
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Saved. What was assessed before keeps its labels."))
            return redirect("level_of_care:edition", center.pk)
    return render(
        request,
        "level_of_care/edition.html",
        {
            "center": center,
            "tabs": center_tabs(center, "level_of_care:edition"),
            "form": form,
            "table": rules.current(clock.today(center.time_zone)),
        },
        status=422 if form.errors else 200,
    )


def _visible(
    request: HttpRequest, assessment_id: UUID, permission: Permission = Permission.SEE_CHART
) -> LevelOfCareAssessment:
    visible = LevelOfCareAssessment.objects.visible_to(request.user, permission)  # type: ignore[arg-type]
    return get_object_or_404(
        visible.select_related("patient__center", "recorded_by", "signed_by", "second_sign_off_by"),
        pk=assessment_id,
    )


def _screening_form(
    request: HttpRequest, patient: Patient, found: LevelOfCareAssessment | None = None
) -> ScreeningForm:
    now = clock.now()
    return ScreeningForm(
        request.POST if request.method == "POST" else None,
        initial=as_given(found) if found else None,
        on_record=on_record(patient, now),
        earlier=_earlier(patient, found.recorded_at if found else now),
    )


def _earlier(patient: Patient, than: datetime) -> LevelOfCareAssessment | None:
    """The last settled one before: what this one is compared with."""
    settled = LevelOfCareAssessment.objects.settled().filter(patient=patient, recorded_at__lt=than)
    return settled.order_by("-recorded_at").first()


def _screening_page(
    request: HttpRequest,
    patient: Patient,
    form: ScreeningForm,
    found: LevelOfCareAssessment | None = None,
    changed: str = "",
) -> HttpResponse:
    return render(
        request,
        "level_of_care/screening.html",
        {
            "patient": patient,
            "form": form,
            "assessment": found,
            "changed": changed,
            "anchors": rules.ANCHORS.items(),
            "table": rules.current(clock.today(patient.center.time_zone)),
        },
        status=409 if changed else 422 if form.errors else 200,
    )


def _signing_form(found: LevelOfCareAssessment, request: HttpRequest | None = None) -> forms.Form:
    data = request.POST if request else None
    if found.result.get("status") == rules.Status.EMERGENCY:
        return DispositionForm(data, initial={"version": found.version})
    return SignatureForm(data, initial={"version": found.version, "chosen": found.recommended})


def _result_page(request: HttpRequest, found: LevelOfCareAssessment, form: forms.Form) -> HttpResponse:
    patient = open_chart(request, found.patient_id)
    decision = actions.decision_of(found)
    user = request.user
    earlier = _earlier(patient, found.recorded_at)
    return render(
        request,
        "level_of_care/assessment.html",
        {
            "patient": patient,
            "assessment": found,
            "decision": decision,
            "rows": list(_rows(found, earlier)),
            "facts": facts_in_words(found.facts),
            "otherwise_before": _facts_that_changed(found, earlier),
            "wish": found.ratings.get("person", {}).get("because", ""),
            "hours": HOURS_NAMES.get(decision.hours, ""),  # type: ignore[arg-type]
            "route": ROUTE_NAMES.get(decision.withdrawal_route, ""),  # type: ignore[arg-type]
            "missing": [rules.called(each) for each in decision.missing],
            "form": form,
            "below": decision.goes_below(found.chosen_level) if found.chosen_level else (),
            "is_emergency": decision.status is rules.Status.EMERGENCY,
            "is_open": decision.status is rules.Status.CANNOT_DETERMINE,
            "may_screen": may(user, Permission.SCREEN, sight_of(request, patient)),  # type: ignore[arg-type]
            "may_sign_second": bool(user.roles & rules.MAY_SIGN_SECOND)  # type: ignore[union-attr]
            and found.signed_by_id != user.pk,
            "earlier": earlier,
        },
        status=422 if form.errors else 200,
    )


def _rows(found: LevelOfCareAssessment, earlier: LevelOfCareAssessment | None) -> Iterator[dict[str, Any]]:
    for domain in rules.Domain:
        given = found.ratings.get(domain, {})
        value = given.get("value")
        before = earlier.ratings.get(domain, {}).get("value") if earlier else None
        yield {
            "name": DOMAIN_NAMES[domain],
            "value": value,
            "anchor": rules.ANCHORS.get(value, ""),
            "need": NEED_NAMES.get(given["need"]) if given.get("need") else "",
            "because": given.get("because", ""),
            "evidence": [each | {"on": date.fromisoformat(each["on"])} for each in given.get("evidence", ())],
            "before": before,
            "is_worse": None not in (before, value) and value > before,
            "is_better": None not in (before, value) and value < before,
        }


def _facts_that_changed(
    found: LevelOfCareAssessment, earlier: LevelOfCareAssessment | None
) -> list[tuple[str, str, str]]:
    """Each fact that was answered otherwise last time: its name, then, now. One not known is said so."""
    if earlier is None:
        return []
    then, now = dict(facts_in_words(earlier.facts)), dict(facts_in_words(found.facts))
    unknown = _("not known")
    return [
        (name, then.get(name, unknown), now.get(name, unknown))
        for name in dict.fromkeys([*now, *then])
        if then.get(name) != now.get(name)
    ]
