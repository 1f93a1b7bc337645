"""What can be wrong with an installation: each finding says what it is and what to do."""

import os
import shutil
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import psycopg

from stepwell.config import archive, catalogs, paper
from stepwell.config.cli.arguments import Needs
from stepwell.config.cli.environment import Environment
from stepwell.config.postgres import roles
from stepwell.config.postgres.binaries import NEEDED_EXTENSIONS
from stepwell.config.postgres.places import Unusable
from stepwell.config.postgres.server import Login
from stepwell.ground.kit import clock

LEAST_FREE_GB = 2
SILENT_FOR = timedelta(minutes=10)

#: The wall's rule as PostgreSQL says it back; `trust.organizations.separation` writes it.
WALL = "(organization_id = (NULLIF(current_setting('stepwell.organization'::text, true), ''::text))::uuid)"
IN_WORDS = {
    "select": "read",
    "insert": "add rows to",
    "update": "change rows of",
    "delete": "delete rows of",
    "truncate": "empty",
    "references": "point at",
    "trigger": "put triggers on",
}


def of_the_machine(root: Path) -> Iterator[str]:
    if not Environment().is_fresh(Needs.RUNNING):
        yield "The environment is not what requirements.lock says. Any verb mends it: ./stepwell migrate --plan"
    free = shutil.disk_usage(root).free / 1_000_000_000
    if free < LEAST_FREE_GB:
        yield f"Only {free:.1f} GB are free on this disk. Make room: the database stops when there is none."
    try:
        ZoneInfo("America/New_York")
    except ZoneInfoNotFoundError:
        yield "Time zones are unknown here. Install them: sudo apt-get install tzdata"
    if not os.access(root / "var", os.W_OK) and (root / "var").exists():
        yield f"{root / 'var'} cannot be written. Give it to the account that Stepwell runs as."
    if not paper.can_be_made():
        yield paper.LACKING
    stale = [path for path in catalogs.catalogs() if not path.with_suffix(".mo").exists()]
    if stale:
        yield f"{len(stale)} translations are not compiled. ./stepwell demo or serve does it when it starts."


def of_the_outside(environment: Mapping[str, str]) -> Iterator[str]:
    """What leaves the house, and cannot without a setting."""
    if not environment.get("STEPWELL_SMTP_HOST"):
        yield (
            "STEPWELL_SMTP_HOST is missing: e-mail is handed to this machine's own server, and nobody gets a code, "
            "an invitation or a reminder where there is none."
        )
    if not environment.get("STEPWELL_TEXT_URL"):
        yield "STEPWELL_TEXT_URL is missing: no text message goes out."


def of_the_files(folder: Path) -> Iterator[str]:
    """The folder of the scans: there, ours to write, and nobody else's to look into."""
    if not folder.is_dir():
        yield f"The folder of the scans, {folder}, is missing. Make it: mkdir -p -m 700 {folder}"
        return
    if folder.stat().st_mode & 0o077:
        yield f"Others on this machine can look into {folder}. Close it: chmod 700 {folder}"
    if not os.access(folder, os.W_OK | os.X_OK):
        yield f"{folder} cannot be written. Give it to the account that Stepwell runs as."


def of_the_programs(postgres: int) -> Iterator[str]:
    for name in ("pg_dump", "pg_restore", "psql"):
        try:
            archive.program(name, postgres)
        except Unusable as missing:
            yield f"Backups cannot be made or restored: {missing}"
            return


def of_the_database(connection: psycopg.Connection[Any], app: str) -> Iterator[str]:
    """Asked as the app, so that it is the app's own rights that are seen."""
    version = connection.info.server_version // 10000
    if version < 15:
        yield f"The database is PostgreSQL {version}; Stepwell needs 15 or newer."
    there = {name for (name,) in connection.execute("select extname from pg_extension").fetchall()}
    if lacking := [name for name in NEEDED_EXTENSIONS if name not in there]:
        statements = "; ".join(f"create extension {name}" for name in lacking)
        yield f"The database lacks extensions. As its owner, in psql: {statements}"
    yield from _walls(connection)
    yield from _rights(connection, app)
    yield from _jobs(connection)


def _walls(connection: psycopg.Connection[Any]) -> Iterator[str]:
    """Every table with an organization is behind the wall, but for those that stand outside by plan."""
    from stepwell.trust.organizations.separation import separated_models

    walled = {model._meta.db_table for model in separated_models()}
    rows = connection.execute(
        "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' "
        "and relname = any(%s) and not (relrowsecurity and relforcerowsecurity)",
        [sorted(walled)],
    ).fetchall()
    for (table,) in rows:
        yield f"The table {table} is not behind the wall between organizations. Run ./stepwell migrate."
    policies = connection.execute(
        "select tablename, policyname, permissive = 'PERMISSIVE' and cmd = 'ALL' and roles = '{public}' "
        "and qual = %(rule)s and with_check = %(rule)s "
        "from pg_policies where schemaname = 'public' order by 1, 2",
        {"rule": WALL},
    ).fetchall()
    right = {table for table, name, is_right in policies if name == "one_organization" and is_right}
    for table in sorted(walled - right):
        yield f"The table {table} lacks the policy one_organization, or its rule is another. Run ./stepwell migrate."
    for table, name, _is_right in policies:
        if name != "one_organization":
            yield f"The policy {name} on {table} is not ours and may open the wall. Take it out: drop policy."


def _rights(connection: psycopg.Connection[Any], app: str) -> Iterator[str]:
    """What the app may do in each table, neither less nor more than was planned for it."""
    rows = connection.execute(
        """
        select tablename, did,
               has_table_privilege(%(app)s, name, did),
               has_table_privilege(%(app)s, name, did)
               or did = any('{select,insert,update,references}') and has_any_column_privilege(%(app)s, name, did)
        from pg_tables
        cross join lateral (values ('public.' || quote_ident(tablename))) as named (name)
        cross join unnest(%(rights)s::text[]) as did
        where schemaname = 'public' order by tablename
        """,
        {"app": app, "rights": list(IN_WORDS)},
    ).fetchall()
    for right, words in IN_WORDS.items():
        asked = [(table, may, may_some) for table, did, may, may_some in rows if did == right]
        lacking = [table for table, may, _some in asked if not may and _is_planned(right, table)]
        too_much = [table for table, _may, some in asked if some and not _is_planned(right, table)]
        if lacking:
            yield f"{app} may not {words} {len(lacking)} tables ({lacking[0]} is one). Run ./stepwell migrate."
        if too_much:
            yield f"{app} may {words} {len(too_much)} tables ({too_much[0]} is one). Run ./stepwell migrate."


def _is_planned(right: str, table: str) -> bool:
    return right in roles.rights_on(table).split(", ")


def _jobs(connection: psycopg.Connection[Any]) -> Iterator[str]:
    if connection.execute("select to_regclass('public.procrastinate_workers')").fetchone() == (None,):
        return
    row = connection.execute(
        """
        select count(*) filter (where status = 'failed'),
               count(*) filter (where status = 'todo' and (scheduled_at is null or scheduled_at < now())),
               (select max(last_heartbeat) from procrastinate_workers)
        from procrastinate_jobs
        """
    ).fetchone()
    assert row is not None
    failed, waiting, last_heard = row
    if failed:
        yield f"{failed} jobs have failed. The worker's log says why."
    if waiting and (last_heard is None or clock.now() - last_heard > SILENT_FOR):
        yield f"{waiting} jobs wait and no worker has been heard of. Start one: ./stepwell worker"


def of_the_migrations() -> Iterator[str]:
    from stepwell.config import migrating

    if missing := migrating.missing():
        yield f"The database lacks {len(missing)} migrations ({missing[0]} is the first). Run ./stepwell migrate."


def of_the_event_log() -> Iterator[str]:
    """Asked with Django set up, as the app."""
    from stepwell.trust.audit import chains, sealing

    waiting = [chain.name for chain in chains.every_chain() if sealing.late(chain)]
    if waiting:
        yield (
            f"Events older than five minutes are not sealed ({', '.join(waiting)}), so that a change to them would not "
            "show. Start a worker: ./stepwell worker; or seal them now: ./stepwell audit seal"
        )


def reached(login: Login) -> psycopg.Connection[Any]:
    try:
        return login.connect()
    except psycopg.Error as error:
        raise Unusable(
            f"The database {login.database} cannot be reached: {str(error).strip()}. Is it running, "
            "and is DATABASE_URL right?"
        ) from error
