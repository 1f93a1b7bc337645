"""What is done with the week: groups begun, people placed in them and taken out, appointments booked and cancelled."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import formats
from django.utils.translation import gettext as _

from stepwell.care.episodes.actions import move
from stepwell.care.episodes.models import EpisodeOfCare, Referral
from stepwell.care.episodes.rules import life_cycle
from stepwell.care.scheduling import holding, telling
from stepwell.care.scheduling.models import Appointment, Enrollment, GroupSeries, GroupSession, Modality
from stepwell.care.scheduling.openings import hours_of
from stepwell.care.scheduling.rules.groups import seats_left
from stepwell.care.scheduling.rules.times import WEEKS_AHEAD, Stretch, day_of, doors
from stepwell.care.scheduling.sessions import first_moment, horizon, needed, plan_sessions, seat
from stepwell.ground.kit.refusals import ChangedMeanwhile, Refused
from stepwell.trust import audit
from stepwell.trust.access import Permission, require
from stepwell.trust.accounts.models import Membership, User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.organizations.models import Center, Closure, Room
from stepwell.trust.people.joining import join_care_team
from stepwell.trust.people.models import CareTeamMember, Patient, Practitioner

#: In which part somebody joins a care team by an appointment: the first of these roles that they have.
PARTS = (
    Role.COUNSELOR,
    Role.PRESCRIBER,
    Role.NURSE,
    Role.PEER,
    Role.CASE_MANAGER,
    Role.FACILITATOR,
    Role.CLINICAL_SUPERVISOR,
)


class NoSeatLeft(Refused):
    """The group is full."""


# ---------- groups ----------


@transaction.atomic
def begin_series(center: Center, given: Mapping[str, Any], *, by: User, at: datetime) -> GroupSeries:
    """Begin a weekly group and lay down its next four weeks. Raises Refused when a leader or the room is taken."""
    require(by, Permission.BOOK, center=center)
    series = GroupSeries(center=center, **given)
    _check_series(series, center.day_of(at))
    series.save(force_insert=True)
    try:
        plan_sessions(series, horizon(center.day_of(at)), at=at, is_strict=True)
    except holding.AlreadyTaken as taken:
        field = "leader" if taken.of == "practitioner" else "room"
        raise Refused(taken.because, field=field) from taken
    audit.record(by=by, did=audit.Did.CREATED, to=series)
    return series


def _check_series(series: GroupSeries, today: date) -> None:
    if series.co_leader_id == series.leader_id:
        raise Refused(_("Choose somebody else as co-leader, or nobody."), field="co_leader")
    if series.modality != Modality.VIDEO and series.room is None:
        raise Refused(_("Choose a room, or make it a video group."), field="room")
    if series.room is not None and series.seats > series.room.seats and series.modality == Modality.IN_PERSON:
        raise Refused(
            _("%(room)s has %(seats)s seats.") % {"room": series.room, "seats": series.room.seats},
            field="seats",
        )
    if series.starts_on < today:
        raise Refused(_("Choose today or a later day."), field="starts_on")
    if series.ends_on is not None and series.ends_on <= series.starts_on:
        raise Refused(_("Choose a day after the first one, or leave it empty."), field="ends_on")


@transaction.atomic
def cancel_session(session: GroupSession, *, because: str, by: User, at: datetime) -> None:
    """Call one meeting off. Everyone's place in it is cancelled with the same reason, and their time is free.

    Raises Refused once it has begun, or somebody is marked for it already.
    """
    require(by, Permission.BOOK, center=session.series.center)
    session = _locked(GroupSession, session.pk)
    if session.status == GroupSession.Status.CANCELLED:
        return
    if session.starts_at <= at:
        raise Refused(_("This group has begun. Mark who came."))
    because = _a_reason(because)
    appointments = list(session.appointments.booked().select_for_update(of=("self",)))
    if _marked(appointments):
        raise Refused(_("Somebody is marked for this group already. Take the mark back first."))
    call_off(session, because=because, by=by, at=at)
    audit.record(by=by, did=audit.Did.CANCELLED, to=session)


def call_off(session: GroupSession, *, because: str, by: User, at: datetime) -> None:
    """Call one meeting off with everyone's place in it. A step of a larger act that asks and records by itself."""
    session.status, session.cancelled_because = GroupSession.Status.CANCELLED, _a_reason(because)
    session.save(update_fields=["status", "cancelled_because"])
    holding.release(at=at, session=session)
    for appointment in session.appointments.booked().select_for_update(of=("self",)):
        _cancel(appointment, because=session.cancelled_because, at=at)
        telling.of_session_off(session, appointment, by=by, at=at)


@transaction.atomic
def place_in_group(
    patient: Patient, series: GroupSeries, *, starts_on: date, by: User, at: datetime
) -> Enrollment:
    """Give somebody a standing place, and an appointment in every session of the next four weeks.

    Its leaders join the care team. Raises NoSeatLeft, AlreadyTaken, or Refused for somebody not in care.
    Placing somebody who has a place already is harmless.
    """
    require(by, Permission.PLACE_IN_GROUP, patient)
    zone = series.center.zone
    today = day_of(at, zone)
    # Whoever asks for a seat in this group waits here: seats are counted when nobody else can take one.
    series = _locked(GroupSeries, series.pk)
    if existing := Enrollment.objects.in_force().filter(series=series, patient=patient, ends_on=None).first():
        return existing
    episode = EpisodeOfCare.objects.open_for(patient)
    if episode is None:
        raise Refused(_("%(name)s is not in care now. Admit first.") % {"name": patient.called})
    _check_place(patient, series, starts_on, today)
    places = Enrollment.objects.from_day(today).filter(series=series)
    in_line = [one.id for one in needed(series)] + [place.patient_id for place in places]
    holding.wait_in_line([*in_line, patient.pk])
    plan_sessions(series, horizon(today), at=at)
    if seats_left(series.seats, (place.place for place in places), from_day=max(starts_on, today)) == 0:
        raise NoSeatLeft(
            _("%(group)s is full: all %(seats)s seats are taken. Choose another group.")
            % {"group": series.name, "seats": series.seats},
            field="series",
        )
    try:
        with transaction.atomic():
            enrollment = Enrollment.objects.create(
                patient=patient,
                series=series,
                episode=episode,
                starts_on=starts_on,
                recorded_by=by,
                recorded_at=at,
            )
    except IntegrityError as error:
        raise ChangedMeanwhile(
            _("Somebody else placed %(name)s just now.") % {"name": patient.called}
        ) from error
    ahead = series.sessions.meeting().filter(
        starts_at__gte=max(first_moment(starts_on, zone), at), status=GroupSession.Status.PLANNED
    )
    seat(enrollment, list(ahead.select_related("series")), zone=zone, by=by, at=at)
    for leader in filter(None, (series.leader, series.co_leader)):
        join_care_team(patient, leader, Role.FACILITATOR, on=today, by=by)
    audit.record(by=by, did=audit.Did.CREATED, to=enrollment)
    return enrollment


def _check_place(patient: Patient, series: GroupSeries, starts_on: date, today: date) -> None:
    if series.center_id != patient.center_id:
        raise Refused(_("This group meets at another center."), field="series")
    if starts_on < today:
        raise Refused(_("Choose today or a later day."), field="starts_on")
    if starts_on > horizon(today):
        raise Refused(
            _("Choose a day within the next %(weeks)s weeks.") % {"weeks": WEEKS_AHEAD}, field="starts_on"
        )
    if series.ends_on is not None and series.ends_on <= starts_on:
        raise Refused(
            _("%(group)s ends on %(day)s.")
            % {"group": series.name, "day": formats.date_format(series.ends_on, "M j")},
            field="series",
        )
    if earlier := Enrollment.objects.from_day(starts_on).filter(series=series, patient=patient).first():
        raise Refused(
            _("%(name)s has a place until %(day)s. Start then.")
            % {"name": patient.called, "day": formats.date_format(earlier.ends_on, "M j")},
            field="starts_on",
        )


@transaction.atomic
def take_out_of_group(enrollment: Enrollment, *, ends_on: date, because: str, by: User, at: datetime) -> None:
    """End a standing place, ``ends_on`` being its first day without, and cancel the sessions from then on.

    Those who led the group stay on the care team: they may have notes to sign. Taking out twice is harmless.
    """
    require(by, Permission.PLACE_IN_GROUP, enrollment.patient)
    enrollment = _locked(Enrollment, enrollment.pk)
    if enrollment.ends_on is not None:
        return
    zone = enrollment.series.center.zone
    if ends_on < day_of(at, zone):
        raise Refused(_("Choose today or a later day."), field="ends_on")
    because = _a_reason(because)
    _end_place(enrollment, ends_on=ends_on, because=because, zone=zone, at=at)
    audit.record(by=by, did=audit.Did.ENDED, to=enrollment)


def _end_place(enrollment: Enrollment, *, ends_on: date, because: str, zone: ZoneInfo, at: datetime) -> None:
    enrollment.ends_on = max(ends_on, enrollment.starts_on)
    enrollment.save(update_fields=["ends_on"])
    ahead = Appointment.objects.booked().filter(
        session__series=enrollment.series,
        patient=enrollment.patient,
        starts_at__gte=max(first_moment(ends_on, zone), at),
    )
    _cancel_unless_marked(ahead.select_for_update(of=("self",)), because=because, at=at)


def leave_the_week(patient: Patient, *, from_day: date, because: str, at: datetime) -> tuple[int, int]:
    """End every standing place and cancel every appointment from a day on; how many of each.

    A step of a larger act (care is stepped down, or ends) that asks and records by itself.
    """
    zone = patient.center.zone
    because = _a_reason(because)
    places = list(
        Enrollment.objects.from_day(from_day)
        .filter(patient=patient)
        .select_for_update(of=("self",))
        .select_related("series")
    )
    for place in places:
        _end_place(place, ends_on=from_day, because=because, zone=zone, at=at)
    ahead = Appointment.objects.booked().filter(
        patient=patient, starts_at__gte=max(first_moment(from_day, zone), at)
    )
    cancelled = _cancel_unless_marked(ahead.select_for_update(of=("self",)), because=because, at=at)
    return len(places), cancelled


# ---------- appointments ----------


@transaction.atomic
def book(
    patient: Patient,
    *,
    kind: Appointment.Kind,
    practitioner: Practitioner,
    starts_at: datetime,
    minutes: int,
    room: Room | None = None,
    modality: Modality = Modality.IN_PERSON,
    by: User,
    at: datetime,
) -> Appointment:
    """Book somebody a time with one person, who joins the care team.

    Raises AlreadyTaken, naming who or what stands in the way, or Refused for a day that is over, a time when the
    center is closed, and for somebody who does not work at this center. Booking the very same again is harmless.
    """
    require(by, Permission.BOOK, patient)
    during = Stretch.of(starts_at, minutes)
    appointment, is_new = lay_down(
        patient,
        kind=kind,
        practitioner=practitioner,
        during=during,
        room=room,
        modality=modality,
        by=by,
        at=at,
    )
    if is_new:
        telling.of_booking(appointment, by=by, at=at)
        audit.record(by=by, did=audit.Did.CREATED, to=appointment)
    return appointment


def lay_down(
    patient: Patient,
    *,
    kind: Appointment.Kind,
    practitioner: Practitioner,
    during: Stretch,
    room: Room | None,
    modality: Modality,
    by: User,
    at: datetime,
) -> tuple[Appointment, bool]:
    """An appointment that takes everybody in it, and whether it is new. A step of a larger act, which asks, tells and
    records."""
    zone = patient.center.zone
    who = [holding.patient(patient), holding.practitioner(practitioner)] + (
        [holding.room(room)] if room else []
    )
    holding.wait_in_line(one.id for one in who)
    if booked_before := the_same(patient, kind=kind, practitioner=practitioner, during=during):
        return booked_before, False
    _check_works_here(practitioner, patient.center)
    _check_day(patient.center, during, zone, at)
    with transaction.atomic():
        appointment = Appointment.objects.create(
            patient=patient,
            episode=EpisodeOfCare.objects.open_for(patient),
            kind=kind,
            practitioner=practitioner,
            room=room,
            modality=modality,
            starts_at=during.starts_at,
            ends_at=during.ends_at,
            recorded_by=by,
            recorded_at=at,
        )
        holding.take(who, during, of=appointment, zone=zone)
    join_care_team(patient, practitioner, part_of(practitioner), on=day_of(at, zone), by=by)
    return appointment, True


def the_same(
    patient: Patient, *, kind: Appointment.Kind, practitioner: Practitioner, during: Stretch
) -> Appointment | None:
    """The very appointment that is asked for, where it is booked already."""
    return (
        Appointment.objects.booked()
        .filter(
            patient=patient,
            kind=kind,
            practitioner=practitioner,
            starts_at=during.starts_at,
            ends_at=during.ends_at,
        )
        .first()
    )


def _check_works_here(practitioner: Practitioner, center: Center) -> None:
    """The list they were chosen from may be older than their last day."""
    works = Membership.objects.current().filter(
        Q(center=center) | Q(center=None),
        user=practitioner.user_id,
        user__is_active=True,
        organization=center.organization_id,
    )
    if not works.exclude(role=Role.PATIENT).exists():
        raise Refused(
            _("%(name)s does not work at %(center)s. Choose somebody else.")
            % {"name": practitioner.name, "center": center.name},
            field="practitioner",
        )


def _check_day(center: Center, during: Stretch, zone: ZoneInfo, at: datetime) -> None:
    if during.starts_at < at:
        raise Refused(_("That time has passed. Choose a later one."), field="starts_at")
    day = day_of(during.starts_at, zone)
    if closure := Closure.objects.filter(center=center, on=day).first():
        raise Refused(
            _("The center is closed on %(day)s: %(reason)s. Choose another day.")
            % {"day": formats.date_format(day, "D, M j"), "reason": closure.reason},
            field="starts_at",
        )
    open_then = doors(day, hours_of(center), zone)
    if not open_then:
        raise Refused(
            _("The center is not open on %(weekday)s. Choose another day.")
            % {"weekday": formats.date_format(day, "l")},
            field="starts_at",
        )
    if not any(one.starts_at <= during.starts_at and during.ends_at <= one.ends_at for one in open_then):
        raise Refused(
            _("On %(weekday)s the center is open %(hours)s. Choose a time in these hours.")
            % {
                "weekday": formats.date_format(day, "l"),
                "hours": _(" and ").join(_clock_times(one, zone) for one in open_then),
            },
            field="starts_at",
        )


def _clock_times(during: Stretch, zone: ZoneInfo) -> str:
    return _("%(opens)s to %(closes)s") % {
        "opens": formats.time_format(during.starts_at.astimezone(zone).time(), "g:i A"),
        "closes": formats.time_format(during.ends_at.astimezone(zone).time(), "g:i A"),
    }


def part_of(practitioner: Practitioner) -> Role:
    """In which part somebody looks after a person whom they see alone."""
    roles = practitioner.user.roles
    return next((role for role in PARTS if role in roles), Role.FACILITATOR)


@transaction.atomic
def cancel(appointment: Appointment, *, because: str, by: User, at: datetime) -> None:
    """Call an appointment off; everyone it took is free. A cancelled intake leaves its referral waiting again.

    Whom only this appointment had put on the care team leaves it. Raises Refused once the time has come, or once
    the person is marked: doors open before the hour, and what happened is not called off.
    """
    require(by, Permission.BOOK, appointment.patient)
    if appointment.kind == Appointment.Kind.INTAKE:
        # The referral first, as everywhere.
        referral = Referral.objects.select_for_update(of=("self",)).open_for(appointment.patient)
    else:
        referral = None
    if appointment.practitioner is not None:
        # Nobody books these two meanwhile: who stays on the care team hangs on what else is booked.
        holding.wait_in_line([appointment.patient_id, appointment.practitioner.pk])
    appointment = _locked(Appointment, appointment.pk)
    if appointment.status == Appointment.Status.CANCELLED:
        return
    if appointment.starts_at <= at:
        raise Refused(_("This time has come. Record what happened instead."))
    if _marked([appointment]):
        raise Refused(
            _("%(name)s is marked for this time already. Take the mark back first.")
            % {"name": appointment.patient.called}
        )
    because = _a_reason(because)
    call_off_visit(appointment, referral=referral, because=because, by=by, at=at)
    audit.record(by=by, did=audit.Did.CANCELLED, to=appointment)


def call_off_visit(
    appointment: Appointment,
    *,
    because: str,
    by: User,
    at: datetime,
    referral: Referral | None = None,
    is_told: bool = True,
) -> None:
    """Call one appointment off; an intake's referral waits again. A step of a larger act that asks and records."""
    if referral is None and appointment.kind == Appointment.Kind.INTAKE:
        referral = Referral.objects.select_for_update(of=("self",)).open_for(appointment.patient)
    _cancel(appointment, because=_a_reason(because), at=at)
    if referral is not None and referral.status == life_cycle.Status.BOOKED:
        move(referral, life_cycle.Act.CANCEL_INTAKE)
    if is_told:
        telling.of_cancelling(appointment, by=by, at=at)


def _cancel(appointment: Appointment, *, because: str, at: datetime) -> None:
    appointment.status, appointment.cancelled_because = Appointment.Status.CANCELLED, because[:200]
    appointment.save(update_fields=["status", "cancelled_because"])
    holding.release(at=at, appointment=appointment)
    telling.no_longer_of(appointment)
    if appointment.practitioner is not None:
        _leave_care_team(appointment.patient, appointment.practitioner, at=at)


def _cancel_unless_marked(appointments: Iterable[Appointment], *, because: str, at: datetime) -> int:
    """Cancel what lies ahead; where somebody is marked already, it has happened and stays. How many were cancelled."""
    ahead = list(appointments)
    marked = _marked(ahead)
    for appointment in ahead:
        if appointment.pk not in marked:
            _cancel(appointment, because=because, at=at)
    return len(ahead) - len(marked)


def _marked(appointments: Collection[Appointment]) -> set[UUID]:
    """Those of these that have an encounter or an absence in force.

    Both stand in the room above, which hangs them from the appointment: so they are asked for by name.
    """
    these = Appointment.objects.filter(pk__in=[appointment.pk for appointment in appointments])
    came = these.filter(encounters__isnull=False, encounters__entered_in_error_at=None)
    away = these.filter(absences__isnull=False, absences__entered_in_error_at=None)
    return {*came.values_list("pk", flat=True), *away.values_list("pk", flat=True)}


def _leave_care_team(patient: Patient, practitioner: Practitioner, *, at: datetime) -> None:
    """Take somebody off the care team whom a booking put there, when nothing else ties them to the patient.

    Else a booking, called off at once, would open a chart for good. A part that began on a day without a booking
    was given otherwise, and stays.
    """
    zone = patient.center.zone
    booked = Appointment.objects.filter(patient=patient, practitioner=practitioner)
    days = {day_of(recorded_at, zone) for recorded_at in booked.values_list("recorded_at", flat=True)}
    parts = CareTeamMember.objects.current().filter(
        patient=patient, practitioner=practitioner, started_on__in=days
    )
    if _is_tied(patient, practitioner):
        return
    for part in parts.select_for_update(of=("self",)):
        part.ended_on = max(day_of(at, zone), part.started_on)
        part.save(update_fields=["ended_on"])


def _is_tied(patient: Patient, practitioner: Practitioner) -> bool:
    """By another appointment, booked or kept; by a group that the patient has or had a place in; by what they wrote."""
    leads = Q(series__leader=practitioner) | Q(series__co_leader=practitioner)
    leads_then = Q(session__leader=practitioner) | Q(session__co_leader=practitioner)
    booked = Appointment.objects.booked().filter(patient=patient)
    # Encounters and notes stand in rooms above this one, and are asked for by name.
    written = Practitioner.objects.filter(pk=practitioner.pk)
    return (
        booked.filter(Q(practitioner=practitioner) | leads_then).exists()
        or Enrollment.objects.in_force().filter(leads, patient=patient).exists()
        or written.filter(encounters__patient=patient, encounters__entered_in_error_at=None).exists()
        or written.filter(notes__patient=patient, notes__entered_in_error_at=None).exists()
    )


def _a_reason(because: str) -> str:
    if not because.strip():
        raise Refused(_("Say why, in a few words."), field="because")
    return because.strip()[:200]


def _locked(model: Any, pk: Any) -> Any:
    """The row as it stands now, and nobody else's to change until this act is done."""
    related = {
        GroupSeries: ("center", "leader", "co_leader", "room"),
        GroupSession: ("series__center",),
        Enrollment: ("series__center", "patient__center"),
        Appointment: ("patient__center",),
    }[model]
    return model.objects.select_for_update(of=("self",)).select_related(*related).get(pk=pk)
