"""The open times that the public reads: as they are, gone at once when taken, back when let go."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from uuid import UUID

import pytest
from django.db import transaction

from stepwell.care.scheduling.actions import book, cancel
from stepwell.care.scheduling.first_visits import key_of, publish_open_times
from stepwell.care.scheduling.jobs import publish_everywhere
from stepwell.care.scheduling.models import Appointment
from stepwell.care.scheduling.testing import weekly_group
from stepwell.ground.kit import clock
from stepwell.trust.accounts.models import Membership, User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.organizations.models import Closure, OpenTime, PublishedCenter, Room
from stepwell.trust.people.models import Practitioner
from stepwell.trust.people.testing import Clinic, open_clinic


@pytest.fixture
def clinic(db: None) -> Iterator[Clinic]:
    """Dana sees people first; the doors are open Monday to Friday, 9 to 5; it is Monday, nine."""
    with open_clinic() as clinic:
        clinic.user(Role.COUNSELOR, "Dana Whitfield")
        clinic.user(Role.FRONT_DESK, "Tess Nguyen")
        yield clinic


@pytest.fixture
def entry(clinic: Clinic) -> PublishedCenter:
    return PublishedCenter.objects.create(
        organization=clinic.organization,
        center=clinic.center,
        name="Alder Creek",
        slug="alder-creek",
        city="Dayton",
        state="OH",
        postal_code="45402",
        phone="+19375550100",
        services=["iop"],
        books_online=True,
        confirmed_on=clinic.today,
    )


def dana() -> Practitioner:
    return Practitioner.objects.get(name="Dana Whitfield")


def at(day: int, hour: int, clinic: Clinic) -> datetime:
    return datetime.combine(date(2026, 11, day), time(hour), clinic.center.zone)


def published(clinic: Clinic, day: int = 23) -> list[int]:
    """The hours that are open on that day."""
    publish_open_times(clinic.center, at=clock.now())
    return hours(clinic, day)


def hours(clinic: Clinic, day: int = 23) -> list[int]:
    faces = [one.starts_at.astimezone(clinic.center.zone) for one in OpenTime.objects.order_by("starts_at")]
    return [face.hour for face in faces if face.day == day]


def booked(clinic: Clinic, hour: int, *, name: str = "Maya Reyes") -> Appointment:
    return book(
        clinic.patient(name),
        kind=Appointment.Kind.INTAKE,
        practitioner=dana(),
        starts_at=at(23, hour, clinic),
        minutes=60,
        room=clinic.room,
        by=User.objects.get(name="Tess Nguyen"),
        at=clock.now(),
    )


def test_open_times_are_published_from_an_hour_on_for_five_days(clinic: Clinic, entry: PublishedCenter):
    assert published(clinic) == [10, 11, 12, 13, 14, 15, 16]
    assert sorted({one.starts_at.date().day for one in OpenTime.objects.all()}) == [23, 24, 25, 26, 27]


def test_a_taken_time_is_gone_in_the_same_moment_and_back_if_the_booking_is_undone(
    clinic: Clinic, entry: PublishedCenter
):
    published(clinic)
    with transaction.atomic():
        booked(clinic, 13)
        assert hours(clinic) == [10, 11, 12, 14, 15, 16]
        transaction.set_rollback(True)
    assert hours(clinic) == [10, 11, 12, 13, 14, 15, 16]


def test_a_group_takes_what_it_overlaps(clinic: Clinic, entry: PublishedCenter):
    published(clinic)
    weekly_group(clinic, leader=clinic.users["Dana Whitfield"], by=clinic.users["Tess Nguyen"])
    # Ten to half past eleven.
    assert hours(clinic) == [12, 13, 14, 15, 16]


def test_a_cancelled_time_comes_back_under_the_same_key(clinic: Clinic, entry: PublishedCenter):
    published(clinic)
    key: UUID = key_of(dana().pk, at(23, 13, clinic))
    assert OpenTime.objects.filter(pk=key).exists()
    visit = booked(clinic, 13)
    cancel(visit, because="They asked for it.", by=clinic.users["Tess Nguyen"], at=clock.now())
    assert 13 in published(clinic)
    assert OpenTime.objects.filter(pk=key).exists()


def test_a_closed_day_and_a_clinician_who_left_offer_nothing(clinic: Clinic, entry: PublishedCenter):
    Closure.objects.create(center=clinic.center, on=date(2026, 11, 24), reason="Staff training")
    published(clinic)
    assert hours(clinic, 24) == []
    assert hours(clinic, 25) != []
    Membership.objects.filter(user__name="Dana Whitfield").update(ended_at=clock.now())
    assert published(clinic) == []


def test_without_a_room_a_time_is_open_by_video_or_not_at_all(clinic: Clinic, entry: PublishedCenter):
    Room.objects.update(retired_on=clinic.today)
    assert published(clinic) == []
    PublishedCenter.objects.update(services=["iop", "virtual"])
    assert published(clinic) != []
    assert {(one.in_person, one.by_video) for one in OpenTime.objects.all()} == {(False, True)}


def test_a_center_that_lets_nobody_book_publishes_nothing(clinic: Clinic, entry: PublishedCenter):
    published(clinic)
    PublishedCenter.objects.update(books_online=False)
    assert published(clinic) == []
    assert not OpenTime.objects.exists()


def test_an_entry_that_is_withdrawn_takes_its_times_along(clinic: Clinic, entry: PublishedCenter):
    published(clinic)
    entry.delete()
    assert not OpenTime.objects.exists()


def test_the_job_writes_them_everywhere_and_again_without_a_change(clinic: Clinic, entry: PublishedCenter):
    first = publish_everywhere()
    keys = set(OpenTime.objects.values_list("pk", flat=True))
    assert first == len(keys) > 20
    assert publish_everywhere() == first
    assert set(OpenTime.objects.values_list("pk", flat=True)) == keys


def test_what_is_published_names_nobody(clinic: Clinic, entry: PublishedCenter):
    booked(clinic, 13)
    published(clinic)
    words = " ".join(str(value) for row in OpenTime.objects.values() for value in row.values())
    for name in ("Dana", "Whitfield", "Maya", "Reyes"):
        assert name not in words
    assert not any(one.starts_at < clock.now() + timedelta(hours=1) for one in OpenTime.objects.all())
