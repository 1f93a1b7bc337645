"""The database that a verb works on: the one named in the environment, or else the demonstration's."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import django

from stepwell.config.postgres import find, roles
from stepwell.config.postgres.places import Unusable
from stepwell.config.postgres.server import Login

# Another name lets a second demonstration stand beside the first.
ALDER_CREEK = os.environ.get("STEPWELL_DEMO_DATABASE", "alder_creek")


@dataclass(frozen=True)
class Installation:
    app: Login
    owner: Login | None
    is_demo: bool

    def need_owner(self) -> Login:
        if self.owner is None:
            raise Unusable(
                f"This needs the role that owns the database. Name its address in {find.OWNER_URL}, "
                f"beside the app's in {find.APP_URL}."
            )
        return self.owner


@contextmanager
def installation() -> Iterator[Installation]:
    """Reach the database, and set Django up as the app."""
    if url := os.environ.get(find.APP_URL):
        owner = os.environ.get(find.OWNER_URL)
        yield Installation(
            _read(find.APP_URL, url), _read(find.OWNER_URL, owner) if owner else None, is_demo=False
        )
        return
    with find.server("demo") as server:
        if not roles.database_exists(server, ALDER_CREEK):
            raise Unusable(
                f"No database is named in {find.APP_URL}, and there is no demonstration yet. "
                "./stepwell demo makes it."
            )
        be_the_demonstration()
        find.tell_settings(server, ALDER_CREEK)
        yield Installation(server.app.to(ALDER_CREEK), server.owner.to(ALDER_CREEK), is_demo=True)


def _read(name: str, url: str) -> Login:
    try:
        return Login.from_url(url)
    except ValueError as error:
        raise Unusable(f"{name} is not an address of a database: {error}") from error


def be_the_demonstration() -> None:
    os.environ["STEPWELL_DEMO"] = "1"
    os.environ.setdefault("STEPWELL_HOSTS", "localhost,127.0.0.1,[::1]")


def set_up_django(*, to_serve: bool = False) -> None:
    if to_serve:
        os.environ["STEPWELL_GATHERED_STATIC"] = "1"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stepwell.config.settings")
    django.setup()
