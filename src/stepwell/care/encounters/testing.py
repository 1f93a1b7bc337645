"""A group that meets, and the people in it, for tests of this room and of those above it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from stepwell.care.care_plans.testing import in_care
from stepwell.care.scheduling.models import Appointment, GroupSeries, GroupSession
from stepwell.ground.kit import clock
from stepwell.trust.accounts.models import User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.people.models import Patient, Practitioner
from stepwell.trust.people.testing import Clinic

NAMES = ("Aisha Bell", "Brianna Foxworth", "Cole Sanders", "Wendell Pike")


@dataclass
class Group:
    """One session with its leaders and its members."""

    clinic: Clinic
    session: GroupSession
    dana: User
    luis: User
    places: dict[str, Appointment]

    def place(self, name: str) -> Appointment:
        return next(place for known, place in self.places.items() if known.startswith(name))

    def patient(self, name: str) -> Patient:
        return self.place(name).patient


def leaders(clinic: Clinic) -> tuple[User, User]:
    """Dana Whitfield, LCDC, counselor; and Luis Ortega, peer."""
    dana = clinic.user(Role.COUNSELOR, "Dana Whitfield")
    Practitioner.objects.filter(user=dana).update(credential="LCDC")
    return dana, clinic.user(Role.PEER, "Luis Ortega")


def session(
    clinic: Clinic,
    *,
    starts_at: datetime | None = None,
    minutes: int = 90,
    is_clinical: bool = True,
    name: str = "Riding out cravings",
) -> GroupSession:
    """One meeting, led by Dana with Luis; two hours ago, unless said otherwise."""
    dana, luis = leaders(clinic)
    starts_at = starts_at or clock.now() - timedelta(hours=2)
    lead = Practitioner.objects.get(user=dana)
    co_lead = Practitioner.objects.get(user=luis)
    series, _ = GroupSeries.objects.get_or_create(
        name=name,
        defaults={
            "center": clinic.center,
            "kind": GroupSeries.Kind.SKILLS,
            "weekday": starts_at.weekday(),
            "starts": starts_at.time(),
            "minutes": minutes,
            "leader": lead,
            "co_leader": co_lead,
            "is_clinical": is_clinical,
            "starts_on": starts_at.date(),
        },
    )
    return GroupSession.objects.create(
        series=series,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        leader=lead,
        co_leader=co_lead,
    )


def place(session: GroupSession, patient: Patient, *, by: User) -> Appointment:
    """One person's booked place in a session."""
    return Appointment.objects.create(
        patient=patient,
        episode=patient.episodeofcare_set.filter(ended_on=None).first(),  # type: ignore[attr-defined]
        kind=Appointment.Kind.GROUP,
        session=session,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        recorded_by=by,
    )


def group(
    clinic: Clinic,
    *names: str,
    starts_at: datetime | None = None,
    minutes: int = 90,
    is_clinical: bool = True,
) -> Group:
    """A session with people in care, on Dana's care team."""
    meeting = session(clinic, starts_at=starts_at, minutes=minutes, is_clinical=is_clinical)
    dana, luis = leaders(clinic)
    places = {}
    for name in names or NAMES:
        patient = clinic.patient(name, team=(dana,))
        in_care(patient, by=dana)
        places[name] = place(meeting, patient, by=dana)
    return Group(clinic, meeting, dana, luis, places)


def visit(
    patient: Patient,
    practitioner: Practitioner,
    *,
    kind: str = Appointment.Kind.INDIVIDUAL,
    starts_at: datetime | None = None,
    minutes: int = 60,
) -> Appointment:
    """One person booked alone with somebody; two hours ago, unless said otherwise."""
    starts_at = starts_at or clock.now() - timedelta(hours=2)
    return Appointment.objects.create(
        patient=patient,
        episode=patient.episodeofcare_set.filter(ended_on=None).first(),  # type: ignore[attr-defined]
        kind=kind,
        practitioner=practitioner,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        recorded_by=practitioner.user,
    )
