"""The pages of the staff door."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from stepwell.care.progress.rules import needs as rules
from stepwell.doors.staff import office, timeline, words
from stepwell.doors.staff.caseload import NARROWING, PAGE, Asked, choices, scope_tabs, title
from stepwell.doors.staff.chart import Overview
from stepwell.doors.staff.chart_frame import ChartFrame
from stepwell.doors.staff.people_now import flagged_besides, people_in, scopes_of
from stepwell.doors.staff.rows import BY_NEED, COLUMNS, Column, Heading, rows
from stepwell.doors.staff.summaries import Listing
from stepwell.doors.staff.today import (
    by_need,
    closed_days,
    due_besides,
    due_from_me,
    my_day,
    need_rows,
    program_now,
    set_aside_lines,
    version_of_today,
)
from stepwell.doors.staff.who_sees import WhoSees
from stepwell.ground.kit import clock
from stepwell.ground.kit.weeks import Week
from stepwell.ground.web import live
from stepwell.ground.web.parts import is_part
from stepwell.trust.access import Permission, lists, may, require
from stepwell.trust.access.rules import Relation
from stepwell.trust.access.visibility import standing
from stepwell.trust.accounts.models import User
from stepwell.trust.accounts.roles import GIVES_CARE, Role
from stepwell.trust.people.actions.emergencies import to_know_of
from stepwell.trust.people.charts import listed, open_chart
from stepwell.trust.people.models import Patient
from stepwell.trust.setup.people import colleagues

TWO_YEARS = timedelta(days=731)
NEEDS_SHOWN = 6
CASELOAD_SHOWN = 10
DUE_SHOWN = 8
EMERGENCIES_SHOWN = 5

#: Those whose day is about people in care. The others' day is about the office.
HAS_PEOPLE_IN_CARE = GIVES_CARE | {Role.DIRECTOR}


@never_cache
@require_safe
@login_required
def today(request: HttpRequest) -> HttpResponse:
    """What each member of staff sees first: who needs them, or what the office has before it."""
    return _todays(request, _staff(request))


@never_cache
@require_safe
@login_required
def today_changes(request: HttpRequest) -> HttpResponse:
    """The parts of Today that are new to the page that asks: somebody did something about one of its people."""
    user = _staff(request)
    if not is_part(request):
        return redirect("staff:today")
    if live.is_same(request, _version(user, clock.now().astimezone(user.zone_here))):
        return live.same()
    return _todays(request, user)


def _todays(request: HttpRequest, user: User) -> HttpResponse:
    return (_clinical_today if user.roles & HAS_PEOPLE_IN_CARE else _office_today)(request, user)


def _version(user: User, now: datetime) -> str:
    """The office follows those whom it may know to be in care; who gives care, those whose charts they may open."""
    gives_care = bool(user.roles & HAS_PEOPLE_IN_CARE)
    return version_of_today(user, now, Permission.SEE_CHART if gives_care else Permission.SEE_DIRECTORY)


def _clinical_today(request: HttpRequest, user: User) -> HttpResponse:
    now = clock.now().astimezone(user.zone_here)
    version = _version(user, now)
    scopes = scopes_of(user)
    asked = Asked.read(request.GET, scopes)
    owed = due_from_me(user, now)
    see_all = request.GET.get("needs") == "all"
    everyone = Listing(people_in(asked.show, user), reader=user, now=now)
    also = {line.patient_id for line in owed if line.need and line.patient_id}
    people = everyone.most_in_need(PAGE if see_all else CASELOAD_SHOWN, also=also)
    others = flagged_besides(everyone.episodes, reader=user, now=now)
    first = scopes[0]
    path = reverse("staff:today")
    narrowed = _narrowed(request)
    needs = need_rows([*people, *others], user, owed, back=path + narrowed)
    beyond = everyone.in_need_besides(people)
    closed = closed_days(user, now.date(), short=everyone.counts["short"])
    day = my_day(user, now)
    emergencies, aside = _emergencies(user), set_aside_lines(people)
    shown_needs, shown = needs if see_all else needs[:NEEDS_SHOWN], by_need(people)[:CASELOAD_SHOWN]
    due = due_besides(owed, shown_needs, people)
    due_shown = due if request.GET.get("due") == "all" else due[:DUE_SHOWN]
    whose = [
        *(need.person.patient for need in shown_needs),
        *(person.patient for person in shown),
        *(line.patient_id for line in day.lines),
        *(line.patient_id for line in due_shown),
        *(each.patient for each in emergencies["emergencies"]),
        *(line.person.patient for line in aside),
    ]
    context = {
        "now": now,
        "asked": asked,
        "scopes": scope_tabs(scopes, asked, path),
        **emergencies,
        "closed": closed,
        "short_url": asked.address(reverse("staff:caseload"), first, short=True),
        "needs": shown_needs,
        "needs_more": len(needs) + beyond - len(shown_needs),
        "needs_url": asked.address(reverse("staff:caseload"), first, needs=True)
        if see_all
        else asked.address(path, first) + ("&" if asked.show is not first else "?") + "needs=all",
        "in_need": len(needs) + beyond,
        "aside": aside,
        "may_set_aside": may(user, Permission.SET_ASIDE),
        "count": everyone.counts["everyone"],
        "ranked": everyone.counts["everyone"] + len(others),
        "rows": rows(shown, now.date()),
        "headings": [Heading(column, asked.sort) for column in _columns(user, COLUMNS) if column.in_brief],
        "caseload_url": asked.address(reverse("staff:caseload"), first),
        "day": day,
        "due": due_shown,
        "due_more": len(due) - len(due_shown),
        "due_url": asked.address(path, first) + ("&" if asked.show is not first else "?") + "due=all",
        "here_url": path + narrowed,
        "figures": program_now(user, now) if _sees_the_whole(user) else [],
    }
    parts = live.drawn(request, "staff/today.html", ("needs", "people", "day", "due", "figures"), context)
    return _live(request, "staff/today.html", context, parts, version, whose)


def _live(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    parts: list[live.Part],
    version: str,
    whose: Iterable[Patient | UUID | None],
) -> HttpResponse:
    """The page with two parts on its left; or, asked again, what is new. That nothing is new shows nobody."""
    if not is_part(request) or live.new_of(request, parts):
        listed(request, whose, "today")
    if is_part(request):
        return live.changed(request, parts, version)
    context |= {
        "left": parts[:2],
        "right": parts[2:],
        "version": version,
        "changes_url": reverse("staff:today_changes") + _narrowed(request),
    }
    return render(request, template, context)


def _office_today(request: HttpRequest, user: User) -> HttpResponse:
    now = clock.now().astimezone(user.zone_here)
    week = _week(request, Week.of(now.date()))
    context: dict[str, Any] = {"now": now, "closed": closed_days(user, now.date()), **_emergencies(user)}
    if may(user, Permission.SEE_SCHEDULE):
        context["arrivals"] = arrivals = office.arrivals(user, now)
        if lists.asked_for_csv(request, "arrivals"):
            return lists.as_csv(
                request,
                "arrivals today",
                (_("Time"), _("Who"), _("For"), _("Where"), _("With")),
                (each.cells for each in arrivals),
                patients=(person.pk for each in arrivals for person in each.people),
            )
    if may(user, Permission.SEE_REFERRALS):
        context |= {
            "referrals": office.referrals_waiting(user, now),
            "contacts": office.contacts_due(user, now),
            "intakes": office.intakes_booked(user, now),
            "may_take_referral": may(user, Permission.TAKE_REFERRAL),
        }
    if may(user, Permission.SEE_HOURS):
        table = office.hours_table(user, week)
        if lists.asked_for_csv(request, "hours"):
            return lists.as_csv(
                request,
                f"hours of {week}",
                (
                    _("Person"),
                    _("Record"),
                    _("Plan asks"),
                    _("Signed"),
                    _("Not signed"),
                    _("Booked"),
                    _("Short"),
                ),
                (each.cells for each in table),
                patients=(each.patient.pk for each in table),
            )
        context |= {
            "week": week,
            "hours": table,
            "signed": words.hours(sum(row.hours.signed for row in table)),
            "unsigned": words.hours(sum(row.hours.unsigned for row in table)),
            "short": sum(bool(row.missing) for row in table),
            "is_this_week": week == Week.of(now.date()),
            "may_open_chart": may(user, Permission.SEE_CHART),
        }
    if may(user, Permission.SEE_NOTES):
        context |= {
            "late_notes": office.late_notes(user, now),
            "late_reviews": office.late_reviews(user, now.date()),
        }
    if Role.ADMINISTRATOR in user.roles:
        staff = colleagues()
        if lists.asked_for_csv(request, "staff"):
            return lists.as_csv(
                request,
                "staff",
                (_("Name"), _("Roles"), _("Where"), _("Sign-in")),
                ([each.name, each.roles, each.centers, each.user.email] for each in staff),
            )
        context |= {"centers": office.centers(now.date()), "staff": staff}
    due = due_from_me(user, now)
    due_shown = due if request.GET.get("due") == "all" else due[:DUE_SHOWN]
    path = reverse("staff:today")
    context |= {
        "due": due_shown,
        "due_more": len(due) - len(due_shown),
        "due_url": f"{path}?due=all",
        "here_url": path + _narrowed(request),
    }
    parts = live.drawn(
        request, "staff/today_office.html", ("arrivals", "hours", "due", "waiting", "figures"), context
    )
    whose = [*_shown_at_the_office(context), *(line.patient_id for line in due_shown)]
    return _live(request, "staff/today_office.html", context, parts, _version(user, now), whose)


def _shown_at_the_office(context: dict[str, Any]) -> Iterator[Patient]:
    """Everybody whose name stands on the office's Today."""
    for arrival in context.get("arrivals", ()):
        yield from arrival.people
    for part in ("referrals", "contacts"):
        yield from (each.referral.patient for each in context.get(part, ()))
    for part in ("intakes", "hours", "late_reviews", "emergencies"):
        yield from (each.patient for each in context.get(part, ()))


@never_cache
@require_safe
@login_required
def caseload(request: HttpRequest) -> HttpResponse:
    """Everyone whose chart the reader may open, narrowed and sorted by the address."""
    user = _staff(request)
    require(user, Permission.SEE_CHART)
    scopes = scopes_of(user)
    now = clock.now().astimezone(user.zone_here)
    asked, path, first = Asked.read(request.GET, scopes), reverse("staff:caseload"), scopes[0]
    in_scope = people_in(asked.show, user)
    people = Listing(asked.among(in_scope), reader=user, now=now)
    columns = _columns(user, COLUMNS)
    if lists.asked_for_csv(request):
        found = people.everyone(asked)
        return lists.as_csv(
            request,
            "caseload",
            [column.label for column in columns],
            (row.as_cells([column.key for column in columns]) for row in rows(found, now.date())),
            patients=(person.patient.pk for person in found),
        )
    page = people.page(asked)
    listed(request, [person.patient for person in page.people], "caseload")
    shown = choices(asked, scopes, user)
    return render(
        request,
        "staff/caseload.html",
        {
            "title": title(asked, shown),
            "asked": asked,
            "scopes": scope_tabs(scopes, asked, path),
            "choices": shown,
            "rows": rows(page.people, now.date()),
            "page": page,
            "before_url": asked.address(path, first, page=page.number - 1) if page.number > 1 else "",
            "after_url": asked.address(path, first, page=page.number + 1) if page.number < page.pages else "",
            "headings": [
                Heading(column, asked.sort, lambda sort: asked.address(path, first, sort=sort))
                for column in columns
            ],
            "by_need_url": asked.address(path, first, sort=BY_NEED),
            "clear_url": asked.address(path, first, **dict.fromkeys(NARROWING, "")),
            "count": in_scope.count() if asked.narrows else page.found,
            "found": page.found,
        },
    )


@never_cache
@require_safe
@login_required
def chart(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """The overview of one person's chart."""
    patient = open_chart(request, patient_id)
    user = _staff(request)
    now = clock.now().astimezone(patient.center.zone)
    frame = ChartFrame.of(request, patient)
    episode = frame.episode
    context: dict[str, Any] = {
        "patient": patient,
        "episode": episode,
        "frame": frame,
        "may_change_level": may(user, Permission.CHANGE_LEVEL, frame.sight),
        "may_admit": may(user, Permission.ADMIT, frame.sight),
        "opened_at": now,
    }
    if episode is not None:
        overview = Overview(patient, episode, user, now)
        asked = timeline.Asked.read(request.GET)
        context |= {
            "overview": overview,
            "seen_by": WhoSees(patient, user, frame.sight, frame.team, now),
            "asked": asked,
            "told": overview.timeline(asked),
            "sees_medication": may(user, Permission.SEE_MEDICATION, frame.sight),
        }
    return render(request, "staff/chart.html", context)


@require_safe
@login_required
def ranking(request: HttpRequest) -> HttpResponse:
    """How ranking works: the rules in words, from the code that ranks."""
    user = _staff(request)
    on = clock.now().astimezone(user.zone_here).date()
    figures = rules.in_force(on)
    return render(
        request,
        "staff/ranking.html",
        {
            "figures": figures,
            "rules": [(rule, rule.in_words(figures)) for rule in rules.RULES],
            "levels": [(level.in_words, place) for place, level in enumerate(rules.Level, 1)],
            "versions": list(reversed(rules.VERSIONS)),
        },
    )


def _emergencies(user: User) -> dict[str, Any]:
    """Charts opened in an emergency, for those who look after the person or look it over."""
    return {
        "emergencies": list(to_know_of(user, clock.now())[:EMERGENCIES_SHOWN]),
        "may_review_emergency": may(user, Permission.REVIEW_EMERGENCY),
    }


def _staff(request: HttpRequest) -> User:
    """The member of staff who asks; a patient has no business behind this door."""
    user = request.user
    if not isinstance(user, User) or not user.is_staff_here:
        raise PermissionDenied
    return user


def _narrowed(request: HttpRequest) -> str:
    """What the address of the page says of what it shows; without what only asking again for its changes says."""
    said = request.GET.copy()
    said.pop("had", None)
    return f"?{said.urlencode()}" if said else ""


def _sees_the_whole(user: User) -> bool:
    return Relation.CENTER in standing(user, Permission.SEE_CHART)


def _columns(user: User, columns: Iterable[Column]) -> list[Column]:
    """Those of the columns that this reader may see."""
    sees_medicine = may(user, Permission.SEE_MEDICATION)
    return [column for column in columns if column.key != "dose" or sees_medicine]


def _week(request: HttpRequest, this: Week) -> Week:
    """The week in the address; this one when it names none, or one more than two years away."""
    try:
        asked = Week.named(request.GET.get("week", ""))
    except (ValueError, OverflowError):
        return this
    return asked if abs(asked.monday - this.monday) <= TWO_YEARS else this
