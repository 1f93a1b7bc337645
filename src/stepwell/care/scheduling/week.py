"""One person's week: what is planned on each day, where they stand in groups, and the groups that would fit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch
from django.utils import formats
from django.utils.translation import gettext as _

from stepwell.care.care_plans.models import CarePlan
from stepwell.care.scheduling import holding
from stepwell.care.scheduling.models import Appointment, Enrollment, GroupSeries, GroupSession
from stepwell.care.scheduling.rules.groups import Group, Newcomer, Unfit, seats_left, unfit
from stepwell.care.scheduling.rules.hours import Planned, planned_minutes
from stepwell.ground.kit.weeks import Week
from stepwell.ground.web.charts import Hours, StripDay
from stepwell.trust.organizations.models import Closure
from stepwell.trust.people.models import Patient


@dataclass(frozen=True)
class WeekDay:
    """A day with what is planned on it; ``closed`` says why nothing can be."""

    on: date
    appointments: tuple[Appointment, ...]
    is_today: bool
    closed: str


@dataclass(frozen=True)
class PatientWeek:
    week: Week
    days: tuple[WeekDay, ...]
    minutes_planned: int
    minutes_asked: int | None
    shows_hours: bool = True

    @property
    def is_short(self) -> bool:
        return self.minutes_asked is not None and self.minutes_planned < self.minutes_asked

    @property
    def planned_hours(self) -> str:
        return in_hours(self.minutes_planned)

    @property
    def asked_hours(self) -> str:
        return in_hours(self.minutes_asked or 0)

    @property
    def missing_hours(self) -> str:
        return in_hours(max((self.minutes_asked or 0) - self.minutes_planned, 0))

    @property
    def closed_days(self) -> list["WeekDay"]:
        return [day for day in self.days if day.closed]

    @property
    def sentence(self) -> str:
        """The strip, said in words."""
        busy = [day for day in self.days if day.appointments]
        if not busy:
            return _("Nothing is planned this week.")
        parts = [
            _("%(day)s %(hours)s hours")
            % {
                "day": formats.date_format(day.on, "l"),
                "hours": in_hours(sum(one.minutes for one in day.appointments)),
            }
            for day in busy
        ]
        return _("Planned: %(days)s.") % {"days": ", ".join(parts)}

    @property
    def strip(self) -> list[StripDay]:
        return [
            StripDay(
                day.on,
                tuple(Hours(appointment.minutes / 60) for appointment in day.appointments),
                now=day.is_today,
                off=bool(day.closed),
            )
            for day in self.days
        ]


def week_of(patient: Patient, week: Week, *, today: date, shows_hours: bool) -> PatientWeek:
    zone = patient.center.zone
    booked = list(
        Appointment.objects.booked()
        .filter(patient=patient)
        .between(*week.bounds(str(zone)))
        .with_people()
        .order_by("starts_at")
    )
    closures = dict(
        Closure.objects.filter(center=patient.center, on__range=(week.monday, week.sunday)).values_list(
            "on", "reason"
        )
    )
    days = tuple(
        WeekDay(
            day,
            tuple(one for one in booked if one.starts_at.astimezone(zone).date() == day),
            is_today=day == today,
            closed=closures.get(day, ""),
        )
        for day in week.days
    )
    plan = CarePlan.objects.active_for(patient) if shows_hours else None
    return PatientWeek(week, days, minutes_of(booked), plan.minutes_a_week if plan else None, shows_hours)


def in_hours(minutes: int) -> str:
    """9, or 7.5, or 8.33: no more digits than it needs."""
    return f"{minutes / 60:.2f}".rstrip("0").rstrip(".")


def minutes_of(appointments: Sequence[Appointment]) -> int:
    """The minutes of treatment among these, each with its session and series fetched."""
    return planned_minutes(
        Planned(
            kind=one.kind,
            minutes=one.minutes,
            is_clinical_group=one.session is not None and one.session.series.is_clinical,
        )
        for one in appointments
    )


@dataclass(frozen=True)
class Choice:
    """A group, with what it would add to the week, or why it is not offered."""

    series: GroupSeries
    seats_left: int
    unfit: Unfit | None = None
    clash: str = ""

    @property
    def because(self) -> str:
        if self.clash:
            return self.clash
        return {
            Unfit.OVER: _("It ends before."),
            Unfit.LANGUAGE: _("It speaks another language."),
            Unfit.FULL: _("No seat is left."),
        }.get(self.unfit, "")  # type: ignore[arg-type]


def choices(patient: Patient, *, from_day: date, at: datetime) -> tuple[list[Choice], list[Choice]]:
    """The groups that fit this person from a day on, and those that do not, with the reason."""
    zone = patient.center.zone
    ahead = GroupSession.objects.filter(status=GroupSession.Status.PLANNED, starts_at__gte=at).order_by(
        "starts_at"
    )
    running = (
        GroupSeries.objects.filter(center=patient.center)
        .running_on(from_day)
        .select_related("leader", "room")
        .prefetch_related(
            Prefetch("sessions", queryset=ahead, to_attr="ahead"),
            Prefetch("enrollments", queryset=Enrollment.objects.from_day(from_day), to_attr="standing"),
        )
    )
    own = holding.patient(patient)
    series = list(running)
    sessions = [
        session
        for one in series
        for session in one.ahead  # type: ignore[attr-defined]
        if session.starts_at.astimezone(zone).date() >= from_day
    ]
    in_the_way = holding.in_the_way([own], [session.during for session in sessions])
    fits, fits_not = [], []
    for one in series:
        own_times = [session.during for session in sessions if session.series_id == one.pk]
        clash = next(
            (held for _who, held in in_the_way if any(held.during.overlaps(time) for time in own_times)), None
        )
        is_in_it = any(place.patient_id == patient.pk for place in one.standing)  # type: ignore[attr-defined]
        left = seats_left(one.seats, (place.place for place in one.standing), from_day=from_day)  # type: ignore[attr-defined]
        reason = unfit(
            Group(one.language, left, one.ends_on),
            Newcomer(patient.language, patient.needs_interpreter, is_in_it, clash is not None),
            from_day=from_day,
        )
        if reason is None:
            fits.append(Choice(one, left))
        elif reason is not Unfit.IN_IT:
            said = holding.in_words(own, clash, zone=zone) if reason is Unfit.CLASH and clash else ""
            fits_not.append(Choice(one, left, reason, said))
    return fits, fits_not
