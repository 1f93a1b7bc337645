"""The instruments kept here, whatever their owners allow: the definitions in `instruments/`.

Which of them an organization asks is in `in_use`.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from stepwell.care.measures.scoring import Definition, load

INSTRUMENTS = Path(__file__).parent / "instruments"


@cache
def instruments() -> Mapping[str, Definition]:
    found = (load(path) for path in sorted(INSTRUMENTS.rglob("*.json"), key=lambda path: path.stem))
    return MappingProxyType({definition.id: definition for definition in found})


def instrument(instrument_id: str) -> Definition:
    """Raises KeyError for an instrument that is not kept here."""
    return instruments()[instrument_id]
