"""The hours ledger: what the database knows of a week, given to the rule that counts it."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from stepwell.care.care_plans.models import CarePlan
from stepwell.care.care_plans.rules.life_cycle import Status
from stepwell.care.encounters.models import Absence, Encounter, what_was_held
from stepwell.care.encounters.rules import Attended, Booked, Kind, WeekHours, count_hours, is_clinical
from stepwell.care.scheduling.models import Appointment
from stepwell.care.scheduling.rules.times import Stretch
from stepwell.ground.kit.weeks import Week
from stepwell.trust.organizations.models import Center
from stepwell.trust.people.models import Patient

__all__ = ["WeekHours", "hours_of", "hours_of_many"]

#: Of what ``what_was_held`` makes its words.
HELD = ("session__series__name", "kind", "practitioner__name")


def hours_of(patient: Patient, week: Week) -> WeekHours:
    """One person's week."""
    return hours_of_many([patient], week)[patient.pk]


def hours_of_many(patients: Iterable[Patient], week: Week) -> dict[UUID, WeekHours]:
    """The week of each of these people, in four queries however many they are."""
    people = list(patients)
    if not people:
        return {}
    zones = _zones(people)
    encounters, appointments = (
        _encounters(people, week, zones.values()),
        _booked(people, week, zones.values()),
    )
    asked = _asked(people, week, zones.values())
    return {
        person.pk: count_hours(
            encounters[person.pk],
            appointments[person.pk],
            week,
            asked.get(person.pk, 0),
            time_zone=zones[person.center_id],
        )
        for person in people
    }


def _zones(people: list[Patient]) -> dict[UUID, str]:
    """The time zone of each center; of one that was read along with its people, nothing is asked."""
    known = {
        person.center_id: person.center.time_zone for person in people if Patient.center.is_cached(person)
    }
    unknown = {person.center_id for person in people} - known.keys()
    if unknown:
        known |= Center.objects.filter(pk__in=unknown).values_list("pk", "time_zone")
    return known


def _within(week: Week, zones: Iterable[str]) -> Q:
    """The moments that lie in this week at one of the centers; the rule then asks each center's own clock."""
    bounds = [week.bounds(zone) for zone in zones]
    return Q(
        starts_at__gte=min(first for first, _ in bounds), starts_at__lt=max(after for _, after in bounds)
    )


def _encounters(people: list[Patient], week: Week, zones: Iterable[str]) -> dict[UUID, list[Attended]]:
    found: dict[UUID, list[Attended]] = defaultdict(list)
    rows = Encounter.objects.in_force().filter(_within(week, zones), patient__in=people)
    for pk, patient, starts_at, minutes, clinical, signed_at, *held in rows.values_list(
        "pk", "patient", "starts_at", "minutes", "is_clinical", "signed_at", *HELD
    ):
        found[patient].append(
            Attended(
                starts_at=starts_at,
                minutes=minutes,
                is_clinical=clinical,
                is_signed=signed_at is not None,
                what=what_was_held(*held),
                id=pk,
            )
        )
    return found


def _booked(people: list[Patient], week: Week, zones: Iterable[str]) -> dict[UUID, list[Booked]]:
    found: dict[UUID, list[Booked]] = defaultdict(list)
    came = Encounter.objects.in_force().filter(appointment=OuterRef("pk"))
    stayed_away = Absence.objects.in_force().filter(appointment=OuterRef("pk"))
    rows = Appointment.objects.booked().filter(_within(week, zones), patient__in=people)
    # A session that was cancelled takes its appointments with it, whatever they still say.
    rows = rows.exclude(session__status="cancelled").exclude(Exists(came)).exclude(Exists(stayed_away))
    for pk, patient, starts_at, ends_at, group_is_clinical, *held in rows.values_list(
        "pk", "patient", "starts_at", "ends_at", "session__series__is_clinical", *HELD
    ):
        _group, kind, _practitioner = held
        found[patient].append(
            Booked(
                starts_at=starts_at,
                minutes=Stretch(starts_at, ends_at).minutes,
                is_clinical=is_clinical(Kind(kind), group_is_clinical=group_is_clinical is not False),
                what=what_was_held(*held),
                id=pk,
            )
        )
    return found


def _asked(people: list[Patient], week: Week, zones: Iterable[str]) -> dict[UUID, int]:
    """The minutes a week that the plan asks for; for a week gone by, the plan that was in force at its end."""
    after = max(week.bounds(zone)[1] for zone in zones)
    plans = (
        CarePlan.objects.in_force()
        .filter(Q(episode__ended_on=None) | Q(episode__ended_on__gte=week.monday))
        .filter(
            patient__in=people,
            status__in=[Status.ACTIVE, Status.REPLACED],
            signed_by_patient_at__lt=after,
            signed_by_clinician_at__lt=after,
        )
        .order_by("episode__admitted_on", "number")
    )
    # Later ones overwrite earlier ones.
    return dict(plans.values_list("patient_id", "minutes_a_week"))
