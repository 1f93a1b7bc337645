"""Who and what is taken when, while the story is being told: nobody is in two places."""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

Taken = tuple[datetime, datetime]


class Diary:
    def __init__(self) -> None:
        self._taken: dict[str, list[Taken]] = defaultdict(list)

    def is_free(self, whom: Iterable[str], starts_at: datetime, minutes: int) -> bool:
        ends_at = starts_at + timedelta(minutes=minutes)
        return not any(self._overlaps(one, starts_at, ends_at) for one in whom)

    def take(self, whom: Iterable[str], starts_at: datetime, minutes: int) -> None:
        ends_at = starts_at + timedelta(minutes=minutes)
        for one in whom:
            if self._overlaps(one, starts_at, ends_at):
                raise ValueError(f"{one} is taken at {starts_at}")
            insort(self._taken[one], (starts_at, ends_at))

    def _overlaps(self, one: str, starts_at: datetime, ends_at: datetime) -> bool:
        taken = self._taken[one]
        # Entries never overlap each other, so only the last one that begins before `ends_at` can reach in.
        before = bisect_left(taken, (ends_at, ends_at)) - 1
        return before >= 0 and taken[before][1] > starts_at
