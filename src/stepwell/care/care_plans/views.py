"""The plan in the chart, its editor, and the patient's own plan."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from stepwell.care.care_plans import actions, words
from stepwell.care.care_plans.drafts import facts_of, text_of
from stepwell.care.care_plans.forms import ChangeWishForm, PlanEditor, SignatureForm, StepForm
from stepwell.care.care_plans.models import CarePlan, Goal, Step
from stepwell.care.care_plans.rules.completeness import minutes_apart
from stepwell.care.care_plans.rules.life_cycle import Status
from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import ChangedMeanwhile, Refused
from stepwell.ground.kit.weeks import Week
from stepwell.ground.web.back import onward, safe_back
from stepwell.ground.web.parts import is_part
from stepwell.ground.web.refusing import refuse
from stepwell.trust.access import Permission, lists, may, require
from stepwell.trust.accounts.models import signed_in
from stepwell.trust.people.actions import may_mark_in_error
from stepwell.trust.people.charts import open_chart, open_own, sight_of
from stepwell.trust.people.models import Patient

# ---------- in the chart ----------


@require_safe
@login_required
def plan(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    return _plan_page(request, open_chart(request, patient_id))


def _plan_page(
    request: HttpRequest, patient: Patient, *, step_form: StepForm | None = None, goal_id: UUID | None = None
) -> HttpResponse:
    plans = CarePlan.objects.visible_to(signed_in(request)).whole()
    in_force = plans.latest_for(patient)
    next_version = plans.being_written_for(patient)
    earlier = plans.in_force().filter(patient=patient, status=Status.REPLACED).order_by("-number")
    if lists.asked_for_csv(request):
        return lists.as_csv(
            request,
            "versions of the plan",
            (_("Version"), _("Signed"), _("Hours a week"), _("Goals"), _("Review due")),
            (
                [
                    each.number,
                    each.signed_at,
                    each.hours_a_week,
                    " / ".join(goal.words for goal in each.goals.all()),
                    each.review_due_on,
                ]
                for each in (*([in_force] if in_force else []), *earlier)
            ),
        )
    return render(
        request,
        "care_plans/plan.html",
        {
            "patient": patient,
            "plan": in_force,
            "next": next_version,
            "goals": _with_steps(in_force, patient),
            "wishes": next_version.change_wishes.in_force() if next_version else (),
            "earlier": earlier,
            "today": clock.today(patient.center.time_zone),
            "may_write": may(signed_in(request), Permission.WRITE_PLAN, sight_of(request, patient)),
            "may_sign": may(signed_in(request), Permission.SIGN_PLAN, sight_of(request, patient)),
            "may_correct": may_mark_in_error(CarePlan, sight_of(request, patient), signed_in(request)),
            "step_form": step_form,
            "goal_id": goal_id,
        },
        status=422 if step_form else 200,
    )


def _with_steps(plan: CarePlan | None, patient: Patient) -> list[tuple[Goal, list[Step]]]:
    """The goals of a plan, each with its steps of this week."""
    if plan is None:
        return []
    steps = list(Step.objects.of_week([plan], _this_week(patient).monday))
    return [(goal, [step for step in steps if step.goal_id == goal.pk]) for goal in plan.goals.all()]


@require_safe
@login_required
def version(request: HttpRequest, patient_id: UUID, plan_id: UUID) -> HttpResponse:
    """One version of the plan, as it was signed."""
    patient = open_chart(request, patient_id)
    plans = CarePlan.objects.visible_to(signed_in(request)).whole().filter(patient=patient)
    return render(
        request, "care_plans/version.html", {"patient": patient, "plan": get_object_or_404(plans, pk=plan_id)}
    )


@require_POST
@login_required
def versions(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Begin the next version, or go on with the one that is being written."""
    patient = _patient(request, patient_id)
    try:
        actions.begin_plan(patient, by=signed_in(request), at=clock.now())
    except Refused as refusal:
        messages.error(request, refusal.because)
        return redirect("care_plans:plan", patient_id)
    return redirect("care_plans:draft", patient_id)


@login_required
def draft(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Write the draft. Each button posts the whole page; only two of them save."""
    patient = open_chart(request, patient_id)
    require(signed_in(request), Permission.WRITE_PLAN, patient)
    plan = CarePlan.objects.visible_to(signed_in(request)).whole().being_written_for(patient)
    if plan is None or (request.method != "POST" and not plan.is_draft):
        return redirect("care_plans:plan", patient_id)
    if request.method != "POST":
        return _editor_page(request, plan, PlanEditor.showing(text_of(plan), plan.version))
    act = request.POST.get("do", "save")
    if act in ("save", "send"):
        return _save(request, plan, is_sent=act == "send")
    editor = PlanEditor.posted(request.POST, is_checked=False)
    _rearrange(editor, act)
    return _editor_page(request, plan, editor)


def _rearrange(editor: PlanEditor, act: str) -> None:
    """Add a row, or take one out."""
    name, *places = act.split(":")
    match name, [int(place) for place in places if place.isdigit()]:
        case "add-goal", []:
            editor.add_goal()
        case "take-out-goal", [i]:
            editor.take_out_goal(i)
        case "add", [i]:
            editor.add_intervention(i)
        case "take-out", [i, j]:
            editor.take_out_intervention(i, j)


def _save(request: HttpRequest, plan: CarePlan, *, is_sent: bool) -> HttpResponse:
    user, at = signed_in(request), clock.now()
    editor = PlanEditor.posted(request.POST, is_checked=True)
    if not editor.is_valid():
        return _editor_page(request, plan, editor, status=422)
    seen = editor.form.cleaned_data["version"]
    try:
        plan = actions.save_draft(plan, editor.text, version=seen, by=user, at=at)
    except ChangedMeanwhile:
        editor.now_at(plan.version)
        return _editor_page(request, plan, editor, status=409)
    except Refused as refusal:
        editor.others.append(refusal.because)
        return _editor_page(request, plan, editor, status=422)
    if not is_sent:
        messages.success(request, _("Draft saved."))
        return redirect("care_plans:draft", plan.patient_id)
    try:
        actions.send_for_signatures(plan, version=plan.version, by=user, at=at)
    except actions.NotReady as refusal:
        saved = PlanEditor.showing(text_of(plan), plan.version)
        saved.others = words.all_of(refusal.lacking)
        return _editor_page(request, plan, saved, status=422)
    messages.success(request, _("Sent for signatures."))
    return redirect("care_plans:plan", plan.patient_id)


def _editor_page(
    request: HttpRequest, plan: CarePlan, editor: PlanEditor, *, status: int = 200
) -> HttpResponse:
    return render(
        request,
        "care_plans/draft.html#editor" if is_part(request) else "care_plans/draft.html",
        {
            "patient": plan.patient,
            "plan": plan,
            "editor": editor,
            "wishes": plan.change_wishes.in_force(),
            "apart": minutes_apart(facts_of(plan)) if plan.goals.all() else 0,
        },
        status=status,
    )


@require_POST
@login_required
def signature(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """The clinician's signature under the version that was on the screen."""
    patient = _patient(request, patient_id)
    require(signed_in(request), Permission.SIGN_PLAN, patient)
    form = SignatureForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused(_("Read the plan, then sign it."))
        actions.sign_as_clinician(
            _being_written(request, patient),
            version=form.cleaned_data["version"],
            by=signed_in(request),
            at=clock.now(),
        )
    except Refused as refusal:
        messages.error(request, refusal.because)
    else:
        messages.success(request, _("Signed."))
        return onward(request, reverse("care_plans:plan", args=[patient_id]))
    return redirect("care_plans:plan", patient_id)


@require_POST
@login_required
def return_to_draft(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Take a plan back from signing, to change it."""
    patient = _patient(request, patient_id)
    require(signed_in(request), Permission.WRITE_PLAN, patient)
    try:
        actions.return_to_draft(_being_written(request, patient), by=signed_in(request), at=clock.now())
    except Refused as refusal:
        messages.error(request, refusal.because)
        return redirect("care_plans:plan", patient_id)
    return redirect("care_plans:draft", patient_id)


@require_POST
@login_required
def steps(request: HttpRequest, patient_id: UUID, goal_id: UUID) -> HttpResponse:
    """Add a small step for this week."""
    patient = _patient(request, patient_id)
    require(signed_in(request), Permission.WRITE_PLAN, patient)
    goals = Goal.objects.visible_to(signed_in(request)).in_force().filter(patient=patient)
    goal = get_object_or_404(goals.select_related("plan"), pk=goal_id)
    form = StepForm(request.POST)
    if form.is_valid():
        try:
            actions.add_step(
                goal,
                words=form.cleaned_data["words"],
                week=_this_week(patient),
                by=signed_in(request),
                at=clock.now(),
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            return redirect("care_plans:plan", patient_id)
    return _plan_page(request, open_chart(request, patient_id), step_form=form, goal_id=goal_id)


def _patient(request: HttpRequest, patient_id: UUID) -> Patient:
    visible = Patient.objects.visible_to(signed_in(request), Permission.SEE_CHART)
    return get_object_or_404(visible, pk=patient_id)


def _being_written(request: HttpRequest, patient: Patient) -> CarePlan:
    """The version that waits. Where both have signed meanwhile, the one in force: signing again is harmless."""
    plans = CarePlan.objects.visible_to(signed_in(request))
    plan = plans.being_written_for(patient) or plans.active_for(patient)
    if plan is None:
        raise Refused(_("There is no plan to sign now."))
    return plan


# ---------- the patient's own ----------


@require_safe
@login_required
def my_plan(request: HttpRequest) -> HttpResponse:
    return _my_plan_page(request, open_own(request))


def _my_plan_page(
    request: HttpRequest, patient: Patient, wish_form: ChangeWishForm | None = None
) -> HttpResponse:
    plans = CarePlan.objects.visible_to(signed_in(request)).whole()
    in_force = plans.active_for(patient)
    next_version = plans.being_written_for(patient)
    awaits_me = bool(next_version and next_version.awaits_patient)
    return render(
        request,
        "care_plans/my_plan.html",
        {
            "patient": patient,
            "plan": in_force,
            "goals": _with_steps(in_force, patient),
            "next": next_version,
            "awaits_me": awaits_me,
            "wish": next_version.change_wishes.in_force().last() if next_version else None,
            "wish_form": wish_form or ChangeWishForm(),
        },
        status=422 if wish_form else 200,
    )


@require_POST
@login_required
def my_signature(request: HttpRequest) -> HttpResponse:
    """The person signs the version that was on their screen."""
    patient = open_own(request)
    form = SignatureForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused(_("Read your plan, then sign it."))
        actions.sign_as_patient(
            _being_written(request, patient),
            version=form.cleaned_data["version"],
            by=signed_in(request),
            at=clock.now(),
        )
    except Refused as refusal:
        messages.error(request, refusal.because)
    else:
        messages.success(request, _("You signed your plan."))
    return redirect("care_plans:my_plan")


@require_POST
@login_required
def my_wishes(request: HttpRequest) -> HttpResponse:
    """The person wants something to be different."""
    patient = open_own(request)
    form = ChangeWishForm(request.POST)
    if form.is_valid():
        try:
            actions.ask_to_change(
                _being_written(request, patient),
                words=form.cleaned_data["words"],
                by=signed_in(request),
                at=clock.now(),
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Your words are with your team. They will change the plan with you."))
            return redirect("care_plans:my_plan")
    return _my_plan_page(request, patient, wish_form=form)


@require_POST
@login_required
def my_step(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """The person checks a step off, or on again."""
    patient = open_own(request)
    own: QuerySet[Step] = Step.objects.visible_to(signed_in(request)).in_force().filter(patient=patient)
    step = get_object_or_404(own, pk=step_id)
    actions.check_off(step, done=request.POST.get("done") == "1", by=signed_in(request), at=clock.now())
    back = safe_back(request, request.POST.get("next", ""))
    if is_part(request):
        step.refresh_from_db()
        return render(request, "care_plans/my_plan.html#step", {"step": step, "back": back})
    return HttpResponseRedirect(back or reverse("care_plans:my_plan"))


# ---------- both ----------


def _this_week(patient: Patient) -> Week:
    return Week.of(clock.today(patient.center.time_zone))
