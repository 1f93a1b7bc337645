"""What `/` finds: people, groups, and what this reader may do or open. Nothing that they may not see.

A verb before a name, as in "note maya", offers that act for each person of that name.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from stepwell.care.scheduling.models import GroupSeries, GroupSession
from stepwell.doors.staff.rail import Rail
from stepwell.ground.kit import clock
from stepwell.ground.web.parts import is_part
from stepwell.trust.access import Permission, lists, may
from stepwell.trust.accounts.models import User
from stepwell.trust.people.charts import listed
from stepwell.trust.people.finding import MOST_FOUND, Found, people_found
from stepwell.trust.people.models import Patient
from stepwell.trust.people.rules.likeness import plain
from stepwell.trust.people.rules.typed import Typed, nearness, read

#: In the list under the box; the page itself shows them all.
PEOPLE_SHOWN = 7
GROUPS_SHOWN = 5
ACTIONS_SHOWN = 5


@dataclass(frozen=True)
class Way:
    """One line of what was found, and where it leads."""

    label: str
    url: str
    icon: str
    more: str = ""


@dataclass(frozen=True)
class Person:
    found: Found
    opens: bool
    in_emergency: bool

    @property
    def patient(self) -> Patient:
        return self.found.patient

    @property
    def url(self) -> str:
        """Where their name leads: the chart for whoever may open it, else who they are and how to reach them."""
        return reverse("staff:chart" if self.opens else "people:particulars", args=[self.patient.pk])


@dataclass(frozen=True)
class Verb:
    """Something done for one person. The words that begin it, the permission it asks, and where it is done."""

    words: tuple[str, ...]
    permission: Permission
    label: Callable[[str], str]
    icon: str
    address: str


VERBS = (
    Verb(
        ("note", "notes", "write"),
        Permission.SEE_NOTES,
        lambda n: _("Notes of %s") % n,
        "note",
        "notes:notes",
    ),
    Verb(
        ("book", "session", "appointment"),
        Permission.BOOK,
        lambda n: _("Book a session for %s") % n,
        "cal",
        "scheduling:session",
    ),
    Verb(
        ("week", "schedule"), Permission.SEE_SCHEDULE, lambda n: _("Week of %s") % n, "cal", "scheduling:week"
    ),
    Verb(("task", "todo"), Permission.ASK_TASK, lambda n: _("New task about %s") % n, "check", "tasks:ask"),
    Verb(
        ("plan", "goal"),
        Permission.SEE_CHART,
        lambda n: _("Treatment plan of %s") % n,
        "flag",
        "care_plans:plan",
    ),
    Verb(
        ("measure", "measures", "phq", "gad"),
        Permission.SEE_CHART,
        lambda n: _("Measures of %s") % n,
        "chart",
        "measures:measures",
    ),
    Verb(
        ("contact", "call", "phone", "address"),
        Permission.SEE_DIRECTORY,
        lambda n: _("How to reach %s") % n,
        "phone",
        "people:particulars",
    ),
)


@never_cache
@require_safe
@login_required
def find(request: HttpRequest) -> HttpResponse:
    user = request.user
    if not isinstance(user, User) or not user.is_staff_here:
        raise PermissionDenied
    now = clock.now().astimezone(user.zone_here)
    typed = read(request.GET.get("q", ""), now.date())
    people = _people(typed, user)
    if lists.asked_for_csv(request):
        listed(request, [one.patient for one in people], "people found by name")
        header = (_("Person"), _("Born"), _("Record"), _("Center"))
        rows = ([p.name, p.born_on, p.record_number, p.center.name] for p in (one.patient for one in people))
        return lists.as_csv(request, "people found by name", header, rows)
    part = is_part(request)
    shown = people[:PEOPLE_SHOWN] if part else people
    acts = list(_for_one(typed, user, now))
    listed(
        request,
        [*(one.patient for one in shown), *(patient for _way, patient in acts)],
        "people found by name",
    )
    context: dict[str, Any] = {
        "typed": typed,
        "people": shown,
        "people_more": len(people) - len(shown),
        "is_cut": len(people) == MOST_FOUND,
        "groups": _groups(typed, user, now)[:GROUPS_SHOWN] if typed.words else [],
        "actions": [*(way for way, _patient in acts), *_actions(typed, Rail(request))][:ACTIONS_SHOWN],
        "sees_people": may(user, Permission.SEE_DIRECTORY),
        "may_take_referral": may(user, Permission.TAKE_REFERRAL),
    }
    return render(request, f"staff/find.html{'#found' if part else ''}", context)


def _people(typed: Typed, user: User) -> list[Person]:
    found = people_found(typed, user)
    if not found:
        return []
    keys = [one.patient.pk for one in found]
    opens = _in_sight(user, Permission.SEE_CHART, keys)
    in_emergency = _in_sight(user, Permission.OPEN_IN_EMERGENCY, keys) - opens
    return [Person(one, one.patient.pk in opens, one.patient.pk in in_emergency) for one in found]


def _in_sight(user: User, permission: Permission, keys: list[Any]) -> set[Any]:
    seen = Patient.objects.visible_to(user, permission).filter(pk__in=keys)
    return set(seen.values_list("pk", flat=True))


def _groups(typed: Typed, user: User, now: datetime) -> list[Way]:
    """The groups whose name, kind or leader answers; before them, those of their sessions that meet today."""
    running = GroupSeries.objects.visible_to(user).running_on(now.date())
    near = {
        one.pk: (fit, one)
        for one in running.select_related("leader")
        if (fit := nearness(typed.words, one.name, one.get_kind_display(), one.leader.name))
    }
    if not near:
        return []
    midnight = datetime.combine(now.date(), time(), tzinfo=now.tzinfo)
    today = (
        GroupSession.objects.visible_to(user)
        .filter(series__in=near, starts_at__gte=midnight, starts_at__lt=midnight + timedelta(days=1))
        .meeting()
        .select_related("series")
        .order_by("starts_at")
    )
    meeting = [
        Way(
            one.series.name,
            reverse("notes:session", args=[one.pk]),
            "chat",
            _("Today, %(at)s") % {"at": _at(one.starts_at.astimezone(now.tzinfo).time())},
        )
        for one in (today if may(user, Permission.MARK_ATTENDANCE) else ())
    ]
    series = [
        Way(
            one.name,
            reverse("scheduling:series", args=[one.pk]),
            "users",
            _("%(day)ss, %(at)s, %(leader)s")
            % {"day": one.get_weekday_display(), "at": _at(one.starts), "leader": one.leader.name},
        )
        for _fit, one in sorted(near.values(), key=lambda each: (-each[0], each[1].weekday, each[1].starts))
    ]
    return [*meeting, *series]


def _at(moment: time) -> str:
    return f"{moment:%I:%M %p}".lstrip("0")


def _for_one(typed: Typed, user: User, now: datetime) -> Iterator[tuple[Way, Patient]]:
    """ "note maya": that act, for each person of that name for whom this reader may do it."""
    first, _space, rest = typed.whole.partition(" ")
    begins = "".join(plain(first))
    verbs = [v for v in VERBS if len(begins) > 2 and any(word.startswith(begins) for word in v.words)]
    rest = rest.removeprefix("for ").strip()
    if not verbs or not rest:
        return
    found = [one.patient for one in people_found(read(rest, now.date()), user)]
    for verb in verbs:
        within = _in_sight(user, verb.permission, [one.pk for one in found])
        for patient in [one for one in found if one.pk in within][:ACTIONS_SHOWN]:
            url = reverse(verb.address, args=[patient.pk])
            yield Way(verb.label(patient.name), url, verb.icon, patient.record_number), patient


def _actions(typed: Typed, rail: Rail) -> list[Way]:
    """What this reader may begin, and the pages of the door that they may open."""
    begin = [(one.label, one.words, Way(one.label, one.url, one.icon)) for one in rail.begins]
    pages = [
        (one.label, "", Way(_("Go to %(page)s") % {"page": one.label}, one.url, one.icon))
        for one in rail.items
    ]
    near = [(nearness(typed.words, label, words), way) for label, words, way in [*begin, *pages]]
    return [way for fit, way in sorted(near, key=lambda each: -each[0]) if fit]
