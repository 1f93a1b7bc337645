"""Marking who came, for how long, and who did not. Nothing is deleted: what was wrong is struck out, with a reason."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from stepwell.care.care_plans.models import CarePlan, Goal
from stepwell.care.encounters import coming_again, words
from stepwell.care.encounters.barriers import ask_for_help
from stepwell.care.encounters.leading import require_in, require_marker
from stepwell.care.encounters.models import Absence, Encounter
from stepwell.care.encounters.rules import (
    Kind,
    Mark,
    Reason,
    Seen,
    WhyNot,
    is_clinical,
    is_excused,
    seen,
    why_not_mark,
)
from stepwell.care.scheduling.models import Appointment, GroupSession
from stepwell.ground.kit.refusals import Refused
from stepwell.trust import audit
from stepwell.trust.access import Permission
from stepwell.trust.accounts.models import User

Marked = Encounter | Absence


@transaction.atomic
def mark(
    appointment: Appointment,
    mark: Mark,
    *,
    minutes: int | None = None,
    overran: bool = False,
    reason: Reason = Reason.UNKNOWN,
    took_part: int | None = None,
    goal: Goal | None = None,
    by: User,
    at: datetime,
) -> Marked:
    """Say how somebody came, or that they did not. Saying the same again is harmless.

    Without minutes it was the whole session; for somebody who walks in late, what is left of it now. ``overran``
    says that it went on longer than planned. A mark of the other kind strikes the former one out.

    Raises Refused for a session that was cancelled or has not begun, for minutes that do not fit, and once
    the attendance is signed.
    """
    require_marker(by, appointment)
    appointment = locked(appointment)
    if goal is not None and goal.patient_id != appointment.patient_id:
        raise ValueError("a goal of somebody else")
    encounter, absence = _what_stands(appointment)
    if encounter is not None and encounter.signed_at is not None:
        return _as_signed(encounter, mark, minutes, took_part, goal)
    _refuse_unless_open(appointment, at)
    if mark is Mark.ABSENT:
        if encounter is not None:
            encounter.strike_out(by=by, at=at, because=_("Marked absent instead."))
            coming_again.goes_on(encounter, at=at)
        away = _mark_absent(appointment, absence, reason, by=by, at=at)
        ask_for_help(away, at=at)
        done: Marked = away
    else:
        there = seen(
            mark,
            minutes,
            starts_at=appointment.starts_at,
            ends_at=appointment.ends_at,
            at=at,
            overran=overran,
        )
        if isinstance(there, WhyNot):
            raise _refusal(there, appointment)
        if absence is not None:
            absence.strike_out(by=by, at=at, because=_("Came after all."))
        done = _mark_present(appointment, encounter, mark, there, took_part, goal, by=by, at=at)
    coming_again.let_go([appointment.patient_id], at=at)
    is_new = done.pk not in {encounter and encounter.pk, absence and absence.pk}
    audit.record(by=by, did=audit.Did.CREATED if is_new else audit.Did.CHANGED, to=done)
    return done


@transaction.atomic
def mark_all_here(session: GroupSession, *, by: User, at: datetime) -> list[Encounter]:
    """Mark everybody here who is not marked yet; then only what differs needs a hand."""
    require_in(by, Permission.MARK_ATTENDANCE, session)
    booked = Appointment.objects.booked().filter(session=session)
    appointments = list(booked.select_for_update(of=("self",), no_key=True).order_by("pk"))
    came = Encounter.objects.in_force().filter(appointment__in=appointments)
    away = Absence.objects.in_force().filter(appointment__in=appointments)
    marked = {*came.values_list("appointment", flat=True), *away.values_list("appointment", flat=True)}
    found = []
    goals = usual_goals([appointment.patient_id for appointment in appointments])
    for appointment in appointments:
        if appointment.pk in marked:
            continue
        appointment.session = session
        _refuse_unless_open(appointment, at)
        whole, goal = Seen(appointment.starts_at, appointment.minutes), goals.get(appointment.patient_id)
        found.append(_mark_present(appointment, None, Mark.HERE, whole, None, goal, by=by, at=at))
    if found:
        coming_again.let_go([encounter.patient_id for encounter in found], at=at)
        audit.record(by=by, did=audit.Did.CREATED, to=session, because=f"marked here: {len(found)}")
    return found


@transaction.atomic
def unmark(appointment: Appointment, *, by: User, at: datetime) -> None:
    """Take a mark back, until it is signed. Nothing happens where there is none."""
    require_marker(by, appointment)
    appointment = locked(appointment)
    encounter, absence = _what_stands(appointment)
    if encounter is not None and encounter.signed_at is not None:
        raise _signed()
    for record in filter(None, (encounter, absence)):
        record.strike_out(by=by, at=at, because=_("Taken back."))
        audit.record(by=by, did=audit.Did.ENTERED_IN_ERROR, to=record, because="taken back")
    if encounter is not None:
        coming_again.goes_on(encounter, at=at)
    coming_again.let_go([appointment.patient_id], at=at)


def sign_attendance(encounter: Encounter, *, by: User, at: datetime) -> None:
    """Sign one person's attendance, as a part of signing the note about it, which asks and records."""
    if encounter.signed_at is None:
        encounter.signed_at, encounter.signed_by = at, by
        encounter.save(update_fields=["signed_at", "signed_by"])


def usual_goals(patients: Collection[UUID]) -> dict[UUID, Goal]:
    """The goal each person worked on last, or the first of their plan: where a new encounter begins."""
    plans = CarePlan.objects.active().filter(patient__in=patients)
    goals = list(Goal.objects.in_force().filter(plan__in=plans).order_by("-position"))
    usual = {goal.patient_id: goal for goal in goals}
    last = Encounter.objects.in_force().filter(goal__in=goals).order_by("starts_at")
    worked_on = dict(last.values_list("patient_id", "goal_id"))
    return usual | {goal.patient_id: goal for goal in goals if worked_on.get(goal.patient_id) == goal.pk}


def hold(appointment: Appointment) -> None:
    """Hold the appointment until the end of the transaction: two people cannot mark it at once."""
    Appointment.objects.select_for_update(no_key=True).only("pk").get(pk=appointment.pk)


def locked(appointment: Appointment) -> Appointment:
    """The appointment as it is now, held until the end of the transaction."""
    rows = Appointment.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related(
        "patient__center",
        "session__series",
        "session__leader",
        "session__co_leader",
        "practitioner",
        "episode",
    ).get(pk=appointment.pk)


def _what_stands(appointment: Appointment) -> tuple[Encounter | None, Absence | None]:
    return (
        Encounter.objects.in_force().filter(appointment=appointment).first(),
        Absence.objects.in_force().filter(appointment=appointment).first(),
    )


def _signed() -> Refused:
    return Refused(_("This attendance is signed. It can be marked as entered in error, with a reason."))


def _as_signed(
    encounter: Encounter, mark: Mark, minutes: int | None, took_part: int | None, goal: Goal | None
) -> Encounter:
    """What is signed, when the same is said again; it does not change."""
    same = (
        encounter.attendance == mark
        and minutes in (None, encounter.minutes)
        and took_part in (None, encounter.took_part)
        and (goal is None or goal.pk == encounter.goal_id)
    )
    if not same:
        raise _signed()
    return encounter


def _refuse_unless_open(appointment: Appointment, at: datetime) -> None:
    session = appointment.session
    is_cancelled = (
        appointment.status == Appointment.Status.CANCELLED
        or appointment.entered_in_error_at is not None
        or (session is not None and session.status == GroupSession.Status.CANCELLED)
    )
    if why := why_not_mark(starts_at=appointment.starts_at, is_cancelled=is_cancelled, at=at):
        raise _refusal(why, appointment)


def _refusal(why: WhyNot, appointment: Appointment) -> Refused:
    because = appointment.cancelled_because
    if appointment.session is not None and not because:
        because = appointment.session.cancelled_because
    return words.refusal(
        why,
        name=appointment.patient.called,
        starts_at=appointment.starts_at,
        minutes_planned=appointment.minutes,
        time_zone=appointment.patient.center.time_zone,
        because=because,
    )


def _mark_absent(
    appointment: Appointment, absence: Absence | None, reason: Reason, *, by: User, at: datetime
) -> Absence:
    if absence is None:
        absence = Absence(
            patient=appointment.patient,
            appointment=appointment,
            session=appointment.session,
            starts_at=appointment.starts_at,
            recorded_by=by,
            recorded_at=at,
        )
    absence.reason, absence.excused = reason.value, is_excused(reason)
    absence.changed_by, absence.changed_at = by, at
    absence.save()
    return absence


def _mark_present(
    appointment: Appointment,
    encounter: Encounter | None,
    mark: Mark,
    there: Seen,
    took_part: int | None,
    goal: Goal | None,
    *,
    by: User,
    at: datetime,
) -> Encounter:
    session = appointment.session
    if encounter is None:
        goal = goal or usual_goals([appointment.patient_id]).get(appointment.patient_id)
        encounter = Encounter(
            patient=appointment.patient,
            episode=appointment.episode,
            appointment=appointment,
            session=session,
            practitioner=session.leader if session else appointment.practitioner,
            kind=appointment.kind,
            is_clinical=is_clinical(
                Kind(appointment.kind), group_is_clinical=session is None or session.series.is_clinical
            ),
            recorded_by=by,
            recorded_at=at,
        )
    encounter.attendance, encounter.minutes = mark.value, there.minutes
    encounter.starts_at, encounter.ends_at = there.starts_at, there.ends_at
    encounter.took_part, encounter.goal = took_part, goal
    encounter.changed_by, encounter.changed_at = by, at
    encounter.save()
    return encounter
