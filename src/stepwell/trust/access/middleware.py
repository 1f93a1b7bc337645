"""Every request of a signed-in person runs in one transaction, inside their organization, by its center's clock.

What the view raises undoes what it did; a refusal is then recorded apart, in a transaction of its own.
"""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from stepwell.trust import audit
from stepwell.trust.access.gate import Forbidden
from stepwell.trust.audit.events import Whence, whence
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.organizations.models import Center

Handler = Callable[[HttpRequest], HttpResponse]

#: Where the session remembers which organization a person with several works in now.
ORGANIZATION = "organization"

#: Everything under it is for those who work here. To a patient it is not there, their own chart included.
STAFF = "/staff/"


class ActingInOrganization:
    """Stands last, so that nothing outside the view runs in its transaction."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = whence.set(Whence(address=request.path, came_from=request.META.get("REMOTE_ADDR") or None))
        try:
            return self.get_response(request)
        finally:
            whence.reset(token)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        organization_id = organization_of(request)
        if organization_id is None:
            return None
        try:
            with acting_in(organization_id), timezone.override(_clock_on_the_wall(request)):
                if request.path.startswith(STAFF) and not request.user.is_staff_here:  # type: ignore[union-attr]
                    raise Http404
                response = view(request, *args, **kwargs)
                if hasattr(response, "render") and not getattr(response, "is_rendered", True):
                    response = response.render()
                return response
        except Forbidden as refusal:
            audit.record_apart(
                organization_id,
                by=refusal.user,
                did=audit.Did.WAS_REFUSED,
                patient=refusal.patient_id,
                because=refusal.permission.value,
            )
            raise


def _clock_on_the_wall(request: HttpRequest) -> ZoneInfo:
    """The time zone of the center where this person works or is cared for; of the first one, when at several."""
    centers = [membership.center for membership in request.user.memberships_here if membership.center]  # type: ignore[union-attr]
    center = centers[0] if centers else Center.objects.order_by("slug").first()
    return ZoneInfo(center.time_zone if center else "UTC")


def organization_of(request: HttpRequest) -> Any:
    """The organization this person acts in: the one chosen in this session, else the first they belong to."""
    user = request.user
    if not user.is_authenticated:
        return None
    memberships = [m.organization_id for m in user.memberships.all()]  # type: ignore[union-attr]
    chosen = request.session.get(ORGANIZATION)
    for organization_id in memberships:
        if str(organization_id) == chosen:
            return organization_id
    return memberships[0] if memberships else None
