"""The two roles, the databases they use, and what the app's role may do in them.

The app may add and change rows and, but for a short list of tables that hold nothing clinical, never delete
one. What has been written to the audit trail and to row history it can only read and add to.
"""

import hashlib
from collections.abc import Iterable
from typing import Any

import psycopg
from psycopg import sql

from stepwell.config.postgres.binaries import NEEDED_EXTENSIONS
from stepwell.config.postgres.places import Unusable
from stepwell.config.postgres.server import APP, OWNER, Login, Server

# Held while roles, databases and templates are made, so that two processes do not make the same one.
ONE_AT_A_TIME = 7_382_913_001

# Tables of machinery; and the hours, closed days and phone lines of a center, its public entry and its open times,
# which are about nobody: what they said before stays in their history and in the event log. Everything else is kept
# for good.
ROWS_MAY_BE_DELETED = (
    "django_session",
    "axes_%",
    "procrastinate_%",
    "access_pace",
    "accounts_signedinbrowser",
    "accounts_passkey",
    "accounts_authenticatorapp",
    "accounts_recoverycode",
    "accounts_letter",
    "organizations_openinghours",
    "organizations_closure",
    "organizations_publishedcenter",
    "organizations_opentime",
    "organizations_phoneline",
    # Worked out of what is kept, and forgotten when it is no longer of the day.
    "people_touched",
    "staff_door_summary",
)
ROWS_MAY_ONLY_BE_ADDED = ("audit_%", "%event")
HISTORY_CONTEXT = "pghistory_context"


def make_roles(server: Server) -> None:
    """Make the roles of our own server, which lets in whoever reaches its socket."""
    with server.administering() as connection, connection.transaction():
        connection.execute("select pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        _make_role(connection, OWNER, "login createdb bypassrls")
        _make_role(connection, APP, "login")


def _make_role(connection: psycopg.Connection[Any], name: str, attributes: str, password: str = "") -> None:
    exists = connection.execute("select from pg_roles where rolname = %s", [name]).rowcount
    statement = sql.SQL("{verb} role {name} {attributes}").format(
        verb=sql.SQL("alter" if exists else "create"),
        name=sql.Identifier(name),
        attributes=sql.SQL(attributes),  # type: ignore[arg-type]
    )
    if password:
        statement += sql.SQL(" password {}").format(sql.Literal(password))
    connection.execute(statement)


def adopt(url: str) -> Server:
    """Use the server named by that address for a demonstration or the tests.

    Its login is taken as the owner, and the app's role is derived from it: that takes a role that may
    make others and is not bound by row-level security itself.
    """
    try:
        owner = Login.from_url(url)
        connection = owner.connect()
    except (ValueError, psycopg.OperationalError) as error:
        raise Unusable(f"DATABASE_URL cannot be used: {str(error).strip()}") from error
    with connection:
        may = connection.execute(
            "select rolsuper, rolcreaterole, rolcreatedb, rolbypassrls from pg_roles where rolname = current_user"
        ).fetchone()
        assert may is not None
        is_super, *others = may
        if not (is_super or all(others)):
            raise Unusable(
                "The role in DATABASE_URL may not make roles and databases, or is bound by row-level security, so a "
                "demonstration and the tests cannot use it. Give it SUPERUSER, or leave DATABASE_URL out: a PostgreSQL "
                "of our own is started then."
            )
        version = connection.info.server_version // 10000
        if version < 15:
            raise Unusable(f"DATABASE_URL names PostgreSQL {version}; Stepwell needs 15 or newer.")
        # The same each time, so that a second process does not lock out the first.
        password = hashlib.sha256(f"{APP} {owner.user} {owner.password} {owner.host}".encode()).hexdigest()
        with connection.transaction():
            connection.execute("select pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
            _make_role(connection, APP, "login", password)
    app = Login(owner.host, APP, owner.database, owner.port, password, owner.options)
    return Server(administrator=owner, owner=owner, app=app)


def database_exists(server: Server, name: str) -> bool:
    with server.administering() as connection:
        return bool(connection.execute("select from pg_database where datname = %s", [name]).rowcount)


def make_database(server: Server, name: str) -> None:
    """Make that database, with its extensions, when it is not there."""
    with server.administering() as connection:
        connection.execute("select pg_advisory_lock(%s)", [ONE_AT_A_TIME])
        if not connection.execute("select from pg_database where datname = %s", [name]).rowcount:
            connection.execute(
                sql.SQL("create database {} owner {} template template0 encoding 'UTF8'").format(
                    sql.Identifier(name), sql.Identifier(server.owner.user)
                )
            )
    with server.administering(name) as connection:
        make_extensions(connection)


def make_extensions(connection: psycopg.Connection[Any]) -> None:
    for extension in NEEDED_EXTENSIONS:
        connection.execute(sql.SQL("create extension if not exists {}").format(sql.Identifier(extension)))


def drop_database(server: Server, name: str) -> None:
    with server.administering() as connection:
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def grant_to_app(connection: Any, *, app: str = APP) -> None:
    """Give the app's role what it needs in this database, and no more. Run by the owner after migrating."""
    role = sql.Identifier(app)
    with connection.cursor() as cursor:
        cursor.execute("select tablename from pg_tables where schemaname = 'public' order by tablename")
        tables = [name for (name,) in cursor.fetchall()]
        statements = [
            sql.SQL("revoke create on schema public from public"),
            sql.SQL("grant usage on schema public to {}").format(role),
            sql.SQL("revoke all on all tables in schema public from {}").format(role),
            sql.SQL("grant usage, select on all sequences in schema public to {}").format(role),
            sql.SQL("grant execute on all functions in schema public to {}").format(role),
        ]
        for table in tables:
            rights = sql.SQL(rights_on(table))  # type: ignore[arg-type]
            statements.append(sql.SQL("grant {} on {} to {}").format(rights, sql.Identifier(table), role))
        for statement in statements:
            cursor.execute(statement.as_string(None))


def rights_on(table: str) -> str:
    """What the app's role may do in that table."""
    if table == HISTORY_CONTEXT:
        return "select, insert, update"  # One request adds to its own context as it goes.
    if _is_like(table, ROWS_MAY_BE_DELETED):
        return "select, insert, update, delete"
    if _is_like(table, ROWS_MAY_ONLY_BE_ADDED):
        return "select, insert"
    return "select, insert, update"


def _is_like(table: str, patterns: Iterable[str]) -> bool:
    """Whether the name is one of those; a `%` stands at the start or the end for anything."""
    return any(
        table.startswith(pattern[:-1])
        if pattern.endswith("%")
        else table.endswith(pattern[1:])
        if pattern.startswith("%")
        else table == pattern
        for pattern in patterns
    )
