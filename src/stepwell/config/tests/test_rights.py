"""The app may add and change; it may delete only what is machinery, and never touch what has been recorded."""

import pytest
from django.db import DatabaseError, connection

from stepwell.config.postgres.roles import rights_on


@pytest.mark.parametrize(
    ("table", "rights"),
    [
        ("notes_note", "select, insert, update"),
        ("people_patient", "select, insert, update"),
        ("django_session", "select, insert, update, delete"),
        ("axes_accessattempt", "select, insert, update, delete"),
        ("procrastinate_jobs", "select, insert, update, delete"),
        ("organizations_openinghours", "select, insert, update, delete"),
        ("organizations_closure", "select, insert, update, delete"),
        ("organizations_closureevent", "select, insert"),
        ("organizations_center", "select, insert, update"),
        ("audit_auditevent", "select, insert"),
        ("audit_auditbatch", "select, insert"),
        ("audit_signinbatch", "select, insert"),
        ("notes_noteevent", "select, insert"),
        ("pghistory_context", "select, insert, update"),
    ],
)
def test_rights_by_table(table: str, rights: str):
    assert rights_on(table) == rights


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "delete from people_patient",
        "truncate people_patient",
        "update audit_auditevent set organization_id = organization_id",
        "delete from audit_auditevent",
        "create table mine (id int)",
        "alter table people_patient disable row level security",
        "set role stepwell_owner",
    ],
)
def test_the_database_itself_refuses(statement: str):
    with (
        connection.cursor() as cursor,
        pytest.raises(DatabaseError, match=r"permission denied|must be owner"),
    ):
        cursor.execute(statement)


@pytest.mark.django_db
def test_every_table_of_ours_has_rights_for_the_app():
    with connection.cursor() as cursor:
        cursor.execute(
            "select tablename, has_table_privilege(current_user, 'public.' || quote_ident(tablename), 'select') "
            "from pg_tables where schemaname = 'public'"
        )
        rows = cursor.fetchall()
    assert len(rows) > 50
    assert [table for table, readable in rows if not readable] == []
