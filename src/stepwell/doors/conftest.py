"""A small center on Monday morning, November 23: Dana looks after Maya and Devon, Renee after Rosa."""

from collections.abc import Callable, Iterator
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from stepwell.care.measures.models import CheckIn
    from stepwell.care.scheduling.models import GroupSeries
    from stepwell.trust.accounts.models import User
    from stepwell.trust.people.models import Patient
    from stepwell.trust.people.testing import Clinic

TODAY = date(2026, 11, 23)


@pytest.fixture
def clinic(db: None) -> Iterator["Clinic"]:
    from stepwell.trust.people.testing import open_clinic

    with open_clinic() as clinic:
        clinic.center.phone = "+19375550100"
        clinic.center.save()
        yield clinic


@pytest.fixture
def dana(clinic: "Clinic") -> "User":
    from stepwell.trust.accounts.roles import Role

    return clinic.user(Role.COUNSELOR, "Dana Whitfield")


@pytest.fixture
def renee(clinic: "Clinic") -> "User":
    from stepwell.trust.accounts.roles import Role

    return clinic.user(Role.COUNSELOR, "Renee Castillo")


@pytest.fixture
def bell(clinic: "Clinic") -> "User":
    from stepwell.trust.accounts.roles import Role

    return clinic.user(Role.CLINICAL_SUPERVISOR, "Marcus Bell")


@pytest.fixture
def maya(clinic: "Clinic", dana: "User") -> "Patient":
    from stepwell.care.care_plans.testing import in_care

    patient = clinic.patient(
        "Maya Reyes", team=(dana,), pronouns="she/her", born_on=date(1992, 3, 8), phone="+19375550142"
    )
    in_care(patient, by=dana)
    return patient


@pytest.fixture
def devon(clinic: "Clinic", dana: "User") -> "Patient":
    from stepwell.care.care_plans.testing import in_care

    patient = clinic.patient("Devon Thackery", team=(dana,), phone="+19375550143")
    in_care(patient, by=dana, since=TODAY - timedelta(days=12))
    return patient


@pytest.fixture
def rosa(clinic: "Clinic", renee: "User") -> "Patient":
    from stepwell.care.care_plans.testing import in_care

    patient = clinic.patient("Rosa Mendoza", team=(renee,), language="es")
    in_care(patient, by=renee, since=TODAY - timedelta(days=9))
    return patient


@pytest.fixture
def planned(clinic: "Clinic", dana: "User", maya: "Patient") -> "Patient":
    """Maya, with a plan in force that asks for nine hours."""
    from stepwell.care.care_plans.testing import signed_by_both

    clinic.patient_user(maya)
    signed_by_both(maya, by=dana)
    return maya


@pytest.fixture
def skills(clinic: "Clinic", dana: "User") -> "GroupSeries":
    from stepwell.care.scheduling.models import GroupSeries
    from stepwell.trust.people.models import Practitioner

    return GroupSeries.objects.create(
        center=clinic.center,
        name="Skills A",
        kind="skills",
        weekday=0,
        starts=time(9),
        minutes=180,
        room=clinic.room,
        leader=Practitioner.objects.get(user=dana),
        starts_on=TODAY - timedelta(days=70),
    )


@pytest.fixture
def checks_in() -> Callable[..., "CheckIn"]:
    from stepwell.care.measures.models import CheckIn
    from stepwell.ground.kit import clock

    def check_in(patient: "Patient", days_ago: int, craving: int | None, **more: object) -> "CheckIn":
        by = patient.care_team.first().practitioner.user  # type: ignore[union-attr]
        on = TODAY - timedelta(days=days_ago)
        return CheckIn.objects.create(
            patient=patient, on=on, craving=craving, recorded_by=by, recorded_at=clock.now(), **more
        )

    return check_in
