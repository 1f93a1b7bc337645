"""An organization is never left without somebody who can run it."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Administers:
    """A person who may administer and can sign in: the whole organization, or some centers of it."""

    user: UUID
    everywhere: bool


def leaves_nobody(before: Collection[Administers], after: Collection[Administers]) -> bool:
    """Whether a change would take away the last one. Who runs one center does not stand in for who runs all."""
    if any(one.everywhere for one in before):
        return not any(one.everywhere for one in after)
    return bool(before) and not after
