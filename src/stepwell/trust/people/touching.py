"""Whose record was touched: whatever changes anything about a person leaves a mark, in the same transaction.

What is worked out of a record and kept (``doors.staff.summaries``) is asked again once such a mark stands, so it can
never be out of date unseen. The marks are left by the database itself, which a bulk change does not escape either; the
walk is over the models there are, so a new room cannot be forgotten. A mark names its transaction and nothing else of
what was done, and no mark waits for another.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from stepwell.trust.organizations.models import Center
from stepwell.trust.people import merging
from stepwell.trust.people.models import Patient, Practitioner

#: The organization and the patients of rows that changed (``changed``) where no column of theirs names a patient.
#: A model above this room says it of itself, in ``touches_patients``.
_OF_OTHERS: dict[type[models.Model], str] = {
    Patient: "SELECT organization_id, id AS patient_id FROM changed",
    Practitioner: (
        "SELECT team.organization_id, team.patient_id FROM people_careteammember team"
        " JOIN changed ON changed.id = team.practitioner_id"
    ),
    Center: (
        "SELECT patient.organization_id, patient.id AS patient_id FROM people_patient patient"
        " JOIN changed ON changed.id = patient.center_id"
    ),
}

_LEAVE_A_MARK = """
CREATE OR REPLACE FUNCTION stepwell_leaves_a_mark() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'INSERT INTO people_touched (id, organization_id, patient_id, written_by, written_at)'
        || ' SELECT gen_random_uuid(), whose.organization_id, whose.patient_id, pg_current_xact_id(), now()'
        || ' FROM (SELECT DISTINCT organization_id, patient_id FROM (' || TG_ARGV[0] || ') AS found'
        || ' WHERE patient_id IS NOT NULL) AS whose ON CONFLICT (patient_id, written_by) DO NOTHING';
    RETURN NULL;
END $$
"""
_EVENTS = {
    "INSERT": ("NEW TABLE AS added", "TABLE added"),
    "UPDATE": (
        "OLD TABLE AS was NEW TABLE AS added",
        "TABLE was UNION ALL TABLE added",
    ),
    "DELETE": ("OLD TABLE AS was", "TABLE was"),
}


@dataclass(frozen=True)
class Source:
    """A table of which a change touches somebody's record, and the statement that says whose."""

    table: str
    name: str
    whose: str


def sources() -> Iterator[Source]:
    for pointer in merging.pointers():
        names = {field.name for field in pointer.model._meta.local_fields}
        if "organization" in names and pointer.column not in getattr(pointer.model, "names_patient_in", ()):
            yield Source(
                pointer.model._meta.db_table,
                f"marks_{pointer.column}",
                f"SELECT organization_id, {pointer.column} AS patient_id FROM changed",  # noqa: S608 - a model's own column
            )
    for model in apps.get_models():
        said: Any = _OF_OTHERS.get(model) or model.__dict__.get("touches_patients")
        if said:
            yield Source(model._meta.db_table, "marks_theirs", said)


def leave_marks(connection: BaseDatabaseWrapper) -> None:
    """Build that into every such table. Run as the owner of the tables, after every migration."""
    with connection.cursor() as cursor:
        cursor.execute(_LEAVE_A_MARK)
        for source in sources():
            for event, (tables, changed) in _EVENTS.items():
                cursor.execute(
                    f'CREATE OR REPLACE TRIGGER "{source.name}_{event.lower()}" AFTER {event} ON "{source.table}"'
                    f" REFERENCING {tables} FOR EACH STATEMENT EXECUTE FUNCTION stepwell_leaves_a_mark(%s)",
                    [f"WITH changed AS ({changed}) {source.whose}"],
                )
