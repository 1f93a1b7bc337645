"""The group room: everybody who is expected, what came of it, and what is written, read at once."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from stepwell.care.care_plans.models import CarePlan, Goal
from stepwell.care.encounters.models import Absence, Encounter
from stepwell.care.encounters.rules import Mark
from stepwell.care.notes.models import GroupNote, Note
from stepwell.care.notes.rules.names import Member
from stepwell.care.notes.rules.readiness import Came, Obstacle, Place, SharedText, obstacles
from stepwell.care.scheduling.models import Appointment, GroupSession
from stepwell.ground.web import live
from stepwell.trust.accounts.models import User
from stepwell.trust.people.models import Patient


def digest(*parts: object) -> str:
    """A short name for what stood on a screen. When what is stored has another, somebody saved meanwhile."""
    whole = "\x1f".join("" if part is None else str(part) for part in parts)
    return hashlib.sha256(whole.encode()).hexdigest()[:20]


def one_style(text: str) -> str:
    """A text as it is kept: browsers end lines in their own way."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


@dataclass(frozen=True)
class RowText:
    """What one row says."""

    mark: str = ""
    minutes: int | None = None
    took_part: int | None = None
    goal: UUID | None = None
    reason: str = ""
    line: str = ""

    def kept(self) -> "RowText":
        """Only what goes with the mark: an absent person has a reason and no line."""
        if not self.mark:
            return RowText()
        if self.mark == Mark.ABSENT:
            return RowText(mark=self.mark, reason=self.reason or Absence.Reason.UNKNOWN)
        return replace(self, reason="", line=one_style(self.line))

    def seen_from(self, seen: str, stored: "RowText", *, writes: bool = True) -> "RowText":
        """This row, with what its writer left open as it is stored.

        Without minutes, the minutes stay. Who had an unmarked row before them, and sends the same mark twice, had
        not seen what the first one brought along.
        """
        if self.mark != stored.mark:
            return self
        told = replace(self, minutes=self.minutes or stored.minutes)
        if seen != RowText().seen_by(writes=writes):
            return told
        return replace(
            told,
            took_part=told.took_part or stored.took_part,
            goal=told.goal or stored.goal,
            line=told.line or stored.line,
        )

    @property
    def attendance(self) -> tuple[object, ...]:
        return (self.mark, self.minutes, self.took_part, self.goal, self.reason)

    def seen_by(self, *, writes: bool) -> str:
        """The digest of what this reader has before them: without the words, for somebody who may only mark."""
        if writes:
            return digest(*self.attendance, self.line)
        return digest(self.mark, self.minutes, self.took_part, self.reason)

    @property
    def seen(self) -> str:
        return self.seen_by(writes=True)


def shared_seen(text: SharedText) -> str:
    return digest(text.topic, text.what_we_did, text.method, text.safety)


@dataclass
class Seat:
    """One person's place in this session: the plan, the fact, and the words."""

    appointment: Appointment
    encounter: Encounter | None = None
    absence: Absence | None = None
    note: Note | None = None
    goals: list[Goal] = field(default_factory=list)

    @property
    def patient(self) -> Patient:
        return self.appointment.patient

    @property
    def key(self) -> UUID:
        return self.appointment.pk

    @property
    def is_signed(self) -> bool:
        """Whether the note is signed; from then on the row does not change."""
        return self.note is not None and self.note.signed_at is not None

    @property
    def is_absent(self) -> bool:
        return self.absence is not None

    @property
    def is_attendance_signed(self) -> bool:
        return self.encounter is not None and self.encounter.signed_at is not None

    @property
    def text(self) -> RowText:
        """What is stored, as a row says it."""
        if self.encounter is not None:
            return RowText(
                mark=self.encounter.attendance,
                minutes=self.encounter.minutes,
                took_part=self.encounter.took_part,
                goal=self.encounter.goal_id,
                line=self.note.line if self.note else "",
            )
        if self.absence is not None:
            return RowText(mark=Mark.ABSENT.value, reason=self.absence.reason)
        return RowText()

    @property
    def member(self) -> Member:
        return member_of(self.patient, key=self.key)

    @property
    def place(self) -> Place:
        if self.encounter is None:
            return Place(self.member, Came.NO if self.absence else Came.UNMARKED)
        return Place(
            self.member,
            Came.YES,
            line=self.note.line if self.note else "",
            minutes=self.encounter.minutes,
            until=self.encounter.ends_at,
            is_signed=self.is_signed,
        )

    @property
    def saved(self) -> tuple[User, datetime] | None:
        """Who changed this row last, and when."""
        changes = [
            (record.changed_by or record.recorded_by, record.changed_at or record.recorded_at)
            for record in (self.encounter, self.absence, self.note)
            if record is not None
        ]
        return max(changes, key=lambda change: change[1], default=None)


def member_of(patient: Patient, *, key: UUID | None = None) -> Member:
    """Every name that somebody of the group goes by, what they like to be called first."""
    names = (patient.called, patient.first_name, patient.chosen_name, patient.last_name)
    return Member(key or patient.pk, tuple(dict.fromkeys(name for name in names if name)))


@dataclass
class Room:
    """A session with its seats, in the order of the roster."""

    session: GroupSession
    seats: list[Seat]
    shared: GroupNote | None

    @property
    def shared_text(self) -> SharedText:
        return self.shared.text if self.shared else SharedText()

    @property
    def places(self) -> list[Place]:
        return [seat.place for seat in self.seats]

    @property
    def attending(self) -> list[Seat]:
        return [seat for seat in self.seats if seat.encounter is not None]

    @property
    def to_sign(self) -> list[Seat]:
        return [seat for seat in self.attending if not seat.is_signed]

    @property
    def signed(self) -> list[Seat]:
        return [seat for seat in self.seats if seat.is_signed]

    @property
    def is_all_signed(self) -> bool:
        return bool(self.signed) and not self.to_sign and not self.unmarked

    @property
    def unmarked(self) -> list[Seat]:
        return [seat for seat in self.seats if seat.encounter is None and seat.absence is None]

    def obstacles(self, at: datetime) -> tuple[Obstacle, ...]:
        return obstacles(self.places, self.shared_text, at=at)

    def seat(self, appointment_id: UUID) -> Seat | None:
        return next((seat for seat in self.seats if seat.key == appointment_id), None)


def version_of(session: GroupSession) -> str:
    """What stands in the room, in one question: another one after anybody has written anything in it."""
    return live.version_of(
        GroupSession.objects.filter(pk=session.pk),
        Appointment.objects.filter(session=session),
        Encounter.objects.filter(session=session),
        Absence.objects.filter(session=session),
        Note.objects.filter(encounter__session=session),
        GroupNote.objects.filter(session=session),
    )


def room_of(session: GroupSession) -> Room:
    """The room of one session, in six queries however many are in it."""
    # Who came keeps their row, even if the place was given up afterwards.
    came = Encounter.objects.in_force().filter(appointment=OuterRef("pk"))
    expected = Appointment.objects.in_force().filter(Q(status=Appointment.Status.BOOKED) | Exists(came))
    seats = _seats(session, expected.filter(session=session))
    shared = GroupNote.objects.filter(session=session).select_related("saved_by").first()
    return Room(session, seats, shared)


def seat_of(session: GroupSession, appointment_id: UUID) -> Seat | None:
    """One person's seat, as it is now."""
    return next(iter(_seats(session, Appointment.objects.filter(session=session, pk=appointment_id))), None)


def _seats(session: GroupSession, appointments: QuerySet[Appointment]) -> list[Seat]:
    seats = {appointment.pk: Seat(appointment) for appointment in appointments.select_related("patient")}
    for seat in seats.values():
        seat.appointment.session = session
    _fill(seats, session)
    return sorted(
        seats.values(),
        key=lambda seat: (seat.patient.called.casefold(), seat.patient.last_name.casefold(), str(seat.key)),
    )


def _fill(seats: Mapping[UUID, Seat], session: GroupSession) -> None:
    encounters = Encounter.objects.in_force().filter(session=session, appointment__in=seats)
    for encounter in encounters.select_related("goal", "changed_by", "recorded_by"):
        seats[encounter.appointment_id].encounter = encounter
    absences = Absence.objects.in_force().filter(session=session, appointment__in=seats)
    for absence in absences.select_related("changed_by", "recorded_by"):
        seats[absence.appointment_id].absence = absence
    notes = Note.objects.in_force().filter(
        encounter__session=session, encounter__entered_in_error_at=None, encounter__appointment__in=seats
    )
    for note in notes.select_related("encounter", "changed_by", "recorded_by", "signed_by"):
        seats[note.encounter.appointment_id].note = note
    goals = goals_of([seat.patient for seat in seats.values()])
    for seat in seats.values():
        seat.goals = list(goals[seat.patient.pk])
        chosen = seat.encounter.goal if seat.encounter else None
        if chosen is not None and chosen not in seat.goals:
            # A goal of the plan as it was on that day.
            seat.goals.append(chosen)


def goals_of(patients: Iterable[Patient]) -> dict[UUID, list[Goal]]:
    """The goals of everybody's plan in force."""
    found: dict[UUID, list[Goal]] = defaultdict(list)
    plans = CarePlan.objects.active().filter(patient__in=list(patients))
    for goal in Goal.objects.in_force().filter(plan__in=plans).order_by("position", "recorded_at"):
        found[goal.patient_id].append(goal)
    return found
