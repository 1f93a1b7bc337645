"""Which database Django is connected to: changed here, for a moment or from here on."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections

from stepwell.config.postgres.server import Login


def use(login: Login) -> None:
    """Make every connection of this process, from here on and in every thread, one to that database."""
    connections["default"].close()
    # One dictionary is shared by the connections of all threads.
    connections.settings["default"].update(
        NAME=login.database,
        USER=login.user,
        PASSWORD=login.password,
        HOST=login.host,
        PORT=login.port,
        OPTIONS=dict(login.options),
    )


def in_use() -> Login:
    now = connections.settings["default"]
    return Login(
        host=now["HOST"],
        user=now["USER"],
        database=now["NAME"],
        port=now["PORT"],
        password=now["PASSWORD"],
        options=tuple(sorted(now["OPTIONS"].items())),
    )


@contextmanager
def using(login: Login) -> Iterator[None]:
    before = in_use()
    use(login)
    try:
        yield
    finally:
        use(before)
