from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from stepwell.care.encounters.testing import Group
    from stepwell.trust.people.testing import Clinic


@pytest.fixture
def room(clinic: "Clinic") -> "Group":
    """Four people in Dana's and Luis's group, which is over."""
    # Imported here, because the rules are tested without Django.
    from stepwell.care.encounters.testing import group

    return group(clinic)
