"""Maya, and Dana, the counselor on her team."""

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
def maya(clinic: "Clinic", dana: "User") -> "Patient":
    return clinic.patient("Maya O'Brien-Núñez", team=(dana,))
