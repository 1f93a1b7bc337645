"""What the proofs share: the world they walk through, made once for each worker."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from django.test import override_settings

from stepwell.config.postgres.server import Server
from stepwell.config.testing.fixtures import NOW, FreshDatabase
from stepwell.ground.kit import clock

if TYPE_CHECKING:
    from tests.world import World


@pytest.fixture(scope="module")
def world(
    database_server: Server, fresh_database: FreshDatabase, alder_creek_template: str
) -> Iterator["World"]:
    """Alder Creek and its twin, in a database of their own that commits."""
    from tests.world import build_world  # Models are there only once Django is set up.

    with override_settings(STEPWELL_DEMO=True), fresh_database(alder_creek_template) as name:
        with clock.stand_still(NOW):
            grown = build_world(database_server.owner.to(name))
        yield grown
