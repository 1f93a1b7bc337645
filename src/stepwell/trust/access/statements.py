"""The SQL of a query set, put together once. To build it anew costs more than to run it, and it is in every page.

What changes from one asking to the next has a blank of its own in the query set, which is filled in each time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self
from uuid import UUID

from django.db import models

#: Blanks. Nothing real is ever one of them.
READER = UUID(int=1)
PATIENT = UUID(int=2)
NOW = datetime.min.replace(tzinfo=UTC)


def centers(relation: int, count: int) -> list[UUID]:
    """So many blanks for centers, of one relation of several."""
    return [UUID(int=1000 * (relation + 1) + number) for number in range(count)]


@dataclass(frozen=True)
class Statement:
    sql: str
    values: tuple[Any, ...]

    @classmethod
    def of(cls, rows: "models.QuerySet[Any, Any]") -> Self:
        """Of these rows, in no order."""
        sql, values = rows.order_by().query.sql_with_params()
        return cls(sql, tuple(values))

    def filled(self, blanks: Mapping[Any, Any]) -> list[Any]:
        """The values in their order, with these in place of the blanks."""
        return [blanks.get(value, value) for value in self.values]
