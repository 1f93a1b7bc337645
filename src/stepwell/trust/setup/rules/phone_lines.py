"""When a phone line is answered. Nobody is told to call a line that nobody answers then."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from stepwell.trust.setup.rules.hours import Open


@dataclass(frozen=True)
class Answered:
    """The hours of one line, by the clock on the center's wall."""

    is_always: bool
    week: tuple[Open, ...] = ()

    @classmethod
    def of(cls, is_always: bool, stored: Iterable[Sequence[object]]) -> "Answered":
        """From how it is stored: ``[0, "08:30", "17:00"]`` for each stretch."""
        return cls(is_always, tuple(Open.at(int(str(day)), str(a), str(b)) for day, a, b in stored))

    def at(self, face: datetime, *, is_closed_day: bool) -> bool:
        """Whether somebody answers when the clock on the wall shows this; on a closed day only where it is always."""
        if self.is_always:
            return True
        return not is_closed_day and any(
            one.weekday == face.weekday() and one.opens <= face.time() < one.closes for one in self.week
        )


def stored(week: Iterable[Open]) -> list[list[object]]:
    return [[one.weekday, f"{one.opens:%H:%M}", f"{one.closes:%H:%M}"] for one in sorted(week)]
