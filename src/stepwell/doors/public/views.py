"""The public pages. Each is the same for everyone who asks, so none of them looks at who asks."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from stepwell.doors.public import directory, lines
from stepwell.doors.public.directory import Wanted
from stepwell.doors.public.levels import BY_SLUG, KINDS
from stepwell.ground.kit import clock
from stepwell.trust.organizations.models import PublishedCenter

#: A plain link: nothing is asked of it until somebody follows it, and the page says what that tells.
MAPS = "https://www.openstreetmap.org/search?"


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "public/home.html", {"kinds": KINDS})


@require_safe
def levels(request: HttpRequest) -> HttpResponse:
    return render(request, "public/levels.html", {"kinds": KINDS, "here": "levels"})


@require_safe
def level(request: HttpRequest, care: str) -> HttpResponse:
    if care not in BY_SLUG:
        raise Http404
    return render(request, "public/level.html", {"kind": BY_SLUG[care], "kinds": KINDS, "here": "levels"})


@require_safe
def centers(request: HttpRequest) -> HttpResponse:
    """The centers near a place, with what the reader needs there and the next open times. All of it is an address."""
    wanted = Wanted.read(request.GET)
    found = directory.search(wanted, page=_page(request.GET.get("page", "")), at=clock.now())
    choices = directory.choices(wanted)
    return render(
        request,
        "public/centers.html",
        {"found": found, "wanted": wanted, "choices": choices, "here": "centers"},
    )


def _page(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 5 else 1


@require_safe
def center(request: HttpRequest, slug: str) -> HttpResponse:
    """One center: where it is, what it offers, who answers now, and the next open times."""
    entry = get_object_or_404(PublishedCenter, slug=slug)
    now = clock.now()
    days = directory.soonest([entry], at=now, most=directory.TIMES_OF_ONE).get(entry.pk, [])
    return render(
        request,
        "public/center.html",
        {
            "here": "centers",
            "one": directory.Found(entry, days=days),
            "lines": lines.answered_now(entry, at=now),
            "map_url": f"{MAPS}{urlencode({'query': directory.Found(entry).address})}",
        },
    )


@require_safe
def first_visit(request: HttpRequest) -> HttpResponse:
    return render(request, "public/first_visit.html", {"here": "first_visit"})


@require_safe
def medicine(request: HttpRequest) -> HttpResponse:
    return render(request, "public/medicine.html", {"here": "medicine"})


@require_safe
def families(request: HttpRequest) -> HttpResponse:
    return render(request, "public/families.html", {"here": "families"})


@require_safe
def cost(request: HttpRequest) -> HttpResponse:
    return render(request, "public/cost.html", {"kinds": KINDS, "here": "cost"})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "public/privacy.html", {"here": "privacy"})


@require_safe
def overdose(request: HttpRequest) -> HttpResponse:
    return render(request, "public/overdose.html")


@require_safe
def withdrawal(request: HttpRequest) -> HttpResponse:
    return render(request, "public/withdrawal.html")
