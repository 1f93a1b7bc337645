"""Where each open referral stands with the person: the first contact, the last try, the next contact."""

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from stepwell.care.episodes.models import Referral
from stepwell.care.episodes.rules.life_cycle import OPEN
from stepwell.care.intake.models import ContactAttempt, OnlineBooking
from stepwell.care.intake.rules import Clock, FirstContact, Said, first_contact, next_contact
from stepwell.care.scheduling.models import Appointment
from stepwell.trust.organizations.models import Closure, OpeningHours

#: Monday to Friday, where a center has not written down its hours.
WORKING_WEEK = frozenset(range(5))


@dataclass(frozen=True)
class InTouch:
    """One referral, on a day: its tries, newest first; the clock; the next contact, while it is open."""

    referral: Referral
    attempts: tuple[ContactAttempt, ...]
    first: FirstContact
    next_on: date | None
    today: date

    @property
    def is_due(self) -> bool:
        return self.next_on is not None and self.next_on <= self.today

    @property
    def overdue_by(self) -> int:
        return max(0, (self.today - self.next_on).days) if self.next_on else 0

    @property
    def is_clock_shown(self) -> bool:
        """Nobody is late any more for a referral that is done."""
        return self.next_on is not None or self.first.reached_on is not None

    @property
    def tone(self) -> str:
        return {Clock.KEPT: "ok", Clock.RUNNING: "", Clock.LATE: "warn"}[self.first.clock]


def in_touch(referrals: Collection[Referral], now: datetime) -> dict[UUID, InTouch]:
    """By referral. A handful of queries, however many they are; each comes with its patient and center."""
    centers = {one.patient.center for one in referrals}
    attempts: dict[UUID, list[ContactAttempt]] = defaultdict(list)
    for attempt in (
        ContactAttempt.objects.in_force().filter(referral__in=referrals).select_related("recorded_by")
    ):
        attempts[attempt.referral_id].append(attempt)
    visits: dict[UUID, list[Appointment]] = defaultdict(list)
    firsts = Appointment.objects.booked().filter(kind=Appointment.Kind.INTAKE)
    for visit in firsts.filter(patient__in={one.patient_id for one in referrals}):
        visits[visit.patient_id].append(visit)
    online = set(
        OnlineBooking.objects.in_force().filter(referral__in=referrals).values_list("referral", flat=True)
    )
    weekdays: dict[UUID, set[int]] = defaultdict(set)
    for center, weekday in OpeningHours.objects.filter(center__in=centers).values_list("center", "weekday"):
        weekdays[center].add(weekday)
    closed = set(Closure.objects.filter(center__in=centers).values_list("center", "on"))

    def opens(center: UUID) -> Callable[[date], bool]:
        week = weekdays.get(center) or WORKING_WEEK
        return lambda day: day.weekday() in week and (center, day) not in closed

    return {
        one.pk: _one(
            one,
            tuple(attempts[one.pk]),
            [visit for visit in visits[one.patient_id] if visit.recorded_at >= one.received_at],
            asked_us=one.source == Referral.Source.SELF and one.pk not in online,
            is_open=opens(one.patient.center_id),
            now=now,
        )
        for one in referrals
    }


def _one(
    referral: Referral,
    attempts: tuple[ContactAttempt, ...],
    visits: list[Appointment],
    *,
    asked_us: bool,
    is_open: Callable[[date], bool],
    now: datetime,
) -> InTouch:
    day_of = referral.patient.center.day_of
    received_on = day_of(referral.received_at)
    # Who called or came in themself has been spoken with; who booked on the public page has not.
    reached = [received_on] if asked_us else []
    reached += [day_of(one.tried_at) for one in attempts if one.outcome == ContactAttempt.Outcome.REACHED]
    today = day_of(now)
    first = first_contact(received_on, reached_on=min(reached, default=None), is_open=is_open, today=today)
    said = [Said(one.recorded_at, one.next_on) for one in attempts]
    said += [Said(one.recorded_at, day_of(one.starts_at)) for one in visits]
    return InTouch(
        referral,
        attempts,
        first,
        next_contact(first.due_on, said) if referral.status in OPEN else None,
        today,
    )
