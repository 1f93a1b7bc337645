"""Somebody on the staff and somebody in care, with passwords; and a clock that the test moves on."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from stepwell.trust.accounts.models import User


@pytest.fixture(autouse=True)
def quick_hashes(request) -> None:
    """Argon2 as it should be takes a tenth of a second; one test looks at the real one."""
    if "db" in request.fixturenames:
        settings = request.getfixturevalue("settings")
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def dana(clinic) -> "User":
    from stepwell.trust.accounts.roles import Role
    from stepwell.trust.accounts.testing import give_password

    return give_password(clinic.user(Role.COUNSELOR, "Dana Whitfield"), "dana@example.org")


@pytest.fixture
def maya(clinic) -> "User":
    from stepwell.trust.accounts.testing import give_password

    return give_password(clinic.patient_user(clinic.patient("Maya Reyes")), "maya@example.org")


@pytest.fixture
def later() -> Iterator[Callable[..., Any]]:
    """``later(minutes=16)``: so much after nine o'clock."""
    from stepwell.config.testing.fixtures import NOW
    from stepwell.ground.kit import clock

    with ExitStack() as stack:
        yield lambda **much: stack.enter_context(clock.stand_still(NOW + timedelta(**much)))


@pytest.fixture
def mailbox(mailoutbox) -> Callable[[], list[Any]]:
    """The letters so far, once the postman is back."""
    from stepwell.trust.accounts.testing import posted

    return posted
