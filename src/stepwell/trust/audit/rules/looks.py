"""Who looked at one record: the events of a page, told by day and by person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True)
class Look:
    """One event about a record, at the time of its center."""

    at: datetime
    by_id: UUID | None
    by_name: str
    by_roles: tuple[str, ...]
    did: str
    purpose: str


@dataclass(frozen=True)
class Visit:
    """What one person did with a record on one day, for one purpose."""

    by_id: UUID | None
    by_name: str
    by_roles: tuple[str, ...]
    purpose: str
    first_at: datetime
    last_at: datetime
    times: int
    acts: tuple[str, ...]


@dataclass(frozen=True)
class Day:
    on: date
    visits: tuple[Visit, ...]


def by_day_and_person(looks: Iterable[Look]) -> list[Day]:
    """The newest day first; within a day, whoever was there last first."""
    days: dict[date, dict[tuple[UUID | None, str, str], list[Look]]] = {}
    for look in looks:
        # By name as well: what nobody who signed in did, a job did, and each job has its own name.
        key = (look.by_id, look.by_name, look.purpose)
        days.setdefault(look.at.date(), {}).setdefault(key, []).append(look)
    return [
        Day(
            on,
            tuple(
                sorted(
                    map(_visit, people.values()),
                    key=lambda visit: (visit.last_at, visit.by_name),
                    reverse=True,
                )
            ),
        )
        for on, people in sorted(days.items(), reverse=True)
    ]


def _visit(looks: list[Look]) -> Visit:
    newest = max(looks, key=lambda look: look.at)
    return Visit(
        newest.by_id,
        newest.by_name,
        newest.by_roles,
        newest.purpose,
        min(look.at for look in looks),
        newest.at,
        len(looks),
        tuple(sorted({look.did for look in looks})),
    )


def whole_days(looks: list[Look], most: int) -> int:
    """How many of these, newest first, make a page of at most so many that does not cut a day in two.

    A day with more than a page of looks is cut.
    """
    if len(looks) <= most:
        return len(looks)
    first_left_out = looks[most].at.date()
    whole = [look for look in looks[:most] if look.at.date() != first_left_out]
    return len(whole) or most
