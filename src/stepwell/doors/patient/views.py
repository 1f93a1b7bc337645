"""The pages of the patient's door. Titles are neutral: a phone shows them to whoever looks."""

from datetime import datetime, timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from stepwell.doors.patient.home import Home
from stepwell.doors.patient.looks import told
from stepwell.doors.patient.my_days import my_week
from stepwell.ground.kit import clock
from stepwell.ground.kit.weeks import Week
from stepwell.trust.access.rules import TABLE, Permission, Relation
from stepwell.trust.accounts.models import signed_in
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit import looks as read_looks
from stepwell.trust.consent.models import Consent, Disclosure
from stepwell.trust.consent.standing import Consents
from stepwell.trust.people.charts import open_own
from stepwell.trust.people.models import CareTeamMember, Patient

A_YEAR = timedelta(days=366)
#: How many lines of what was told stand on the front page; the rest is one tap away.
NEWEST = 3

#: What each part on a care team does, in plain words.
PARTS = {
    Role.COUNSELOR: gettext_lazy("your counselor"),
    Role.FACILITATOR: gettext_lazy("leads your group"),
    Role.NURSE: gettext_lazy("your nurse"),
    Role.PRESCRIBER: gettext_lazy("prescribes your medicine"),
    Role.PEER: gettext_lazy("your peer supporter"),
    Role.CASE_MANAGER: gettext_lazy("helps with housing, work and papers"),
    Role.CLINICAL_SUPERVISOR: gettext_lazy("guides the counselors"),
}
#: Those who see records of the whole center, and why.
WHOLE_CENTER = {
    Role.CLINICAL_SUPERVISOR: gettext_lazy("the clinical supervisor, who guides the counselors"),
    Role.DIRECTOR: gettext_lazy("the director, who answers for the center"),
    Role.COMPLIANCE: gettext_lazy("the compliance officer, who checks that records are kept safe"),
}


@never_cache
@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """The one thing that matters now, then the rest of the day."""
    patient, now = _me(request)
    return render(
        request, "patient/home.html", {"home": Home(patient, signed_in(request), now), "patient": patient}
    )


@never_cache
@require_safe
@login_required
def week(request: HttpRequest) -> HttpResponse:
    """A week, day by day: when, where, with whom."""
    patient, now = _me(request)
    this = Week.of(now.date())
    asked = _asked_for(request, this)
    return render(
        request,
        "patient/week.html",
        {
            "week": my_week(patient, asked, now),
            "before": asked.before,
            "after": asked.next,
            "is_this_week": asked == this,
            "center": patient.center,
        },
    )


@never_cache
@require_safe
@login_required
def privacy(request: HttpRequest) -> HttpResponse:
    """Who can see the person's record, whom they said yes to, and what was told to whom: by name, in plain words."""
    patient, _now = _me(request)
    team = CareTeamMember.objects.visible_to(signed_in(request)).current().filter(patient=patient)
    members = [
        (member.practitioner.name, PARTS[Role(member.role)])
        for member in team.select_related("practitioner").order_by("started_on", "practitioner__name")
        if Role(member.role) in PARTS
    ]
    sees_all = TABLE[Permission.SEE_CHART]
    whole_center = [
        words for role, words in WHOLE_CENTER.items() if Relation.CENTER in sees_all.get(role, frozenset())
    ]
    own = Consent.objects.visible_to(signed_in(request)).in_force().filter(patient=patient, withdrawn_at=None)
    told = Disclosure.objects.visible_to(signed_in(request)).filter(patient=patient)
    return render(
        request,
        "patient/privacy.html",
        {
            "members": members,
            "whole_center": whole_center,
            "center": patient.center,
            "consents": Consents.of(own.select_related("patient__center")),
            "told": list(told[:NEWEST]),
        },
    )


@never_cache
@require_safe
@login_required
def looks(request: HttpRequest) -> HttpResponse:
    """Who opened the person's record, when and why; or who saw their name on a list."""
    user = signed_in(request)
    patient, now = _me(request)
    zone = patient.center.zone
    place = read_looks.Place.read(request.GET.get("before", ""))
    show = show if (show := request.GET.get("show", "")) in ("lists", "all") else ""
    whole = patient.record_ids()
    if show == "lists":
        found = read_looks.in_lists(whole, zone, place=place)
    else:
        found = read_looks.of_patient(whole, zone, place=place, but_by=None if show == "all" else user.pk)
    return render(
        request,
        "patient/looks.html",
        {
            "days": told(found.days, now.date(), own=user.pk, in_lists=show == "lists"),
            "show": show,
            "is_first": place is None,
            "query": f"show={show}&" if show else "",
            "older": found.after,
            "center": patient.center,
        },
    )


@never_cache
@require_safe
@login_required
def rough(request: HttpRequest) -> HttpResponse:
    """Help on a hard day, or after using: people to call, and small things that help now."""
    patient, _now = _me(request)
    return render(request, "patient/rough.html", {"center": patient.center, "patient": patient})


def _asked_for(request: HttpRequest, this: Week) -> Week:
    """The week in the address; this one when it names none, or one more than a year away."""
    try:
        asked = Week.named(request.GET.get("week", ""))
    except (ValueError, OverflowError):
        return this
    return asked if abs(asked.monday - this.monday) <= A_YEAR else this


def _me(request: HttpRequest) -> tuple[Patient, datetime]:
    patient = open_own(request)
    return patient, clock.now().astimezone(patient.center.zone)
