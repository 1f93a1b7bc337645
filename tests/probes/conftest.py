"""What the probes share: every address with what it takes, and no line in the log for each refusal."""

import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.addresses import Asking
    from tests.world import World


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    names = ("django.request", "django.security.csrf", "django.security.DisallowedHost")
    loggers = [logging.getLogger(name) for name in names]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    yield
    for logger, level in zip(loggers, before, strict=True):
        logger.setLevel(level)


@pytest.fixture(scope="module")
def askings(world: "World") -> "list[Asking]":
    """Every address with what it takes, about the sample patient."""
    from stepwell.trust.organizations.acting import acting_in
    from tests.addresses import SAMPLES
    from tests.test_every_address import every_address

    with acting_in(world.alder.id):
        maya, _other = SAMPLES.patients()
        found = [SAMPLES.for_address(name, takes, maya) for name, takes in every_address().items()]
    return [asking for asking in found if asking is not None]
