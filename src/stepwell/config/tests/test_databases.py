"""A test has a database of its own, in which it may do what the app may do, and no more."""

import pytest
from django.db import ProgrammingError, connection

from stepwell.config.testing.fixtures import FreshDatabase


@pytest.mark.django_db
def test_a_test_connects_as_the_app_which_is_bound_by_row_level_security():
    with connection.cursor() as cursor:
        cursor.execute(
            "select current_user, rolsuper, rolbypassrls from pg_roles where rolname = current_user"
        )
        assert cursor.fetchone() == ("stepwell_app", False, False)


@pytest.mark.django_db
def test_the_app_cannot_change_the_shape_of_a_table():
    with connection.cursor() as cursor, pytest.raises(ProgrammingError, match="must be owner"):
        cursor.execute("alter table django_session add column extra int")


def test_what_is_written_in_one_fresh_database_is_not_in_the_next(fresh_database: FreshDatabase):
    with fresh_database(), connection.cursor() as cursor:
        cursor.execute("insert into django_session values ('a', '', now())")
    with fresh_database(), connection.cursor() as cursor:
        cursor.execute("select count(*) from django_session")
        assert cursor.fetchone() == (0,)
