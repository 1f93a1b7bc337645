"""Weeks as a program counts them: Monday to Sunday, by the calendar of the place."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, order=True)
class Week:
    """One Monday to Sunday. Shown as its ISO name, such as 2026-W48."""

    monday: date

    def __post_init__(self) -> None:
        if self.monday.weekday() != 0:
            raise ValueError(f"{self.monday} is not a Monday")

    @classmethod
    def of(cls, day: date) -> "Week":
        return cls(day - timedelta(days=day.weekday()))

    @classmethod
    def named(cls, iso_name: str) -> "Week":
        """Read a name such as 2026-W48. Raises ValueError for anything else."""
        found = re.fullmatch(r"(\d{4})-W(\d{2})", iso_name)
        if not found:
            raise ValueError(f"{iso_name!r} is not a week such as 2026-W48")
        return cls(date.fromisocalendar(int(found[1]), int(found[2]), 1))

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(self.monday + timedelta(days=n) for n in range(7))

    @property
    def next(self) -> "Week":
        return Week(self.monday + timedelta(days=7))

    @property
    def before(self) -> "Week":
        return Week(self.monday - timedelta(days=7))

    def bounds(self, time_zone: str) -> tuple[datetime, datetime]:
        """First moment, and the first moment after, in UTC; 167 or 169 hours long when clocks change."""
        zone = ZoneInfo(time_zone)
        return (
            datetime.combine(self.monday, time(), zone).astimezone(UTC),
            datetime.combine(self.monday + timedelta(days=7), time(), zone).astimezone(UTC),
        )

    def __str__(self) -> str:
        return f"{self.monday:%G-W%V}"
