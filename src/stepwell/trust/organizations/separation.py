"""The wall between organizations, built into the database after every migration.

For every table whose model has an ``organization``:

- row-level security, enabled and forced, with one policy that reads ``stepwell.organization``;
- for every foreign key to another such table, a second one over (organization, id), because a plain foreign
  key passes through row-level security and would let a row point into another organization.

A table outside the wall whose rows name an organization (a membership, a published center) has such second keys, too.

It walks the models there are, so a new table cannot be forgotten, and it may run any number of times.
"""

from collections.abc import Iterator

from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

HERE = "NULLIF(current_setting('stepwell.organization', true), '')::uuid"


def separated_models() -> Iterator[type[models.Model]]:
    """Every model whose rows belong to one organization, history included."""
    return (model for model in models_of_an_organization() if _is_walled(model))


def models_of_an_organization() -> Iterator[type[models.Model]]:
    """Every model whose rows name an organization, those outside the wall included."""
    for model in apps.get_models(include_auto_created=True):
        if any(field.name == "organization" for field in model._meta.local_fields):
            yield model


def _is_walled(model: type[models.Model]) -> bool:
    return not getattr(model, "outside_the_wall", False)


def separate(connection: BaseDatabaseWrapper) -> None:
    """Bring every table behind the wall. Run as the owner of the tables."""
    walled = list(separated_models())
    with connection.cursor() as cursor:
        for model in walled:
            for statement in _policy(model):
                cursor.execute(statement)
        for model in models_of_an_organization():
            for statement in _same_organization_keys(model):
                cursor.execute(statement)


def _policy(model: type[models.Model]) -> Iterator[str]:
    table = model._meta.db_table
    yield f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY'
    yield f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY'
    yield f'DROP POLICY IF EXISTS one_organization ON "{table}"'
    yield (
        f'CREATE POLICY one_organization ON "{table}"'
        f" USING (organization_id = {HERE}) WITH CHECK (organization_id = {HERE})"
    )


def keys_between(model: type[models.Model]) -> Iterator[tuple[str, str]]:
    """(column, table pointed at) of every real foreign key to a walled table."""
    for field in model._meta.local_fields:
        if (
            not isinstance(field, models.ForeignKey)
            or not getattr(field, "db_constraint", True)  # history tables point without a key
            or field.name == "organization"
        ):
            continue
        target = field.related_model
        if not isinstance(target, str) and target in set(separated_models()):
            yield field.column, target._meta.db_table


def _same_organization_keys(model: type[models.Model]) -> Iterator[str]:
    table = model._meta.db_table
    for column, target in keys_between(model):
        yield _unless_there(target, _name(target, "id", "org_uniq"), "UNIQUE (organization_id, id)")
        yield _unless_there(
            table,
            _name(table, column, "same_org"),
            f'FOREIGN KEY (organization_id, "{column}") REFERENCES "{target}" (organization_id, id)'
            " DEFERRABLE INITIALLY DEFERRED",
        )


def _name(table: str, column: str, what: str) -> str:
    return f"{table}_{column}"[: 62 - len(what)] + f"_{what}"


def _unless_there(table: str, name: str, constraint: str) -> str:
    return f"""
        DO $$ BEGIN
            IF NOT EXISTS (
                SELECT FROM pg_constraint WHERE conname = '{name}' AND conrelid = '"{table}"'::regclass
            ) THEN
                ALTER TABLE "{table}" ADD CONSTRAINT "{name}" {constraint};
            END IF;
        END $$
    """
