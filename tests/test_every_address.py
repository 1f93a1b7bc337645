"""Every address, walked by every role and every relation, gives exactly what the permission table says.

``ADDRESSES`` says which permission an address asks for. An address that is not in it fails the first test, so a new
page must be given its place here before it can land.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from stepwell.care.care_plans.actions import begin_plan
from stepwell.config.testing.fixtures import NOW, FreshDatabase
from stepwell.ground.kit import clock
from stepwell.trust.access.rules import Relation, relations_for
from stepwell.trust.accounts.models import Membership, User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.organizations.models import Center
from stepwell.trust.people.models import Patient, Practitioner
from tests.addresses import ACTS, ADDRESSES, SAMPLES, Anyone, Asks, Leading, the_session

SEEN, REFUSED = "seen", "refused"


def every_address() -> dict[str, tuple[str, ...]]:
    """Route name → the names of what its address takes."""

    def walk(patterns: list[Any], space: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(
                    pattern.url_patterns, f"{space}{pattern.namespace}:" if pattern.namespace else space
                )
            elif isinstance(pattern, URLPattern):
                assert pattern.name, f"{pattern.pattern} has no name"
                yield f"{space}{pattern.name}", tuple(pattern.pattern.converters)

    return dict(walk(get_resolver().url_patterns, ""))


def test_every_address_has_its_place_in_the_list():
    assert set(every_address()) == set(ADDRESSES)


@dataclass(frozen=True)
class Reader:
    user: User
    roles: frozenset[Role]

    def stands_to(self, patient: Patient) -> set[Relation]:
        """From the data alone, not through the code that decides."""
        found = {Relation.CENTER} if Role.PATIENT not in self.roles else set()
        if patient.user_id == self.user.pk:
            found.add(Relation.SELF)
        if patient.care_team.filter(practitioner__user=self.user, ended_on=None).exists():
            found.add(Relation.CARE_TEAM)
        return found


@pytest.fixture(scope="module")
def alder_creek(fresh_database: FreshDatabase, alder_creek_template: str) -> Iterator[None]:
    with override_settings(STEPWELL_DEMO=True), fresh_database(alder_creek_template):
        with clock.stand_still(NOW), acting_in(Membership.objects.all()[0].organization_id):
            begin_drafts()
            fill_empty_roles()
        yield


def fill_empty_roles() -> None:
    """Somebody for every role that Alder Creek has nobody in."""
    center = Center.objects.all()[0]
    for role in Role:
        if not Membership.objects.filter(role=role).exists():
            user = User.objects.create(email=f"{role}@example.org", name=role.value)
            Membership.objects.create(user=user, organization=center.organization, center=center, role=role)
            Practitioner.objects.create(user=user, name=user.name)


def begin_drafts() -> None:
    """A plan being written for each sample patient, so that the pages that write it have something to show."""
    for patient in SAMPLES.patients():
        counselor = patient.care_team.filter(role=Role.COUNSELOR, ended_on=None)[0].practitioner.user
        begin_plan(patient, by=counselor, at=clock.now())


def answer(client: Client, method: str, address: str) -> str | None:
    """Seen or refused, with nothing kept of what the asking did; None where there is no such asking."""
    cookies = client.cookies.copy()
    try:
        with transaction.atomic():
            response = client.get(address) if method == "GET" else client.post(address, {})
            raise _NothingKept
    except _NothingKept:
        client.cookies = SimpleCookie(cookies)  # Signing out is an address, too.
    if response.status_code == 405:
        return None
    if response.status_code in (403, 404):
        return REFUSED
    if response.status_code == 302 and response["Location"].startswith(
        f"{reverse('accounts:sign_in')}?next="
    ):
        return REFUSED
    assert response.status_code in (200, 204, 302, 409, 410, 422), (
        f"{method} {address} gave {response.status_code}"
    )
    return SEEN


MAYA = "maya.reyes@aldercreek.example"
MADE_UP = {"kind": "notes.note", "number": 1, "page": 1, "instrument": "phq9", "key": "AAAA", "token": "x"}


class _NothingKept(Exception):
    pass


@pytest.mark.parametrize("role", list(Role))
def test_every_address_gives_every_role_exactly_what_the_table_says(alder_creek: None, role: Role) -> None:
    user = reader_in(role)
    wrong, asked = [], 0
    with acting_in(user.memberships.all()[0].organization_id):
        reader = Reader(user, user.roles)
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        for name, takes in every_address().items():
            for patient, arguments in SAMPLES.for_address(takes):
                address = reverse(name, kwargs=arguments)
                for method, asks in (("GET", ADDRESSES[name]), ("POST", ACTS.get(name, ADDRESSES[name]))):
                    expected = _expected(asks, reader, patient, is_staff_page=address.startswith("/staff/"))
                    given = answer(client, method, address)
                    asked += given is not None
                    if given not in (expected, None):
                        stands = sorted(reader.stands_to(patient)) if patient else "no patient"
                        wrong.append(f"{method} {name} {sorted(reader.roles)} {stands}: {given}")
    print(f"\n{role}: {asked} askings of {len(every_address())} addresses")
    assert wrong == [], "\n".join(wrong)
    assert asked > 150


def reader_in(role: Role) -> User:
    """Somebody at Alder Creek in that role, in as few others as there is; the patient is one of the samples."""
    if role is Role.PATIENT:
        return User.objects.get(email=MAYA)
    found = User.objects.filter(memberships__role=role).order_by("email")
    return min(found, key=lambda user: user.memberships.count())


def _expected(asks: Asks, reader: Reader, patient: Patient | None, *, is_staff_page: bool) -> str:
    if asks is Anyone.SIGNED_IN or asks is Anyone.AT_ALL:
        return SEEN
    if asks is Anyone.WHO_IS_STAFF:
        return SEEN if any(role.is_staff for role in reader.roles) else REFUSED
    if asks is Anyone.WHO_IS_A_PATIENT:
        return SEEN if Role.PATIENT in reader.roles else REFUSED
    if isinstance(asks, Leading):
        session = the_session()
        leads = reader.user.pk in {one.user_id for one in (session.leader, session.co_leader) if one}
        if not leads and Role.CLINICAL_SUPERVISOR not in reader.roles:
            return REFUSED
        asks = asks.permission
    relations = relations_for(asks, reader.roles)
    if is_staff_page:
        relations -= {Relation.SELF}
    if patient is None:
        return SEEN if relations else REFUSED
    return SEEN if relations & reader.stands_to(patient) else REFUSED


def test_a_visitor_sees_only_what_anyone_may(alder_creek: None) -> None:
    wrong = []
    for name, takes in every_address().items():
        arguments: dict[str, object] = {take: uuid4() for take in takes}
        arguments |= {take: made_up for take, made_up in MADE_UP.items() if take in takes}
        address = reverse(name, kwargs=arguments)
        seen = SEEN in (answer(Client(), "GET", address), answer(Client(), "POST", address))
        if seen and ADDRESSES[name] is not Anyone.AT_ALL:
            wrong.append(name)
    assert wrong == []


def test_a_record_out_of_sight_is_answered_like_one_that_is_not_there(alder_creek: None) -> None:
    user = User.objects.filter(memberships__role=Role.COUNSELOR).first()
    assert user is not None
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    with acting_in(user.memberships.first().organization_id):  # type: ignore[union-attr]
        others = Patient.objects.exclude(care_team__practitioner__user=user).first()
        assert others is not None
    there = client.get(reverse("staff:chart", args=[others.pk]))
    missing = uuid4()
    nowhere = client.get(reverse("staff:chart", args=[missing]))
    assert there.status_code == nowhere.status_code == 404
    # Nothing but the address asked for, and the form token of each answer, may differ.
    assert _plain(there.content, others.pk) == _plain(nowhere.content, missing)


def _plain(page: bytes, asked_for: UUID) -> str:
    words = page.decode().replace(str(asked_for), "…")
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", words)
