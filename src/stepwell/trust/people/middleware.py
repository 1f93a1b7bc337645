"""The address of a record that was merged leads to the one that it was merged into, for whoever may see that one."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from stepwell.trust.access import Permission
from stepwell.trust.access.middleware import STAFF, organization_of
from stepwell.trust.accounts.models import User
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.people.models import Patient

Handler = Callable[[HttpRequest], HttpResponse]
#: Merges upon merges are followed so far. Nobody has that many records.
FAR_ENOUGH = 20


class LeadsToSurvivor:
    """Asks only where a page was not found, and asks the same of what was never there."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != HTTPStatus.NOT_FOUND or not request.path.startswith(STAFF):
            return response
        match = request.resolver_match
        patient_id = match.kwargs.get("patient_id") if match else None
        if match is None or patient_id is None or not isinstance(request.user, User):
            return response
        organization_id: Any = organization_of(request)
        if organization_id is None:
            return response
        with acting_in(organization_id):
            survivor = _survivor_of(patient_id)
            seen = Patient.objects.visible_to(request.user, Permission.SEE_DIRECTORY)
            if survivor is None or not seen.filter(pk=survivor).exists():
                return response
        return redirect(reverse(match.view_name, kwargs=match.kwargs | {"patient_id": survivor}))


def _survivor_of(patient_id: UUID) -> UUID | None:
    """Where a record went; None for one that went nowhere, or never was."""
    found = None
    for _step in range(FAR_ENOUGH):
        went = Patient.objects.filter(pk=found or patient_id).values_list("merged_into", flat=True).first()
        if went is None:
            break
        found = went
    return found
