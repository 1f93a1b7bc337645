"""The caseload: everyone of a scope, narrowed and sorted by what the address says."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from stepwell.care.episodes.levels import LevelOfCare
from stepwell.doors.staff.people_now import PersonNow, Scope
from stepwell.doors.staff.rows import BY_NEED, ORDERS
from stepwell.ground.web.navigation import Tab

SCOPE_NAMES = {
    Scope.MINE: lambda: _("Mine"),
    Scope.TEAM: lambda: _("Team"),
    Scope.WHOLE: lambda: _("Whole program"),
}


#: How many people stand on one page of the list.
PAGE = 60


@dataclass(frozen=True)
class Page:
    people: tuple[PersonNow, ...]
    number: int
    pages: int


@dataclass(frozen=True)
class Asked:
    """What the address asks for. What it does not say, or says wrongly, is as if it were not there."""

    show: Scope
    sort: str = BY_NEED
    level: str = ""
    q: str = ""
    short: bool = False
    page: int = 1

    @classmethod
    def read(cls, given: QueryDict, scopes: tuple[Scope, ...]) -> Self:
        wanted, q = given.get("show", ""), given.get("q", "").strip()[:100]
        usual = scopes[-1] if q else scopes[0]
        return cls(
            show=Scope(wanted) if wanted in {scope.value for scope in scopes} else usual,
            sort=sort if (sort := given.get("sort", "")) in ORDERS else BY_NEED,
            level=level if (level := given.get("level", "")) in {one.value for one in LevelOfCare} else "",
            q=q,
            short=given.get("short") == "1",
            page=int(page) if (page := given.get("page", "")).isdecimal() and len(page) < 5 else 1,
        )

    def address(self, path: str, first: Scope, **changes: str | bool | int) -> str:
        """The first page of what asks for the same with these changes; what is as usual is left out."""
        said = {
            "show": str(self.show),
            "sort": "" if self.sort == BY_NEED else self.sort,
            "level": self.level,
            "q": self.q,
            "short": "1" if self.short else "",
        }
        said |= {name: ("1" if value is True else str(value or "")) for name, value in changes.items()}
        # Who is looked for is looked for everywhere, so a search says where.
        if said["show"] == str(first) and not said["q"]:
            said["show"] = ""
        if said["sort"] == BY_NEED:
            said["sort"] = ""
        query = urlencode({name: value for name, value in said.items() if value})
        return f"{path}?{query}" if query else path

    def page_of(self, people: Sequence[PersonNow]) -> "Page":
        """The people on the page asked for; of a page that is not there, the last one."""
        pages = max(-(-len(people) // PAGE), 1)
        number = min(max(self.page, 1), pages)
        return Page(tuple(people[(number - 1) * PAGE : number * PAGE]), number, pages)

    def keeps(self, person: PersonNow) -> bool:
        """Whether this person is among those asked for."""
        if self.level and (person.level is None or person.level.value != self.level):
            return False
        if self.short and not (person.hours and person.hours.short):
            return False
        return self.matches(person)

    def matches(self, person: PersonNow) -> bool:
        patient = person.patient
        names = f"{patient.name} {patient.first_name} {patient.record_number}".casefold()
        return all(word in names for word in self.q.casefold().split())

    @property
    def narrows(self) -> bool:
        return bool(self.level or self.q or self.short)


def scope_tabs(scopes: tuple[Scope, ...], asked: Asked, path: str) -> list[Tab]:
    """The switch between views; none when there is only one."""
    if len(scopes) < 2:
        return []
    return [
        Tab(SCOPE_NAMES[scope](), asked.address(path, scopes[0], show=scope), current=scope is asked.show)
        for scope in scopes
    ]


def levels_of(people: Iterable[PersonNow]) -> list[LevelOfCare]:
    """The levels that occur, from least to most care."""
    found = {person.level for person in people if person.level}
    return [level for level in LevelOfCare if level in found]
