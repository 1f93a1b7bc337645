"""What somebody without an account does: hold a time for a first visit, book it, move it, cancel it.

Nobody is signed in, so there is no permission to ask for: these acts do this and no more (ADR 15). They show no record
and never say whether somebody is known. A new record is made each time, and the front desk is shown who may be the same
person. Their events name nobody, and rows that must say who wrote them say ``the_public_page``. Everything here runs
inside ``acting_in`` of the center's organization.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from stepwell.care.episodes import actions as episodes
from stepwell.care.episodes.models import Referral
from stepwell.care.episodes.rules.life_cycle import Act
from stepwell.care.intake.models import OnlineBooking, SentAnswers
from stepwell.care.intake.rules import next_record_number
from stepwell.care.scheduling import first_visits, holding, telling
from stepwell.care.scheduling.actions import call_off_visit, lay_down
from stepwell.care.scheduling.models import Appointment, Hold, Modality
from stepwell.care.scheduling.openings import every_opening, free_room
from stepwell.care.scheduling.rules.times import Stretch
from stepwell.ground.kit.refusals import Refused
from stepwell.trust import audit
from stepwell.trust.accounts.models import User
from stepwell.trust.organizations.models import Center, OpenTime, PublishedCenter, Room
from stepwell.trust.outbox import links
from stepwell.trust.people.models import Patient, Practitioner

#: How long a time is kept while somebody types, and how many one visitor keeps: our own defaults.
HELD_FOR = timedelta(minutes=5)
MOST_HELD = 3
#: How long a time stays taken that somebody else's number was typed for.
KEPT_FROM_OTHERS = timedelta(days=1)
BY_THEMSELF = "by the person, on the public page"
#: Whoever wrote a row that must name a user. It signs in nowhere, and belongs to no organization.
PUBLIC_PAGE = "public-page@stepwell.invalid"


class Gone(Refused):
    """This time is not open any more, or somebody else is booking it. The sentence says nothing of whom."""

    def __init__(self) -> None:
        super().__init__(_("That time was just taken. Here are the next ones."))


@dataclass(frozen=True)
class Held:
    """A time that is kept for this visitor, until then."""

    starts_at: datetime
    until: datetime
    in_person: bool
    by_video: bool


@dataclass(frozen=True)
class Sent:
    """Answers that somebody ticked to send along."""

    source: str
    answers: Sequence[tuple[str, str]]
    result: str = ""


@dataclass(frozen=True)
class Person:
    """What somebody wrote of themself."""

    name: str
    phone: str = ""
    email: str = ""
    safe_to_text: bool = False
    safe_to_email: bool = False
    may_leave_message: bool = False
    language: str = "en"
    needs_interpreter: bool = False
    reason: str = ""
    modality: Modality = Modality.IN_PERSON


@dataclass(frozen=True)
class _Time:
    """One open time, found again behind the wall."""

    practitioner: Practitioner
    during: Stretch


def the_public_page() -> User:
    return User.objects.of_mailbox(PUBLIC_PAGE, "Booked online", is_active=False)


# ---------- hold ----------


def hold(entry: PublishedCenter, key: UUID, *, visitor: str, at: datetime) -> Held:
    """Keep this time for a visitor for five minutes; what they keep already stays as it is. Raises Gone."""
    center = _center(entry)
    if (mine := _held_by(visitor, key)) is not None:
        return _as_held(mine, entry, visitor=visitor)
    time = _open(center, key, at=at)
    room = free_room(center, time.during)
    by_video = first_visits.BY_VIDEO in entry.services
    if room is None and not by_video:
        raise Gone
    _keep_few(center, visitor, at=at)
    who = [holding.practitioner(time.practitioner)] + ([holding.room(room)] if room else [])
    until = at + HELD_FOR
    try:
        holding.take_for_a_visitor(who, time.during, visitor=visitor, center=center, at=at, until=until)
    except holding.AlreadyTaken as taken:
        raise Gone from taken
    return Held(time.during.starts_at, until, in_person=room is not None, by_video=by_video)


def _center(entry: PublishedCenter) -> Center:
    if entry.center_id is None or not entry.books_online:
        raise Gone
    center = Center.objects.in_use().filter(pk=entry.center_id).first()
    if center is None:
        raise Gone
    return center


def _held_by(visitor: str, key: UUID) -> Hold | None:
    theirs = Hold.objects.of_visitor(visitor).filter(of=Hold.Of.PRACTITIONER)
    return next((one for one in theirs if first_visits.key_of(one.taken, one.during.lower) == key), None)


def _as_held(mine: Hold, entry: PublishedCenter, *, visitor: str) -> Held:
    assert mine.expires_at is not None
    rooms = Hold.objects.of_visitor(visitor).filter(of=Hold.Of.ROOM, during=mine.during)
    return Held(mine.during.lower, mine.expires_at, rooms.exists(), first_visits.BY_VIDEO in entry.services)


def _keep_few(center: Center, visitor: str, *, at: datetime) -> None:
    """Who looks at many times keeps the last few: nobody fills a calendar by opening it."""
    theirs = list(Hold.objects.of_visitor(visitor).filter(of=Hold.Of.PRACTITIONER).order_by("held_at"))
    for one in theirs[: max(0, len(theirs) + 1 - MOST_HELD)]:
        during = Stretch(one.during.lower, one.during.upper)
        holding.let_visitor_go(visitor, center=center, at=at, during=during)


def _open(center: Center, key: UUID, *, at: datetime) -> _Time:
    """The time of that key, as it stands behind the wall: what was shown is not trusted."""
    published = OpenTime.objects.filter(pk=key, center__center=center).first()
    if published is None:
        raise Gone
    who = next((one for one in first_visits.screeners(center) if one.pk == published.practitioner), None)
    if who is None:
        raise Gone
    return _still_open(center, who, published.starts_at, at=at)


def _still_open(center: Center, who: Practitioner, starts_at: datetime, *, at: datetime) -> _Time:
    holding.wait_in_line([who.pk])
    during = Stretch.of(starts_at, first_visits.MINUTES)
    day = center.day_of(starts_at)
    days = every_opening(center, [who], from_day=day, minutes=first_visits.MINUTES, at=at, days=1)
    if not any(one.during == during for each in days if each.on == day for one in each.openings):
        raise Gone
    return _Time(who, during)


# ---------- book ----------


def book(
    entry: PublishedCenter,
    key: UUID,
    person: Person,
    *,
    visitor: str,
    at: datetime,
    address: Callable[[str], str],
    sent: Sent | None = None,
) -> datetime:
    """Book it, for somebody new, and answer when it is. Raises Gone.

    Whoever has a first visit ahead under the same number or address keeps that one, and nothing new is booked: they are
    told of it where it is safe. The page answers the same in both cases, after the same work, and the time stays taken
    for a day: nobody learns by typing a number whether its owner asked for care.
    """
    center = _center(entry)
    _one_at_a_time(center)
    before = _visit_ahead(person, at=at)
    if before is not None and _pressed_twice(before, key, visitor):
        return before.starts_at
    try:
        with transaction.atomic():
            appointment = _book_anew(center, key, person, visitor=visitor, at=at, address=address, sent=sent)
            if before is not None:
                raise _KeepsTheOther(appointment.during)
    except _KeepsTheOther as kept:
        holding.keep_from_others(visitor, kept.during, until=at + KEPT_FROM_OTHERS)
        telling.again_of_booking(before, by=the_public_page(), at=at)  # type: ignore[arg-type]
        return kept.during.starts_at
    return appointment.starts_at


class _KeepsTheOther(Exception):
    """Everything was done as for anybody, and is undone."""

    def __init__(self, during: Stretch) -> None:
        super().__init__()
        self.during = during


def _pressed_twice(before: Appointment, key: UUID, visitor: str) -> bool:
    """The visit is there because this very visitor pressed a moment ago."""
    assert before.practitioner_id is not None
    if first_visits.key_of(before.practitioner_id, before.starts_at) != key:
        return False
    held = Hold.objects.filter(visitor=visitor, taken=before.practitioner_id, of=Hold.Of.PRACTITIONER)
    return any(one.during.lower == before.starts_at for one in held)


def _book_anew(
    center: Center,
    key: UUID,
    person: Person,
    *,
    visitor: str,
    at: datetime,
    address: Callable[[str], str],
    sent: Sent | None,
) -> Appointment:
    time = _the_time(center, key, visitor=visitor, at=at)
    page = the_public_page()
    patient = _new_patient(center, person)
    referral = Referral.objects.create(
        patient=patient,
        source=Referral.Source.SELF,
        asked_for=person.reason,
        received_at=at,
        recorded_by=page,
        recorded_at=at,
    )
    audit.record(by=None, did=audit.Did.CREATED, to=referral, because=BY_THEMSELF)
    appointment = _lay_down(patient, time, person.modality, by=page, at=at)
    episodes.move(referral, Act.BOOK_INTAKE)
    booking = OnlineBooking.objects.create(
        patient=patient, referral=referral, appointment=appointment, recorded_by=page, recorded_at=at
    )
    if sent is not None:
        SentAnswers.objects.create(
            patient=patient,
            referral=referral,
            source=sent.source,
            answers=[list(pair) for pair in sent.answers],
            result=sent.result,
            recorded_by=page,
            recorded_at=at,
        )
    _tell(booking, appointment, address, by=page, at=at)
    return appointment


def _one_at_a_time(center: Center) -> None:
    """The line in which records are made: one contact has one visit, also when two ask at once."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))",
            [f"record number {center.organization_id}"],
        )


def _visit_ahead(person: Person, *, at: datetime) -> Appointment | None:
    reached = Q(pk__in=[])
    if person.phone:
        reached |= Q(patient__phone=person.phone)
    if person.email:
        reached |= Q(patient__email__iexact=person.email)
    ahead = Appointment.objects.booked().filter(reached, kind=Appointment.Kind.INTAKE, starts_at__gt=at)
    return ahead.select_related("patient__center").order_by("starts_at").first()


def _the_time(center: Center, key: UUID, *, visitor: str, at: datetime) -> _Time:
    """What this visitor holds, let go so that the visit can take it; or the time as it is open now, held or not."""
    mine = _held_by(visitor, key)
    if mine is None:
        return _open(center, key, at=at)
    during = Stretch(mine.during.lower, mine.during.upper)
    who = next((one for one in first_visits.screeners(center) if one.pk == mine.taken), None)
    if who is None:
        raise Gone
    holding.wait_in_line([who.pk])
    holding.let_visitor_go(visitor, center=center, at=at)
    return _still_open(center, who, during.starts_at, at=at)


def _lay_down(patient: Patient, time: _Time, modality: Modality, *, by: User, at: datetime) -> Appointment:
    room: Room | None = None
    if modality is Modality.IN_PERSON:
        room = free_room(patient.center, time.during)
        if room is None:
            raise Gone
    try:
        appointment, _is_new = lay_down(
            patient,
            kind=Appointment.Kind.INTAKE,
            practitioner=time.practitioner,
            during=time.during,
            room=room,
            modality=modality,
            by=by,
            at=at,
        )
    except Refused as refusal:
        raise Gone from refusal
    audit.record(by=None, did=audit.Did.CREATED, to=appointment, because=BY_THEMSELF)
    return appointment


def _new_patient(center: Center, person: Person) -> Patient:
    first, _space, last = " ".join(person.name.split()).partition(" ")
    used = Patient.objects.values_list("record_number", flat=True)
    return Patient.objects.create(
        center=center,
        record_number=next_record_number(used),
        first_name=first[:100],
        last_name=last[:100],
        phone=person.phone,
        email=person.email,
        safe_to_text=person.safe_to_text and bool(person.phone),
        may_leave_message=person.may_leave_message and bool(person.phone),
        safe_to_email=person.safe_to_email and bool(person.email),
        language=person.language,
        needs_interpreter=person.needs_interpreter,
    )


def _tell(
    booking: OnlineBooking, visit: Appointment, address: Callable[[str], str], *, by: User, at: datetime
) -> None:
    """A new link, and a message with it: the links before it open nothing any more."""
    word = links.make(booking.pk, at=at, good_until=visit.starts_at)
    telling.of_own_booking(visit, link=address(word), by=by, at=at)


# ---------- by link ----------


@dataclass(frozen=True)
class Visit:
    """All that a link shows."""

    booking: OnlineBooking
    appointment: Appointment


def visit_of(booking_id: UUID, *, at: datetime, is_locked: bool = False) -> Visit | None:
    """The visit that stands, still ahead; nothing once it is cancelled, by whomever, or has come."""
    rows = OnlineBooking.objects.in_force().select_related("appointment__patient__center", "referral")
    if is_locked:
        rows = rows.select_for_update(of=("self",))
    booking = rows.filter(pk=booking_id, cancelled_at=None).first()
    if booking is None:
        return None
    appointment = booking.appointment
    is_ahead = appointment.status == Appointment.Status.BOOKED and appointment.starts_at > at
    return Visit(booking, appointment) if is_ahead and appointment.entered_in_error_at is None else None


class NoLonger(Refused):
    """The link was used, or the visit is not there any more."""

    def __init__(self) -> None:
        super().__init__(_("This link does not work any more."))


def cancel(booking_id: UUID, *, at: datetime) -> None:
    """Cancel it; the referral waits again, so that somebody can call. Raises NoLonger."""
    visit = visit_of(booking_id, at=at, is_locked=True)
    if visit is None:
        raise NoLonger
    page = the_public_page()
    links.end(booking_id, at=at)
    _call_off(visit, by=page, at=at, is_told=True)
    visit.booking.cancelled_at = at
    visit.booking.save(update_fields=["cancelled_at"])


def move(
    booking_id: UUID, entry: PublishedCenter, key: UUID, *, at: datetime, address: Callable[[str], str]
) -> None:
    """To another open time of the same center. The old time is free, the old link is dead. Raises Gone, NoLonger."""
    visit = visit_of(booking_id, at=at, is_locked=True)
    if visit is None:
        raise NoLonger
    page, patient = the_public_page(), visit.appointment.patient
    if entry.center_id != patient.center_id:
        raise Gone
    time = _open(patient.center, key, at=at)
    _call_off(visit, by=page, at=at, is_told=False)
    modality = Modality(visit.appointment.modality)
    appointment = _lay_down(patient, time, modality, by=page, at=at)
    referral = Referral.objects.select_for_update(of=("self",)).get(pk=visit.booking.referral_id)
    episodes.move(referral, Act.BOOK_INTAKE)
    visit.booking.appointment = appointment
    visit.booking.changes += 1
    visit.booking.save(update_fields=["appointment", "changes"])
    _tell(visit.booking, appointment, address, by=page, at=at)


def _call_off(visit: Visit, *, by: User, at: datetime, is_told: bool) -> None:
    # The referral first, as everywhere. The reason is kept in the language of the staff, who read it.
    referral = Referral.objects.select_for_update(of=("self",)).get(pk=visit.booking.referral_id)
    call_off_visit(
        visit.appointment,
        because="Cancelled by themself, online." if is_told else "Moved by themself, online.",
        by=by,
        at=at,
        referral=referral,
        is_told=is_told,
    )
    audit.record(by=None, did=audit.Did.CANCELLED, to=visit.appointment, because=BY_THEMSELF)
