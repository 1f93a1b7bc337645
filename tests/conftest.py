"""What the proofs share: the world they walk through, built once for each worker and copied for each module."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from stepwell.config.connection import using
from stepwell.config.postgres import templates
from stepwell.config.postgres.server import Server
from stepwell.config.testing.fixtures import NOW, FreshDatabase
from stepwell.ground.kit import clock

if TYPE_CHECKING:
    from tests.world import World


@pytest.fixture(scope="session")
def grown(
    database_server: Server, alder_creek_template: str, django_db_blocker: DjangoDbBlocker
) -> Iterator[tuple[str, "World"]]:
    """The world as it is before anything happens in it, in a database that is only copied."""
    from tests.world import build_world  # Models are there only once Django is set up.

    with templates.copied(database_server, alder_creek_template, "world") as name:
        with (
            override_settings(STEPWELL_DEMO=True),
            django_db_blocker.unblock(),
            using(database_server.app.to(name)),
            clock.stand_still(NOW),
        ):
            world = build_world(database_server.owner.to(name))
        yield name, world


@pytest.fixture(scope="module")
def world(fresh_database: FreshDatabase, grown: tuple[str, "World"]) -> Iterator["World"]:
    """Alder Creek and its twin, in a database of their own that commits."""
    name, world = grown
    with override_settings(STEPWELL_DEMO=True), fresh_database(name):
        yield replace(world, marks=dict(world.marks), rows=dict(world.rows))
