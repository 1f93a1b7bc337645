"""Before they leave: what is true today about the people in the room that somebody should act on.

Each reader sees what their role and the care team let them see, and no more.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from stepwell.care.care_plans.models import CarePlan
from stepwell.care.measures.models import CheckIn
from stepwell.care.medication.models import MedicationAdministration, MedicationRequest
from stepwell.care.medication.rules.doses import Due, next_dose
from stepwell.care.medication.vocabulary import Medicine
from stepwell.care.scheduling.models import Appointment, GroupSession
from stepwell.trust.accounts.models import User
from stepwell.trust.organizations.models import Closure
from stepwell.trust.people.models import Patient

#: How far ahead people are told of a closed day.
CLOSED_SOON = timedelta(days=7)

DUE_NOW = {Due.TODAY, Due.LATE, Due.NEEDS_REVIEW}


class Weight(IntEnum):
    """The order they are told in."""

    CRAVING = 1
    DOSE = 2
    REVIEW = 3
    APPOINTMENT = 4
    CLOSED = 5


@dataclass(frozen=True)
class Fact:
    weight: Weight
    icon: str
    words: str
    #: The same in three words, under the name in the roster.
    short: str = ""
    patient: Patient | None = None


def before_they_leave(
    session: GroupSession, patients: Iterable[Patient], *, reader: User, at: datetime
) -> list[Fact]:
    """The facts of today, most pressing first, in six queries however many people. On another day they are past."""
    people = {patient.pk: patient for patient in patients}
    zone = session.series.center.zone
    day = session.starts_at.astimezone(zone).date()
    if day != at.astimezone(zone).date():
        return []
    facts = [
        *_cravings(people, day, reader),
        *_doses(people, day, reader),
        *_reviews(people, day, reader),
        *_appointments(people, session, day, zone, reader),
        *_closed_days(session, day),
    ]
    return sorted(facts, key=lambda fact: (fact.weight, fact.patient.called if fact.patient else ""))


People = dict[UUID, Patient]


def _cravings(people: People, day: date, reader: User) -> Iterator[Fact]:
    strong = (
        CheckIn.objects.visible_to(reader)
        .in_force()
        .filter(patient__in=people, on=day, craving__gte=CheckIn.Strength.STRONG)
    )
    for check_in in strong:
        how = str(check_in.get_craving_display()).lower()
        yield Fact(
            Weight.CRAVING,
            "alert",
            _("craving %(strength)s in today's check-in. Talk before the group ends.") % {"strength": how},
            _("Craving %(strength)s") % {"strength": how},
            people[check_in.patient_id],
        )


def _doses(people: People, day: date, reader: User) -> Iterator[Fact]:
    requests = MedicationRequest.objects.visible_to(reader).current(day)
    requests = requests.filter(patient__in=people, every_days__gt=1)
    last: dict[object, date] = {}
    given = MedicationAdministration.objects.visible_to(reader).in_force().filter(request__in=requests)
    for request_id, given_at, zone in given.order_by("given_at").values_list(
        "request_id", "given_at", "patient__center__time_zone"
    ):
        last[request_id] = given_at.astimezone(ZoneInfo(zone)).date()
    for request in requests:
        if request.pk not in last:
            continue
        dose = next_dose(
            Medicine(request.medicine),
            last_given_on=last[request.pk],
            every_days=request.every_days or 0,
            on=day,
        )
        if dose.due in DUE_NOW:
            when = (
                _("due today")
                if dose.due is Due.TODAY
                else _("was due %(day)s") % {"day": date_format(dose.due_on, "M j")}
            )
            yield Fact(
                Weight.DOSE,
                "pill",
                _("%(medicine)s, %(when)s.") % {"medicine": request.get_medicine_display(), "when": when},
                _("Dose %(when)s") % {"when": when},
                people[request.patient_id],
            )


def _reviews(people: People, day: date, reader: User) -> Iterator[Fact]:
    plans = CarePlan.objects.visible_to(reader).active().filter(patient__in=people, review_due_on__lte=day)
    for plan in plans:
        assert plan.review_due_on is not None
        if plan.review_due_on == day:
            words = _("plan review due today")
        else:
            words = _("plan review was due %(day)s") % {"day": date_format(plan.review_due_on, "M j")}
        short = words[0].upper() + words[1:]
        yield Fact(Weight.REVIEW, "note", f"{words}.", short, people[plan.patient_id])


def _appointments(
    people: People, session: GroupSession, day: date, zone: ZoneInfo, reader: User
) -> Iterator[Fact]:
    midnight = datetime.combine(day + timedelta(days=1), datetime.min.time(), zone)
    later = (
        Appointment.objects.visible_to(reader)
        .booked()
        .filter(patient__in=people, session=None, starts_at__gte=session.starts_at, starts_at__lt=midnight)
    )
    for visit in later.select_related("practitioner"):
        time = date_format(visit.starts_at.astimezone(zone), "g:i A")
        what = str(visit.get_kind_display())
        yield Fact(
            Weight.APPOINTMENT,
            "pill" if visit.kind == Appointment.Kind.MEDICAL else "clock",
            _("%(what)s today at %(time)s with %(who)s.")
            % {"what": what[0].lower() + what[1:], "time": time, "who": visit.practitioner},
            _("%(what)s %(time)s") % {"what": what, "time": time},
            people[visit.patient_id],
        )


def _closed_days(session: GroupSession, day: date) -> Iterator[Fact]:
    closed = Closure.objects.filter(
        center=session.series.center, on__gt=day, on__lte=day + CLOSED_SOON
    ).order_by("on")
    for closure in closed:
        yield Fact(
            Weight.CLOSED,
            "cal",
            _("We are closed on %(day)s: %(reason)s. Tell people.")
            % {"day": date_format(closure.on, "l, M j"), "reason": closure.reason},
        )
