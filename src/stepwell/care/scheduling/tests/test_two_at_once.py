"""Two people at once, on two real connections: one seat, one time, and the second is told."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from stepwell.care.care_plans.testing import in_care
from stepwell.care.scheduling import actions, holding
from stepwell.care.scheduling.models import Appointment, Enrollment, Hold
from stepwell.care.scheduling.testing import weekly_group
from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import Refused
from stepwell.trust.accounts.roles import Role
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.people.models import Patient, Practitioner
from stepwell.trust.people.testing import Clinic, at_once

MONDAY = date(2026, 11, 23)
TUESDAY_AT_10 = datetime(2026, 11, 24, 10, tzinfo=ZoneInfo("America/New_York"))


@pytest.fixture
def clinic(committed_clinic: Clinic) -> Clinic:
    return committed_clinic


def refusals(given: list[Any]) -> list[Refused]:
    return [one for one in given if isinstance(one, Refused)]


def in_organization(clinic: Clinic):
    return acting_in(clinic.organization.pk)


def test_the_last_seat_is_given_once(clinic: Clinic):
    with in_organization(clinic):
        dana, tess = (
            clinic.user(Role.COUNSELOR, "Dana Whitfield"),
            clinic.user(Role.FRONT_DESK, "Tess Nguyen"),
        )
        group = weekly_group(clinic, leader=dana, by=tess, seats=1)
        people = [clinic.patient(name) for name in ("Maya Reyes", "Devon Tate", "Rosa Mendez", "Cole Sutter")]
        for person in people:
            in_care(person, by=dana)

    def place(person: Patient) -> Callable[[], Enrollment]:
        return lambda: actions.place_in_group(person, group, starts_on=MONDAY, by=tess, at=clock.now())

    given = at_once(clinic, *(place(person) for person in people))
    assert [type(one) for one in refusals(given)] == [actions.NoSeatLeft] * 3
    with in_organization(clinic):
        assert Enrollment.objects.count() == 1
        assert Appointment.objects.booked().count() == 4


def test_one_time_of_one_clinician_is_booked_once(clinic: Clinic):
    with in_organization(clinic):
        dana, tess = (
            clinic.user(Role.COUNSELOR, "Dana Whitfield"),
            clinic.user(Role.FRONT_DESK, "Tess Nguyen"),
        )
        people = [clinic.patient(name) for name in ("Maya Reyes", "Devon Tate", "Rosa Mendez")]
        practitioner = Practitioner.objects.get(user=dana)

    def book(person: Patient) -> Callable[[], Appointment]:
        return lambda: actions.book(
            person,
            kind=Appointment.Kind.INDIVIDUAL,
            practitioner=practitioner,
            starts_at=TUESDAY_AT_10,
            minutes=60,
            by=tess,
            at=clock.now(),
        )

    given = at_once(clinic, *(book(person) for person in people))
    told = refusals(given)
    assert len(told) == 2
    assert {refusal.because for refusal in told} == {
        "Dana Whitfield has an appointment on Tue, Nov 24, 10:00 AM to 11:00 AM."
    }
    with in_organization(clinic):
        assert Appointment.objects.count() == 1
        assert Hold.objects.standing().count() == 2


def test_two_people_who_want_each_other_the_other_way_round_do_not_wait_forever(clinic: Clinic):
    """Maya with Dana and Devon with Renee, then crosswise, all in one moment: two are booked, two are told."""
    with in_organization(clinic):
        tess = clinic.user(Role.FRONT_DESK, "Tess Nguyen")
        clinicians = [
            clinic.practitioner(Role.COUNSELOR, name) for name in ("Dana Whitfield", "Renee Castillo")
        ]
        maya, devon = clinic.patient("Maya Reyes"), clinic.patient("Devon Tate")

    def book(person: Patient, practitioner: Practitioner) -> Callable[[], Appointment]:
        return lambda: actions.book(
            person,
            kind=Appointment.Kind.INDIVIDUAL,
            practitioner=practitioner,
            starts_at=TUESDAY_AT_10,
            minutes=60,
            room=clinic.room if practitioner == clinicians[0] else None,
            by=tess,
            at=clock.now(),
        )

    given = at_once(clinic, *(book(person, one) for person in (maya, devon) for one in clinicians))
    assert len(refusals(given)) == 2
    with in_organization(clinic):
        taken = list(
            Hold.objects.standing().filter(of__in=["patient", "practitioner"]).values_list("taken", flat=True)
        )
    assert sorted(taken) == sorted({maya.pk, devon.pk, *(one.pk for one in clinicians)})


def test_a_double_click_on_two_connections_books_and_places_once(clinic: Clinic):
    with in_organization(clinic):
        dana, tess = (
            clinic.user(Role.COUNSELOR, "Dana Whitfield"),
            clinic.user(Role.FRONT_DESK, "Tess Nguyen"),
        )
        group = weekly_group(clinic, leader=dana, by=tess)
        maya = clinic.patient("Maya Reyes")
        in_care(maya, by=dana)

    def place() -> UUID:
        return actions.place_in_group(maya, group, starts_on=MONDAY, by=tess, at=clock.now()).pk

    first, second = at_once(clinic, place, place)
    assert first == second
    with in_organization(clinic):
        assert Appointment.objects.booked().count() == 4


def test_what_slips_past_the_line_is_refused_by_the_database_and_told(clinic: Clinic, monkeypatch):
    """Somebody writes a hold without waiting in line; the constraint refuses, and the sentence still names them."""
    with in_organization(clinic):
        dana, tess = (
            clinic.user(Role.COUNSELOR, "Dana Whitfield"),
            clinic.user(Role.FRONT_DESK, "Tess Nguyen"),
        )
        practitioner = Practitioner.objects.get(user=dana)
        maya, devon = clinic.patient("Maya Reyes"), clinic.patient("Devon Tate")
        given: dict[str, Any] = {"minutes": 60, "by": tess, "at": clock.now(), "starts_at": TUESDAY_AT_10}
        actions.book(devon, kind=Appointment.Kind.INDIVIDUAL, practitioner=practitioner, **given)
        really, looked = holding.in_the_way, []

        def sees_nothing_the_first_time(*those: Any) -> Any:
            looked.append(those)
            return really(*those) if len(looked) > 1 else ()

        monkeypatch.setattr(holding, "in_the_way", sees_nothing_the_first_time)
        with pytest.raises(holding.AlreadyTaken, match="Dana Whitfield has an appointment"):
            actions.book(maya, kind=Appointment.Kind.INDIVIDUAL, practitioner=practitioner, **given)
        assert len(looked) == 2
