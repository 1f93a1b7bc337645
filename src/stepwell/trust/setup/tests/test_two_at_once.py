"""Two at once, on two real connections: the last administrator stays, and one invitation is one person."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import Refused
from stepwell.trust.access import Forbidden
from stepwell.trust.accounts.models import Membership, User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.organizations.models import Room
from stepwell.trust.people.testing import Clinic, at_once
from stepwell.trust.setup.actions.staff import Part, deactivate, invite, wait_in_turn


@pytest.fixture
def clinic(committed_clinic: Clinic) -> Clinic:
    return committed_clinic


def administrator(clinic: Clinic, name: str) -> User:
    user = clinic.user(Role.ADMINISTRATOR, name)
    Membership.objects.filter(user=user).update(center=None)
    return User.objects.get(pk=user.pk)


def test_two_administrators_cannot_deactivate_each_other(clinic: Clinic):
    with acting_in(clinic.organization.pk):
        noor, marta = administrator(clinic, "Noor Haddad"), administrator(clinic, "Marta Ruiz")
    given = at_once(
        clinic,
        lambda: deactivate(marta, by=noor, at=clock.now()),
        lambda: deactivate(noor, by=marta, at=clock.now()),
    )
    # The second may not any more: she has no role here by then.
    assert sum(isinstance(one, Forbidden) for one in given) == 1
    assert Membership.objects.current().filter(role="administrator").count() == 1


def test_two_invitations_of_one_person_make_one(clinic: Clinic):
    with acting_in(clinic.organization.pk):
        noor, marta = administrator(clinic, "Noor Haddad"), administrator(clinic, "Marta Ruiz")

    def asks(by: User) -> Callable[[], User]:
        return lambda: invite(
            "ines@example.org",
            name="Inés Zamora",
            parts=[Part(Role.COUNSELOR, clinic.center)],
            given={},
            by=by,
            at=clock.now(),
        )

    given = at_once(clinic, asks(noor), asks(marta))
    assert sum(isinstance(one, Refused) for one in given) == 1
    assert User.objects.filter(email="ines@example.org").count() == 1
    assert Membership.objects.filter(user__email="ines@example.org").count() == 1


def test_nobody_else_waits_for_a_change_of_staff(clinic: Clinic):
    """Whatever is written in an organization points at its row; an invitation may take long, when mail is slow."""

    def writes() -> Room:
        try:
            with acting_in(clinic.organization.pk):
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL lock_timeout = '2s'")
                return Room.objects.create(center=clinic.center, name="Room 3", seats=4)
        finally:
            connection.close()

    with acting_in(clinic.organization.pk), transaction.atomic(), ThreadPoolExecutor(1) as somebody:
        wait_in_turn()
        assert somebody.submit(writes).result(timeout=20).name == "Room 3"
