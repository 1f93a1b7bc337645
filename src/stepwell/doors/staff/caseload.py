"""The caseload: everyone of a scope, narrowed and sorted by what the address says."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any, Self
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stepwell.care.episodes.levels import LevelOfCare
from stepwell.care.episodes.models import EpisodeQuerySet
from stepwell.doors.staff.people_now import PersonNow, Scope
from stepwell.doors.staff.rows import BY_NEED, LEVELS, SORTS
from stepwell.ground.web.navigation import Tab
from stepwell.trust.accounts.models import User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.people.models import CareTeamMember, Patient

SCOPE_NAMES = {
    Scope.MINE: lambda: _("Mine"),
    Scope.TEAM: lambda: _("Team"),
    Scope.WHOLE: lambda: _("Whole program"),
}


#: How many people stand on one page of the list.
PAGE = 60
#: So many days in which nobody saw the person.
QUIET = (3, 7, 14)


@dataclass(frozen=True)
class Page:
    people: tuple[PersonNow, ...]
    number: int
    pages: int
    #: How many fit, on all pages.
    found: int


@dataclass(frozen=True)
class Asked:
    """What the address asks for. What it does not say, or says wrongly, is as if it were not there."""

    show: Scope
    sort: str = BY_NEED
    level: str = ""
    counselor: str = ""
    center: str = ""
    language: str = ""
    quiet: str = ""
    short: str = ""
    needs: str = ""
    q: str = ""
    page: int = 1

    @classmethod
    def read(cls, given: QueryDict, scopes: tuple[Scope, ...]) -> Self:
        wanted, q, counselor = (
            given.get("show", ""),
            given.get("q", "").strip()[:100],
            _uuid(given, "counselor"),
        )
        usual = scopes[-1] if q or counselor else scopes[0]
        return cls(
            show=Scope(wanted) if wanted in {scope.value for scope in scopes} else usual,
            sort=_one_of(given, "sort", SORTS) or BY_NEED,
            level=_one_of(given, "level", LevelOfCare),
            counselor=counselor,
            center=_uuid(given, "center"),
            language=_one_of(given, "language", Patient.Language.values),
            quiet=_one_of(given, "quiet", map(str, QUIET)),
            short=_one_of(given, "short", "1"),
            needs=_one_of(given, "needs", "1"),
            q=q,
            page=int(page) if (page := given.get("page", "")).isdecimal() and len(page) < 5 else 1,
        )

    def address(self, path: str, first: Scope, **changes: str | bool | int) -> str:
        """The first page of what asks for the same with these changes; what is as usual is left out."""
        said = {each.name: str(getattr(self, each.name)) for each in fields(self)} | {"page": ""}
        said |= {name: ("1" if value is True else str(value or "")) for name, value in changes.items()}
        # Who is looked for is looked for everywhere, so a search says where, and so does a counselor's list.
        if said["show"] == str(first) and not said["q"] and not said["counselor"]:
            said["show"] = ""
        if said["sort"] == BY_NEED:
            said["sort"] = ""
        query = urlencode({name: value for name, value in said.items() if value})
        return f"{path}?{query}" if query else path

    def part_of(self, count: int) -> tuple[int, int, slice]:
        """Of so many, the page that is asked for, of how many, and who stands on it; of a page that is not there the
        last one."""
        pages = max(-(-count // PAGE), 1)
        number = min(max(self.page, 1), pages)
        return number, pages, slice((number - 1) * PAGE, number * PAGE)

    def among(self, episodes: EpisodeQuerySet) -> EpisodeQuerySet:
        """Those that the database can choose, before anything is read of them."""
        if self.counselor:
            places = CareTeamMember.objects.current().filter(role=Role.COUNSELOR, practitioner=self.counselor)
            episodes = episodes.filter(patient__in=places.values("patient"))
        if self.center:
            episodes = episodes.filter(patient__center=self.center)
        if self.language:
            episodes = episodes.filter(patient__language=self.language)
        return episodes

    def fitting(self, rows: EpisodeQuerySet) -> EpisodeQuerySet:
        """Those whose values (``summaries``) are as asked."""
        if self.level:
            rows = rows.filter(now_level=LEVELS.index(LevelOfCare(self.level)))
        if self.short:
            rows = rows.filter(now_hours__gt=0)
        if self.needs:
            rows = rows.filter(now_need__isnull=False)
        if self.quiet:
            rows = rows.filter(now_unseen__gte=int(self.quiet))
        for word in self.q.casefold().split():
            rows = rows.filter(now_words__contains=word)
        return rows

    @property
    def narrows(self) -> bool:
        return any(self.narrowing.values())

    @property
    def narrowing(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in NARROWING}


#: What of the address leaves people out; without them everyone of the scope is there.
NARROWING = ("level", "counselor", "center", "language", "quiet", "short", "needs", "q")


def _one_of(given: QueryDict, name: str, known: Iterable[str]) -> str:
    return value if (value := given.get(name, "")) in {str(one) for one in known} else ""


def _uuid(given: QueryDict, name: str) -> str:
    try:
        return str(UUID(given.get(name, "")))
    except ValueError:
        return ""


def scope_tabs(scopes: tuple[Scope, ...], asked: Asked, path: str) -> list[Tab]:
    """The switch between views; none when there is only one."""
    if len(scopes) < 2:
        return []
    return [
        Tab(SCOPE_NAMES[scope](), asked.address(path, scopes[0], show=scope), current=scope is asked.show)
        for scope in scopes
    ]


@dataclass(frozen=True)
class Choice:
    """One list to narrow by, as the form shows it."""

    name: str
    label: str
    anyone: str
    options: tuple[tuple[str, str], ...]
    chosen: str


def choices(asked: Asked, scopes: tuple[Scope, ...], user: User) -> list[Choice]:
    """The lists to narrow by. One that could choose nothing is left out."""
    lists = [
        Choice("level", _("Level of care"), _("All levels"), _levels(), asked.level),
        Choice("counselor", _("Counselor"), _("Every counselor"), _counselors(scopes, user), asked.counselor),
        Choice("center", _("Center"), _("Every center"), _centers(user), asked.center),
        Choice(
            "language", _("Language"), _("Every language"), tuple(Patient.Language.choices), asked.language
        ),
        Choice("quiet", _("Not seen"), _("Seen or not"), _quiet(), asked.quiet),
    ]
    return [each for each in lists if len(each.options) > 1]


def _levels() -> tuple[tuple[str, str], ...]:
    return tuple((level.value, level.short) for level in LevelOfCare)


def _counselors(scopes: tuple[Scope, ...], user: User) -> tuple[tuple[str, str], ...]:
    if Scope.WHOLE not in scopes:
        return ()
    places = CareTeamMember.objects.visible_to(user).current().filter(role=Role.COUNSELOR)
    found: Any = places.order_by("practitioner__name").values_list("practitioner", "practitioner__name")
    return tuple((str(pk), name) for pk, name in found.distinct())


def _centers(user: User) -> tuple[tuple[str, str], ...]:
    return tuple((str(center.pk), center.name) for center in user.centers_here)


def _quiet() -> tuple[tuple[str, str], ...]:
    words = [ngettext("for %(n)s day", "for %(n)s days", days) % {"n": days} for days in QUIET]
    return tuple(zip(map(str, QUIET), words, strict=True))


def title(asked: Asked, shown: Sequence[Choice]) -> str:
    """Whose caseload the page shows: a counselor's by their name."""
    names = {name: label for each in shown if each.name == "counselor" for name, label in each.options}
    return (
        _("Caseload of %(name)s") % {"name": names[asked.counselor]}
        if asked.counselor in names
        else _("Caseload")
    )
