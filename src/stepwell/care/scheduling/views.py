"""The week of the center, a group and its places, and the week of one person."""

from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from stepwell.care.scheduling import actions
from stepwell.care.scheduling.board import Card, board, todays_sessions, with_taken
from stepwell.care.scheduling.forms import (
    EndPlaceForm,
    PlaceForm,
    ReasonForm,
    SeriesForm,
    TimeForm,
    WhomForm,
    days_from,
)
from stepwell.care.scheduling.holding import AlreadyTaken
from stepwell.care.scheduling.models import Appointment, Enrollment, GroupSeries, GroupSession, Hold, Modality
from stepwell.care.scheduling.openings import Opening, free_room, openings
from stepwell.care.scheduling.rules.groups import seats_left
from stepwell.care.scheduling.week import choices, week_of
from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import Refused
from stepwell.ground.kit.weeks import Week
from stepwell.ground.web.refusing import refuse
from stepwell.trust.access import Permission, lists, may, require
from stepwell.trust.accounts.models import User, signed_in
from stepwell.trust.accounts.roles import Role
from stepwell.trust.organizations.models import Center
from stepwell.trust.people.charts import listed, open_chart, sight_of
from stepwell.trust.people.models import CareTeamMember, Patient

# ---------- the center's week ----------


@require_safe
@login_required
def groups(request: HttpRequest) -> HttpResponse:
    """Today's groups first, then the week as a board."""
    user = signed_in(request)
    require(user, Permission.SEE_SCHEDULE)
    zone = _zone()
    today = clock.today(str(zone))
    shown = _week(request, today)
    the_board = board(user, shown, today=today, zone=zone)
    if lists.asked_for_csv(request):
        header = (
            _("Group"),
            _("Day"),
            _("Starts"),
            _("Led by"),
            _("Where"),
            _("Taken"),
            _("Seats"),
            _("State"),
        )
        return lists.as_csv(request, "sessions of a week", header, map(_cells_of_card, the_board.shown))
    return render(
        request,
        "scheduling/groups.html",
        {
            "here": "groups",
            "board": the_board,
            "is_this_week": shown == Week.of(today),
            "today": today,
            "todays": todays_sessions(user, today=today, zone=zone, at=clock.now()),
            "may_open": may(user, Permission.MARK_ATTENDANCE),
            "may_book": may(user, Permission.BOOK),
        },
    )


def _cells_of_card(card: Card) -> list[object]:
    return [
        card.series.name,
        card.on,
        card.series.starts,
        card.session.leader.name if card.session else card.series.leader.name,
        card.room or _("video"),
        card.taken,
        card.series.seats,
        _("Called off") if card.is_off else _("Laid down") if card.session else _("Not laid down yet"),
    ]


@login_required
def new_series(request: HttpRequest) -> HttpResponse:
    """Begin a weekly group."""
    user = signed_in(request)
    require(user, Permission.BOOK)
    center = _center(user)
    today = clock.today(center.time_zone)
    form = SeriesForm(request.POST or None, center=center, initial={"starts_on": today, "minutes": 90})
    if request.method == "POST" and form.is_valid():
        try:
            begun = actions.begin_series(center, form.cleaned_data, by=user, at=clock.now())
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The group is begun, and its next four weeks are laid down."))
            return redirect("scheduling:series", begun.pk)
    return render(
        request,
        "scheduling/new_series.html",
        {"form": form, "here": "groups"},
        status=422 if form.errors else 200,
    )


@require_safe
@login_required
def series(request: HttpRequest, series_id: UUID) -> HttpResponse:
    """A weekly group: who has a place in it, and when it meets."""
    user = signed_in(request)
    one = get_object_or_404(
        GroupSeries.objects.visible_to(user).select_related("center", "room", "leader", "co_leader"),
        pk=series_id,
    )
    today = clock.today(one.center.time_zone)
    standing_places = list(
        Enrollment.objects.visible_to(user)
        .from_day(today)
        .filter(series=one)
        .select_related("patient")
        .order_by("patient__first_name", "patient__last_name")
    )
    listed(request, (place.patient_id for place in standing_places), "places in a group")
    sessions = (
        with_taken(GroupSession.objects.visible_to(user))
        .with_people()  # type: ignore[attr-defined]
        .filter(series=one, ends_at__gt=clock.now())
        .order_by("starts_at")
    )
    if lists.asked_for_csv(request):
        header = (_("Person"), _("Since"), _("Until"))
        places = ([each.patient.short_name, each.starts_on, each.ends_on] for each in standing_places)
        return lists.as_csv(request, "standing places in a group", header, places)
    if lists.asked_for_csv(request, "sessions"):
        return lists.as_csv(
            request,
            "sessions ahead of a group",
            (_("Day"), _("Begins"), _("Led by"), _("Expected"), _("State"), _("Why called off")),
            (
                [
                    one.center.day_of(each.starts_at),
                    each.starts_at,
                    each.leader.name,
                    each.taken,
                    each.get_status_display(),
                    each.cancelled_because,
                ]
                for each in sessions
            ),
        )
    left = seats_left(one.seats, (place.place for place in standing_places), from_day=today)
    return render(
        request,
        "scheduling/series.html",
        {
            "here": "groups",
            "series": one,
            "places": standing_places,
            "taken": one.seats - left,
            "left": left,
            "today": today,
            "now": clock.now(),
            "sessions": sessions,
            "may_open": may(user, Permission.MARK_ATTENDANCE),
            "may_book": may(user, Permission.BOOK),
            "may_place": may(user, Permission.PLACE_IN_GROUP),
        },
    )


@login_required
def session_cancellation(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Call one meeting of a group off."""
    user = signed_in(request)
    sessions = GroupSession.objects.visible_to(user, Permission.BOOK).with_people()
    one = get_object_or_404(sessions, pk=session_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.cancel_session(one, because=form.cleaned_data["because"], by=user, at=clock.now())
        except Refused as refusal:
            form.add_error(_in(form, refusal.field), refusal.because)
        else:
            messages.success(request, _("Called off. Everyone's place that day is cancelled."))
            return redirect("scheduling:series", one.series_id)
    return render(
        request,
        "scheduling/session_cancellation.html",
        {"form": form, "session": one, "here": "groups", "expected": one.appointments.booked().count()},
        status=422 if form.errors else 200,
    )


@login_required
def place_ending(request: HttpRequest, enrollment_id: UUID) -> HttpResponse:
    """Take somebody out of a group, with the reason."""
    user = signed_in(request)
    places = Enrollment.objects.visible_to(user, Permission.PLACE_IN_GROUP).in_force()
    place = get_object_or_404(places.select_related("patient__center", "series__center"), pk=enrollment_id)
    patient = open_chart(request, place.patient_id, Permission.PLACE_IN_GROUP)
    today = clock.today(patient.center.time_zone)
    form = EndPlaceForm(request.POST or None, initial={"ends_on": max(today, place.starts_on)})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.take_out_of_group(
                place, ends_on=given["ends_on"], because=given["because"], by=user, at=clock.now()
            )
        except Refused as refusal:
            form.add_error(_in(form, refusal.field), refusal.because)
        else:
            words = _("%(name)s is out of %(group)s.")
            messages.success(request, words % {"name": patient.called, "group": place.series.name})
            return redirect("scheduling:week", patient.pk)
    return render(
        request,
        "scheduling/place_ending.html",
        {"form": form, "place": place, "patient": patient},
        status=422 if form.errors else 200,
    )


# ---------- one person's week ----------


@require_safe
@login_required
def week(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    return _week_page(request, open_chart(request, patient_id, Permission.SEE_SCHEDULE))


@require_POST
@login_required
def places(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Place somebody in a group."""
    patient = open_chart(request, patient_id, Permission.PLACE_IN_GROUP)
    form = PlaceForm(request.POST, center=patient.center)
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.place_in_group(
                patient, given["series"], starts_on=given["starts_on"], by=signed_in(request), at=clock.now()
            )
        except Refused as refusal:
            form.add_error(_in(form, refusal.field), refusal.because)
        else:
            words = _("%(name)s has a place in %(group)s.")
            messages.success(request, words % {"name": patient.called, "group": given["series"].name})
            return redirect("scheduling:week", patient.pk)
    return _week_page(request, patient, form)


def _week_page(request: HttpRequest, patient: Patient, form: PlaceForm | None = None) -> HttpResponse:
    user = signed_in(request)
    today = clock.today(patient.center.time_zone)
    from_day = _from_day(request, form, today)
    may_place = may(user, Permission.PLACE_IN_GROUP, sight_of(request, patient))
    fits, fits_not = choices(patient, from_day=from_day, at=clock.now()) if may_place else ([], [])
    shown = _week(request, today)
    standing_places = Enrollment.objects.visible_to(user).from_day(today).filter(patient=patient)
    return render(
        request,
        "scheduling/week.html",
        {
            "patient": patient,
            "planned": week_of(
                patient,
                shown,
                today=today,
                shows_hours=may(user, Permission.SEE_HOURS, sight_of(request, patient)),
            ),
            "is_this_week": shown == Week.of(today),
            "today": today,
            "now": clock.now(),
            "places": standing_places.select_related("series__leader", "series__room").order_by(
                "series__weekday", "series__starts"
            ),
            "form": form or PlaceForm(center=patient.center, initial={"starts_on": from_day}),
            "from_day": from_day,
            "fits": fits,
            "fits_not": fits_not,
            "may_place": may_place,
            "may_book": may(user, Permission.BOOK, sight_of(request, patient)),
        },
        status=422 if form and form.errors else 200,
    )


def _from_day(request: HttpRequest, form: PlaceForm | None, today: date) -> date:
    if form is not None and form.is_bound:
        return max(form.cleaned_data.get("starts_on") or today, today)
    return days_from(request.GET.get("from"), today)


@login_required
def session(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Book a time with one person: whom and from when by GET, one of the open times by POST."""
    patient = open_chart(request, patient_id, Permission.BOOK)
    today = clock.today(patient.center.time_zone)
    defaults = {"kind": Appointment.Kind.INDIVIDUAL.value, "minutes": "50", "from_day": today.isoformat()}
    if not request.GET:
        defaults["practitioner"] = _own_counselor(patient)
    whom = WhomForm(defaults | request.GET.dict(), center=patient.center)
    if not whom.is_valid():
        return _session_page(request, patient, whom, None)
    form = TimeForm(
        request.POST or None,
        minutes=whom.cleaned_data["minutes"],
        clinicians=whom.clinicians,
    )
    if request.method == "POST" and form.is_valid():
        try:
            booked = _book(patient, whom, form, by=signed_in(request))
        except AlreadyTaken as taken:
            form.add_error("time", _("%s These times are open now.") % taken.because)
            return _session_page(request, patient, whom, form, status=409)
        except Refused as refusal:
            form.add_error("time", refusal.because)
        else:
            messages.success(request, _("Booked with %(name)s.") % {"name": booked.practitioner})
            return redirect(_address_of_week(patient, booked))
    return _session_page(request, patient, whom, form)


def _own_counselor(patient: Patient) -> str:
    """Whom people mostly come to see."""
    team = CareTeamMember.objects.current().filter(patient=patient)
    own = team.filter(role=Role.COUNSELOR).order_by("started_on").first()
    return str(own.practitioner_id) if own else ""


def _book(patient: Patient, whom: WhomForm, form: TimeForm, *, by: User) -> Appointment:
    """In the first free room; in the next one, when somebody takes that in the same moment."""
    opening: Opening = form.cleaned_data["time"]
    modality = Modality(form.cleaned_data["modality"])
    kind = Appointment.Kind(whom.cleaned_data["kind"])
    same = actions.the_same(patient, kind=kind, practitioner=opening.practitioner, during=opening.during)
    while same is None:
        room = free_room(patient.center, opening.during) if modality is Modality.IN_PERSON else None
        if modality is Modality.IN_PERSON and room is None:
            raise Refused(_("No room is free then. Choose another time, or meet by video."))
        try:
            return actions.book(
                patient,
                kind=kind,
                practitioner=opening.practitioner,
                starts_at=opening.starts_at,
                minutes=whom.cleaned_data["minutes"],
                room=room,
                modality=modality,
                by=by,
                at=clock.now(),
            )
        except AlreadyTaken as taken:
            if taken.of != Hold.Of.ROOM:
                raise
    return same


def _session_page(
    request: HttpRequest, patient: Patient, whom: WhomForm, form: TimeForm | None, *, status: int = 200
) -> HttpResponse:
    given = whom.cleaned_data if whom.is_valid() else {}
    days = []
    if given:
        today = clock.today(patient.center.time_zone)
        days = openings(
            patient.center,
            whom.clinicians,
            from_day=max(given["from_day"], today),
            minutes=given["minutes"],
            at=clock.now(),
            patient=patient,
            every=30,
            days=3,
        )
    errors = whom.errors or (form and form.errors)
    return render(
        request,
        "scheduling/session.html",
        {"patient": patient, "whom": whom, "form": form, "days": days},
        status=status if status != 200 else 422 if errors else 200,
    )


@login_required
def cancellation(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """Call an appointment off, with the reason."""
    user = signed_in(request)
    appointments = Appointment.objects.visible_to(user, Permission.BOOK).in_force().with_people()
    one = get_object_or_404(appointments, pk=appointment_id)
    patient = open_chart(request, one.patient_id, Permission.BOOK)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.cancel(one, because=form.cleaned_data["because"], by=user, at=clock.now())
        except Refused as refusal:
            form.add_error(_in(form, refusal.field), refusal.because)
        else:
            messages.success(request, _("Cancelled. The time is free again."))
            return redirect(_address_of_week(patient, one))
    return render(
        request,
        "scheduling/cancellation.html",
        {"form": form, "appointment": one, "patient": patient},
        status=422 if form.errors else 200,
    )


# ---------- what they share ----------


def _address_of_week(patient: Patient, appointment: Appointment) -> str:
    day = patient.center.day_of(appointment.starts_at)
    return f"{reverse('scheduling:week', args=[patient.pk])}?week={Week.of(day)}"


def _week(request: HttpRequest, today: date) -> Week:
    """The week in the address; this one for an address that names none."""
    try:
        return Week.named(request.GET.get("week", ""))
    except (ValueError, OverflowError):
        return Week.of(today)


def _zone() -> ZoneInfo:
    """The clock on the wall where this person works."""
    zone = timezone.get_current_timezone()
    return zone if isinstance(zone, ZoneInfo) else ZoneInfo("UTC")


def _center(user: User) -> Center:
    """Where this person works; the one they chose, where they work at several."""
    center = user.center_here
    if center is None:
        raise Http404("this organization has no center yet")
    return center


def _in(form: Any, field: str | None) -> str | None:
    return field if field in form.fields else None
