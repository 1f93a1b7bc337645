"""The instruments this installation may ask: the definitions kept in `instruments/`."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from stepwell.care.measures.scoring import Definition, load

INSTRUMENTS = Path(__file__).parent / "instruments"


@cache
def instruments() -> Mapping[str, Definition]:
    found = (load(path) for path in sorted(INSTRUMENTS.glob("*.json")))
    return MappingProxyType({definition.id: definition for definition in found})


def instrument(instrument_id: str) -> Definition:
    """Raises KeyError for an instrument that is not kept here."""
    return instruments()[instrument_id]
