from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.test import Client

    from stepwell.care.encounters.testing import Group
    from stepwell.trust.people.testing import Clinic


@pytest.fixture
def room(clinic: "Clinic") -> "Group":
    """Four people in Dana's and Luis's group, which is over. Nobody is marked."""
    # Imported here, because the rules are tested without Django.
    from stepwell.care.encounters.testing import group

    return group(clinic)


@pytest.fixture
def written(room: "Group") -> "Group":
    """The same, everybody here and everything written, nothing signed."""
    from stepwell.care.notes import testing

    return testing.written(room)


@pytest.fixture
def as_dana(clinic: "Clinic", room: "Group") -> "Client":
    return clinic.client(room.dana)
