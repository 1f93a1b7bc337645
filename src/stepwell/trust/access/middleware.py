"""Every request of a signed-in person runs in one transaction, inside their organization, by its center's clock.

What the view raises undoes what it did; a refusal is then recorded apart, in a transaction of its own.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from stepwell.trust import audit
from stepwell.trust.access.gate import Forbidden
from stepwell.trust.accounts.models import User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit.events import Whence, fingerprint, whence
from stepwell.trust.organizations.acting import acting_in

Handler = Callable[[HttpRequest], HttpResponse]

#: Where the session remembers which organization a person with several works in now.
ORGANIZATION = "organization"

#: And at which center, for a person who works at several.
CENTER = "center"

#: Everything under it is for those who work here. To a patient it is not there, their own chart included.
STAFF = "/staff/"


class ActingInOrganization:
    """Stands last, so that nothing outside the view runs in its transaction."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = whence.set(
            Whence(
                address=request.path,
                came_from=request.META.get("REMOTE_ADDR") or None,
                session=fingerprint(request.session.session_key),
            )
        )
        try:
            return self.get_response(request)
        finally:
            whence.reset(token)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        organization_id = organization_of(request)
        if organization_id is None:
            if request.path.startswith(STAFF) and request.user.is_authenticated:
                raise Http404  # Somebody who left: the door is shut, whatever a page of it asks for.
            return None
        try:
            request.user.chosen_center = request.session.get(CENTER, "")  # type: ignore[union-attr]
            with acting_in(organization_id), timezone.override(request.user.zone_here):  # type: ignore[union-attr]
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


def organization_of(request: HttpRequest) -> Any:
    """The organization this person acts in: the one chosen in this session, else the first they belong to."""
    user = request.user
    if not user.is_authenticated:
        return None
    return organization_for(user, request.session.get(ORGANIZATION, ""))  # type: ignore[arg-type]


def organization_for(user: User, chosen: str) -> UUID | None:
    """The chosen one while this person belongs to it; else the first in which they work, or are cared for."""
    memberships = list(user.current_memberships)
    for membership in memberships:
        if str(membership.organization_id) == chosen:
            return membership.organization_id  # type: ignore[no-any-return]
    memberships.sort(key=lambda membership: not Role(membership.role).is_staff)
    return memberships[0].organization_id if memberships else None
