"""Messages that went out, a person's own say in how they are reached, and what a provider tells us."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import Refused
from stepwell.ground.web.navigation import Tab
from stepwell.ground.web.refusing import refuse
from stepwell.trust.access import Permission, lists, require
from stepwell.trust.accounts.models import signed_in
from stepwell.trust.outbox import actions, inbound, signatures
from stepwell.trust.outbox.forms import HowToReachForm
from stepwell.trust.outbox.kinds import Kind, as_text, shown_phone
from stepwell.trust.outbox.models import TO_GO, Message, OptOut, State
from stepwell.trust.outbox.sending import ways_to
from stepwell.trust.outbox.words import KINDS, TONES
from stepwell.trust.people.charts import listed, open_own

LATELY = timedelta(days=30)
PAGE = 50
#: What a provider tells us is a few words.
MOST_TOLD = 16 * 1024

#: The ways to narrow the list: what each is called, and which states it keeps.
PARTS: dict[str, tuple[State, ...]] = {
    "": (),
    "waiting": (State.QUEUED, State.HELD, State.SENDING),
    "out": (State.SENT, State.DELIVERED),
    "not-out": (State.FAILED, State.UNKNOWN, State.NOT_SAFE, State.OPTED_OUT),
    "off": (State.CANCELLED,),
}


@dataclass(frozen=True)
class Line:
    """One message as the list tells it."""

    message: Message

    @property
    def who(self) -> str:
        return self.message.patient.short_name if self.message.patient else str(self.message.user)

    @property
    def says(self) -> str:
        """The words that went out; of what waits, the words as they would go out now."""
        one = self.message
        if one.body:
            return one.body
        language = one.patient.language if one.patient else one.user.language  # type: ignore[union-attr]
        return as_text(Kind(one.kind), language if language in ("en", "es") else "en", one.context)

    @property
    def how(self) -> str:
        return str(self.message.get_channel_display()) if self.message.channel else ""

    @property
    def about(self) -> str:
        return str(KINDS[Kind(self.message.kind)])

    @property
    def tone(self) -> str:
        return TONES[State(self.message.state)]

    @property
    def when(self) -> datetime:
        """When it went out, or is to; else when it was asked for."""
        one = self.message
        if one.state in TO_GO:
            return one.next_at
        return one.sent_at or one.claimed_at or one.recorded_at

    @property
    def cells(self) -> list[object]:
        one = self.message
        return [
            self.who,
            self.when,
            self.about,
            self.how,
            one.to_in_brief,
            self.says,
            one.get_state_display(),
            one.because,
            one.delivered_at,
        ]


@never_cache
@require_safe
@login_required
def messages_out(request: HttpRequest) -> HttpResponse:
    """What went out in the last thirty days or is to go out, the newest first, and what became of it."""
    user = signed_in(request)
    require(user, Permission.SEE_MESSAGES_OUT)
    part = given if (given := request.GET.get("show", "")) in PARTS else ""
    seen = (
        Message.objects.visible_to(user)
        .filter(recorded_at__gte=clock.now() - LATELY)
        .select_related("patient", "user")
        .order_by("-recorded_at", "-pk")
    )
    shown = seen.filter(state__in=PARTS[part]) if part else seen
    if lists.asked_for_csv(request):
        listed(request, [one.patient_id for one in shown if one.patient_id], "messages out")
        header = (
            _("Person"),
            _("When"),
            _("About"),
            _("How"),
            _("To"),
            _("Words"),
            _("What became of it"),
            _("Why"),
            _("Delivered"),
        )
        return lists.as_csv(request, "messages out", header, (Line(one).cells for one in shown))
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    listed(request, [one.patient_id for one in page if one.patient_id], "messages out")
    path = reverse("outbox:messages_out")
    names = {
        "": _("All"),
        "waiting": _("To go out"),
        "out": _("Went out"),
        "not-out": _("Did not go out"),
        "off": _("Called off"),
    }
    return render(
        request,
        "outbox/messages_out.html",
        {
            "here": "messages",
            "tabs": [
                Tab(name, f"{path}?show={key}" if key else path, current=key == part)
                for key, name in names.items()
            ],
            "lines": [Line(one) for one in page],
            "page": page,
            "before_url": _page_url(path, part, page.previous_page_number()) if page.has_previous() else "",
            "after_url": _page_url(path, part, page.next_page_number()) if page.has_next() else "",
            "part": part,
        },
    )


def _page_url(path: str, part: str, number: int) -> str:
    asked: dict[str, Any] = {"show": part} if part else {}
    return f"{path}?{urlencode(asked | {'page': number})}"


# ---------- the patient's own say ----------


@never_cache
@login_required
def settings_page(request: HttpRequest) -> HttpResponse:
    """How we may reach this person: by text, by e-mail, in which language. They decide, and see it at once."""
    user = signed_in(request)
    patient = open_own(request)
    form = HowToReachForm(request.POST if request.method == "POST" else None, patient=patient)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.set_how_to_reach(
                patient,
                by_text=given["by_text"],
                by_email=given["by_email"],
                language=given["language"],
                by=user,
                at=clock.now(),
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            with translation.override(given["language"]):
                messages.success(request, _("Saved."))
            response = redirect("outbox:settings")
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                given["language"],
                max_age=365 * 24 * 3600,
                secure=request.is_secure(),
                httponly=True,
                samesite="Lax",
            )
            return response
    number = next((to for channel, to in ways_to(patient) if channel == "text"), "")
    return render(
        request,
        "outbox/settings.html",
        {
            "form": form,
            "patient": patient,
            "phone": shown_phone(patient.phone)[-4:] if patient.phone else "",
            "email": patient.email,
            "has_stopped": bool(number) and OptOut.stands_for(number),
            "center": patient.center,
        },
        status=422 if form.errors else 200,
    )


# ---------- what a provider tells us ----------


def _told(request: HttpRequest) -> dict[str, Any] | None:
    """What was told, by somebody who can sign; nothing for anybody else."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > MOST_TOLD:
        return None
    body = request.body
    signature = request.headers.get(signatures.HEADER, "")
    if not signatures.is_signed(
        settings.STEPWELL_MESSAGES_SECRET, body, signature, now=int(clock.now().timestamp())
    ):
        return None
    try:
        told = json.loads(body)
    except ValueError:
        return None
    return told if isinstance(told, dict) else None


@csrf_exempt
@require_POST
def inbound_text(request: HttpRequest) -> HttpResponse:
    """Somebody answered a text. The provider sends them back what we reply."""
    told = _told(request)
    if told is None:
        return HttpResponse(status=403)
    reply = inbound.answer(str(told.get("from", "")), str(told.get("body", "")), at=clock.now())
    return JsonResponse({"reply": reply})


@csrf_exempt
@require_POST
def receipt(request: HttpRequest) -> HttpResponse:
    """A text was delivered, or could not be."""
    told = _told(request)
    if told is None:
        return HttpResponse(status=403)
    known = inbound.take_receipt(
        str(told.get("reference", "")),
        str(told.get("state", "")),
        str(told.get("reason", "")),
        at=clock.now(),
    )
    return HttpResponse(status=204 if known else 404)
