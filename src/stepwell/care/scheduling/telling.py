"""What the person is told of their appointments, through the outbox: booked, tomorrow, cancelled.

A place in a group is told of when the meeting is called off, and not each week: the week is on their phone, and nine
reminders a week are noise. Who leaves care, or is stepped down, is not sent a message for every appointment that falls.
"""

from datetime import datetime, timedelta

from stepwell.care.scheduling.models import Appointment, GroupSession
from stepwell.trust.accounts.models import User
from stepwell.trust.organizations.models import Center
from stepwell.trust.outbox.actions import call_off, queue
from stepwell.trust.outbox.kinds import Kind

A_DAY = timedelta(days=1)
#: A reminder that comes later than this is of no use.
BEFORE = timedelta(hours=1)


def of_booking(appointment: Appointment, *, by: User, at: datetime) -> None:
    """Confirm it, and remind the person the day before."""
    center, starts_at = appointment.patient.center, appointment.starts_at
    queue(
        kind=Kind.APPOINTMENT_BOOKED,
        patient=appointment.patient,
        context=_told(starts_at, center),
        useful_until=starts_at - BEFORE,
        unique_key=_key(appointment, "booked"),
        by=by,
        at=at,
    )
    _remind(appointment, by=by, at=at)


def of_own_booking(appointment: Appointment, *, link: str, by: User, at: datetime) -> None:
    """The same to somebody who booked it themself, with a link by which they change or cancel it."""
    starts_at = appointment.starts_at
    queue(
        kind=Kind.VISIT_BOOKED,
        patient=appointment.patient,
        context=_told(starts_at, appointment.patient.center)
        | {"ends_at": appointment.ends_at.isoformat(), "link": link},
        useful_until=starts_at,
        unique_key=_key(appointment, "booked"),
        by=by,
        at=at,
    )
    _remind(appointment, by=by, at=at)


def again_of_booking(appointment: Appointment, *, by: User, at: datetime) -> None:
    """Somebody asked for another time under the same number or address: this is the one that stands. Once a day."""
    queue(
        kind=Kind.APPOINTMENT_BOOKED,
        patient=appointment.patient,
        context=_told(appointment.starts_at, appointment.patient.center),
        useful_until=appointment.starts_at - BEFORE,
        unique_key=_key(appointment, f"again {at:%Y-%m-%d}"),
        by=by,
        at=at,
    )


def _remind(appointment: Appointment, *, by: User, at: datetime) -> None:
    starts_at = appointment.starts_at
    if starts_at - at > A_DAY:
        queue(
            kind=Kind.APPOINTMENT_REMINDER,
            patient=appointment.patient,
            context=_told(starts_at, appointment.patient.center),
            not_before=starts_at - A_DAY,
            useful_until=starts_at - BEFORE,
            unique_key=_key(appointment, "reminder"),
            by=by,
            at=at,
        )


def of_cancelling(appointment: Appointment, *, by: User, at: datetime) -> None:
    queue(
        kind=Kind.APPOINTMENT_CANCELLED,
        patient=appointment.patient,
        context=_told(appointment.starts_at, appointment.patient.center),
        useful_until=appointment.starts_at,
        unique_key=_key(appointment, "cancelled"),
        by=by,
        at=at,
    )


def of_session_off(session: GroupSession, appointment: Appointment, *, by: User, at: datetime) -> None:
    queue(
        kind=Kind.SESSION_CANCELLED,
        patient=appointment.patient,
        context=_told(session.starts_at, session.series.center),
        useful_until=session.starts_at,
        unique_key=_key(appointment, "cancelled"),
        by=by,
        at=at,
    )


def no_longer_of(appointment: Appointment) -> None:
    """What was to be said of it has become untrue."""
    call_off(
        [_key(appointment, "booked"), _key(appointment, "reminder")], because="the appointment was cancelled"
    )


def _key(appointment: Appointment, what: str) -> str:
    return f"appointment {appointment.pk} {what}"


def _told(starts_at: datetime, center: Center) -> dict[str, str]:
    return {"starts_at": starts_at.isoformat(), "zone": center.time_zone, "phone": center.phone}
