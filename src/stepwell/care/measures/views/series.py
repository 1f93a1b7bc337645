"""On the staff side: a measure rated by the clock, from its first reading to its end."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from stepwell.care.measures import in_use, library, reading
from stepwell.care.measures.actions import series as actions
from stepwell.care.measures.forms import EndSeriesForm, IntervalForm, SeriesForm
from stepwell.care.measures.models import Response, TimedSeries
from stepwell.care.measures.rules.series import Next, asks_for, changes, next_reading
from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import Refused
from stepwell.trust.access import Permission, may
from stepwell.trust.accounts.models import signed_in
from stepwell.trust.people.charts import open_chart
from stepwell.trust.people.models import Patient


@dataclass(frozen=True)
class ReadingRow:
    response: Response
    total: int | None
    band: str
    change: int | None
    raised: tuple[str, ...]

    @property
    def change_in_words(self) -> str:
        if self.change is None:
            return "–"
        return f"+{self.change}" if self.change > 0 else f"−{-self.change}" if self.change else "0"


@dataclass(frozen=True)
class Shown:
    series: TimedSeries
    next: Next
    rows: tuple[ReadingRow, ...]  # the newest first
    score: reading.ScoreSeries


def shown(one: TimedSeries, patient: Patient) -> Shown:
    readings = list(
        Response.objects.completed()
        .filter(series=one)
        .select_related("answered_by")
        .order_by("taken_at", "completed_at")
    )
    totals = [each.score_of("total") for each in readings]
    rows = [
        ReadingRow(
            each,
            total,
            each.result.get("total_band") or "",
            change,
            tuple(flag.action for flag in reading.flags_in_words(each)),
        )
        for each, total, change in zip(readings, totals, changes(totals), strict=True)
    ]
    return Shown(
        one,
        next_reading(
            started_at=one.started_at,
            every=timedelta(minutes=one.every_minutes),
            taken_at=[each.taken_at for each in readings if each.taken_at],
            ended_at=one.ended_at,
            now=clock.now(),
        ),
        tuple(reversed(rows)),
        reading.score_series(one.definition, "total", readings, patient.center.time_zone, by_clock=True),
    )


@login_required
def series(request: HttpRequest, patient_id: UUID, timed: str) -> HttpResponse:
    """The series that is open, or the way to begin one; and those before."""
    patient = open_chart(request, patient_id)
    if timed not in actions.TIMED or timed not in in_use.askable():
        raise Http404
    user = signed_in(request)
    may_rate = may(user, Permission.ASK_MEASURE, patient)
    form = SeriesForm(request.POST if request.method == "POST" else None, initial={"every_minutes": "60"})
    if request.method == "POST" and form.is_valid():
        try:
            actions.begin_series(
                patient,
                timed,
                every_minutes=form.cleaned_data["every_minutes"],
                because=form.cleaned_data["because"],
                by=user,
                at=clock.now(),
            )
        except Refused as refusal:
            messages.info(request, refusal.because)
            return redirect("measures:series", patient.pk, timed)
        return redirect("measures:new", patient.pk, timed)
    definition = library.instrument(timed)
    every = list(
        TimedSeries.objects.in_force()
        .filter(patient=patient, instrument=timed)
        .select_related("recorded_by", "ended_by", "patient")
    )
    now_open = next((one for one in every if one.is_open), None)
    return render(
        request,
        "measures/staff/series.html",
        {
            "patient": patient,
            "definition": definition,
            "open": shown(now_open, patient) if now_open else None,
            "earlier": [shown(one, patient) for one in every if one is not now_open][:5],
            "advice": asks_for(definition),
            "form": form,
            "interval_form": IntervalForm(
                initial={"every_minutes": str(now_open.every_minutes)} if now_open else None
            ),
            "end_form": EndSeriesForm(),
            "may_rate": may_rate,
        },
        status=422 if form.errors else 200,
    )


@login_required
@require_POST
def interval(request: HttpRequest, timed_id: UUID) -> HttpResponse:
    one = _found(request, timed_id)
    form = IntervalForm(request.POST)
    if form.is_valid():
        try:
            actions.change_interval(
                one,
                every_minutes=form.cleaned_data["every_minutes"],
                by=signed_in(request),
                at=clock.now(),
            )
        except Refused as refusal:
            messages.error(request, refusal.because)
        else:
            messages.success(request, _("The interval is changed."))
    else:
        messages.error(request, str(form.errors["every_minutes"][0]))
    return redirect("measures:series", one.patient_id, one.instrument)


@login_required
@require_POST
def end(request: HttpRequest, timed_id: UUID) -> HttpResponse:
    one = _found(request, timed_id)
    form = EndSeriesForm(request.POST)
    if form.is_valid():
        try:
            actions.end_series(
                one, because=form.cleaned_data["because"], by=signed_in(request), at=clock.now()
            )
        except Refused as refusal:
            messages.error(request, refusal.because)
        else:
            messages.success(request, _("The series has ended. Its readings stay."))
    else:
        messages.error(request, str(form.errors["because"][0]))
    return redirect("measures:series", one.patient_id, one.instrument)


def _found(request: HttpRequest, timed_id: UUID) -> TimedSeries:
    visible = TimedSeries.objects.visible_to(signed_in(request), Permission.ASK_MEASURE).in_force()
    return get_object_or_404(visible.select_related("patient__center"), pk=timed_id)
