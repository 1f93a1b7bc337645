"""Which organization, and which center of it, somebody with several works in now."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.signals import user_logged_in
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from stepwell.ground.kit import clock
from stepwell.trust import audit
from stepwell.trust.access.middleware import CENTER, ORGANIZATION, organization_for
from stepwell.trust.accounts.models import Membership, User, signed_in
from stepwell.trust.organizations.acting import acting_in, current_organization_id
from stepwell.trust.setup.working_in import places_of


@login_required
def organization(request: HttpRequest) -> HttpResponse:
    """One's own organizations, and the centers of the one in use. Choosing needs no new sign-in."""
    user = signed_in(request)
    if not user.is_staff_here:
        raise PermissionDenied
    if request.method == "POST":
        return _choose(request, user)
    return render(request, "setup/organization.html", {"places": places_of(user)})


def _choose(request: HttpRequest, user: User) -> HttpResponse:
    for place in places_of(user):
        if request.POST.get("organization") == str(place.organization.pk):
            if place.organization.pk == current_organization_id():
                return redirect("accounts:home")
            request.session[ORGANIZATION] = str(place.organization.pk)
            request.session.pop(CENTER, None)
            came_in(user, place.organization.pk, at=clock.now())
            with acting_in(place.organization.pk):
                audit.record(by=user, did=audit.Did.SIGNED_IN, because="from another organization")
            return redirect("accounts:home")
        for center in place.centers:
            if request.POST.get("center") == str(center.pk):
                request.session[CENTER] = str(center.pk)
                messages.success(request, _("You work at %(name)s now.") % {"name": center.name})
                return redirect("accounts:home")
    messages.error(request, _("Choose one from the list."))
    return redirect("setup:organization")


def came_in(user: User, organization_id: UUID, *, at: datetime) -> None:
    """Note that this person is here: an organization knows when somebody came in to it, and to no other."""
    Membership.objects.current().filter(user=user, organization=organization_id).update(last_here_at=at)


def _signed_in(
    sender: Any, request: HttpRequest | None = None, user: User | None = None, **more: Any
) -> None:
    if user is None:
        return
    chosen = request.session.get(ORGANIZATION, "") if request is not None else ""
    here = organization_for(user, chosen)
    if here is not None:
        came_in(user, here, at=clock.now())


def connect() -> None:
    user_logged_in.connect(_signed_in, dispatch_uid="setup-came-in")
