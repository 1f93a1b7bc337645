"""Databases made once and copied in a tenth of a second.

A template is named after what it was made from, so that a changed migration makes another. It is made by
whichever process comes first, while the others wait, and it is marked whole only at the end: one that was
left half made is made again.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from stepwell.config.postgres import roles
from stepwell.config.postgres.server import Server

PREFIX = "stepwell_template"
COPY_PREFIX = "stepwell_copy"
WHOLE = "whole"
KEPT_OF_A_KIND = 3


def fingerprint(files: Iterable[Path], *more: str) -> str:
    """A short name for what those files hold."""
    digest = hashlib.sha256()
    for word in more:
        digest.update(word.encode() + b"\0")
    for path in sorted(files):
        digest.update(str(path).encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def template(
    server: Server, kind: str, made_from: str, *, build: Callable[[str], None], begin_with: str | None = None
) -> str:
    """The name of that template, built now, from another if told, unless somebody has built it already."""
    name = f"{PREFIX}_{kind}_{made_from}"
    with server.administering() as connection:
        connection.execute("select pg_advisory_lock(hashtextextended(%s, 0))", [name])
        if _state(connection, name) == WHOLE:
            return name
        roles.drop_database(server, name)
        if begin_with:
            _create(connection, server, name, begin_with)
        else:
            roles.make_database(server, name)
        build(name)
        _freeze(connection, name)
        _drop_old(server, connection, kind, but=name)
    return name


def _state(connection: psycopg.Connection[Any], name: str) -> str | None:
    row = connection.execute(
        "select shobj_description(oid, 'pg_database') from pg_database where datname = %s", [name]
    ).fetchone()
    return None if row is None else row[0]


def _freeze(connection: psycopg.Connection[Any], name: str) -> None:
    """Let nobody connect from here on, as a database in use cannot be copied, and mark it whole."""
    quoted = sql.Identifier(name)
    connection.execute(sql.SQL("alter database {} with allow_connections false").format(quoted))
    connection.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [name])
    connection.execute(sql.SQL("comment on database {} is {}").format(quoted, sql.Literal(WHOLE)))


def _drop_old(server: Server, connection: psycopg.Connection[Any], kind: str, *, but: str) -> None:
    """Keep the newest few of a kind: going back to an earlier commit then costs nothing."""
    rows = connection.execute(
        "select datname from pg_database where datname like %s and datname <> %s order by oid desc",
        [f"{PREFIX}\\_{kind}\\_%", but],
    ).fetchall()
    for (name,) in rows[KEPT_OF_A_KIND - 1 :]:
        roles.drop_database(server, str(name))


def copy(server: Server, template_name: str, label: str) -> str:
    """Copy a template, and answer the copy's name."""
    name = f"{COPY_PREFIX}_{os.getpid()}_{label}"
    roles.drop_database(server, name)
    with server.administering() as connection:
        _create(connection, server, name, template_name)
        connection.execute(
            sql.SQL("comment on database {} is {}").format(sql.Identifier(name), sql.Literal(_here()))
        )
    return name


def _create(connection: psycopg.Connection[Any], server: Server, name: str, template_name: str) -> None:
    connection.execute(
        sql.SQL("create database {} owner {} template {}").format(
            sql.Identifier(name), sql.Identifier(server.owner.user), sql.Identifier(template_name)
        )
    )


@contextmanager
def copied(server: Server, template_name: str, label: str) -> Iterator[str]:
    """A copy that lasts as long as the block."""
    name = copy(server, template_name, label)
    try:
        yield name
    finally:
        roles.drop_database(server, name)


def drop_forgotten_copies(server: Server) -> None:
    """Drop the copies of processes of this machine that ended without doing so."""
    with server.administering() as connection:
        rows = connection.execute(
            "select datname, shobj_description(oid, 'pg_database') from pg_database where datname like %s",
            [f"{COPY_PREFIX}\\_%"],
        ).fetchall()
    for name, made_on in rows:
        process = str(name).removeprefix(f"{COPY_PREFIX}_").partition("_")[0]
        if made_on == _here() and not Path(f"/proc/{process}").exists():
            roles.drop_database(server, str(name))


def _here() -> str:
    return f"made on {os.uname().nodename}"
