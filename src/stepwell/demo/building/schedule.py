"""Groups and their sessions, everyone's places and appointments, and who is held when."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from psycopg.types.range import TimestamptzRange

from stepwell.care.scheduling.models import (
    Appointment,
    Enrollment,
    GroupSeries,
    GroupSession,
    Hold,
    Modality,
)
from stepwell.demo import facts
from stepwell.demo.building.site import Site, write
from stepwell.demo.facts import DAYTON, GroupKind, Person, Visit
from stepwell.demo.timetable import DAYS_AHEAD

KIND = {
    GroupKind.SKILLS: GroupSeries.Kind.SKILLS,
    GroupKind.PROCESS: GroupSeries.Kind.PROCESS,
    GroupKind.PLANNING_AHEAD: GroupSeries.Kind.SKILLS,
    GroupKind.EDUCATION: GroupSeries.Kind.EDUCATION,
    GroupKind.FAMILY: GroupSeries.Kind.FAMILY,
}
VISIT = {
    Visit.INTAKE: Appointment.Kind.INTAKE,
    Visit.INDIVIDUAL: Appointment.Kind.INDIVIDUAL,
    Visit.PRESCRIBER: Appointment.Kind.MEDICAL,
    Visit.INJECTION: Appointment.Kind.MEDICAL,
}


def groups(site: Site) -> None:
    for group in site.story.series:
        site.keep(
            "series",
            group.key,
            GroupSeries(
                id=site.id_of("series", group.key),
                center=site.center,
                name=group.name,
                kind=KIND[group.kind],
                weekday=group.weekday,
                starts=group.starts,
                minutes=group.minutes,
                modality=Modality.VIDEO if group.by_video else Modality.HYBRID,
                room=site.rooms[group.room] if group.room else None,
                leader=site.practitioners[group.leader],
                co_leader=site.practitioners[group.co_leader] if group.co_leader else None,
                seats=group.seats,
                language=group.language,
                starts_on=group.first_on,
            ),
        )
    write(row for (kind, _), row in site.made.items() if kind == "series")
    for session in site.story.sessions:
        site.keep(
            "session",
            session.key,
            GroupSession(
                id=site.id_of("session", session.key),
                series=site.made["series", session.series],
                number=session.number,
                starts_at=session.starts_at,
                ends_at=session.ends_at,
                room=site.rooms[session.room] if session.room else None,
                leader=site.practitioners[session.leader],
                co_leader=site.practitioners[session.co_leader] if session.co_leader else None,
            ),
        )
    write(row for (kind, _), row in site.made.items() if kind == "session")
    write(row for group in site.story.series for row in _cancelled(site, group))


def _cancelled(site: Site, group: facts.GroupSeries) -> Iterator[GroupSession]:
    """On a day the center is closed the session stands cancelled, with the reason."""
    held = [session for session in site.story.sessions if session.series == group.key]
    series = site.made["series", group.key]
    last_on = site.story.today + timedelta(days=DAYS_AHEAD)
    for closure in site.story.closures:
        if closure.on.weekday() != group.weekday or closure.on > last_on:
            continue
        starts_at = group.on_day(closure.on)
        yield GroupSession(
            id=site.id_of("session", f"{group.key}:{closure.on}"),
            series=series,
            number=1 + sum(session.on < closure.on for session in held),
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=group.minutes),
            room=series.room,
            leader=series.leader,
            co_leader=series.co_leader,
            status=GroupSession.Status.CANCELLED,
            cancelled_because=closure.reason,
        )


def places(site: Site) -> None:
    write(row for person in site.story.people for row in _enrollments(site, person))
    for person in site.story.people:
        for appointment in (*_group_appointments(site, person), *_visits(site, person)):
            site.made["appointment", f"{person.key}:{appointment[0]}"] = appointment[1]
    write(row for (kind, _), row in site.made.items() if kind == "appointment")


def _enrollments(site: Site, person: Person) -> Iterator[Enrollment]:
    for place in person.enrollments:
        yield Enrollment(
            patient=site.patients[person.key],
            series=site.made["series", place.series],
            episode=site.made["episode", person.key],
            starts_on=place.from_on,
            # Until the day before: the last day of the place is the day before this one.
            ends_on=place.until_on + timedelta(days=1) if place.until_on else None,
            recorded_by=site.users["tess"],
            recorded_at=site.written_at(
                datetime.combine(place.from_on - timedelta(days=1), time(16), DAYTON)
            ),
        )


def _group_appointments(site: Site, person: Person) -> Iterator[tuple[str, Appointment]]:
    by_video = {a.session for a in person.attendance if a.present is facts.Present.VIDEO}
    for session in site.story.sessions:
        place = next(
            (e for e in person.enrollments if e.series == session.series and e.covers(session.on)), None
        )
        if place is None:
            continue
        row = site.made["session", session.key]
        booked_at = max(
            datetime.combine(place.from_on - timedelta(days=1), time(16), DAYTON),
            session.starts_at - timedelta(days=14),
        )
        yield (
            session.key,
            Appointment(
                id=site.id_of("appointment", f"{person.key}:{session.key}"),
                patient=site.patients[person.key],
                episode=site.made["episode", person.key],
                kind=Appointment.Kind.GROUP,
                session=row,
                modality=Modality.VIDEO
                if session.room is None or session.key in by_video
                else Modality.IN_PERSON,
                starts_at=session.starts_at,
                ends_at=session.ends_at,
                recorded_by=site.users["tess"],
                recorded_at=site.written_at(booked_at),
            ),
        )


def _visits(site: Site, person: Person) -> Iterator[tuple[str, Appointment]]:
    for visit in person.appointments:
        by = "tess" if visit.visit in {Visit.INTAKE, Visit.INJECTION} else visit.practitioner
        booked_at = person.referral.received_at + timedelta(minutes=9)
        if visit.visit is not Visit.INTAKE:
            booked_at = visit.starts_at - timedelta(days=7)
        yield (
            visit.key,
            Appointment(
                id=site.id_of("appointment", visit.key),
                patient=site.patients[person.key],
                episode=None if visit.visit is Visit.INTAKE else site.made["episode", person.key],
                kind=VISIT[visit.visit],
                practitioner=site.practitioners[visit.practitioner],
                room=site.rooms[visit.room],
                starts_at=visit.starts_at,
                ends_at=visit.ends_at,
                recorded_by=site.users[by],
                recorded_at=site.written_at(booked_at),
            ),
        )


def holds(site: Site) -> None:
    """Who and what is taken: the database itself refuses to have anyone in two places."""
    write(hold for (kind, _), row in site.made.items() for hold in _holds(kind, row))


def _holds(kind: str, row: GroupSession | Appointment) -> Iterator[Hold]:
    if kind not in {"session", "appointment"}:
        return
    during = TimestamptzRange(row.starts_at, row.ends_at)
    for_what = {kind: row}
    if isinstance(row, GroupSession):
        taken = [(Hold.Of.PRACTITIONER, row.leader_id), (Hold.Of.PRACTITIONER, row.co_leader_id)]
    else:
        taken = [(Hold.Of.PATIENT, row.patient_id), (Hold.Of.PRACTITIONER, row.practitioner_id)]
    taken.append((Hold.Of.ROOM, row.room_id))
    for of, whom in taken:
        if whom is not None:
            yield Hold(of=of, taken=whom, during=during, **for_what)
