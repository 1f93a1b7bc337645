"""A center in the directory that lets people book, for tests."""

from typing import Any

from stepwell.care.scheduling.first_visits import publish_open_times
from stepwell.ground.kit import clock
from stepwell.trust.accounts.roles import Role
from stepwell.trust.organizations.models import PublishedCenter
from stepwell.trust.people.testing import Clinic


def open_to_the_public(clinic: Clinic, **change: Any) -> PublishedCenter:
    """Dana sees people first, in one room, Monday to Friday from 9 to 5; her open times are published."""
    clinic.user(Role.COUNSELOR, "Dana Whitfield")
    clinic.user(Role.FRONT_DESK, "Tess Nguyen")
    given = {
        "organization": clinic.organization,
        "center": clinic.center,
        "name": "Alder Creek",
        "slug": "alder-creek",
        "city": "Dayton",
        "state": "OH",
        "postal_code": "45402",
        "phone": "+19375550100",
        "services": ["iop"],
        "books_online": True,
        "confirmed_on": clinic.today,
    }
    entry = PublishedCenter.objects.create(**(given | change))
    publish_open_times(clinic.center, at=clock.now())
    return entry
