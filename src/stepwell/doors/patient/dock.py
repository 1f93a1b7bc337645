"""The dock at the foot of every patient page: Home, Week, Check in, My plan, and Questions while any wait."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from stepwell.care.measures.models import next_asked
from stepwell.ground.web.navigation import DockItem
from stepwell.trust.people.models import Patient, patient_of

PATIENT = "/me/"


@dataclass
class Dock:
    request: HttpRequest

    @cached_property
    def patient(self) -> Patient | None:
        opened: Patient | None = getattr(self.request, "own_patient", None)
        return opened or patient_of(self.request.user)  # type: ignore[arg-type]

    @cached_property
    def center(self) -> str:
        """The name at the top of the page."""
        return self.patient.center.name if self.patient else ""

    @cached_property
    def items(self) -> list[DockItem]:
        return list(self._items()) if self.patient else []

    def _items(self) -> Iterator[DockItem]:
        yield DockItem("home", _("Home"), "home", reverse("patient:home"))
        yield DockItem("week", pgettext("dock", "Week"), "cal", reverse("patient:week"))
        yield DockItem("check_in", pgettext("dock", "Check in"), "check", reverse("measures:check_in"))
        yield DockItem("plan", _("My plan"), "goal", reverse("care_plans:my_plan"))
        assert self.patient is not None
        for first in next_asked(self.patient)[:1]:
            yield DockItem(
                "questions", pgettext("dock", "Questions"), "note", reverse("measures:start", args=[first.pk])
            )

    @cached_property
    def here(self) -> str:
        path = self.request.path
        if path.startswith(PATIENT + "questions/"):
            return "questions"
        longest = sorted(self.items, key=lambda item: len(item.url), reverse=True)
        found = (item.key for item in longest if path.startswith(item.url) and item.url != PATIENT)
        return next(found, "home" if path == PATIENT else "")


def dock(request: HttpRequest) -> dict[str, Any]:
    """For the patient pages: `dock`, and the key of the place we are in."""
    user = getattr(request, "user", None)
    if user is None or not request.path.startswith(PATIENT) or not user.is_authenticated:
        return {}
    made = Dock(request)
    return {"dock": made, "here": SimpleLazyObject(lambda: made.here)}
