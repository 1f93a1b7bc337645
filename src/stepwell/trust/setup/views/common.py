"""What the pages of this room share."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from stepwell.ground.web.navigation import Tab
from stepwell.trust.access import Permission, require
from stepwell.trust.accounts.models import signed_in
from stepwell.trust.organizations.models import Center
from stepwell.trust.setup.sight import managed


def open_center(request: HttpRequest, center_id: UUID) -> Center:
    """The center whose page this is; not found for somebody who does not set it up."""
    user = signed_in(request)
    require(user, Permission.MANAGE_ORGANIZATION)
    return get_object_or_404(managed(user), pk=center_id)


def center_tabs(center: Center, here: str) -> list[Tab]:
    names = {
        "setup:center": _("Address"),
        "setup:hours": _("Hours"),
        "setup:closed_days": _("Closed days"),
        "setup:rooms": _("Rooms"),
        "setup:phone_lines": _("Phone lines"),
        "setup:directory": _("Public entry"),
        "level_of_care:edition": _("Level of care"),
    }
    return [
        Tab(label, reverse(page, args=[center.pk]), current=page in (here, f"setup:{here}"))
        for page, label in names.items()
    ]


def status_of(*given: Any) -> int:
    return 422 if any(form is not None and form.is_bound and form.errors for form in given) else 200
