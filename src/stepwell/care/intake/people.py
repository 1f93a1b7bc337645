"""Who may be the same person, and who can see somebody first, when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from stepwell.care.intake.actions import INTAKE_MINUTES
from stepwell.care.intake.rules import Described, Likeness, likeness
from stepwell.care.scheduling.holding import held
from stepwell.care.scheduling.rules.times import Stretch, open_times
from stepwell.trust.accounts.models import User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.organizations.models import Center, Closure
from stepwell.trust.people.models import Patient, Practitioner

DAYS_SHOWN = 5
LOOK_AHEAD = timedelta(days=21)
SCREENERS = (Role.COUNSELOR, Role.CLINICAL_SUPERVISOR)


@dataclass(frozen=True)
class Match:
    patient: Patient
    because: Likeness


def matches(person: Described, reader: User) -> list[Match]:
    """People already known who may be this one, the likeliest first."""
    found = [
        Match(known, because)
        for known in Patient.objects.visible_to(reader)
        if (because := likeness(person, described(known)))
    ]
    return sorted(found, key=lambda match: list(Likeness).index(match.because))[:5]


def described(patient: Patient) -> Described:
    names = {
        f"{first} {patient.last_name}".strip() for first in (patient.first_name, patient.chosen_name) if first
    }
    return Described(tuple(sorted(names)), patient.born_on, patient.phone)


@dataclass(frozen=True)
class Slot:
    """A time at which one clinician could see somebody first."""

    starts_at: datetime
    practitioner: Practitioner

    @property
    def key(self) -> str:
        return f"{self.practitioner.pk}|{self.starts_at.isoformat()}"


def screeners(center: Center) -> list[Practitioner]:
    """Those at a center who see people first."""
    return list(
        Practitioner.objects.filter(
            user__is_active=True,
            user__memberships__role__in=SCREENERS,
            user__memberships__organization=center.organization_id,
        ).distinct()
    )


def open_slots(
    center: Center, now: datetime, *, only: Practitioner | None = None, whom: Patient | None = None
) -> list[tuple[date, list[Slot]]]:
    """The next days with an open time, and at each time the first clinician who is free; and the person, too."""
    zone = ZoneInfo(center.time_zone)
    today = now.astimezone(zone).date()
    who = [only] if only else screeners(center)
    whole = Stretch(now, now + LOOK_AHEAD + timedelta(days=1))
    taken: dict[object, list[Stretch]] = {one.pk: [] for one in who}
    for one in held([each.pk for each in who], whole):
        taken[one.whom].append(one.during)
    theirs = [one.during for one in held([whom.pk], whole)] if whom else []
    closed = set(Closure.objects.filter(center=center, on__gte=today).values_list("on", flat=True))

    def of_day(day: date) -> Iterator[Slot]:
        for one in who:
            for stretch in open_times(
                day,
                minutes=INTAKE_MINUTES,
                zone=zone,
                taken=[*taken[one.pk], *theirs],
                not_before=now,
                closed=closed,
            ):
                yield Slot(stretch.starts_at.astimezone(zone), one)

    found = []
    for ahead in range(LOOK_AHEAD.days):
        day = today + timedelta(days=ahead)
        first_free = {slot.starts_at: slot for slot in reversed(list(of_day(day)))}
        if first_free:
            found.append((day, [first_free[at] for at in sorted(first_free)]))
        if len(found) == DAYS_SHOWN:
            break
    return found
