"""Every query set gives every role, in every relation, exactly the rows that the permission table gives.

The rows are worked out once more in plain Python (``tests.rows``) and compared. Every table that holds something of
a patient has such a query set, or a reason here for having none.
"""

from typing import Any

import pytest
from django.apps import apps
from django.db import models

from stepwell.trust.access import Permission, VisibleTo, may
from stepwell.trust.access.rules import TABLE
from stepwell.trust.accounts.models import User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.organizations.separation import separated_models
from stepwell.trust.people.models import Patient
from tests.rows import Facts, rows_of, seen_models, visible
from tests.world import Stands, World, is_history

#: Tables that hold something of a patient, whose rows nobody is shown through a query set of their own.
SEEN_ANOTHER_WAY = {
    "audit.Finding": "what is unusual in the event log; its pages ask SEE_AUDIT",
    "people.RecordMerge": "which record went into which; its pages ask MERGE_RECORDS of the record that is left",
    "people.Touched": "which transaction touched a record; the database writes it, and no page shows it",
    "staff_door.Summary": "what episodes, which begin at what their reader may see, are sorted by; no page shows it",
    "audit.AuditEvent": "read on the page of one patient, which asks SEE_TRACE, and in the log: SEE_AUDIT",
}


def about_a_patient(model: type[models.Model]) -> bool:
    """Whether a row of it points at a patient, or says the id of one."""
    names = {field.name for field in model._meta.get_fields()}
    points = any(
        isinstance(field, models.ForeignKey) and field.related_model is Patient
        for field in model._meta.local_fields
    )
    return points or model is Patient or "patient_id" in names


def test_every_table_with_something_of_a_patient_begins_at_what_its_reader_may_see():
    without = {
        model._meta.label
        for model in apps.get_models()
        if about_a_patient(model) and not is_history(model) and model not in seen_models()
    }
    assert without == set(SEEN_ANOTHER_WAY)


def test_every_table_seen_through_the_table_is_behind_the_wall():
    assert set(seen_models()) <= set(separated_models())


def test_a_row_about_a_patient_is_reached_by_its_own_patient():
    for model in seen_models():
        rows = model._default_manager.all()
        assert isinstance(rows, VisibleTo)
        if any(field.name == "patient" for field in model._meta.local_fields):
            assert (rows.to_patient, rows.to_center) == ("patient", None), model


@pytest.mark.parametrize("role", list(Role))
def test_every_query_set_gives_exactly_the_rows_of_the_table(world: World, role: Role) -> None:
    wrong, compared, rows_seen = [], 0, 0
    for stands in (one for one in Stands if one.suits(role)):
        with world.reader(role, stands) as reader:
            facts = Facts.of(world, reader)
            with acting_in(facts.organization):
                user = User.objects.get(pk=reader.user.pk)
                for model in seen_models():
                    rows = rows_of(world, facts.organization, model)
                    for permission in _asked(model):
                        should = visible(world, facts, model, permission)
                        rows_of_model: Any = model._default_manager
                        given = list(rows_of_model.visible_to(user, permission).values_list("pk", flat=True))
                        compared, rows_seen = compared + len(rows), rows_seen + len(given)
                        if set(given) != should or len(given) != len(should):
                            wrong.append(
                                f"{model._meta.label}, {role} who {stands.value[0]}, to {permission.value}:"
                                f" {len(given)} rows, not {len(should)}"
                            )
    print(f"\n{role}: {compared} rows of {len(seen_models())} tables decided, {rows_seen} of them seen")
    assert wrong == [], "\n".join(wrong)
    assert compared > 10_000


def _asked(model: type[models.Model]) -> list[Permission]:
    """The table's own permission; of a patient, every one there is."""
    return list(Permission) if model is Patient else [model._default_manager.all().seen_with]  # type: ignore[attr-defined]


@pytest.mark.parametrize("role", list(Role))
def test_the_gate_of_every_action_gives_what_the_table_says(world: World, role: Role) -> None:
    wrong = []
    for stands in (one for one in Stands if one.suits(role)):
        with world.reader(role, stands) as reader, acting_in(world.alder.id):
            user = User.objects.get(pk=reader.user.pk)
            wrong += [
                f"{role} who {stands.value[0]}, to {permission.value}"
                for permission in TABLE
                if may(user, permission, world.patient) != reader.has(permission)
            ]
    assert wrong == []
