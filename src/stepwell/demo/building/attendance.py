"""Who came and for how long, who did not, and what was written about it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from stepwell.care.encounters.models import Absence, Encounter
from stepwell.care.encounters.rules import Kind, Reason, is_clinical, is_excused
from stepwell.care.notes.models import GroupNote, Note, Safety
from stepwell.care.scheduling.models import Appointment
from stepwell.demo.building.plans import goal_on
from stepwell.demo.building.schedule import VISIT
from stepwell.demo.building.site import Site, write
from stepwell.demo.facts import Attendance, GroupSession, Kept, Person, Present

ATTENDED = {
    Present.HERE: Encounter.Attendance.HERE,
    Present.VIDEO: Encounter.Attendance.VIDEO,
    Present.LATE: Encounter.Attendance.LATE,
}


def encounters(site: Site) -> None:
    for person in site.story.people:
        for key, row in (*_in_groups(site, person), *_in_visits(site, person)):
            site.keep("encounter", f"{person.key}:{key}", row)
    write(row for (kind, _), row in site.made.items() if kind == "encounter")
    write(row for person in site.story.people for row in _absences(site, person))


def _in_groups(site: Site, person: Person) -> Iterator[tuple[str, Encounter]]:
    for seat in person.attendance:
        if seat.present is Present.ABSENT:
            continue
        session = site.story.sessions_by_key[seat.session]
        # One signature holds for the note and for the minutes.
        signed_at = seat.note_signed_at
        leader = site.users[session.leader]
        yield (
            seat.session,
            Encounter(
                id=site.id_of("encounter", f"{person.key}:{seat.session}"),
                patient=site.patients[person.key],
                episode=site.made["episode", person.key],
                appointment=site.made["appointment", f"{person.key}:{seat.session}"],
                session=site.made["session", seat.session],
                practitioner=site.practitioners[session.leader],
                kind=Appointment.Kind.GROUP,
                attendance=ATTENDED[seat.present],
                starts_at=session.ends_at - timedelta(minutes=seat.minutes),
                ends_at=session.ends_at,
                minutes=seat.minutes,
                took_part=seat.took_part,
                goal=goal_on(site, person, session.starts_at, seat.goal),
                signed_at=signed_at,
                signed_by=leader if signed_at else None,
                recorded_by=leader,
                recorded_at=site.written_at(session.ends_at),
            ),
        )


def _in_visits(site: Site, person: Person) -> Iterator[tuple[str, Encounter]]:
    for visit in person.appointments:
        if visit.kept is not Kept.KEPT:
            continue
        by = site.users[visit.practitioner]
        signed_at = visit.note.signed_at if visit.note else None
        yield (
            visit.key,
            Encounter(
                id=site.id_of("encounter", visit.key),
                patient=site.patients[person.key],
                episode=site.made["episode", person.key],
                appointment=site.made["appointment", f"{person.key}:{visit.key}"],
                practitioner=site.practitioners[visit.practitioner],
                kind=VISIT[visit.visit],
                is_clinical=is_clinical(Kind(VISIT[visit.visit])),
                attendance=Encounter.Attendance.HERE,
                starts_at=visit.starts_at,
                ends_at=visit.ends_at,
                minutes=visit.minutes,
                signed_at=signed_at,
                signed_by=by if signed_at else None,
                recorded_by=by,
                recorded_at=site.written_at(visit.ends_at),
            ),
        )


def _absences(site: Site, person: Person) -> Iterator[Absence]:
    for seat in person.attendance:
        if seat.present is Present.ABSENT:
            session = site.story.sessions_by_key[seat.session]
            yield Absence(
                patient=site.patients[person.key],
                appointment=site.made["appointment", f"{person.key}:{seat.session}"],
                session=site.made["session", seat.session],
                reason=seat.reason or Absence.Reason.UNKNOWN,
                excused=is_excused(Reason(seat.reason or Reason.UNKNOWN)),
                starts_at=session.starts_at,
                recorded_by=site.users[session.leader],
                recorded_at=site.written_at(session.ends_at),
            )
    for visit in person.appointments:
        if visit.kept is Kept.MISSED:
            yield Absence(
                patient=site.patients[person.key],
                appointment=site.made["appointment", f"{person.key}:{visit.key}"],
                reason=visit.reason or Absence.Reason.UNKNOWN,
                excused=is_excused(Reason(visit.reason or Reason.UNKNOWN)),
                starts_at=visit.starts_at,
                recorded_by=site.users[visit.practitioner],
                recorded_at=site.written_at(visit.ends_at),
            )


def notes(site: Site) -> None:
    write(_group_note(site, s) for s in site.story.sessions if s.on < site.story.today)
    size = _sizes(site)
    write(row for person in site.story.people for row in _group_lines(site, person, size))
    write(row for person in site.story.people for row in _visit_notes(site, person))


def _sizes(site: Site) -> dict[str, int]:
    sizes: dict[str, int] = {}
    for person in site.story.people:
        for seat in person.attendance:
            if seat.present is not Present.ABSENT:
                sizes[seat.session] = sizes.get(seat.session, 0) + 1
    return sizes


def _group_note(site: Site, session: GroupSession) -> GroupNote:
    return GroupNote(
        id=site.id_of("group-note", session.key),
        session=site.made["session", session.key],
        topic=session.topic.title,
        what_we_did=session.topic.did,
        method=session.topic.method,
        safety=Safety.NOBODY,
        saved_by=site.users[session.leader],
        saved_at=site.written_at(session.ends_at + timedelta(minutes=10)),
    )


def _group_lines(site: Site, person: Person, sizes: dict[str, int]) -> Iterator[Note]:
    for seat in person.attendance:
        if not seat.line:
            continue
        session = site.story.sessions_by_key[seat.session]
        encounter = site.made["encounter", f"{person.key}:{seat.session}"]
        note = Note(
            id=site.id_of("note", f"{person.key}:{seat.session}"),
            patient=site.patients[person.key],
            encounter=encounter,
            author=site.practitioners[session.leader],
            line=seat.line,
            recorded_by=site.users[session.leader],
            recorded_at=site.written_at(session.ends_at + timedelta(minutes=12)),
        )
        yield _signed_in_group(site, note, session, seat, sizes)


def _signed_in_group(
    site: Site, note: Note, session: GroupSession, seat: Attendance, sizes: dict[str, int]
) -> Note:
    """At signing the shared note goes into each person's own, and the goal as it read that day."""
    if seat.note_signed_at is None:
        return note
    note.topic, note.what_we_did = session.topic.title, session.topic.did
    note.method, note.safety = session.topic.method, Safety.NOBODY
    note.goal_words = note.encounter.goal.words if note.encounter.goal else ""
    note.group_size = sizes[session.key]
    return _signed(site, note, session.leader, seat.note_signed_at)


def _visit_notes(site: Site, person: Person) -> Iterator[Note]:
    for visit in person.appointments:
        if visit.note is None:
            continue
        note = Note(
            id=site.id_of("note", visit.key),
            patient=site.patients[person.key],
            encounter=site.made["encounter", f"{person.key}:{visit.key}"],
            author=site.practitioners[visit.practitioner],
            line=visit.note.text,
            plan=visit.note.plan,
            recorded_by=site.users[visit.practitioner],
            recorded_at=site.written_at(visit.ends_at + timedelta(minutes=8)),
        )
        yield _signed(site, note, visit.practitioner, visit.note.signed_at) if visit.note.signed_at else note


def _signed(site: Site, note: Note, by: str, signed_at: datetime) -> Note:
    note.signed_at, note.signed_by = signed_at, site.users[by]
    note.signature = site.practitioners[by].signature
    return note
