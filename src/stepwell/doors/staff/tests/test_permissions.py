"""The permission table, as whoever gives roles reads it."""

import pytest

from stepwell.doors.staff.permissions import FOR_WHOM, rows_of
from stepwell.doors.testing import read
from stepwell.trust.access.rules import TABLE, Permission, Relation
from stepwell.trust.accounts.roles import Role


def test_every_relation_has_its_words():
    assert set(FOR_WHOM) == set(Relation)


@pytest.mark.parametrize("role", list(Role))
def test_the_page_says_what_the_table_says(role):
    for row in rows_of(role):
        given = TABLE[Permission(row.what)].get(role, ())
        assert set(row.for_whom) == {FOR_WHOM[relation] for relation in given}


@pytest.mark.django_db
def test_an_administrator_reads_what_each_role_may_do(clinic):
    client = clinic.client(clinic.user(Role.ADMINISTRATOR))
    page = read(client, "/staff/permissions/?role=biller")
    may, _, may_not = page.partition("Billing: may not")
    assert "see the hours of a week everybody at their center" in may
    assert "read notes" in may_not


@pytest.mark.django_db
def test_an_unknown_role_is_not_an_error(clinic):
    client = clinic.client(clinic.user(Role.ADMINISTRATOR))
    assert client.get("/staff/permissions/?role=%27%20OR%201").status_code == 200
