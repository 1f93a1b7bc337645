"""Every change of a model has its migration."""

import warnings
from collections.abc import Iterator
from pathlib import Path


def faults(source: Path) -> Iterator[str]:
    from django.apps import apps
    from django.db.migrations.autodetector import MigrationAutodetector
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.state import ProjectState

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        loader = MigrationLoader(None, ignore_no_migrations=True)
        ours = {app.label for app in apps.get_app_configs() if Path(app.path).is_relative_to(source)}
        for label, names in loader.detect_conflicts().items():
            yield f"{label} has migrations side by side: {', '.join(sorted(names))}"
        changes = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps)).changes(
            graph=loader.graph, trim_to_apps=ours, convert_apps=ours
        )
    for label, migrations in changes.items():
        for migration in migrations:
            for operation in migration.operations:
                yield f"{label} lacks a migration: {operation.describe()}"
