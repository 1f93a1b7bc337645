"""Scoring: from a person's answers to totals, bands, flags, and what is still unknown.

`reader` reads an instrument from its file and refuses a bad one by name and field; `definitions` is
what it becomes. `scorer` scores answers against it. `exchange` speaks the JSON of the command line.
A missing answer is never a zero: it gives a proration where the instrument has a published rule,
and otherwise the bounds the total must lie between.
"""

from stepwell.care.measures.scoring.definitions import (
    Definition,
    Direction,
    Item,
    ItemKind,
    Method,
    MissingRule,
    Standing,
)
from stepwell.care.measures.scoring.reader import DefinitionError, load, parse
from stepwell.care.measures.scoring.scorer import Flag, FlagKind, Scored, Status, is_asked, score

__all__ = [
    "Definition",
    "DefinitionError",
    "Direction",
    "Flag",
    "FlagKind",
    "Item",
    "ItemKind",
    "Method",
    "MissingRule",
    "Scored",
    "Standing",
    "Status",
    "is_asked",
    "load",
    "parse",
    "score",
]
