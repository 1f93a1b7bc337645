"""Laying down the sessions of a weekly group ahead of time, with the places of those who stand in it.

A step of larger acts, and a daily job: it asks for no permission and records no event of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Max

from stepwell.care.scheduling import holding
from stepwell.care.scheduling.holding import AlreadyTaken, Who
from stepwell.care.scheduling.models import Appointment, Enrollment, GroupSeries, GroupSession, Modality
from stepwell.care.scheduling.rules.groups import meeting_days
from stepwell.care.scheduling.rules.times import WEEKS_AHEAD, Stretch, at_wall, day_of
from stepwell.trust.accounts.models import User
from stepwell.trust.organizations.models import Closure


@dataclass
class Laid:
    """What was laid down, and whom something else kept from a place in it."""

    sessions: list[GroupSession] = field(default_factory=list)
    left_out: list[tuple[Enrollment, AlreadyTaken]] = field(default_factory=list)


def horizon(today: date) -> date:
    """The last day that is laid down."""
    return today + timedelta(weeks=WEEKS_AHEAD) - timedelta(days=1)


@transaction.atomic
def plan_sessions(series: GroupSeries, until: date, *, at: datetime, is_strict: bool = False) -> Laid:
    """Lay down every session up to a day that is not there yet. Run again, it adds nothing.

    On a day the center is closed the session stands cancelled, with the reason. So does one whose leader or
    room is taken by something else, unless ``is_strict``: then AlreadyTaken is raised and nothing is laid down.
    """
    series = (
        GroupSeries.objects.select_for_update(of=("self",))
        .select_related("center", "leader", "co_leader", "room")
        .get(pk=series.pk)
    )
    zone = series.center.zone
    days = meeting_days(
        series.weekday,
        first=day_of(at, zone),
        until=until,
        starts_on=series.starts_on,
        ends_on=series.ends_on,
    )
    there = {
        day_of(session.starts_at, zone)
        for session in series.sessions.filter(ends_at__gt=at - timedelta(days=1))
    }
    closures = dict(Closure.objects.filter(center=series.center, on__lte=until).values_list("on", "reason"))
    number = series.sessions.meeting().aggregate(Max("number"))["number__max"] or 0
    places = list(
        series.enrollments.from_day(day_of(at, zone)).select_related("patient__center", "recorded_by")
    )
    holding.wait_in_line([one.id for one in needed(series)] + [place.patient_id for place in places])
    laid = Laid()
    for day in days:
        during = Stretch.of(at_wall(day, series.starts, zone), series.minutes)
        if day in there or during.ends_at <= at:
            continue
        session = _session(series, during, number + 1, closures.get(day, ""), zone, is_strict=is_strict)
        laid.sessions.append(session)
        if session.status == GroupSession.Status.PLANNED:
            number += 1
            for place in places:
                if place.place.holds_on(day):
                    _seat_or_leave_out(place, session, laid, zone, at)
    return laid


def _session(
    series: GroupSeries, during: Stretch, number: int, closed: str, zone: ZoneInfo, *, is_strict: bool
) -> GroupSession:
    session = GroupSession(
        series=series,
        number=number,
        starts_at=during.starts_at,
        ends_at=during.ends_at,
        room=series.room,
        leader=series.leader,
        co_leader=series.co_leader,
    )
    if closed:
        return _cancelled(session, closed)
    try:
        with transaction.atomic():
            session.save(force_insert=True)
            holding.take(needed(series), during, of=session, zone=zone)
    except AlreadyTaken as taken:
        if is_strict:
            raise
        return _cancelled(session, taken.because)
    return session


def _cancelled(session: GroupSession, because: str) -> GroupSession:
    session.status, session.cancelled_because = GroupSession.Status.CANCELLED, because[:200]
    session.save(force_insert=True)
    return session


def needed(series: GroupSeries) -> list[Who]:
    """The leaders and the room."""
    leaders = [holding.practitioner(one) for one in (series.leader, series.co_leader) if one]
    return leaders + ([holding.room(series.room)] if series.room else [])


def _seat_or_leave_out(
    place: Enrollment, session: GroupSession, laid: Laid, zone: ZoneInfo, at: datetime
) -> None:
    try:
        with transaction.atomic():
            seat(place, [session], zone=zone, by=place.recorded_by, at=at)
    except AlreadyTaken as taken:
        laid.left_out.append((place, taken))


def seat(
    place: Enrollment, sessions: Sequence[GroupSession], *, zone: ZoneInfo, by: User, at: datetime
) -> list[Appointment]:
    """An appointment in each of these sessions for the one whose place this is. Raises AlreadyTaken."""
    whom = holding.patient(place.patient)
    holding.wait_in_line([whom.id])
    if found := holding.in_the_way([whom], [session.during for session in sessions]):
        raise AlreadyTaken(holding.in_words(*found[0], zone=zone), found[0][0].of)
    seats = []
    for session in sessions:
        is_video = session.series.modality == Modality.VIDEO
        appointment = Appointment.objects.create(
            patient=place.patient,
            episode_id=place.episode_id,
            kind=Appointment.Kind.GROUP,
            session=session,
            modality=Modality.VIDEO if is_video else Modality.IN_PERSON,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            recorded_by=by,
            recorded_at=at,
        )
        holding.take([whom], session.during, of=appointment, zone=zone)
        seats.append(appointment)
    return seats


def first_moment(day: date, zone: ZoneInfo) -> datetime:
    return at_wall(day, time(), zone)
