"""Today, for the office: who comes in, who waits, the hours of the week, and the center itself."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Min, Prefetch
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from stepwell.care.care_plans.models import CarePlan
from stepwell.care.encounters.ledger import WeekHours, hours_of_many
from stepwell.care.encounters.models import Encounter
from stepwell.care.episodes.models import EpisodeOfCare, Referral
from stepwell.care.intake.contacts import InTouch, in_touch
from stepwell.care.notes.owed import unsigned
from stepwell.care.scheduling.models import Appointment, GroupSession
from stepwell.doors.staff import words
from stepwell.ground.kit import phones
from stepwell.ground.kit.weeks import Week
from stepwell.trust.access import Permission
from stepwell.trust.accounts.models import User
from stepwell.trust.organizations.models import Center, Closure, Room
from stepwell.trust.people.models import Patient

INTAKES_AHEAD = timedelta(days=14)
CLOSURES_AHEAD = timedelta(days=120)


# Arrivals


@dataclass(frozen=True)
class Arrival:
    """A time at which people come in: one person for a visit, or those of a group."""

    starts_at: datetime
    what: str
    where: str
    with_whom: str
    people: tuple[Patient, ...]
    is_group: bool
    has_begun: bool

    @property
    def cells(self) -> list[object]:
        """In a file as on the page: a visit with the whole name, a group with the short ones."""
        who = ", ".join(person.short_name if self.is_group else person.name for person in self.people)
        return [self.starts_at, who, self.what, self.where, self.with_whom]


def arrivals(user: User, now: datetime) -> list[Arrival]:
    midnight = datetime.combine(now.date(), time(), now.tzinfo)
    booked = (
        Appointment.objects.visible_to(user)
        .booked()
        .filter(starts_at__gte=midnight, starts_at__lt=midnight + timedelta(days=1))
        .select_related(
            "patient", "practitioner", "room", "session__series", "session__room", "session__leader"
        )
        .order_by("starts_at", "patient__first_name")
    )
    groups: dict[GroupSession, list[Patient]] = defaultdict(list)
    found = []
    for visit in booked:
        if visit.session is not None:
            groups[visit.session].append(visit.patient)
            continue
        found.append(
            Arrival(
                visit.starts_at.astimezone(now.tzinfo),
                words.visit_name(visit.kind),
                visit.room.name if visit.room else str(visit.get_modality_display()),
                visit.practitioner.name if visit.practitioner else "",
                (visit.patient,),
                is_group=False,
                has_begun=visit.starts_at <= now,
            )
        )
    for session, people in groups.items():
        found.append(
            Arrival(
                session.starts_at.astimezone(now.tzinfo),
                session.series.name,
                session.room.name if session.room else _("by video"),
                session.leader.name,
                tuple(people),
                is_group=True,
                has_begun=session.starts_at <= now,
            )
        )
    return sorted(found, key=lambda arrival: (arrival.starts_at, not arrival.is_group, arrival.what))


# Who waits for a first visit


@dataclass(frozen=True)
class WaitingReferral:
    referral: Referral
    url: str
    days: int

    @property
    def waits(self) -> str:
        if self.days == 0:
            return _("today")
        return _("%(n)s d") % {"n": self.days}

    @property
    def tone(self) -> str:
        # Most people who are not seen within days do not come; our own default, not a regulation.
        return "urgent" if self.days > 5 else "warn" if self.days > 2 else ""


def referrals_waiting(user: User, now: datetime) -> list[WaitingReferral]:
    received = (
        Referral.objects.visible_to(user)
        .in_force()
        .filter(status=Referral.Status.RECEIVED)
        .select_related("patient")
        .order_by("received_at")
    )
    return [
        WaitingReferral(
            referral,
            reverse("intake:referral", args=[referral.pk]),
            (now.date() - referral.received_at.astimezone(now.tzinfo).date()).days,
        )
        for referral in received
    ]


def contacts_due(user: User, now: datetime) -> list[InTouch]:
    """Everybody with an open referral whose day for the next contact is today or has passed, longest first."""
    still_open = list(
        Referral.objects.visible_to(user).open().select_related("patient__center").order_by("received_at")
    )
    due = [one for one in in_touch(still_open, now).values() if one.is_due]
    return sorted(due, key=lambda one: one.overdue_by, reverse=True)


def intakes_booked(user: User, now: datetime) -> list[Appointment]:
    """First visits of the next two weeks."""
    return list(
        Appointment.objects.visible_to(user)
        .booked()
        .filter(kind=Appointment.Kind.INTAKE, ends_at__gte=now, starts_at__lt=now + INTAKES_AHEAD)
        .select_related("patient", "practitioner", "room")
    )


# Hours of a week


@dataclass(frozen=True)
class HoursRow:
    patient: Patient
    hours: WeekHours

    @property
    def missing(self) -> int:
        return self.hours.short

    @property
    def tone(self) -> str:
        return "warn" if self.missing else ""

    @property
    def asked(self) -> str:
        return words.hours(self.hours.asked) if self.hours.asked else "–"

    @property
    def signed(self) -> str:
        return words.hours(self.hours.signed)

    @property
    def unsigned(self) -> str:
        return words.hours(self.hours.unsigned) if self.hours.unsigned else "–"

    @property
    def planned(self) -> str:
        return words.hours(self.hours.planned) if self.hours.planned else "–"

    @property
    def cells(self) -> list[object]:
        """In a file: hours as figures, so that they can be added up."""
        of = self.hours
        figures = (of.asked, of.signed, of.unsigned, of.planned, of.short)
        return [
            self.patient.short_name,
            self.patient.record_number,
            *(round(each / 60, 2) for each in figures),
        ]

    @property
    def short(self) -> str:
        return _("%(hours)s h") % {"hours": words.hours(self.missing)}


def hours_table(user: User, week: Week) -> list[HoursRow]:
    """Everyone in care whose hours the reader may see, with the hours of that week."""
    episodes = EpisodeOfCare.objects.visible_to(user, Permission.SEE_HOURS).in_force()
    episodes = episodes.filter(admitted_on__lte=week.sunday).exclude(ended_on__lt=week.monday)
    people = list(Patient.objects.filter(pk__in=episodes.values("patient")).select_related("center"))
    hours = hours_of_many(people, week)
    return [HoursRow(patient, hours[patient.pk]) for patient in people if patient.pk in hours]


# What compliance looks at first


@dataclass(frozen=True)
class LateNotes:
    who: str
    count: int
    oldest: date


def late_notes(user: User, now: datetime) -> list[LateNotes]:
    """Sessions whose note is not signed after a day, by the clinician whose note it is to write."""
    held = Encounter.objects.visible_to(user, Permission.SEE_NOTES).in_force()
    rows = (
        unsigned(held.filter(ends_at__lte=now - timedelta(days=1)))
        .order_by()
        .annotate(who=Coalesce("to_be_written_by__name", "practitioner__name"))
        .values_list("who")
        .annotate(count=Count("pk"), oldest=Min("starts_at"))
        .order_by("oldest")
    )
    return [LateNotes(name, count, oldest.astimezone(now.tzinfo).date()) for name, count, oldest in rows]


def late_reviews(user: User, today: date) -> list[CarePlan]:
    plans = CarePlan.objects.visible_to(user).active().filter(review_due_on__lt=today)
    return list(plans.select_related("patient").order_by("review_due_on"))


# The center


@dataclass(frozen=True)
class CenterFacts:
    center: Center
    rooms: tuple[Room, ...]
    closures: tuple[Closure, ...]

    @property
    def phone(self) -> str:
        return phones.as_printed(self.center.phone)


def centers(today: date) -> list[CenterFacts]:
    rooms = Room.objects.in_use().order_by("name")
    found = Center.objects.in_use().prefetch_related(Prefetch("rooms", rooms)).order_by("name")
    closed: dict[object, list[Closure]] = defaultdict(list)
    for closure in Closure.objects.filter(on__gte=today, on__lte=today + CLOSURES_AHEAD).order_by("on"):
        closed[closure.center_id].append(closure)
    return [
        CenterFacts(
            center,
            tuple(center.rooms.all()),
            tuple(closed[center.pk]),
        )
        for center in found
    ]
