"""How pytest begins. Rules are plain Python: asked for alone, they run without Django being set up."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from stepwell.config.testing.fixtures import FreshDatabase
    from stepwell.trust.people.testing import Clinic

pytest_plugins = ["stepwell.config.testing.fixtures"]

# A property holds or it does not, however busy the machine is: an example has no time of its own to keep to.
settings.register_profile("stepwell", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("stepwell")

#: Where the tests of this run keep their files.
FILES = pytest.StashKey[str]()
KIT = "src/stepwell/ground/kit"


def is_pure(argument: str) -> bool:
    """Whether that argument names only tests that need no Django."""
    path = Path(argument.partition("::")[0])
    return path.name.startswith("test_rules") or KIT in path.absolute().as_posix()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    # pytest-django sets Django up when this is known, and stays out of the way when it is not.
    if not all(is_pure(argument) for argument in config.args):
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stepwell.config.settings")
        os.environ.setdefault("STEPWELL_SECRET_KEY", "only-for-the-tests")
        os.environ.setdefault(
            "STEPWELL_FILES_KEY", "only-for-the-files-of-the-tests, and long enough for them"
        )
        if not hasattr(config, "workerinput"):  # A worker of the run keeps them where the run does.
            os.environ["STEPWELL_FILES_DIR"] = config.stash[FILES] = mkdtemp(prefix="stepwell-files-")
        # Tests about the second step turn it on; the others sign people in with one.
        os.environ.setdefault("STEPWELL_SECOND_FACTOR", "0")
        from django.conf import settings

        assert settings.INSTALLED_APPS  # Reads the settings, which pytest-django waits for.
        if not hasattr(config, "workerinput"):
            from stepwell.config import catalogs

            catalogs.compile_stale()
            settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if hasattr(config, "workerinput"):
        items.sort(key=longest_first)


def pytest_collection_finish() -> None:
    # What is there now stays to the end, and need not be looked through for what could be thrown away.
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def longest_first(item: pytest.Item) -> int:
    """The proofs, then the journeys, then what starts whole programs: nobody waits for one of these at the end."""
    place = item.path.relative_to(item.config.rootpath).as_posix()
    if place.startswith("tests/"):
        return 1 if place.startswith("tests/journeys/") else 0
    return 2 if place.startswith("src/stepwell/config/tests/") else 3


def pytest_unconfigure(config: pytest.Config) -> None:
    if folder := config.stash.get(FILES, ""):
        rmtree(folder, ignore_errors=True)


@pytest.fixture
def clinic(db: None) -> Iterator["Clinic"]:
    """A small clinic, and the test acting in it."""
    from stepwell.trust.people.testing import open_clinic

    with open_clinic() as clinic:
        yield clinic


@pytest.fixture
def committed_clinic(fresh_database: "FreshDatabase") -> Iterator["Clinic"]:
    """A small clinic that other connections can see: everything in it is committed. Nobody acts in it yet."""
    from django.db import connection

    from stepwell.trust.people.testing import open_clinic

    with fresh_database():
        with open_clinic() as clinic:
            pass
        yield clinic
        connection.close()
