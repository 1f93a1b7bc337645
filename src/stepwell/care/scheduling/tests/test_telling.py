"""What the person is told of their appointments, and what they are spared."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from stepwell.care.care_plans.testing import in_care
from stepwell.care.scheduling import actions
from stepwell.care.scheduling.models import Appointment
from stepwell.care.scheduling.testing import weekly_group
from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import Refused
from stepwell.trust.accounts.roles import Role
from stepwell.trust.outbox.kinds import Kind
from stepwell.trust.outbox.models import Message, State
from stepwell.trust.people.models import Patient
from stepwell.trust.people.testing import Clinic

WEDNESDAY_AT_10 = datetime(2026, 11, 25, 10, tzinfo=ZoneInfo("America/New_York"))


def booked(clinic: Clinic, patient: Patient, starts_at: datetime = WEDNESDAY_AT_10) -> Appointment:
    return actions.book(
        patient,
        kind=Appointment.Kind.INDIVIDUAL,
        practitioner=clinic.practitioner(Role.COUNSELOR),
        starts_at=starts_at,
        minutes=50,
        room=clinic.room,
        by=clinic.user(Role.FRONT_DESK),
        at=clock.now(),
    )


def someone(clinic: Clinic, name: str = "Maya Reyes") -> Patient:
    patient = clinic.patient(name, phone="937-555-0134", safe_to_text=True)
    in_care(patient, by=clinic.user(Role.COUNSELOR))
    return patient


def told(state: State = State.QUEUED) -> list[str]:
    return sorted(Message.objects.filter(state=state).values_list("kind", flat=True))


def test_a_booking_is_confirmed_and_reminded_of_the_day_before(clinic: Clinic):
    booked(clinic, someone(clinic))
    assert told() == [Kind.APPOINTMENT_BOOKED, Kind.APPOINTMENT_REMINDER]
    reminder = Message.objects.get(kind=Kind.APPOINTMENT_REMINDER)
    assert reminder.next_at == WEDNESDAY_AT_10 - timedelta(days=1)
    assert reminder.useful_until == WEDNESDAY_AT_10 - timedelta(hours=1)


def test_booking_the_same_again_says_nothing_again(clinic: Clinic):
    patient = someone(clinic)
    booked(clinic, patient), booked(clinic, patient)
    assert Message.objects.count() == 2


def test_what_is_booked_for_tomorrow_morning_needs_no_reminder(clinic: Clinic):
    booked(clinic, someone(clinic), WEDNESDAY_AT_10 - timedelta(days=1, hours=1))
    assert told() == [Kind.APPOINTMENT_BOOKED]


def test_a_cancelled_appointment_is_told_and_not_reminded_of(clinic: Clinic):
    appointment = booked(clinic, someone(clinic))
    actions.cancel(appointment, because="ill", by=clinic.user(Role.FRONT_DESK), at=clock.now())
    actions.cancel(appointment, because="ill", by=clinic.user(Role.FRONT_DESK), at=clock.now())
    assert told() == [Kind.APPOINTMENT_CANCELLED]
    assert told(State.CANCELLED) == [Kind.APPOINTMENT_BOOKED, Kind.APPOINTMENT_REMINDER]
    assert "ill" not in str(Message.objects.get(kind=Kind.APPOINTMENT_CANCELLED).context)


def test_a_booking_that_is_refused_says_nothing(clinic: Clinic):
    with pytest.raises(Refused):
        booked(clinic, someone(clinic), WEDNESDAY_AT_10 - timedelta(days=9))
    assert not Message.objects.exists()


def test_everyone_expected_is_told_that_a_group_is_called_off(clinic: Clinic):
    series = weekly_group(clinic, leader=clinic.user(Role.FACILITATOR), by=clinic.user(Role.DIRECTOR))
    people = [someone(clinic, name) for name in ("Maya Reyes", "Tom Baker")]
    for patient in people:
        actions.place_in_group(
            patient, series, starts_on=clinic.today, by=clinic.user(Role.FRONT_DESK), at=clock.now()
        )
    assert not Message.objects.exists()  # A place in a group is not reminded of.
    session = series.sessions.filter(starts_at__gt=clock.now()).order_by("starts_at")[0]
    actions.cancel_session(
        session, because="the leader is ill", by=clinic.user(Role.FRONT_DESK), at=clock.now()
    )
    assert told() == [Kind.SESSION_CANCELLED] * 2
    assert {message.patient for message in Message.objects.all()} == set(people)


def test_who_leaves_care_is_not_sent_a_message_for_each_appointment(clinic: Clinic):
    patient = someone(clinic)
    booked(clinic, patient)
    actions.leave_the_week(patient, from_day=clinic.today, because="care has ended", at=clock.now())
    assert told() == []
    assert told(State.CANCELLED) == [Kind.APPOINTMENT_BOOKED, Kind.APPOINTMENT_REMINDER]
