"""Choosing what goes on paper, waiting for it, and taking it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from stepwell.ground.files import vault
from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import Refused
from stepwell.ground.web import live
from stepwell.ground.web.parts import is_part
from stepwell.ground.web.refusing import refuse
from stepwell.trust import audit
from stepwell.trust.access import Permission, may
from stepwell.trust.accounts.models import signed_in
from stepwell.trust.accounts.step_up import step_up
from stepwell.trust.consent import words as consent_words
from stepwell.trust.people.charts import open_chart, sight_of
from stepwell.trust.printouts import actions, words
from stepwell.trust.printouts.composing import NotAllowed, TooLong, compose, may_read, parts_for
from stepwell.trust.printouts.forms import PrintoutForm
from stepwell.trust.printouts.models import Printout
from stepwell.trust.printouts.rules import KEPT_FOR, Failure, For, State

#: Nothing in it may run, load or be framed, whatever it turns out to be.
ALONE = "default-src 'none'; frame-ancestors 'none'; sandbox"

read_or_write = require_http_methods(["GET", "HEAD", "POST"])


@step_up
@never_cache
@read_or_write
@login_required
def printouts(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Choose what goes on paper; and what was asked for in the last day."""
    patient = open_chart(request, patient_id, Permission.PRINT_CHART)
    user, now = signed_in(request), clock.now()
    form = PrintoutForm(
        request.POST if request.method == "POST" else None,
        may_be_printed=parts_for(user, patient),
        today=patient.center.day_of(now),
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.ask_for_printout(patient, **form.asked, by=user, at=now)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            return redirect("printouts:printout", made.pk)
    lately = (
        Printout.objects.visible_to(user)
        .filter(patient=patient, asked_at__gt=now - KEPT_FOR)
        .select_related("asked_by")
    )
    return render(
        request,
        "printouts/printouts.html",
        {
            "patient": patient,
            "form": form,
            "lately": [_told(each) for each in lately if may_read(each, user, sight_of(request, patient))],
            "may_disclose": may(user, Permission.DISCLOSE, sight_of(request, patient)),
        },
        status=422 if form.errors else 200,
    )


@never_cache
@require_safe
@login_required
def printout(request: HttpRequest, printout_id: UUID) -> HttpResponse:
    """How far a paper is. A page that waits asks again by itself, and is no new look at the chart."""
    one = _seen(request, printout_id)
    version = live.digest(one.pk, one.state)
    if is_part(request):
        if live.is_same(request, version):
            return live.same()
        parts = live.drawn(request, "printouts/printout.html", ("state",), _told(one))
        return live.changed(request, parts, version)
    patient = open_chart(request, one.patient_id, Permission.PRINT_CHART)
    parts = live.drawn(request, "printouts/printout.html", ("state",), _told(one))
    return render(
        request,
        "printouts/printout.html",
        {"patient": patient, "parts": parts, "version": version, **_told(one)},
    )


@require_safe
@login_required
def file(request: HttpRequest, printout_id: UUID) -> HttpResponse:
    """The PDF, handed over: each taking of it is recorded."""
    one = _seen(request, printout_id)
    if one.state is not State.READY:
        return redirect("printouts:printout", one.pk)
    _record(request, one, audit.Did.EXPORTED)
    try:
        data = b"".join(vault.ours().read(one.stored_as))
    except vault.Gone as gone:
        raise Http404 from gone
    return HttpResponse(
        data,
        content_type="application/pdf",
        headers={
            "Content-Disposition": content_disposition_header(True, one.file_name) or "attachment",
            "Content-Security-Policy": ALONE,
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )


@never_cache
@require_safe
@login_required
def page(request: HttpRequest, printout_id: UUID) -> HttpResponse:
    """The same paper as a page, for the browser to print: where no PDF can be made, or nobody wants to wait."""
    one = _seen(request, printout_id)
    if one.state is State.GONE:
        return redirect("printouts:printout", one.pk)
    try:
        paper = compose(one, by=signed_in(request), at=clock.now())
    except NotAllowed as not_seen:
        raise Http404 from not_seen
    except TooLong:
        messages.error(request, str(words.FAILURES[Failure.TOO_LONG]))
        return redirect("printouts:printouts", one.patient_id)
    _record(request, one, audit.Did.PRINTED)
    return HttpResponse(paper.as_html(request, on_screen=True))


def _seen(request: HttpRequest, printout_id: UUID) -> Printout:
    """A paper of somebody whose chart the reader may print, with no part on it that the reader may not see."""
    user = signed_in(request)
    seen = Printout.objects.visible_to(user).select_related("patient__center", "asked_by")
    one = get_object_or_404(seen, pk=printout_id)
    if not may_read(one, user, one.patient):
        raise Http404
    return one


def _record(request: HttpRequest, one: Printout, did: audit.Did) -> None:
    audit.record(
        by=signed_in(request),
        did=did,
        to=one,
        purpose=words.PURPOSES[For(one.made_for)],
        because=actions.in_our_words(one),
    )


def _told(one: Printout) -> dict[str, Any]:
    return {
        "printout": one,
        "state": one.state,
        "what": ", ".join(str(consent_words.SHORT[each]) for each in one.parts),
        "purpose": words.FOR[For(one.made_for)],
        "failure": words.FAILURES[Failure(one.failed)] if one.failed else "",
    }
