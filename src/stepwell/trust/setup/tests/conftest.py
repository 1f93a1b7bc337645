"""A small organization, and Noor, who administers it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from stepwell.trust.accounts.models import User
    from stepwell.trust.people.testing import Clinic


@pytest.fixture
def clinic(db: None) -> Iterator["Clinic"]:
    from stepwell.trust.people.testing import open_clinic

    with open_clinic() as clinic:
        yield clinic


@pytest.fixture
def noor(clinic: "Clinic") -> "User":
    """She administers every center."""
    from stepwell.trust.accounts.models import Membership, User
    from stepwell.trust.accounts.roles import Role

    user = clinic.user(Role.ADMINISTRATOR, "Noor Haddad")
    Membership.objects.filter(user=user).update(center=None)
    return User.objects.get(pk=user.pk)


@pytest.fixture
def dana(clinic: "Clinic") -> "User":
    from stepwell.trust.accounts.roles import Role

    return clinic.user(Role.COUNSELOR, "Dana Whitfield")
