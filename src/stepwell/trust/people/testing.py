"""A small clinic for tests: it builds the least that is valid, and the test names what matters."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from threading import Barrier
from typing import Any
from uuid import uuid4

from django.db import connection
from django.test import Client

from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import Refused
from stepwell.trust.access import Forbidden
from stepwell.trust.accounts.models import Membership, User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.organizations.models import Center, Organization, Room
from stepwell.trust.people.models import CareTeamMember, Patient, Practitioner


@dataclass
class Clinic:
    """One organization with one center and one room; people join it by name."""

    organization: Organization
    center: Center
    room: Room
    users: dict[str, User] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return clock.today(self.center.time_zone)

    def user(self, role: Role, name: str = "", **more: Any) -> User:
        """A signed-up person in one role; staff who give care get a practitioner beside it."""
        name = name or role.value.replace("_", " ").title()
        if name not in self.users:
            user = User.objects.create(email=f"{uuid4().hex[:12]}@example.org", name=name, **more)
            Membership.objects.create(
                user=user, organization=self.organization, center=self.center, role=role
            )
            if role.is_staff:
                Practitioner.objects.create(user=user, name=name)
            self.users[name] = user
        return self.users[name]

    def practitioner(self, role: Role, name: str = "") -> Practitioner:
        return Practitioner.objects.get(user=self.user(role, name))

    def patient(self, name: str = "Maya Reyes", *, team: tuple[User, ...] = (), **more: Any) -> Patient:
        """A patient; ``team`` are the users on the care team, each in the first of their roles."""
        first, _, last = name.partition(" ")
        patient = Patient.objects.create(
            center=self.center, record_number=uuid4().hex[:8], first_name=first, last_name=last, **more
        )
        for user in team:
            self.join(patient, user)
        return patient

    def join(self, patient: Patient, user: User) -> CareTeamMember:
        return CareTeamMember.objects.create(
            patient=patient,
            practitioner=Practitioner.objects.get(user=user),
            role=user.memberships.first().role,  # type: ignore[union-attr]
            started_on=self.today,
        )

    def patient_user(self, patient: Patient, **more: Any) -> User:
        """The sign-in of a patient."""
        user = self.user(Role.PATIENT, patient.name, **more)
        patient.user = user
        patient.save()
        return user

    def client(self, user: User) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client


@contextmanager
def open_clinic(name: str = "Alder Creek") -> Iterator[Clinic]:
    """A clinic with one center and one room, and the test acting in it."""
    organization = Organization.objects.create(name=name, slug=f"clinic-{uuid4().hex[:8]}")
    with acting_in(organization.id):
        center = Center.objects.create(name=name, slug="center", city="Dayton", state="OH")
        yield Clinic(organization, center, Room.objects.create(center=center, name="Room 2", seats=12))


def at_once(clinic: Clinic, *acts: Callable[[], Any]) -> list[Any]:
    """Each act at the same moment, in a thread, connection and transaction of its own; what it gave, or its refusal.

    In a database that commits: see ``committed_clinic``.
    """
    together = Barrier(len(acts), timeout=20)

    def one(act: Callable[[], Any]) -> Any:
        try:
            with acting_in(clinic.organization.pk):
                together.wait()
                return act()
        except (Refused, Forbidden) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as people:
        return list(people.map(one, acts))
