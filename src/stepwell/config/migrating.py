"""Bring a database to this version's shape, raise the walls in it, and give the app's role its rights."""

from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from stepwell.config.connection import using
from stepwell.config.postgres import roles
from stepwell.config.postgres.server import APP, Login
from stepwell.config.rendering import rendering_sparingly
from stepwell.trust.organizations.separation import separate
from stepwell.trust.people.merging import guard
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
