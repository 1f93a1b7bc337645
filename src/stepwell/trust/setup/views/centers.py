"""Centers: address and clock, hours, closed days, rooms, and closing one."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from stepwell.ground.kit import clock, phones
from stepwell.ground.kit.refusals import Refused
from stepwell.ground.web.refusing import refuse
from stepwell.trust.access import Permission, require
from stepwell.trust.accounts.models import signed_in
from stepwell.trust.organizations.models import Center, Closure, Room
from stepwell.trust.setup import registry
from stepwell.trust.setup.actions import centers as actions
from stepwell.trust.setup.actions.directory import entry_of
from stepwell.trust.setup.checklist import steps
from stepwell.trust.setup.forms.centers import CenterForm, ClosedDayForm, HoursForm, RoomForm
from stepwell.trust.setup.rules.hours import in_english
from stepwell.trust.setup.sight import managed, manages_everywhere
from stepwell.trust.setup.views.common import center_tabs, open_center, status_of

FIELDS = ("name", "street", "city", "state", "postal_code", "phone", "time_zone")


@require_safe
@login_required
def front(request: HttpRequest) -> HttpResponse:
    """What is set up, and what is missing for the first patient."""
    user = signed_in(request)
    require(user, Permission.MANAGE_ORGANIZATION)
    todo = steps(user)
    centers = [
        {
            "center": center,
            "hours": in_english(actions.hours_of(center)),
            "rooms": center.rooms.in_use().count(),
            "published": entry_of(center),
        }
        for center in managed(user)
    ]
    return render(
        request,
        "setup/front.html",
        {
            "steps": todo,
            "done": sum(step.done for step in todo),
            "centers": centers,
            "may_add": manages_everywhere(user),
        },
    )


@login_required
def new_center(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    require(user, Permission.MANAGE_ORGANIZATION)
    if not manages_everywhere(user):
        messages.error(request, _("Only who administers every center adds one. Ask them."))
        return redirect("setup:front")
    form = CenterForm(request.POST or None, initial={"time_zone": "America/New_York"})
    if request.method == "POST" and form.is_valid():
        try:
            center = actions.open_center(form.cleaned_data, by=user, at=clock.now())
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("%(name)s is added. Its hours come next.") % {"name": center.name})
            return redirect("setup:hours", center.pk)
    return render(request, "setup/center.html", {"form": form}, status=status_of(form))


@login_required
def center(request: HttpRequest, center_id: UUID) -> HttpResponse:
    """Its name, where it stands, and the clock on its wall."""
    user = signed_in(request)
    one = open_center(request, center_id)
    stands = {name: getattr(one, name) for name in FIELDS} | {"phone": phones.as_printed(one.phone)}
    form = CenterForm(request.POST or None, center=one, initial=stands)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_center(one, form.cleaned_data, by=user, at=clock.now())
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("setup:center", one.pk)
    return render(
        request,
        "setup/center.html",
        {
            "form": form,
            "center": one,
            "tabs": center_tabs(one, "center"),
            "may_close": manages_everywhere(user),
            "entry": entry_of(one),
        },
        status=status_of(form),
    )


@login_required
def closing(request: HttpRequest, center_id: UUID) -> HttpResponse:
    """Close a center for good, or open it again."""
    user = signed_in(request)
    one = open_center(request, center_id)
    if not manages_everywhere(user):
        messages.error(request, _("Only who administers every center closes one. Ask them."))
        return redirect("setup:center", one.pk)
    if request.method == "POST":
        act = actions.close_center if one.closed_on is None else actions.open_again
        try:
            act(one, by=user, at=clock.now())
        except Refused as refusal:
            messages.error(request, refusal.because)
            return redirect("setup:closing", one.pk)
        said = _("%(name)s is closed.") if one.closed_on is None else _("%(name)s is open again.")
        messages.success(request, said % {"name": one.name})
        return redirect("setup:front")
    return render(
        request,
        "setup/closing.html",
        {
            "center": one,
            "people": registry.people_in_care(one),
            "rooms": one.rooms.in_use().count(),
            "entry": entry_of(one),
        },
    )


@login_required
def hours(request: HttpRequest, center_id: UUID) -> HttpResponse:
    """When its doors are open, by weekday."""
    user = signed_in(request)
    one = open_center(request, center_id)
    week = actions.hours_of(one)
    form = HoursForm(request.POST or None, week=week)
    if request.method == "POST" and "like_monday" in request.POST:
        filled = QueryDict(mutable=True)
        filled.update(form.like_monday())
        form = HoursForm(filled, week=week)
        form.is_valid()
    elif request.method == "POST" and form.is_valid():
        try:
            actions.set_hours(one, form.week, by=user, at=clock.now())
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The hours are saved."))
            return redirect("setup:hours", one.pk)
    return render(
        request,
        "setup/hours.html",
        {
            "form": form,
            "center": one,
            "tabs": center_tabs(one, "hours"),
            "in_words": in_english(week),
            "entry": entry_of(one),
        },
        status=status_of(form),
    )


# Closed days


@login_required
def closed_days(request: HttpRequest, center_id: UUID) -> HttpResponse:
    """Days on which the center is closed, and what still stands on them."""
    user = signed_in(request)
    one = open_center(request, center_id)
    today = clock.today(one.time_zone)
    form = ClosedDayForm(request.POST or None, today=today)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            added = actions.close_day(one, given["on"], reason=given["reason"], by=user, at=clock.now())
        except Refused as refusal:
            refuse(form, refusal)
        else:
            planned = registry.planned_on(one, [added.on])
            if planned:
                messages.warning(request, actions.in_words(planned, added.on))
            else:
                messages.success(request, _("Closed. Nothing stands on that day."))
            return redirect("setup:closed_days", one.pk)
    return _closed_days_page(request, one, form, today)


def _closed_days_page(request: HttpRequest, one: Center, form: ClosedDayForm, today: date) -> HttpResponse:
    closures = list(one.closures.filter(on__gte=today).order_by("on"))
    planned: dict[date, list[registry.Planned]] = {closure.on: [] for closure in closures}
    for each in registry.planned_on(one, list(planned)):
        planned[one.day_of(each.at)].append(each)
    return render(
        request,
        "setup/closed_days.html",
        {
            "form": form,
            "center": one,
            "tabs": center_tabs(one, "closed_days"),
            "days": [(closure, planned[closure.on]) for closure in closures],
            "years": (today.year, today.year + 1),
        },
        status=status_of(form),
    )


@require_POST
@login_required
def holidays(request: HttpRequest, center_id: UUID, year: int) -> HttpResponse:
    """Close the federal holidays of this year or the next."""
    user = signed_in(request)
    one = open_center(request, center_id)
    if not 0 <= year - clock.today(one.time_zone).year <= 1:
        raise Http404
    added = actions.close_holidays(one, year, by=user, at=clock.now())
    said = ngettext(
        "%(n)s day is added. Take off what does not fit.",
        "%(n)s days are added. Take off what does not fit.",
        len(added),
    )
    if added:
        messages.success(request, said % {"n": len(added)})
        if planned := registry.planned_on(one, [closure.on for closure in added]):
            messages.warning(
                request,
                ngettext(
                    "%(n)s session or appointment stands on those days. It is listed below.",
                    "%(n)s sessions and appointments stand on those days. They are listed below.",
                    len(planned),
                )
                % {"n": len(planned)},
            )
    else:
        messages.info(request, _("Every federal holiday still to come that year is on the list already."))
    return redirect("setup:closed_days", one.pk)


@require_POST
@login_required
def closure_removal(request: HttpRequest, closure_id: UUID) -> HttpResponse:
    """Open that day after all."""
    user = signed_in(request)
    require(user, Permission.MANAGE_ORGANIZATION)
    closure = get_object_or_404(Closure.objects.filter(center__in=managed(user)), pk=closure_id)
    center_id, reason = closure.center_id, closure.reason
    actions.take_closure_off(closure, by=user, at=clock.now())
    messages.success(
        request,
        _("%(reason)s is taken off. What was called off for it stays so.") % {"reason": reason},
    )
    return redirect("setup:closed_days", center_id)


# Rooms


@login_required
def rooms(request: HttpRequest, center_id: UUID) -> HttpResponse:
    """The rooms of a center, those no longer used last."""
    user = signed_in(request)
    one = open_center(request, center_id)
    form = RoomForm(request.POST or None, initial={"seats": 12})
    if request.method == "POST" and form.is_valid():
        try:
            room = actions.add_room(one, form.cleaned_data, by=user, at=clock.now())
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("%(name)s is added.") % {"name": room.name})
            return redirect("setup:rooms", one.pk)
    return render(
        request,
        "setup/rooms.html",
        {
            "form": form,
            "center": one,
            "tabs": center_tabs(one, "rooms"),
            "rooms": sorted(one.rooms.all(), key=lambda room: (room.retired_on is not None, room.name)),
        },
        status=status_of(form),
    )


def _room(request: HttpRequest, room_id: UUID) -> Room:
    user = signed_in(request)
    require(user, Permission.MANAGE_ORGANIZATION)
    return get_object_or_404(
        Room.objects.filter(center__in=managed(user)).select_related("center"), pk=room_id
    )


@login_required
def room(request: HttpRequest, room_id: UUID) -> HttpResponse:
    """Rename a room, or say anew how many it holds."""
    one = _room(request, room_id)
    form = RoomForm(
        request.POST or None, initial={"name": one.name, "seats": one.seats, "is_virtual": one.is_virtual}
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_room(one, form.cleaned_data, by=signed_in(request), at=clock.now())
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("setup:rooms", one.center_id)
    return render(
        request,
        "setup/room.html",
        {"form": form, "room": one, "center": one.center},
        status=status_of(form),
    )


@require_POST
@login_required
def room_retirement(request: HttpRequest, room_id: UUID) -> HttpResponse:
    """Use it no more, or use it again."""
    one = _room(request, room_id)
    act = actions.retire_room if one.retired_on is None else actions.use_room_again
    said = (
        _("%(name)s is out of use. What is planned there stays.")
        if one.retired_on is None
        else _("%(name)s is in use again.")
    )
    act(one, by=signed_in(request), at=clock.now())
    messages.success(request, said % {"name": one.name})
    return redirect("setup:rooms", one.center_id)
