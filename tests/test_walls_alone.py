"""With every filter of the application taken away, no row of another organization comes out, and none goes in.

``visible_to`` gives everything, the gate lets everybody through: what is left is the wall in the database.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from django.db import ProgrammingError, connection, transaction

from stepwell.config.postgres.server import Server
from stepwell.trust.access import VisibleTo, gate
from stepwell.trust.accounts.roles import Role
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.organizations.separation import separated_models
from tests.addresses import SAMPLES, Asking
from tests.test_every_address import ask, every_address, sight, text_of
from tests.world import MARK, Stands, World


@pytest.fixture
def no_filters(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a mistake in any view could come to, in all of them at once."""
    monkeypatch.setattr(VisibleTo, "visible_to", lambda rows, _user, _permission=None: rows.all())
    monkeypatch.setattr(
        gate.may, "__code__", (lambda user, permission, patient=None, *, center=None: True).__code__
    )
    logging.getLogger("django.request").setLevel(logging.CRITICAL)


@pytest.fixture(scope="module")
def theirs(world: World) -> list[Asking]:
    """Every address with what it takes in the other organization."""
    with acting_in(world.alder.id):
        maya, _other = SAMPLES.patients()
        ours = [SAMPLES.for_address(name, takes, maya) for name, takes in every_address().items()]
    return [
        Asking(one.name, _of_the_twin(world, one.path), one.patient, of_the_center=one.of_the_center)
        for one in ours
        if one is not None
    ]


def _of_the_twin(world: World, path: str) -> str:
    """The same address with every id replaced by that of the twin."""
    parts = path.split("/")
    for number, part in enumerate(parts):
        if len(part) == 36:
            parts[number] = str(world.twin(UUID(part)))
    return "/".join(parts)


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.CLINICAL_SUPERVISOR, Role.COMPLIANCE, Role.PATIENT])
def test_no_address_shows_or_finds_a_row_of_another_organization(
    world: World, theirs: list[Asking], no_filters: None, role: Role
) -> None:
    stands = Stands.THEMSELF if role is Role.PATIENT else Stands.EVERY_CENTER
    leaked, found, shown = [], [], 0
    with world.reader(role, stands) as reader:
        for asking in theirs:
            for method in ("GET", "POST"):
                response = ask(reader.client, method, asking.path)
                marks = [world.marks[mark] for mark in set(MARK.findall(text_of(response)))]
                shown += len(marks)
                leaked += [
                    f"{method} {asking.name} shows a {of.model}"
                    for of in marks
                    if of.organization != world.alder.id
                ]
                if asking.patient is not None and sight(response) == "seen":
                    found.append(f"{method} {asking.name}")
    print(f"\n{role}: {len(theirs)} addresses, {shown} records of their own shown, {len(leaked)} of others")
    assert leaked == []
    assert found == []
    assert shown > 0


def test_with_the_filters_away_a_reader_does_see_the_whole_of_their_own_organization(
    world: World, no_filters: None
) -> None:
    """That the filters are really away: else the test above would prove nothing."""
    with world.reader(Role.ADMINISTRATOR, Stands.SAME_CENTER) as reader:
        response = ask(reader.client, "GET", f"/staff/people/{world.patient.pk}/")
        assert sight(response) == "seen"


def test_no_query_set_and_no_statement_of_our_own_gives_a_row_of_another_organization(world: World) -> None:
    counted = 0
    with acting_in(world.alder.id), connection.cursor() as cursor:
        for model in separated_models():
            assert set(model._base_manager.values_list("organization_id", flat=True)) <= {world.alder.id}, (
                model
            )
            cursor.execute(f'SELECT count(*), count(DISTINCT organization_id) FROM "{model._meta.db_table}"')
            rows, organizations = cursor.fetchone()
            assert organizations <= 1, model
            counted += rows
        cursor.execute("SELECT count(*) FROM people_patient WHERE organization_id = %s", [world.birch.id])
        assert cursor.fetchone() == (0,)
    print(f"\n{counted} rows of {len(list(separated_models()))} tables read without a filter")
    assert counted > 5_000


def test_without_an_organization_there_are_no_rows_at_all(world: World) -> None:
    with connection.cursor() as cursor:
        for model in separated_models():
            assert model._base_manager.count() == 0, model
            cursor.execute(f'SELECT count(*) FROM "{model._meta.db_table}"')
            assert cursor.fetchone() == (0,), model


@pytest.fixture
def no_triggers(world: World, database_server: Server) -> Iterator[None]:
    """The triggers that keep a signed record as it is would refuse first, and hide whether the wall does."""
    tables = [model._meta.db_table for model in separated_models()]
    owner = database_server.owner.to(connection.settings_dict["NAME"])
    connection.close()
    with owner.connect() as changing:
        for table in tables:
            changing.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')  # type: ignore[call-overload]
    yield
    connection.close()
    with owner.connect() as changing:
        for table in tables:
            changing.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')  # type: ignore[call-overload]


def test_no_row_can_be_written_or_moved_into_another_organization(world: World, no_triggers: None) -> None:
    """For every table: a copy of one of our own rows under their name, and one of ours given to them."""
    let_through, tried = [], 0
    with acting_in(world.alder.id):
        for model in separated_models():
            table = model._meta.db_table
            columns = [field.column for field in model._meta.local_concrete_fields]
            named = ", ".join(f'"{column}"' for column in columns)
            values = ", ".join("%s" if column == "organization_id" else f'"{column}"' for column in columns)
            statements = {
                "written": f'INSERT INTO "{table}" ({named}) SELECT {values} FROM "{table}" LIMIT 1',
                "moved": f'UPDATE "{table}" SET organization_id = %s',
            }
            if not model._base_manager.exists():
                continue
            for what, statement in statements.items():
                tried += 1
                refusal = _refusal(statement, [world.birch.id])
                if "row-level security" not in refusal and "permission denied" not in refusal:
                    let_through.append(f"{table} {what}: {refusal or 'done'}")
    print(f"\n{tried} writes into another organization tried")
    assert let_through == []
    assert tried > 60


def test_nothing_of_another_organization_can_be_changed_or_removed(world: World) -> None:
    with acting_in(world.alder.id), connection.cursor() as cursor:
        for model in separated_models():
            table = model._meta.db_table
            for statement in (
                f'UPDATE "{table}" SET organization_id = organization_id WHERE organization_id = %s',
                f'DELETE FROM "{table}" WHERE organization_id = %s',
            ):
                with _denied_or(), transaction.atomic():
                    cursor.execute(statement, [world.birch.id])
                    assert cursor.rowcount == 0, statement


@contextmanager
def _denied_or() -> Iterator[None]:
    """Denied by the rights of the app's role, or done to no row."""
    try:
        yield
    except ProgrammingError as refusal:
        if "permission denied" not in str(refusal):
            raise


def _refusal(statement: str, values: list[Any]) -> str:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
            transaction.set_rollback(True)
    except Exception as refusal:
        return str(refusal)
    return ""
