"""Foreign keys point down, in the same order as imports.

The order is read from the contracts in `pyproject.toml`, so there is one. import-linter does not see a foreign
key that is written as a string.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "stepwell"


@dataclass(frozen=True)
class Key:
    """A foreign key: the module of the model that has it, its name, and the module that it points at."""

    of: str
    name: str
    to: str


def ranks(pyproject: Path) -> dict[str, int]:
    """The height of each room: the lower, the larger. Rooms side by side have the same."""
    contracts = tomllib.loads(pyproject.read_text())["tool"]["importlinter"]["contracts"]
    layers = {
        contract["containers"][0]: contract["layers"]
        for contract in contracts
        if contract["type"] == "layers"
    }
    heights: dict[str, int] = {}

    def walk(container: str) -> None:
        for layer in layers[container]:
            height = len(set(heights.values()))
            for name in layer.replace(":", "|").split("|"):
                room = f"{container}.{name.strip(' ()')}"
                if room in layers:
                    walk(room)
                else:
                    heights[room] = height

    walk(PACKAGE)
    return heights


def faults(keys: Iterable[Key], heights: Mapping[str, int]) -> Iterator[str]:
    for key in keys:
        ours, theirs = room_of(key.of, heights), room_of(key.to, heights)
        if ours is None or theirs is None or ours == theirs:
            continue
        if heights[ours] >= heights[theirs]:
            yield f"{key.name} points up: {ours} stands below {theirs}, or beside it"


def room_of(module: str, heights: Mapping[str, int]) -> str | None:
    """The room that a module lies in; nothing for a package that is not ours."""
    return next((room for room in heights if module == room or module.startswith(f"{room}.")), None)


def keys_of_all_models() -> Iterator[Key]:
    from django.apps import apps

    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_fields + model._meta.local_many_to_many:
            to = field.related_model
            if to is not None and not isinstance(to, str):
                yield Key(model.__module__, f"{model._meta.label}.{field.name}", to.__module__)
