"""Maya, in care for 34 days, and Joel, the nurse on her team."""

from typing import TYPE_CHECKING

import pytest

from stepwell.trust.accounts.roles import Role

# The models are imported when a test asks for them: the tests of the rules run without Django.
if TYPE_CHECKING:
    from stepwell.trust.accounts.models import User
    from stepwell.trust.people.models import Patient
    from stepwell.trust.people.testing import Clinic


@pytest.fixture
def joel(clinic: "Clinic") -> "User":
    return clinic.user(Role.NURSE, "Joel Price")


@pytest.fixture
def maya(clinic: "Clinic", joel: "User") -> "Patient":
    from stepwell.care.care_plans.testing import in_care

    patient = clinic.patient("Maya Reyes", team=(joel,))
    in_care(patient, by=joel)
    return patient
