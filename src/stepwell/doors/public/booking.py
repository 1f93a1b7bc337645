"""Booking a first visit: details, a look over them, done. No account, no cookie, no script.

What is typed travels in the form from page to page, and the time is kept for five minutes by the database. None of it
stands in an address. The pages answer the same whether or not somebody is known.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from uuid import UUID

from django import forms
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from stepwell.care.intake import visitors
from stepwell.care.intake.visitors import Gone, Held, NoLonger, Visit
from stepwell.care.scheduling.models import Modality
from stepwell.doors.public import directory, lines, sent_answers
from stepwell.doors.public.forms import DetailsForm
from stepwell.ground.kit import clock, phones
from stepwell.ground.kit.calendars import calendar_file
from stepwell.ground.web.language import twin
from stepwell.trust.access import pace
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.organizations.models import OpenTime, PublishedCenter
from stepwell.trust.outbox import kinds, links

#: Nobody reads and fills the page faster than that: our own default.
FASTEST = timedelta(seconds=3)
BEGAN, DONE = "stepwell.public.began", "stepwell.public.done"

View = Callable[..., HttpResponse]


class TooMany(Exception):
    """More visits were booked from one place than people at it would."""


def from_our_pages(view: View) -> View:
    """A public page sets no cookie, so its forms have no token. Another site's form is refused here instead."""

    @csrf_exempt
    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        sent_from = request.headers.get("Sec-Fetch-Site", "same-origin")
        if request.method == "POST" and sent_from not in {"same-origin", "none"}:
            return HttpResponseForbidden()
        return view(request, *args, **kwargs)

    return guarded


@dataclass(frozen=True)
class Wanted:
    """The center and the time that this page is about."""

    entry: PublishedCenter
    key: UUID

    def address(self, page: str) -> str:
        return reverse(f"public:{page}", args=[self.entry.slug, self.key])

    def when(self, moment: datetime) -> str:
        return when_in_words(moment, self.entry)


def when_in_words(moment: datetime, entry: PublishedCenter) -> str:
    face = moment.astimezone(entry.zone)
    return _("%(day)s at %(time)s") % {
        "day": directory.day_name(face, clock.now()),
        "time": formats.date_format(face, _("g:i A")),
    }


def _wanted(slug: str, key: UUID) -> Wanted:
    return Wanted(get_object_or_404(PublishedCenter, slug=slug, center__isnull=False), key)


@from_our_pages
@require_http_methods(["GET", "HEAD", "POST"])
def book(request: HttpRequest, slug: str, slot: UUID) -> HttpResponse:
    """Begin: a press keeps the time and asks who comes. A link that was only opened keeps nothing."""
    wanted = _wanted(slug, slot)
    if request.method != "POST":
        there = OpenTime.objects.filter(pk=slot, center=wanted.entry, starts_at__gt=clock.now()).first()
        if there is None:
            return _gone(request, wanted)
        return _page(request, "public/book.html", wanted, when=wanted.when(there.starts_at))
    try:
        held = _hold(request, wanted)
    except Gone:
        return _gone(request, wanted)
    # Whoever comes from a time that was just taken brings what they wrote.
    form = DetailsForm(held=held, initial={name: value for name, value in _typed(request).items() if value})
    return _details(request, wanted, held, form, began=_began(request, slot) or _now_signed(slot))


@from_our_pages
@require_POST
def details(request: HttpRequest, slug: str, slot: UUID) -> HttpResponse:
    """What was typed is looked at; then the person looks it over. `keep` shows it again: in the other language, or to
    change it."""
    wanted = _wanted(slug, slot)
    try:
        held = _hold(request, wanted)
    except Gone:
        return _gone(request, wanted)
    form = DetailsForm(request.POST, held=held)
    began = _began(request, slot) or _now_signed(slot)
    if "keep" in request.POST:
        return _details(request, wanted, held, DetailsForm(held=held, initial=_typed(request)), began=began)
    if not form.is_valid():
        return _details(request, wanted, held, form, began=began, status=422)
    return _check(request, wanted, held, form, began=began)


@from_our_pages
@require_POST
def check(request: HttpRequest, slug: str, slot: UUID) -> HttpResponse:
    """The last press: now it is booked, or somebody else was faster."""
    wanted, now = _wanted(slug, slot), clock.now()
    began = _began(request, slot)
    try:
        held = _hold(request, wanted)
    except Gone:
        # Pressed twice: the time is this person's own visit by now. Booking answers the same again.
        held = Held(now, now, in_person=True, by_video=True)
    form = DetailsForm(request.POST, held=held)
    if not form.is_valid():
        return _details(request, wanted, held, form, began=began or _now_signed(slot), status=422)
    if began is None or now - _when_begun(began) < FASTEST:
        return _check(request, wanted, held, form, began=began or _now_signed(slot), is_fast=True)
    person = form.person((get_language() or "en")[:2])
    packed = request.POST.get(sent_answers.FIELD, "")
    try:
        with acting_in(wanted.entry.organization_id):
            starts_at = visitors.book(
                wanted.entry,
                slot,
                person,
                visitor=pace.browser_of(request),
                at=now,
                address=_link_of(request),
                sent=sent_answers.unpack(packed) if form.cleaned_data["send_answers"] else None,
            )
            if pace.count(pace.BOOKED_FROM_AN_ADDRESS, pace.address_of(request)) is not None:
                raise TooMany
    except Gone:
        return _gone(request, wanted)
    except TooMany:
        return _page(request, "public/book_by_phone.html", wanted, status=429)
    told = (
        "text"
        if person.safe_to_text and person.phone
        else "email"
        if person.safe_to_email and person.email
        else ""
    )
    seal = signing.dumps({"at": starts_at.isoformat(), "told": told}, salt=DONE)
    return redirect(f"{reverse('public:booked', args=[wanted.entry.slug])}?visit={seal}")


@never_cache
@require_safe
def booked(request: HttpRequest, slug: str) -> HttpResponse:
    """Done. It says what the person chose, whoever they are, and asks nothing of any record."""
    entry = get_object_or_404(PublishedCenter, slug=slug)
    told = _sealed(request)
    if told is None:
        return redirect("public:center", slug)
    starts_at = datetime.fromisoformat(told["at"])
    if request.GET.get("file") == "calendar":
        return _calendar(starts_at, uid=f"{entry.pk}-{starts_at:%Y%m%dT%H%M}")
    return render(
        request,
        "public/booked.html",
        {
            "here": "centers",
            "one": directory.Found(entry),
            "when": when_in_words(starts_at, entry),
            "told": told["told"],
            "seal": request.GET["visit"],
            "lines": lines.answered_now(entry, at=clock.now()),
        },
    )


def _sealed(request: HttpRequest) -> dict[str, str] | None:
    try:
        told: dict[str, str] = signing.loads(request.GET.get("visit", ""), salt=DONE)
    except signing.BadSignature:
        return None
    return told


def _calendar(starts_at: datetime, *, uid: str) -> HttpResponse:
    title = kinds.subject(kinds.Kind.VISIT_BOOKED, (get_language() or "en")[:2])
    ends_at = starts_at + timedelta(minutes=visitors.first_visits.MINUTES)
    answer = HttpResponse(
        calendar_file(title, starts_at, ends_at, uid=uid, at=clock.now()),
        content_type="text/calendar; charset=utf-8",
    )
    answer["Content-Disposition"] = 'attachment; filename="visit.ics"'
    return answer


# ---------- the pages ----------


def _hold(request: HttpRequest, wanted: Wanted) -> Held:
    with acting_in(wanted.entry.organization_id):
        return visitors.hold(wanted.entry, wanted.key, visitor=pace.browser_of(request), at=clock.now())


def _page(
    request: HttpRequest, template: str, wanted: Wanted, *, status: int = 200, **more: Any
) -> HttpResponse:
    now = clock.now()
    return render(
        request,
        template,
        {
            "here": "centers",
            "wanted": wanted,
            "one": directory.Found(wanted.entry),
            "lines": lines.answered_now(wanted.entry, at=now),
            "carried": _carried(request),
            **more,
        },
        status=status,
    )


def _details(
    request: HttpRequest, wanted: Wanted, held: Held, form: forms.Form, *, began: str, status: int = 200
) -> HttpResponse:
    return _page(
        request,
        "public/book_details.html",
        wanted,
        form=form,
        held=held,
        when=wanted.when(held.starts_at),
        until=formats.date_format(held.until.astimezone(wanted.entry.zone), _("g:i A")),
        began=began,
        address=wanted.address("book_details"),
        other_address=_twin(wanted.address("book_details")),
        status=status,
    )


@dataclass(frozen=True)
class Line:
    """One line to look over."""

    name: str
    value: str
    url: str = ""


def _check(
    request: HttpRequest, wanted: Wanted, held: Held, form: DetailsForm, *, began: str, is_fast: bool = False
) -> HttpResponse:
    return _page(
        request,
        "public/book_check.html",
        wanted,
        form=form,
        held=held,
        when=wanted.when(held.starts_at),
        summary=_lines_of(form, wanted, held),
        typed=[(name, value) for name, value in _typed(request).items() if value],
        until=formats.date_format(held.until.astimezone(wanted.entry.zone), _("g:i A")),
        began=began,
        address=wanted.address("book_details"),
        check_address=wanted.address("book_check"),
        is_fast=is_fast,
    )


def _lines_of(form: DetailsForm, wanted: Wanted, held: Held) -> list[Line]:
    given, person = form.cleaned_data, form.person("en")
    yes = {
        name: str(form.fields[name].label) for name in ("safe_to_text", "may_leave_message", "safe_to_email")
    }
    phone = [
        phones.as_printed(person.phone),
        *(yes[n] for n in ("safe_to_text", "may_leave_message") if given[n]),
    ]
    email = [person.email, *(yes[n] for n in ("safe_to_email",) if given[n])]
    how = _("By video") if person.modality is Modality.VIDEO else _("At the center")
    found = [
        Line(_("When"), wanted.when(held.starts_at)),
        Line(_("Where"), f"{wanted.entry.name}. {how}"),
        Line(_("Your name"), person.name),
    ]
    if person.phone:
        found.append(Line(_("Phone"), ". ".join(phone)))
    if person.email:
        found.append(Line(_("E-mail"), ". ".join(email)))
    if person.reason:
        found.append(Line(_("What you want help with"), person.reason))
    if person.needs_interpreter:
        found.append(Line(_("Interpreter"), _("Yes")))
    if given["send_answers"]:
        found.append(Line(_("Your answers"), _("Sent with the booking")))
    return found


def _typed(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in DetailsForm.base_fields if name != "more"}


def _carried(request: HttpRequest) -> str:
    """The answers of a private check that came along, still ours and fresh."""
    packed = request.POST.get(sent_answers.FIELD, "")
    return packed if sent_answers.unpack(packed) else ""


def _gone(request: HttpRequest, wanted: Wanted) -> HttpResponse:
    """Somebody was faster. The next times, each with what was typed."""
    days = directory.soonest([wanted.entry], at=clock.now(), most=directory.TIMES_OF_ONE).get(
        wanted.entry.pk, []
    )
    typed = (
        [(name, value) for name, value in _typed(request).items() if value]
        if request.method == "POST"
        else []
    )
    return _page(request, "public/book_gone.html", wanted, days=days, typed=typed, status=409)


def _now_signed(key: UUID) -> str:
    return signing.dumps({"at": clock.now().isoformat(), "key": str(key)}, salt=BEGAN)


def _began(request: HttpRequest, key: UUID) -> str | None:
    """When this person began, as we signed it; nothing for anything else."""
    began = request.POST.get("began", "")
    try:
        signing.loads(began, salt=BEGAN)
    except signing.BadSignature:
        return None
    return began


def _when_begun(began: str) -> datetime:
    return datetime.fromisoformat(signing.loads(began, salt=BEGAN)["at"])


def _twin(address: str) -> str:
    return twin(address, "en" if (get_language() or "").startswith("es") else "es")


def _link_of(request: HttpRequest) -> Callable[[str], str]:
    return lambda word: request.build_absolute_uri(reverse("public:visit", args=[word]))


# ---------- by link ----------


def _visit(word: str) -> tuple[Visit, PublishedCenter | None, UUID] | None:
    now = clock.now()
    link = links.read(word, at=now)
    if link is None:
        return None
    with acting_in(link.organization_id):
        visit = visitors.visit_of(link.about, at=now)
    if visit is None:
        return None
    center = visit.appointment.patient.center
    return visit, PublishedCenter.objects.filter(center=center.pk).first(), link.organization_id


@from_our_pages
@require_http_methods(["GET", "HEAD", "POST"])
def visit(request: HttpRequest, word: str) -> HttpResponse:
    """The time and the center, and nothing else of anybody; from here it is cancelled or moved."""
    found = _visit(word)
    if found is None:
        return _no_longer(request)
    one, entry, organization_id = found
    starts_at, center = one.appointment.starts_at, one.appointment.patient.center
    if request.method == "POST":
        try:
            with acting_in(organization_id):
                visitors.cancel(one.booking.pk, at=clock.now())
        except NoLonger:
            return _no_longer(request)
        return render(request, "public/visit_cancelled.html", {"entry": entry})
    if request.GET.get("file") == "calendar":
        return _calendar(starts_at, uid=str(one.booking.pk))
    days = (
        directory.soonest([entry], at=clock.now(), most=directory.TIMES_OF_ONE).get(entry.pk, [])
        if entry
        else []
    )
    shown = entry or PublishedCenter(name=center.name, time_zone=center.time_zone)
    return render(
        request,
        "public/visit.html",
        {
            "word": word,
            "entry": entry,
            "center": center,
            "when": when_in_words(starts_at, shown),
            "days": days,
            "lines": lines.answered_now(entry, at=clock.now()) if entry else (),
        },
    )


@from_our_pages
@require_POST
def visit_time(request: HttpRequest, word: str, slot: UUID) -> HttpResponse:
    """Another time. The old link is dead then, and a new one is on its way."""
    found = _visit(word)
    if found is None:
        return _no_longer(request)
    one, entry, organization_id = found
    if entry is None:
        return _no_longer(request)
    there = OpenTime.objects.filter(pk=slot, center=entry).first()
    try:
        if there is None:
            raise Gone
        with acting_in(organization_id):
            visitors.move(one.booking.pk, entry, slot, at=clock.now(), address=_link_of(request))
    except NoLonger:
        return _no_longer(request)
    except Gone:
        days = directory.soonest([entry], at=clock.now(), most=directory.TIMES_OF_ONE).get(entry.pk, [])
        return render(
            request,
            "public/visit.html",
            {
                "word": word,
                "entry": entry,
                "center": one.appointment.patient.center,
                "when": when_in_words(one.appointment.starts_at, entry),
                "days": days,
                "is_gone": True,
                "lines": lines.answered_now(entry, at=clock.now()),
            },
            status=409,
        )
    return render(
        request, "public/visit_moved.html", {"entry": entry, "when": when_in_words(there.starts_at, entry)}
    )


def _no_longer(request: HttpRequest) -> HttpResponse:
    # Gone, whether it was used, ran out or never was: nobody learns which.
    return render(request, "public/visit_no_longer.html", {}, status=410)
