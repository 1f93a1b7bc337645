"""The page on which somebody's work is handed over before their roles here end."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from stepwell.doors.staff.leaving import LeavingForm, leave, name_of
from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import Refused
from stepwell.trust.access import Permission, require
from stepwell.trust.accounts.models import signed_in
from stepwell.trust.accounts.step_up import step_up
from stepwell.trust.people.charts import listed
from stepwell.trust.setup.people import State, members
from stepwell.trust.setup.registry import NotHandedOver, everything_held


@step_up
@login_required
def leaving(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    """Everything this person holds, each with who takes it over; then they are deactivated."""
    user = signed_in(request)
    require(user, Permission.MANAGE_STAFF)
    found = members(user, of=staff_id)
    if not found:
        raise Http404
    member = found[0]
    if member.state is State.DEACTIVATED:
        return redirect("setup:member", staff_id)
    held = everything_held(member.practitioner, reader=user, at=clock.now()) if member.practitioner else []
    form = LeavingForm(request.POST if request.method == "POST" else None, held=held)
    if request.method == "POST" and form.is_valid():
        try:
            leave(member.user, member.practitioner, held, form.choices, by=user, at=clock.now())
        except NotHandedOver as stands:
            form.add_error(name_of(stands.part, stands.key), stands.because)
        except Refused as refusal:
            form.add_error(None, refusal.because)
        else:
            messages.success(
                request,
                _("%(name)s is deactivated, and nothing is left with nobody.") % {"name": member.name},
            )
            return redirect("setup:staff")
    named = {one.names for each in held for one in each.holdings if one.names}
    listed(request, named, "hand-over")
    return render(
        request,
        "staff/leaving.html",
        {
            "member": member,
            "form": form,
            "empty": [each.part.title for each in held if not each.holdings],
            "count": sum(len(each.holdings) for each in held),
            "is_self": member.user == user,
        },
        status=422 if form.is_bound and form.errors else 200,
    )
