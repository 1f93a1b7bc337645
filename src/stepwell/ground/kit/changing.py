"""What was typed put in the place of what stands there."""

from collections.abc import Mapping
from typing import Any


def change(row: object, given: Mapping[str, Any]) -> list[str]:
    """Change what is different, and name it. The same words again, as from a second click, change nothing."""
    changed = [name for name, value in given.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, given[name])
    return changed
