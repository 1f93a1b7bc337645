"""The public entry of a center: what the public will read, in both languages, before it is published."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from stepwell.ground.kit import clock, phones
from stepwell.ground.kit.refusals import Refused
from stepwell.ground.web.refusing import refuse
from stepwell.trust.accounts.models import signed_in
from stepwell.trust.organizations.models import Center, PublishedCenter
from stepwell.trust.organizations.services import PLANS, SERVICES
from stepwell.trust.setup.actions import directory as actions
from stepwell.trust.setup.actions.centers import hours_of
from stepwell.trust.setup.forms.centers import EntryForm
from stepwell.trust.setup.rules.hours import in_english, in_spanish
from stepwell.trust.setup.rules.languages import OWN_NAMES
from stepwell.trust.setup.views.common import center_tabs, open_center, status_of


@dataclass(frozen=True)
class Reading:
    """How the entry reads in one language."""

    language: str
    name: str
    address: str
    hours: str
    services: list[str]
    languages: list[str]
    plans: list[str]
    books_online: bool
    phone: str


def _reading(entry: PublishedCenter, language: str) -> Reading:
    with translation.override(language):
        return Reading(
            language,
            entry.name,
            f"{entry.street + ', ' if entry.street else ''}{entry.city}, {entry.state} {entry.postal_code}",
            (entry.hours_text_es if language == "es" else "") or entry.hours_text,
            [str(SERVICES.get(code, code)) for code in entry.services],
            [OWN_NAMES.get(code, code).capitalize() for code in entry.languages],
            [str(PLANS.get(code, code)) for code in entry.plans],
            entry.books_online,
            phones.as_printed(entry.phone),
        )


@login_required
def entry(request: HttpRequest, center_id: UUID) -> HttpResponse:
    """Look at it (``preview``), then publish it. What is typed is public only after the second."""
    user = signed_in(request)
    one = open_center(request, center_id)
    published = actions.entry_of(one)
    form = EntryForm(request.POST or None, initial=_begin_with(one, published))
    shown = None
    if request.method == "POST" and form.is_valid():
        if "publish" in request.POST:
            try:
                actions.publish(one, form.cleaned_data, by=user, at=clock.now())
            except Refused as refusal:
                refuse(form, refusal)
            else:
                messages.success(request, _("Published. Anyone can read it now."))
                return redirect("setup:directory", one.pk)
        shown = actions.would_be(one, form.cleaned_data)
    elif request.method != "POST":
        shown = published
    return render(
        request,
        "setup/directory.html",
        {
            "form": form,
            "center": one,
            "tabs": center_tabs(one, "directory"),
            "published": published,
            "is_preview": request.method == "POST" and shown is not None,
            "readings": [_reading(shown, language) for language in ("en", "es")] if shown else [],
            "missing": actions.what_is_missing(one),
            "behind": _behind(one, published),
        },
        status=status_of(form),
    )


def _begin_with(one: Center, published: PublishedCenter | None) -> dict[str, object]:
    week = hours_of(one)
    if published is not None:
        return {
            "hours_text": published.hours_text,
            "hours_text_es": published.hours_text_es,
            "services": published.services,
            "languages": published.languages,
            "plans": published.plans,
            "books_online": published.books_online,
        }
    return {
        "hours_text": in_english(week),
        "hours_text_es": in_spanish(week),
        "services": ["iop"],
        "languages": ["en"],
    }


def _behind(one: Center, published: PublishedCenter | None) -> list[str]:
    """What is said in public and is no longer so."""
    if published is None:
        return []
    week = hours_of(one)
    now = {
        _("the name"): (published.name, one.name),
        _("the address"): (
            (published.street, published.city, published.state, published.postal_code),
            (one.street, one.city, one.state, one.postal_code),
        ),
        _("the phone"): (published.phone, one.phone),
        _("the time zone"): (published.time_zone, one.time_zone),
        _("the hours"): (published.hours_text, in_english(week) if week else published.hours_text),
    }
    return [what for what, (said, so) in now.items() if said != so]


@require_POST
@login_required
def withdrawal(request: HttpRequest, center_id: UUID) -> HttpResponse:
    one = open_center(request, center_id)
    actions.withdraw(one, by=signed_in(request), at=clock.now())
    messages.success(
        request, _("Withdrawn. Nobody finds %(name)s in the directory now.") % {"name": one.name}
    )
    return redirect("setup:directory", one.pk)
