"""Migrating sparingly writes to the database, to the letter, what Django writes by itself."""

from typing import Any

import pytest
from django.db import connection
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import AddConstraint
from django.db.migrations.state import ProjectState

from stepwell.config.rendering import FIELD, rendering_sparingly

#: A room with history, constraints, indexes and fields that came later; with all that it stands on.
ROOM = "people"


def statements() -> list[str]:
    loader: Any = MigrationLoader(connection)
    [leaf] = loader.graph.leaf_nodes(ROOM)
    plan = loader.graph.forwards_plan(leaf)
    collected: list[str] = loader.collect_sql([(loader.graph.nodes[key], False) for key in plan])
    return collected


@pytest.mark.django_db
def test_what_is_written_is_the_same_to_the_letter():
    as_django_does = statements()
    with rendering_sparingly():
        assert statements() == as_django_does
    assert len(as_django_does) > 300


def test_a_field_that_was_copied_is_what_a_field_made_anew_is():
    states = MigrationLoader(None).project_state().models
    taken_apart = MigrationAutodetector(ProjectState(), ProjectState()).deep_deconstruct
    fields = 0
    for state in states.values():
        field: Any
        for field in state.fields.values():
            anew = field.clone()
            with rendering_sparingly():
                copied = field.clone()
            fields += 1
            assert copied is not field
            assert type(copied) is type(anew)
            assert taken_apart(copied) == taken_apart(anew)
            assert field.remote_field is None or copied.remote_field is not field.remote_field
    assert fields > 800


def test_afterwards_django_is_as_it_was():
    before = (FIELD.clone, AddConstraint.state_forwards)
    with pytest.raises(LookupError), rendering_sparingly():
        raise LookupError
    assert before == (FIELD.clone, AddConstraint.state_forwards)
