"""What the rooms above tell us. We may not ask them: so each says, when it starts, what it knows.

- how many people are in care at a center, before it is closed;
- what is planned on a day, before the day is closed;
- what one person holds, and how it is handed to a colleague, before they leave.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from stepwell.trust.accounts.models import User
from stepwell.trust.organizations.models import Center
from stepwell.trust.people.models import Practitioner


@dataclass(frozen=True)
class Planned:
    """Something that stands on a day, how many people it concerns, and where it is called off."""

    at: datetime
    what: str
    people: int
    url: str


CountsPeople = Callable[[Center], int]
TellsPlans = Callable[[Center, Collection[date]], Iterable[Planned]]

_in_care: list[CountsPeople] = []
_plans: list[TellsPlans] = []


def tell_who_is_in_care(count: CountsPeople) -> None:
    _in_care.append(count)


def tell_what_is_planned(tells: TellsPlans) -> None:
    _plans.append(tells)


def people_in_care(center: Center) -> int:
    return sum(count(center) for count in _in_care)


def planned_on(center: Center, days: Collection[date]) -> list[Planned]:
    return sorted((one for tells in _plans for one in tells(center, days)), key=lambda planned: planned.at)


# Handing over


@dataclass(frozen=True)
class Holding:
    """One thing that a person holds: a patient, a group, an appointment, a note to write.

    ``may_go_to`` are the colleagues who could hold it. ``what`` and ``detail`` say no patient's name to a reader who
    may not see it.
    """

    key: str
    what: str
    detail: str = ""
    may_go_to: tuple[UUID, ...] = ()
    may_end: bool = True
    #: Whose name or record number it says; None where it says nobody's.
    names: UUID | None = None
    #: What ending it is called, where it does not end at all.
    end_words: str = ""


class Part(Protocol):
    """One kind of thing that somebody holds, and how it is handed on. A later room adds its own by one line."""

    key: str

    @property
    def title(self) -> object: ...

    @property
    def about(self) -> object:
        """What becomes of it, in a sentence."""

    @property
    def ending(self) -> object:
        """What ending it means here, when nobody takes it over."""

    def held(self, of: Practitioner, *, reader: User, at: datetime) -> list[Holding]: ...

    def prepare(self, of: Practitioner, to: Collection[Practitioner], *, at: datetime) -> None:
        """Take every lock that the acts below need, in the order that every act takes them."""

    def hand_over(
        self, shares: Mapping[str, Practitioner], *, of: Practitioner, by: User, at: datetime
    ) -> None:
        """Give each of these to a colleague. Raises ``NotHandedOver``, with nothing changed."""

    def end(self, key: str, *, of: Practitioner, because: str, by: User, at: datetime) -> None: ...


class NotHandedOver(Exception):
    """One thing cannot go where it was to go; the sentence says why, and ``key`` which one it is."""

    def __init__(self, because: str, *, part: str, key: str) -> None:
        super().__init__(because)
        self.because = because
        self.part = part
        self.key = key


_parts: dict[str, Part] = {}


def tell_what_is_held(part: Part) -> None:
    _parts[part.key] = part


@dataclass(frozen=True)
class Held:
    """Everything of one kind that somebody holds."""

    part: Part
    holdings: list[Holding] = field(default_factory=list)


def everything_held(of: Practitioner, *, reader: User, at: datetime) -> list[Held]:
    """By kind, in the order in which the rooms stand; kinds of which there is nothing, too."""
    return [Held(part, part.held(of, reader=reader, at=at)) for part in _parts.values()]
