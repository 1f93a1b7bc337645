"""The hours of a center, its rooms and closed days: what the database keeps."""

from collections.abc import Iterator
from datetime import date, time

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from stepwell.trust.organizations.models import Closure, OpeningHours, Room
from stepwell.trust.people.testing import Clinic, open_clinic


@pytest.fixture
def clinic(db: None) -> Iterator[Clinic]:
    with open_clinic() as clinic:
        yield clinic


def opens(clinic: Clinic, weekday: int, opens: str, closes: str) -> OpeningHours:
    return OpeningHours.objects.create(
        center=clinic.center,
        weekday=weekday,
        opens=time.fromisoformat(opens),
        closes=time.fromisoformat(closes),
    )


def test_a_day_may_have_several_stretches(clinic: Clinic):
    opens(clinic, 0, "09:00", "12:00")
    opens(clinic, 0, "12:00", "17:00")
    opens(clinic, 1, "09:00", "12:00")
    assert [str(one) for one in clinic.center.hours.all()][:2] == [
        "Monday 09:00 to 12:00",
        "Monday 12:00 to 17:00",
    ]


@pytest.mark.parametrize("again", [("09:00", "12:00"), ("11:59", "13:00"), ("08:00", "18:00")])
def test_two_stretches_of_a_day_do_not_overlap(clinic: Clinic, again: tuple[str, str]):
    opens(clinic, 0, "09:00", "12:00")
    with pytest.raises(IntegrityError, match="hours_do_not_overlap"), transaction.atomic():
        opens(clinic, 0, *again)


def test_a_center_closes_after_it_opens(clinic: Clinic):
    with pytest.raises(IntegrityError, match="hours_close_after_they_open"), transaction.atomic():
        opens(clinic, 0, "12:00", "12:00")


def test_there_is_no_eighth_day(clinic: Clinic):
    with pytest.raises(IntegrityError, match="hours_weekday"), transaction.atomic():
        opens(clinic, 7, "09:00", "12:00")


def test_hours_and_closed_days_may_be_taken_off_and_their_history_stays(clinic: Clinic):
    opens(clinic, 0, "09:00", "12:00")
    Closure.objects.create(center=clinic.center, on=date(2026, 12, 25), reason="Christmas Day")
    OpeningHours.objects.all().delete()
    Closure.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("select pgh_label from organizations_closureevent order by pgh_id")
        assert [label for (label,) in cursor.fetchall()] == ["insert", "delete"]


def test_a_room_is_retired_not_deleted(clinic: Clinic):
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Room.objects.all().delete()
    Room.objects.update(retired_on=date(2026, 11, 23))
    assert not Room.objects.in_use().exists()
