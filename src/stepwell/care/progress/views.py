"""Stepping care up or down, or ending it: where somebody stands, the choice, a second look, and what follows."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stepwell.care.care_plans.models import CarePlan
from stepwell.care.encounters.ledger import WeekHours, hours_of
from stepwell.care.episodes.actions import plan_end
from stepwell.care.episodes.levels import LevelOfCare
from stepwell.care.episodes.models import EpisodeOfCare, PlannedEnd
from stepwell.care.measures.models import Response
from stepwell.care.measures.reading import series_of
from stepwell.care.medication.models import DrugTest, MedicationRequest
from stepwell.care.medication.words import VERDICTS
from stepwell.care.progress import actions, words
from stepwell.care.progress.forms import PlannedEndForm, StepForm, in_words
from stepwell.care.progress.rules.levels import (
    DONE_WITH_IT,
    Circumstances,
    Consequence,
    Direction,
    direction,
    what_follows,
)
from stepwell.care.scheduling.models import Appointment, Enrollment
from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import ChangedMeanwhile, Refused
from stepwell.ground.kit.weeks import Week
from stepwell.ground.web.refusing import refuse
from stepwell.trust.access import Permission, may, require
from stepwell.trust.accounts.models import signed_in
from stepwell.trust.people.charts import open_chart, sight_of
from stepwell.trust.people.models import Patient

WEEKS_LOOKED_BACK = 4


@login_required
def step(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Choose the step, look at it a second time, take it."""
    patient = open_chart(request, patient_id)
    require(signed_in(request), Permission.CHANGE_LEVEL, patient)
    episode = EpisodeOfCare.objects.visible_to(signed_in(request)).with_levels().open_for(patient)
    if episode is None:
        # A second click on the end of care finds it ended.
        if request.method == "POST":
            return redirect("progress:latest", patient_id)
        return render(request, "progress/not_in_care.html", {"patient": patient})
    if request.method != "POST":
        return _form_page(request, patient, episode, _form(request, patient, episode))
    form = _form(request, patient, episode, request.POST)
    act = request.POST.get("do", "check")
    if act == "change":
        typed = {name: request.POST.get(name, "") for name in form.fields}
        shown = _form(request, patient, episode, initial=typed | {"places": request.POST.getlist("places")})
        return _form_page(request, patient, episode, shown)
    if not form.is_valid():
        return _form_page(request, patient, episode, form, status=422)
    try:
        if act == "take":
            actions.take_step(patient, form.step, by=signed_in(request), at=clock.now())
            # The end of care may close the chart to the very one who ended it.
            is_open = may(signed_in(request), Permission.SEE_CHART, patient)
            return redirect("progress:latest", patient_id) if is_open else redirect("staff:today")
        actions.refuse_unless_possible(patient, form.step, at=clock.now())
    except ChangedMeanwhile as refusal:
        return _changed_meanwhile(request, patient, form, refusal)
    except Refused as refusal:
        refuse(form, refusal)
        return _form_page(request, patient, episode, form, status=422)
    return _check_page(request, patient, episode, form)


def _form(
    request: HttpRequest,
    patient: Patient,
    episode: EpisodeOfCare,
    data: Any = None,
    *,
    initial: dict[str, Any] | None = None,
) -> StepForm:
    last = episode.periods[-1]
    today = clock.today(patient.center.time_zone)
    return StepForm(
        data,
        initial={"on": today} | (initial or {}) | {"seen": last.pk},
        level=LevelOfCare(last.level),
        places=_places(request, patient),
        may_end_places=may(signed_in(request), Permission.PLACE_IN_GROUP, sight_of(request, patient)),
    )


def _places(request: HttpRequest, patient: Patient) -> list[Enrollment]:
    today = clock.today(patient.center.time_zone)
    places = Enrollment.objects.visible_to(signed_in(request)).from_day(today).filter(patient=patient)
    return list(places.select_related("series").order_by("series__weekday", "series__starts"))


def _changed_meanwhile(
    request: HttpRequest, patient: Patient, form: StepForm, refusal: Refused
) -> HttpResponse:
    """Show where it stands now, and keep what was typed."""
    episode = EpisodeOfCare.objects.visible_to(signed_in(request)).with_levels().open_for(patient)
    assert episode is not None
    typed = {name: form.data.get(name, "") for name in form.fields if name != "places"}
    shown = _form(
        request, patient, episode, initial=typed | {"places": list(form.cleaned_data.get("places", []))}
    )
    return _form_page(request, patient, episode, shown, changed=refusal.because, status=409)


@dataclass(frozen=True)
class Past:
    """A week gone by, as the ledger counted it."""

    week: Week
    hours: WeekHours

    @property
    def signed(self) -> float:
        return self.hours.signed / 60

    @property
    def asked(self) -> float:
        return self.hours.asked / 60

    @property
    def is_reached(self) -> bool:
        return self.hours.signed >= self.hours.asked


def _form_page(
    request: HttpRequest,
    patient: Patient,
    episode: EpisodeOfCare,
    form: StepForm,
    *,
    changed: str = "",
    status: int = 200,
) -> HttpResponse:
    return render(
        request,
        "progress/step.html",
        {"patient": patient, "form": form, "changed": changed, **_standing(request, patient, episode)},
        status=status,
    )


def _standing(request: HttpRequest, patient: Patient, episode: EpisodeOfCare) -> dict[str, Any]:
    """Where this person stands: level, hours of the last weeks, measures, the last test."""
    today = clock.today(patient.center.time_zone)
    weeks, week = [], Week.of(today)
    for _number in range(WEEKS_LOOKED_BACK):
        week = week.before
        if week.sunday >= episode.admitted_on:
            weeks.append(Past(week, hours_of(patient, week)))
    asked = [past for past in weeks if past.hours.asked]
    tests = DrugTest.objects.visible_to(signed_in(request)).in_force().with_results().filter(patient=patient)
    test = tests.order_by("collected_at").last()
    return {
        "episode": episode,
        "periods": [
            (period, words.LEVELS[LevelOfCare(period.level)]) for period in reversed(episode.periods)
        ],
        "today": today,
        "day": episode.day_in_care(today),
        "planned": PlannedEnd.objects.of(episode).first(),
        "weeks": weeks,
        "weeks_asked": len(asked),
        "weeks_reached": sum(past.is_reached for past in asked),
        "measures": [
            (each.definition.short_title, each.scores[0].trend) for each in series_of(patient) if each.scores
        ],
        "test": test,
        "test_says": VERDICTS[test.summary.verdict] if test else "",
        "plan": CarePlan.objects.visible_to(signed_in(request)).active_for(patient),
    }


def _check_page(
    request: HttpRequest, patient: Patient, episode: EpisodeOfCare, form: StepForm
) -> HttpResponse:
    """The step once more, in words, before it is taken."""
    wish, to_end = form.step.wish, form.step.places_to_end
    now = LevelOfCare(episode.periods[-1].level)
    way = direction(now, wish.to)
    places = _places(request, patient)
    ending = places if wish.to is None else [place for place in places if place.pk in to_end]
    return render(
        request,
        "progress/check.html",
        {
            "patient": patient,
            "form": form,
            "title": words.title(way),
            "way": way.value,
            "now": words.level_with_hours(now),
            "to": words.level_with_hours(wish.to) if wish.to else _("Care ends here"),
            "wish": wish,
            "ending": [in_words(place) for place in ending],
            "staying": [in_words(place) for place in places if place not in ending],
            "follows": _in_words(_follows(request, patient, wish.to, places=len(places), to_end=len(ending))),
            "told": _told(patient, way, form),
        },
    )


def _follows(
    request: HttpRequest, patient: Patient, to: LevelOfCare | None, *, places: int, to_end: int
) -> tuple[Consequence, ...]:
    today = clock.today(patient.center.time_zone)
    prescribed = (
        MedicationRequest.objects.visible_to(signed_in(request)).current(today).filter(patient=patient)
    )
    plan = CarePlan.objects.active_for(patient)
    next_version = CarePlan.objects.being_written_for(patient)
    booked = Appointment.objects.booked().filter(patient=patient, starts_at__gt=clock.now())
    now = Circumstances(
        minutes_asked=plan.minutes_a_week if plan else None,
        plan_awaits_signatures=next_version is not None and next_version.awaits_signatures,
        places=places,
        places_to_end=to_end,
        appointments_ahead=booked.count(),
        medications=prescribed.count(),
        open_measures=Response.objects.visible_to(signed_in(request)).open().filter(patient=patient).count(),
    )
    return what_follows(to, now)


def _left_to_do(request: HttpRequest, patient: Patient, to: LevelOfCare | None) -> list[str]:
    follows = _follows(request, patient, to, places=0, to_end=0)
    return _in_words(each for each in follows if each not in DONE_WITH_IT)


def _in_words(follows: Iterable[Consequence]) -> list[str]:
    return [str(words.CONSEQUENCES[each]) for each in follows]


def _told(patient: Patient, way: Direction, form: StepForm) -> list[str]:
    with translation.override(patient.language):
        return words.for_the_patient(way, form.step.wish.to, form.step.wish.on)


@login_required
def planned_end(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """When care is thought to end: the day that stands, those before it and why, and another one."""
    patient = open_chart(request, patient_id)
    user = signed_in(request)
    require(user, Permission.CHANGE_LEVEL, patient)
    episode = EpisodeOfCare.objects.visible_to(user).with_levels().open_for(patient)
    if episode is None:
        return render(request, "progress/not_in_care.html", {"patient": patient})
    planned = list(PlannedEnd.objects.of(episode).select_related("recorded_by"))
    form = PlannedEndForm(
        request.POST if request.method == "POST" else None, planned=planned[0] if planned else None
    )
    if request.method == "POST" and form.is_valid():
        try:
            because = form.cleaned_data.get("because", "")
            plan_end(episode, on=form.cleaned_data["on"], because=because, by=user, at=clock.now())
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Written down."))
            return redirect("progress:planned_end", patient.pk)
    return render(
        request,
        "progress/planned_end.html",
        {
            "patient": patient,
            "episode": episode,
            "day": episode.day_in_care(patient.center.day_of(clock.now())),
            "planned": planned,
            "form": form,
        },
        status=422 if form.errors else 200,
    )


@require_safe
@login_required
def latest(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """The last step that was taken, and what is left to do."""
    patient = open_chart(request, patient_id)
    episodes = EpisodeOfCare.objects.visible_to(signed_in(request)).in_force().with_levels()
    episode = episodes.filter(patient=patient).order_by("-admitted_on", "-recorded_at").first()
    if episode is None or not episode.periods:
        return render(request, "progress/not_in_care.html", {"patient": patient})
    *before, last = episode.periods
    to = LevelOfCare(last.level)
    places = _places(request, patient)
    has_ended = episode.ended_on is not None
    return render(
        request,
        "progress/latest.html",
        {
            "patient": patient,
            "episode": episode,
            "last": last,
            "level": words.level_with_hours(to),
            "before": words.level_with_hours(LevelOfCare(before[-1].level)) if before else "",
            "places": [in_words(place) for place in places],
            "follows": _left_to_do(request, patient, None if has_ended else to),
            "may_write": not has_ended
            and may(signed_in(request), Permission.WRITE_PLAN, sight_of(request, patient)),
            "may_change": may(signed_in(request), Permission.CHANGE_LEVEL, sight_of(request, patient)),
            "plan": CarePlan.objects.active_for(patient),
            "being_written": CarePlan.objects.being_written_for(patient),
        },
    )
