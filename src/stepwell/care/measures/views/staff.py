"""On the staff side: a person's measures and trends, asking, rating, reading aloud, following up."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from stepwell.care.measures import actions, in_use, reading
from stepwell.care.measures.actions.series import TIMED
from stepwell.care.measures.forms import AskForm, FollowUpForm, InstrumentForm
from stepwell.care.measures.happened import happened_to
from stepwell.care.measures.models import Response, TimedSeries
from stepwell.care.measures.rules import asking, safety
from stepwell.care.measures.rules.safety import Deed
from stepwell.care.measures.rules.schedule import Every, State
from stepwell.care.measures.schedules import ScheduleRow, answers_that_flow_over, what_follows
from stepwell.care.measures.views.schedules import rows
from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import ChangedMeanwhile, Refused
from stepwell.ground.web.back import onward
from stepwell.ground.web.refusing import refuse
from stepwell.trust.access import Permission, lists, may, require
from stepwell.trust.accounts.models import signed_in
from stepwell.trust.people.charts import open_chart, sight_of

# The weekly and two-weekly ones of an intensive outpatient program.
ASKED_OFTEN = ("bam_iop", "phq9", "gad7", "craving_nrs")


@login_required
def measures(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """What was asked and answered, newest and most urgent first, with the trend of each score."""
    patient = open_chart(request, patient_id)
    may_ask = may(request.user, Permission.ASK_MEASURE, sight_of(request, patient))  # type: ignore[arg-type]
    used = in_use.askable()
    form = AskForm(used.values(), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            asked = actions.ask(
                patient,
                form.cleaned_data["instrument"],
                due_on=form.cleaned_data["due_on"],
                by=request.user,  # type: ignore[arg-type]
                at=clock.now(),
            )
        except Refused as refusal:
            form.add_error("instrument", refusal.because)
        else:
            messages.success(
                request,
                _("%(name)s is on %(person)s's phone.")
                % {"name": asked.definition.short_title, "person": patient.called},
            )
            return redirect("measures:measures", patient.pk)
    responses = Response.objects.filter(patient=patient)
    series = reading.series_of(patient, happened_to(patient, reader=signed_in(request)))
    several = [each for each in series if len(each.responses) > 1]
    once = [each for each in series if len(each.responses) == 1]
    scheduled = rows(patient)
    if lists.asked_for_csv(request):
        return lists.as_csv(
            request,
            "measures",
            (_("When"), _("Measure"), _("How"), _("Scores")),
            (
                [
                    each.taken_at,
                    each.definition.short_title,
                    each.get_mode_display(),
                    "; ".join(
                        f"{line.name}: {'–' if line.value is None else line.value}"
                        for line in reading.score_lines(each)
                    ),
                ]
                for one in (*several, *once)
                for each in one.responses
            ),
        )
    return render(
        request,
        "measures/staff/measures.html",
        {
            "patient": patient,
            "flagged": [
                (response, reading.flags_in_words(response))
                for response in responses.needing_follow_up()
                .prefetch_related("attempts__recorded_by")
                .order_by("-recorded_at")
            ],
            "due": [row for row in scheduled if row.is_due],
            "sets": sum(
                row.standing.state is State.TOGETHER and not row.definition.rated_by_clinician
                for row in scheduled
            ),
            "glance": [score for each in series for score in each.scores if len(score.points) > 1],
            "timed": [used[each] for each in TIMED if each in used],
            "timed_open": {
                each.instrument
                for each in TimedSeries.objects.in_force().filter(patient=patient, ended_at=None)
            },
            "open": responses.open().order_by("recorded_at"),
            "series": several,
            "once": once,
            "form": form,
            "may_ask": may_ask,
            "rated_here": [
                each for each in used.values() if each.rated_by_clinician and each.id not in TIMED
            ],
            "read_often": [used[each] for each in ASKED_OFTEN if each in used],
            "read_aloud": [
                each for each in used.values() if not each.rated_by_clinician and each.id not in ASKED_OFTEN
            ],
        },
        status=422 if form.is_bound else 200,
    )


@login_required
def new(request: HttpRequest, patient_id: UUID, instrument: str) -> HttpResponse:
    """Rate it, read it aloud, or copy it from paper."""
    patient = open_chart(request, patient_id, Permission.ASK_MEASURE)
    used = in_use.askable()
    if instrument not in used:
        raise Http404
    definition = in_use.worded(used[instrument])
    now = clock.now()
    timed = (
        TimedSeries.objects.in_force()
        .filter(patient=patient, instrument=definition.id, ended_at=None)
        .first()
    )
    form = InstrumentForm(
        definition,
        zone=patient.center.time_zone,
        now=now,
        held=answers_that_flow_over(patient, definition.id, clock.today(patient.center.time_zone)),
        data=request.POST if request.method == "POST" else None,
    )
    if request.method == "POST" and form.is_valid():
        try:
            response = actions.record(
                patient,
                definition.id,
                form.answers,
                mode=form.how(),
                taken_at=form.cleaned_data["taken_at"],
                context=form.told(),
                series=timed,
                by=request.user,  # type: ignore[arg-type]
                at=now,
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            if timed is not None:
                return redirect("measures:series", patient.pk, definition.id)
            return redirect("measures:response", response.pk)
    earlier = Response.objects.completed().filter(patient=patient, instrument=definition.id)
    return render(
        request,
        "measures/staff/fill_in.html",
        {
            "patient": patient,
            "definition": definition,
            "form": form,
            "timed": timed,
            "earlier": earlier.order_by("-taken_at")[:6] if definition.rated_by_clinician else (),
        },
        status=422 if form.is_bound else 200,
    )


@login_required
def response(request: HttpRequest, response_id: UUID) -> HttpResponse:
    """One response: what was answered, the score with its band, what it means, what to do."""
    return _response(request, _visible(request, response_id))


def _response(request: HttpRequest, found: Response, form: FollowUpForm | None = None) -> HttpResponse:
    patient = open_chart(request, found.patient_id)
    definition = in_use.worded(found.definition)
    return render(
        request,
        "measures/staff/response.html",
        {
            "patient": patient,
            "response": found,
            "definition": definition,
            "scores": reading.score_lines(found),
            "flags": reading.flags_in_words(found),
            "warnings": reading.warnings_in_words(found),
            "follow_up_form": form or FollowUpForm(),
            "attempts": found.attempts.in_force().select_related("recorded_by"),
            "screener": _screener(found),
            "follows": _follows(found),
            "deeds": [Deed(deed).in_words for deed in found.followed_up_with],
            "may_ask": may(request.user, Permission.ASK_MEASURE, sight_of(request, patient)),  # type: ignore[arg-type]
            "answers": [
                (number, item, item.label_of(found.answers.get(item.id)), item.id in found.answers)
                for number, item in enumerate(asking.questions(definition), 1)
            ],
            "series": [
                each
                for each in reading.series_of(patient, happened_to(patient, reader=signed_in(request)))
                if each.definition.id == definition.id
            ],
        },
        status=422 if form else 200,
    )


def _follows(found: Response) -> list[ScheduleRow]:
    """What this screen called for and is still to be done."""
    if not (
        found.is_completed and (called_for := {each.then for each in what_follows(found, in_use.askable())})
    ):
        return []
    return [
        row
        for row in rows(found.patient)
        if row.is_due and row.standing.every is Every.FOLLOWS and row.definition.id in called_for
    ]


@login_required
def answers(request: HttpRequest, response_id: UUID) -> HttpResponse:
    """Finish with the person what was asked of them on the phone."""
    found = _visible(request, response_id, Permission.ASK_MEASURE)
    patient = open_chart(request, found.patient_id, Permission.ASK_MEASURE)
    if found.is_completed or found.entered_in_error_at:
        return redirect("measures:response", found.pk)
    now = clock.now()
    changed = ""
    definition = in_use.worded(found.definition)
    form = InstrumentForm(
        definition,
        zone=patient.center.time_zone,
        now=now,
        held=found.answers,
        version=found.version,
        data=request.POST if request.method == "POST" else None,
    )
    if request.method == "POST" and form.is_valid():
        try:
            finished = actions.fill_in(
                found,
                form.answers,
                version=form.cleaned_data["version"] or 0,
                mode=form.how(),
                taken_at=form.cleaned_data["taken_at"],
                by=request.user,  # type: ignore[arg-type]
                at=now,
            )
        except ChangedMeanwhile as meanwhile:
            found.refresh_from_db()
            if found.is_completed:
                messages.info(request, meanwhile.because)
                return redirect("measures:response", found.pk)
            changed = meanwhile.because
            typed = request.POST.copy()  # what was typed stays; the version is the one now shown
            typed["version"] = str(found.version)
            form.data = typed
        except Refused as refusal:
            refuse(form, refusal)
        else:
            return redirect("measures:response", finished.pk)
    return render(
        request,
        "measures/staff/fill_in.html",
        {
            "patient": patient,
            "definition": definition,
            "form": form,
            "changed": changed,
            "on_phone": [
                (number, definition.item(item).label_of(found.answers.get(item)) or _("skipped"))
                for item, number in form.numbers.items()
                if changed and item in found.answers
            ],
        },
        status=409 if changed else 422 if form.errors else 200,
    )


@login_required
@require_POST
def follow_up(request: HttpRequest, response_id: UUID) -> HttpResponse:
    """What was done about an answer that somebody had to act on."""
    found = _visible(request, response_id)
    require(request.user, Permission.ASK_MEASURE, found.patient)  # type: ignore[arg-type]
    form = FollowUpForm(request.POST)
    if form.is_valid():
        try:
            actions.follow_up(
                found,
                note=form.cleaned_data["note"],
                deeds=[Deed(deed) for deed in form.cleaned_data["deeds"]],
                by=request.user,  # type: ignore[arg-type]
                at=clock.now(),
            )
        except ChangedMeanwhile as changed:
            messages.info(request, changed.because)
            return redirect("measures:response", found.pk)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Followed up. It is off the list."))
            return onward(request, reverse("measures:response", args=[found.pk]))
    return _response(request, found, form)


@login_required
@require_POST
def tries(request: HttpRequest, response_id: UUID) -> HttpResponse:
    """Somebody tried, and is not done. The answer stays on the list."""
    found = _visible(request, response_id)
    require(request.user, Permission.ASK_MEASURE, found.patient)  # type: ignore[arg-type]
    form = FollowUpForm(request.POST)
    if form.is_valid():
        try:
            actions.write_down_a_try(
                found,
                note=form.cleaned_data["note"],
                by=request.user,  # type: ignore[arg-type]
                at=clock.now(),
            )
        except Refused as refusal:
            messages.info(request, refusal.because)
        else:
            messages.success(request, _("Written down. It stays on the list."))
        return onward(request, reverse("measures:response", args=[found.pk]))
    return _response(request, found, form)


def _visible(
    request: HttpRequest, response_id: UUID, permission: Permission = Permission.SEE_CHART
) -> Response:
    visible = Response.objects.visible_to(request.user, permission)  # type: ignore[arg-type]
    return get_object_or_404(
        visible.select_related("patient__center", "answered_by", "recorded_by"), pk=response_id
    )


def _screener(response: Response) -> str:
    """The C-SSRS that fits: since last contact where it was asked before; nothing where no answer asks for it."""
    if not safety.tells_of_death(response.flags):
        return ""
    first, later = "cssrs_screener", "cssrs_since_last_contact"
    asked = Response.objects.completed().filter(patient=response.patient_id, instrument__in=[first, later])
    wanted = later if asked.exists() else first
    return wanted if wanted in in_use.askable() else ""
