"""A person's own days: what is booked, with whom and where, and how the week stands. Never another member's name."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from stepwell.care.encounters.models import Absence, Encounter
from stepwell.care.scheduling.models import Appointment, Modality
from stepwell.ground.kit.weeks import Week
from stepwell.ground.web.charts import Block, Hours, StripDay
from stepwell.trust.organizations.models import Closure
from stepwell.trust.people.models import Patient, Practitioner

#: Visits of fewer minutes are told of as short ones.
SHORT = 45

#: As they stand inside a sentence.
DAYS = (
    pgettext_lazy("in a sentence", "Monday"),
    pgettext_lazy("in a sentence", "Tuesday"),
    pgettext_lazy("in a sentence", "Wednesday"),
    pgettext_lazy("in a sentence", "Thursday"),
    pgettext_lazy("in a sentence", "Friday"),
    pgettext_lazy("in a sentence", "Saturday"),
    pgettext_lazy("in a sentence", "Sunday"),
)

TITLES = {
    Appointment.Kind.INTAKE: gettext_lazy("Your first visit"),
    Appointment.Kind.INDIVIDUAL: gettext_lazy("Your time alone with your counselor"),
    Appointment.Kind.GROUP: gettext_lazy("Your group"),
    Appointment.Kind.MEDICAL: gettext_lazy("Your visit with the medical team"),
    Appointment.Kind.FAMILY: gettext_lazy("Your family session"),
}


@dataclass(frozen=True)
class ShortVisit(Hours):
    """A visit told in minutes, on the strip of a week."""

    @property
    def text(self) -> str:
        return f"{self.hours:.0f}m"

    @property
    def step(self) -> int:
        return 1


@dataclass(frozen=True)
class Visit:
    """One booked place, as the person is told of it."""

    starts_at: datetime
    ends_at: datetime
    title: str
    place: str
    with_whom: str
    by_video: bool
    state: Block

    @property
    def minutes(self) -> int:
        return (self.ends_at - self.starts_at) // timedelta(minutes=1)

    @property
    def is_short(self) -> bool:
        """A few minutes with the nurse, say: told of, and not counted among the hours."""
        return self.minutes < SHORT

    @property
    def span(self) -> str:
        """`9:00 AM to 12:00 PM`."""
        return _("%(start)s to %(end)s") % {
            "start": clock_time(self.starts_at),
            "end": clock_time(self.ends_at),
        }

    @property
    def where_and_who(self) -> str:
        """`Room 2, Alder Creek. With Dana and Luis.`"""
        if not self.with_whom:
            return f"{self.place}."
        return _("%(place)s. With %(who)s.") % {"place": self.place, "who": self.with_whom}


@dataclass(frozen=True)
class MyDay:
    on: date
    visits: tuple[Visit, ...]
    is_today: bool
    is_closed: bool

    @property
    def minutes(self) -> int:
        return sum(visit.minutes for visit in self.visits if not visit.is_short)


@dataclass(frozen=True)
class MyWeek:
    week: Week
    days: tuple[MyDay, ...]
    center: str

    @property
    def strip(self) -> list[StripDay]:
        return [
            StripDay(
                day.on,
                tuple(
                    ShortVisit(visit.minutes, visit.state)
                    if visit.minutes < 60
                    else Hours(visit.minutes / 60, visit.state)
                    for visit in day.visits
                ),
                now=day.is_today,
                off=day.is_closed and not day.visits,
            )
            for day in self.days
        ]

    @property
    def minutes(self) -> int:
        return sum(day.minutes for day in self.days)

    @property
    def sentence(self) -> str:
        """`9 hours planned: Monday, Wednesday and Friday.`"""
        busy = [weekday(day.on) for day in self.days if day.minutes]
        short = [weekday(day.on) for day in self.days if any(v.is_short for v in day.visits)]
        visits = _("A short visit: %(days)s.") % {"days": listed(short)} if short else ""
        if not busy:
            return visits or _("Nothing is planned this week.")
        hours = f"{self.minutes / 60:.1f}".removesuffix(".0")
        count = 1 if hours == "1" else 2
        said = ngettext("%(hours)s hour planned: %(days)s.", "%(hours)s hours planned: %(days)s.", count) % {
            "hours": hours,
            "days": listed(busy),
        }
        return f"{said} {visits}".strip()

    @property
    def closed(self) -> str:
        """Which days the center is closed, and that help goes on."""
        closed = [weekday(day.on) for day in self.days if day.is_closed]
        if not closed:
            return ""
        return _("We are closed %(days)s. 988 answers day and night.") % {"days": listed(closed)}


def weekday(day: date) -> str:
    return str(DAYS[day.weekday()])


def listed(names: Sequence[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return _("%(some)s and %(last)s") % {"some": ", ".join(names[:-1]), "last": names[-1]}


def my_week(patient: Patient, week: Week, now: datetime) -> MyWeek:
    """The seven days of a week, in six queries at most."""
    start, end = week.bounds(patient.center.time_zone)
    by_day: dict[date, list[Visit]] = defaultdict(list)
    for visit in visits(patient, start, end, now):
        by_day[visit.starts_at.date()].append(visit)
    closed = set(
        Closure.objects.filter(center=patient.center, on__gte=week.monday, on__lte=week.sunday).values_list(
            "on", flat=True
        )
    )
    days = tuple(MyDay(day, tuple(by_day[day]), day == now.date(), day in closed) for day in week.days)
    return MyWeek(week, days, patient.center.name)


def visits(patient: Patient, start: datetime, end: datetime, now: datetime) -> list[Visit]:
    """What is booked between two moments, with what became of it."""
    booked = (
        Appointment.objects.booked()
        .filter(patient=patient, starts_at__gte=start, starts_at__lt=end)
        .select_related("practitioner", "room", "session__room", "session__leader", "session__co_leader")
    )
    came = set(
        Encounter.objects.in_force()
        .filter(patient=patient, starts_at__gte=start, starts_at__lt=end)
        .values_list("appointment_id", flat=True)
    )
    missed = set(
        Absence.objects.in_force()
        .filter(patient=patient, starts_at__gte=start, starts_at__lt=end)
        .values_list("appointment_id", flat=True)
    )
    return [
        _visit(one, patient, now, came=one.pk in came, missed=one.pk in missed)
        for one in booked.order_by("starts_at")
    ]


def _visit(booked: Appointment, patient: Patient, now: datetime, *, came: bool, missed: bool) -> Visit:
    session = booked.session
    by_video = booked.modality == Modality.VIDEO
    room = session.room if session else booked.room
    if by_video or room is None:
        place = _("By video") if by_video else patient.center.name
    else:
        place = _("%(room)s, %(center)s") % {"room": room.name, "center": patient.center.name}
    leaders = [session.leader, session.co_leader] if session else [booked.practitioner]
    return Visit(
        starts_at=booked.starts_at.astimezone(now.tzinfo),
        ends_at=booked.ends_at.astimezone(now.tzinfo),
        title=str(TITLES[Appointment.Kind(booked.kind)]),
        place=place,
        with_whom=listed([called(leader) for leader in leaders if leader]),
        by_video=by_video,
        state=Block.DONE if came else Block.MISSED if missed else Block.PLANNED,
    )


def called(practitioner: Practitioner) -> str:
    """The name people use: `Dana`, `Dr. Osei`."""
    parts = practitioner.name.split()
    if parts[0].rstrip(".").lower() in ("dr", "dra"):
        return f"{parts[0]} {parts[-1]}"
    return parts[0]


def when(at: datetime, today: date) -> str:
    """`today, 10:40 AM`, `tomorrow, 10:40 AM`, `Friday, 10:40 AM`, `December 2, 10:40 AM`."""
    return _("%(day)s, %(time)s") % {
        "day": day_in_words(at.date(), today),
        "time": clock_time(at),
    }


def day_in_words(day: date, today: date) -> str:
    days = (day - today).days
    if days == 0:
        return _("today")
    if days == 1:
        return _("tomorrow")
    name = weekday(day) if 1 < days < 7 else date_format(day, "MONTH_DAY_FORMAT")
    return pgettext("in a sentence", "%(day)s") % {"day": name}


def clock_time(at: datetime) -> str:
    """`9:00 AM`; in Spanish `9:00 a. m.`, never the 24-hour clock."""
    time = {"time": f"{at.hour % 12 or 12}:{at:%M}"}
    return _("%(time)s AM") % time if at.hour < 12 else _("%(time)s PM") % time
