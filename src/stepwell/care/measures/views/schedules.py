"""On the staff side: what is asked when, of one person and in the whole program; and who is told at once."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from stepwell.care.episodes.models import EpisodeOfCare
from stepwell.care.measures import actions as answers
from stepwell.care.measures import in_use, library, schedules
from stepwell.care.measures.actions import schedules as actions
from stepwell.care.measures.forms import (
    LEVEL_GROUPS,
    AnnotationForm,
    ProgramScheduleForm,
    ScheduleChangeForm,
)
from stepwell.care.measures.happened import happened_to
from stepwell.care.measures.models import ProgramSchedule, Response, ScheduleChange, ToldAtOnce
from stepwell.care.measures.rules import asking
from stepwell.care.measures.rules import schedule as rules
from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import Refused
from stepwell.ground.web.refusing import refuse
from stepwell.trust.access import Permission, may, require
from stepwell.trust.accounts.models import signed_in
from stepwell.trust.organizations.models import Center
from stepwell.trust.people.charts import open_chart
from stepwell.trust.people.models import Patient
from stepwell.trust.setup.sight import managed, manages_everywhere


def episode_for_schedule(patient: Patient) -> EpisodeOfCare | None:
    """The episode that the schedule follows: the open one, or else the last, for its discharge set."""
    episodes = EpisodeOfCare.objects.in_force().filter(patient=patient).with_levels()
    return episodes.select_related("patient__center").order_by("ended_on", "-admitted_on").last()


def rows(patient: Patient) -> list[schedules.ScheduleRow]:
    episode = episode_for_schedule(patient)
    if episode is None:
        return []
    open_now = Response.objects.open().filter(patient=patient)
    return schedules.rows_for(episode, clock.today(patient.center.time_zone), open_now)


@login_required
def schedule(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """What this person is asked and when, what is settled for them alone, and why."""
    patient = open_chart(request, patient_id)
    user = signed_in(request)
    may_ask = may(user, Permission.ASK_MEASURE, patient)
    form = ScheduleChangeForm(in_use.askable().values(), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            changed = actions.change_schedule(
                patient,
                form.cleaned_data["instrument"],
                ScheduleChange.What(form.cleaned_data["what"]),
                paused_until=form.cleaned_data["paused_until"],
                because=form.cleaned_data["because"],
                by=user,
                at=clock.now(),
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            name = library.instrument(changed.instrument).short_title
            messages.success(request, _("%(name)s is settled.") % {"name": name})
            return redirect("measures:schedule", patient.pk)
    changes = (
        ScheduleChange.objects.in_force()
        .filter(patient=patient)
        .select_related("recorded_by")
        .order_by("-recorded_at")
    )
    program = schedules.program_on(clock.today(patient.center.time_zone))
    return render(
        request,
        "measures/staff/schedule.html",
        {
            "patient": patient,
            "rows": rows(patient),
            "changes": [(each, library.instrument(each.instrument)) for each in changes],
            "form": form,
            "may_ask": may_ask,
            "program": program,
            "basis": asking.BASIS,
        },
        status=422 if form.errors else 200,
    )


@login_required
@require_POST
def put_on_the_phone(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """What is due for a visit, put on the phone after all; or the closing set, before anybody has written down an end.

    Only what a person can answer alone.
    """
    patient = open_chart(request, patient_id, Permission.ASK_MEASURE)
    if request.POST.get("set") == "closing":
        today = clock.today(patient.center.time_zone)
        wanted = [
            line.instrument
            for line in schedules.only(schedules.program_on(today), in_use.askable()).lines
            if line.every is rules.Every.DISCHARGE
        ]
    else:
        wanted = [
            row.standing.instrument for row in rows(patient) if row.standing.state is rules.State.TOGETHER
        ]
    asked = 0
    for instrument_id in wanted:
        if library.instrument(instrument_id).rated_by_clinician:
            continue
        try:
            answers.ask(patient, instrument_id, by=signed_in(request), at=clock.now())
        except Refused:  # on the phone already
            continue
        asked += 1
    messages.success(
        request,
        ngettext(
            "%(n)s measure is on %(person)s's phone.", "%(n)s measures are on %(person)s's phone.", asked
        )
        % {"n": asked, "person": patient.called},
    )
    return redirect("measures:measures", patient.pk)


@login_required
def annotations(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """What stands on the days of every trend, and a few words of one's own."""
    patient = open_chart(request, patient_id)
    user = signed_in(request)
    today = clock.today(patient.center.time_zone)
    form = AnnotationForm(request.POST if request.method == "POST" else None, initial={"on": today})
    if request.method == "POST" and form.is_valid():
        try:
            actions.annotate(
                patient,
                on=form.cleaned_data["on"],
                words=form.cleaned_data["words"],
                by=user,
                at=clock.now(),
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("It stands on every trend now."))
            return redirect("measures:measures", patient.pk)
    return render(
        request,
        "measures/staff/annotations.html",
        {
            "patient": patient,
            "form": form,
            "happened": happened_to(patient, reader=user),
            "may_ask": may(user, Permission.ASK_MEASURE, patient),
        },
        status=422 if form.errors else 200,
    )


@login_required
def program(request: HttpRequest) -> HttpResponse:
    """The program's schedule, how long a week of it takes, and the ones before."""
    user = signed_in(request)
    require(user, Permission.MANAGE_ORGANIZATION)
    centers = list(managed(user))
    today = clock.today(centers[0].time_zone) if centers else clock.now().date()
    used = in_use.askable()
    now = schedules.only(schedules.program_on(today), used)
    is_everywhere = manages_everywhere(user)
    form = ProgramScheduleForm(
        now, used.values(), today=today, data=request.POST if request.method == "POST" else None
    )
    if request.method == "POST":
        if not is_everywhere:
            messages.error(request, _("Only who administers every center says what is asked when. Ask them."))
            return redirect("measures:program")
        if form.is_valid():
            try:
                actions.set_program_schedule(
                    form.lines(),
                    load=form.cleaned_data["load"],
                    reminders=form.cleaned_data["reminders"],
                    effective_on=form.cleaned_data["effective_on"],
                    because=form.cleaned_data["because"],
                    by=user,
                    at=clock.now(),
                )
            except Refused as refusal:
                refuse(form, refusal)
            else:
                messages.success(request, _("The schedule is kept."))
                return redirect("measures:program")
    return render(
        request,
        "measures/staff/program.html",
        {
            "form": form,
            "rows": form.rows(),
            "groups": [name for _key, name, _levels in LEVEL_GROUPS],
            "weeks": [
                (name, rules.heaviest_week(now, min(levels), lambda each: asking.seconds(used[each])))
                for _key, name, levels in LEVEL_GROUPS
            ],
            "held_up": [
                (used[instrument].short_title, name, every)
                for _key, name, levels in LEVEL_GROUPS
                for instrument, every in rules.held_up(
                    now, min(levels), lambda each: asking.seconds(used[each])
                ).items()
            ],
            "program": now,
            "basis": asking.BASIS,
            "earlier": ProgramSchedule.objects.select_related("recorded_by").order_by("-recorded_at")[:10],
            "is_everywhere": is_everywhere,
        },
        status=422 if form.errors else 200,
    )


@login_required
def told_at_once(request: HttpRequest) -> HttpResponse:
    """Whether I get a neutral e-mail when an answer needs somebody now; for each center I work at."""
    user = signed_in(request)
    require(user, Permission.SEE_STAFF)
    centers = [center for center in Center.objects.in_use().order_by("name") if _works_at(user, center)]
    if request.method == "POST":
        wanted = set(request.POST.getlist("center"))
        for center in centers:
            actions.choose_to_be_told(center, is_told=str(center.pk) in wanted, by=user, at=clock.now())
        messages.success(request, _("Saved."))
        return redirect("measures:told_at_once")
    chosen = set(ToldAtOnce.objects.filter(user=user, until=None).values_list("center_id", flat=True))
    return render(
        request,
        "measures/staff/told_at_once.html",
        {"centers": [(center, center.pk in chosen) for center in centers], "email": user.email},
    )


def _works_at(user: object, center: Center) -> bool:
    return may(user, Permission.SEE_STAFF, center=center)  # type: ignore[arg-type]
