"""A server, and how each of our roles connects to it.

Three kinds of people speak to the database: an administrator, who makes roles and databases; the owner,
who makes the tables and sees every row; and the app, which may neither change a table's shape nor see a
row of an organization that it does not act in.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode

import psycopg
from psycopg.conninfo import conninfo_to_dict

OWNER = "stepwell_owner"
APP = "stepwell_app"


@dataclass(frozen=True)
class Login:
    """How one role connects to one database."""

    host: str
    user: str
    database: str
    port: str = ""
    password: str = ""
    options: tuple[tuple[str, str], ...] = ()

    @classmethod
    def from_url(cls, url: str) -> "Login":
        """Read a `postgresql://` address, or raise ValueError with what is wrong with it."""
        try:
            parts = {name: str(value) for name, value in conninfo_to_dict(url).items()}
        except psycopg.Error as error:
            raise ValueError(str(error).strip()) from error
        known = {
            "host": parts.pop("host", ""),
            "port": parts.pop("port", ""),
            "user": parts.pop("user", ""),
            "password": parts.pop("password", ""),
            "database": parts.pop("dbname", ""),
        }
        return cls(**known, options=tuple(sorted(parts.items())))

    @property
    def url(self) -> str:
        where = {"host": self.host, "port": self.port, **dict(self.options)}
        query = urlencode({name: value for name, value in where.items() if value}, quote_via=quote)
        password = f":{quote(self.password, safe='')}" if self.password else ""
        return f"postgresql://{quote(self.user, safe='')}{password}@/{quote(self.database, safe='')}?{query}"

    def to(self, database: str) -> "Login":
        return replace(self, database=database)

    def arguments(self) -> dict[str, str]:
        named = {
            "host": self.host,
            "port": self.port,
            "user": self.user,
            "password": self.password,
            "dbname": self.database,
        }
        return {name: value for name, value in {**named, **dict(self.options)}.items() if value}

    def connect(self) -> psycopg.Connection[tuple[object, ...]]:
        """A connection in which each statement stands alone, as making a database needs."""
        return psycopg.connect(**self.arguments(), autocommit=True, connect_timeout=10)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Server:
    """A server that is up, and the three logins."""

    administrator: Login
    owner: Login
    app: Login

    @contextmanager
    def administering(self, database: str = "") -> Iterator[psycopg.Connection[tuple[object, ...]]]:
        login = self.administrator.to(database) if database else self.administrator
        with login.connect() as connection:
            yield connection
