"""A weekly group, for tests of this room and of those above it."""

from datetime import date, time
from typing import Any

from stepwell.care.scheduling.actions import begin_series
from stepwell.care.scheduling.models import GroupSeries
from stepwell.ground.kit import clock
from stepwell.trust.accounts.models import User
from stepwell.trust.people.models import Practitioner
from stepwell.trust.people.testing import Clinic

MONDAY = GroupSeries.Weekday.MONDAY


def weekly_group(clinic: Clinic, *, leader: User, by: User, **change: Any) -> GroupSeries:
    """Skills A: Mondays at 10 in Room 2, for 90 minutes, 12 seats, from today on; unless said otherwise."""
    given: dict[str, Any] = {
        "name": "Skills A",
        "kind": GroupSeries.Kind.SKILLS,
        "weekday": MONDAY,
        "starts": time(10),
        "minutes": 90,
        "room": clinic.room,
        "leader": Practitioner.objects.get(user=leader),
        "seats": 12,
        "starts_on": date(2026, 11, 23),
    }
    return begin_series(clinic.center, given | change, by=by, at=clock.now())
