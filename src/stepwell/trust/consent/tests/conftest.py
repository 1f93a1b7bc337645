import pytest

from stepwell.trust.accounts.roles import Role


@pytest.fixture
def dana(clinic):
    return clinic.user(Role.COUNSELOR, "Dana Whitfield")


@pytest.fixture
def maya(clinic, dana):
    """A patient of Dana's, with a phone of her own."""
    maya = clinic.patient("Maya Reyes", team=(dana,))
    clinic.patient_user(maya)
    return maya


@pytest.fixture
def sister(maya, dana):
    """A consent in force: her sister may know whether she comes."""
    from stepwell.trust.consent.testing import signed

    return signed(maya, by=dana)


@pytest.fixture
def phone(clinic, maya):
    return clinic.client(maya.user)


@pytest.fixture
def desk(clinic, dana):
    return clinic.client(dana)
