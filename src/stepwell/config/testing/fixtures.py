"""The fixtures. A test that asks for no database starts none.

`db`, from pytest-django, gives a test the worker's own copy, as the app's role, inside a transaction that
is rolled back. `fresh_database` gives a copy that really commits, for a journey or for two people at once.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from pytest_django import DjangoDbBlocker

from stepwell.config.postgres import find, templates
from stepwell.config.postgres.server import Server
from stepwell.config.testing import databases
from stepwell.ground.kit import clock

# Monday of Thanksgiving week, in Dayton, Ohio: the hard week is the one we look at.
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("America/New_York"))

FreshDatabase = Callable[..., AbstractContextManager[str]]


@pytest.fixture(autouse=True)
def clock_stands_still() -> Iterator[None]:
    with clock.stand_still(NOW):
        yield


@pytest.fixture(scope="session")
def database_server() -> Iterator[Server]:
    """PostgreSQL, up for as long as the session uses it."""
    with find.server("tests", for_tests=True) as server:
        templates.drop_forgotten_copies(server)
        yield server


@pytest.fixture(scope="session")
def migrated_template(database_server: Server, django_db_blocker: DjangoDbBlocker) -> str:
    """A database with every migration applied, to be copied."""
    with django_db_blocker.unblock():
        return databases.migrated(database_server)


@pytest.fixture(scope="session")
def alder_creek_template(database_server: Server, django_db_blocker: DjangoDbBlocker) -> str:
    """A database with Alder Creek in it, to be copied."""
    with django_db_blocker.unblock(), clock.stand_still(NOW):
        return databases.alder_creek(database_server)


@pytest.fixture(scope="session")
def django_db_setup(
    database_server: Server, migrated_template: str, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """The worker's own database, in place of the one that Django would make."""
    from stepwell.config.connection import using

    with templates.copied(database_server, migrated_template, "worker") as name:
        with django_db_blocker.unblock(), using(database_server.app.to(name)):
            yield


@pytest.fixture(scope="session")
def fresh_database(
    database_server: Server, migrated_template: str, django_db_blocker: DjangoDbBlocker
) -> FreshDatabase:
    """`with fresh_database():` or `with fresh_database(alder_creek_template):` for a copy that commits."""
    from stepwell.config.connection import using

    numbers = count(1)

    @contextmanager
    def fresh(template: str | None = None) -> Iterator[str]:
        with templates.copied(
            database_server, template or migrated_template, f"fresh_{next(numbers)}"
        ) as name:
            with django_db_blocker.unblock(), using(database_server.app.to(name)):
                yield name

    return fresh
