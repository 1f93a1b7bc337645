"""Maya, Dana her counselor, and Luis the case manager, who is on her team as well."""

from typing import TYPE_CHECKING

import pytest

from stepwell.trust.accounts.roles import Role

# The models are imported when a test asks for them: the tests of the rules run without Django.
if TYPE_CHECKING:
    from stepwell.trust.accounts.models import User
    from stepwell.trust.people.models import Patient
    from stepwell.trust.people.testing import Clinic


@pytest.fixture
def dana(clinic: "Clinic") -> "User":
    return clinic.user(Role.COUNSELOR, "Dana Whitfield")


@pytest.fixture
def luis(clinic: "Clinic") -> "User":
    return clinic.user(Role.CASE_MANAGER, "Luis O'Brien-Núñez")


@pytest.fixture
def maya(clinic: "Clinic", dana: "User", luis: "User") -> "Patient":
    return clinic.patient("Maya Reyes", team=(dana, luis))
