"""The public pages. Each is the same for everyone who asks, so none of them looks at who asks."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from stepwell.doors.public import directory
from stepwell.doors.public.levels import KINDS
from stepwell.ground.kit import phones

LONGEST_PLACE = 80


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "public/home.html", {"kinds": KINDS})


@require_safe
def levels(request: HttpRequest) -> HttpResponse:
    return render(request, "public/levels.html", {"kinds": KINDS, "here": "levels"})


@require_safe
def centers(request: HttpRequest) -> HttpResponse:
    near = request.GET.get("near", "").replace("\x00", "").strip()[:LONGEST_PLACE]
    found = [
        {
            "center": center,
            "phone": phones.as_printed(center.phone),
            "dial": phones.to_dial(center.phone),
            "hours": directory.hours_of(center),
            "services": [directory.service_name(code) for code in center.services],
            "languages": [directory.language_name(code) for code in center.languages],
        }
        for center in directory.centers_near(near)
    ]
    return render(request, "public/centers.html", {"found": found, "near": near, "here": "centers"})


@require_safe
def first_visit(request: HttpRequest) -> HttpResponse:
    return render(request, "public/first_visit.html", {"here": "first_visit"})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "public/privacy.html", {"here": "privacy"})


@require_safe
def overdose(request: HttpRequest) -> HttpResponse:
    return render(request, "public/overdose.html")


@require_safe
def withdrawal(request: HttpRequest) -> HttpResponse:
    return render(request, "public/withdrawal.html")
