"""Migrations, without most of the time they take: nine tenths of it is Django rendering models that did not change.

Whatever a migration does, Django renders the model anew, and every model that is related to it: here, where each
belongs to an organization, that is all of them, some eight hundred times. What is written to the database does not
change with this; ``tests/test_rendering.py`` says what it rests on.
"""

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import models
from django.db.migrations.operations import AddConstraint, AddIndex, RemoveConstraint, RemoveIndex
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger, RemoveTrigger

FIELD: Any = models.Field
#: They change no field, so what is rendered already serves them, and all who are related to it.
OF_NO_FIELD: tuple[Any, ...] = (
    AddConstraint,
    RemoveConstraint,
    AddIndex,
    RemoveIndex,
    AddTrigger,
    RemoveTrigger,
)


@contextmanager
def rendering_sparingly() -> Iterator[None]:
    """While this lasts, such an operation renders nothing, and a field is copied, not taken apart and made anew."""
    clone, before = FIELD.clone, {operation: operation.state_forwards for operation in OF_NO_FIELD}
    try:
        FIELD.clone = _copied(clone)
        for operation, forwards in before.items():
            operation.state_forwards = _as_rendered(forwards)
        yield
    finally:
        FIELD.clone = clone
        for operation, forwards in before.items():
            operation.state_forwards = forwards


def _copied(clone: Callable[..., Any]) -> Callable[..., Any]:
    """As a field of an abstract model is copied into each that inherits it. One that is in a model is made anew."""

    def copied(field: Any) -> Any:
        if hasattr(field, "model"):
            return clone(field)
        made = copy.deepcopy(field)
        if hasattr(field, "base_field"):  # What a list or a range is of is told in which model it is, too.
            made.base_field = copy.deepcopy(field.base_field)
        return made

    return copied


def _as_rendered(forwards: Callable[..., None]) -> Callable[..., None]:
    """A state renders again only what it has rendered: so this one has nothing, for as long as it takes."""

    def kept(operation: Any, app_label: str, state: ProjectState) -> None:
        rendered = state.__dict__.pop("apps", None)
        forwards(operation, app_label, state)
        if rendered is not None:
            state.__dict__["apps"] = rendered

    return kept
