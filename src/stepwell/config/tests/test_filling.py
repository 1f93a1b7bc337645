"""A database that is filled before anybody uses it is held, in the end, to all that every other one is held to."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection

from stepwell.config import migrating
from stepwell.config.connection import using
from stepwell.config.postgres.server import Login, Server
from stepwell.config.testing.fixtures import FreshDatabase
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.organizations.models import Center, Organization, Room


@pytest.fixture
def owner(fresh_database: FreshDatabase, database_server: Server) -> Iterator[Login]:
    with fresh_database() as name:
        yield database_server.owner.to(name)


def promises(owner: Login) -> set[Any]:
    """Every foreign key, and every trigger of ours with whether it fires."""
    with using(owner), connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " UNION ALL SELECT tgrelid::regclass::text, tgname, tgenabled::text FROM pg_trigger WHERE NOT tgisinternal"
        )
        return set(cursor.fetchall())


def center_of(name: str) -> Center:
    organization = Organization.objects.create(name=name, slug=name)
    with acting_in(organization.pk):
        return Center.objects.create(name=name, slug=name, time_zone="America/New_York")


def test_every_promise_is_back_when_it_is_filled(owner: Login):
    before = promises(owner)
    with migrating.filling(owner):
        during = promises(owner)
        center_of("alder-creek")
    assert len(before - during) > 300
    assert promises(owner) == before


def test_a_row_that_points_nowhere_is_refused_in_the_end(owner: Login):
    here = center_of("alder-creek")
    with pytest.raises(IntegrityError, match="violates foreign key"), migrating.filling(owner):
        with acting_in(here.organization.pk):
            Room.objects.create(center_id=uuid4(), name="Maple", seats=10)


def test_a_row_that_points_into_another_organization_is_refused_in_the_end(owner: Login):
    here, there = center_of("alder-creek"), center_of("birch-hill")
    with pytest.raises(IntegrityError, match="same_org"), migrating.filling(owner):
        with acting_in(here.organization.pk):
            Room.objects.create(center_id=there.pk, name="Maple", seats=10)
