"""Bring a database to this version's shape, raise the walls in it, and give the app's role its rights."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from stepwell.config.connection import using
from stepwell.config.postgres import roles
from stepwell.config.postgres.server import APP, Login
from stepwell.config.rendering import rendering_sparingly
from stepwell.trust.organizations.separation import separate
from stepwell.trust.people.merging import guard, guards, somebody_is_merged
from stepwell.trust.people.touching import leave_marks


def missing() -> list[str]:
    """The migrations that the connected database has not had."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def migrate(owner: Login, *, app: str = APP, verbosity: int = 0) -> None:
    with using(owner):
        with rendering_sparingly():
            call_command("migrate", interactive=False, verbosity=verbosity)
        secure(app=app)


def secure(*, app: str) -> None:
    """Raise the walls, then let the app in. The connected database has every migration; asked as its owner."""
    with transaction.atomic():
        separate(connection)
        guard(connection)
        leave_marks(connection)
        roles.grant_to_app(connection, app=app)


@contextmanager
def filling(owner: Login) -> Iterator[None]:
    """While a database that nobody uses yet is filled: what is asked of each row is asked of all at the end.

    That is every foreign key, and that nothing points at a record that was merged away. Whoever fills it finds no key
    in the way, but a row that points nowhere, or into another organization, is refused in the end: the database is to
    be thrown away then, as after any other failure in between.
    """
    with using(owner), transaction.atomic(), connection.cursor() as cursor:
        keys = _keys(cursor)
        for table, name, _definition in keys:
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        for table, name in guards():
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER "{name}"')
    yield
    with using(owner), transaction.atomic(), connection.cursor() as cursor:
        for table, name in guards():
            cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER "{name}"')
        if somebody_is_merged():
            raise IntegrityError("A record was merged away while no row was asked whether it points there.")
        # Planned for as empty, each check would go through the tables row by row.
        cursor.execute("ANALYZE")
        for table, name, definition in keys:
            cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')


def _keys(cursor: Any) -> list[tuple[str, str, str]]:
    """Table, name and definition of every foreign key."""
    cursor.execute(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE contype = 'f' AND connamespace = 'public'::regnamespace ORDER BY 1, 2"
    )
    return list(cursor.fetchall())
