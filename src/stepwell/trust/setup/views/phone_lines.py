"""The phone lines of a center: who answers, at which number, when."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from stepwell.ground.kit import clock
from stepwell.ground.kit.phones import as_printed
from stepwell.ground.kit.refusals import Refused
from stepwell.ground.web.refusing import refuse
from stepwell.trust.accounts.models import signed_in
from stepwell.trust.organizations.models import Center, PhoneLine
from stepwell.trust.setup.actions import phone_lines as actions
from stepwell.trust.setup.forms.centers import LineForm
from stepwell.trust.setup.rules.hours import in_english
from stepwell.trust.setup.rules.phone_lines import Answered
from stepwell.trust.setup.views.common import center_tabs, open_center, status_of

Kind = PhoneLine.Kind

#: What each line is for, as whoever fills it in needs to know.
IS_FOR: dict[Kind, Promise] = {
    Kind.NURSE: gettext_lazy("Somebody who asks whether it is safe to stop, or about a medicine."),
    Kind.CRISIS: gettext_lazy("Somebody who may not be safe now. It stands beside 988, never in its place."),
    Kind.FRONT_DESK: gettext_lazy("Booking, changing or cancelling a visit, and every other question."),
}


@dataclass(frozen=True)
class Line:
    """One kind of line as the list tells it."""

    kind: Kind
    phone: str
    when: str
    url: str

    @property
    def is_for(self) -> Promise:
        return IS_FOR[self.kind]


def lines_of(center: Center) -> list[Line]:
    known = {line.kind: line for line in PhoneLine.objects.filter(center=center)}
    return [_line(center, kind, known.get(kind)) for kind in Kind]


def _line(center: Center, kind: Kind, line: PhoneLine | None) -> Line:
    url = reverse("setup:phone_line", args=[center.pk, kind])
    if line is None:
        return Line(kind, "", "", url)
    hours = Answered.of(line.is_always, line.hours)
    when = _("Day and night") if hours.is_always else in_english(hours.week)
    return Line(kind, as_printed(line.phone), when, url)


@require_safe
@login_required
def phone_lines(request: HttpRequest, center_id: UUID) -> HttpResponse:
    one = open_center(request, center_id)
    return render(
        request,
        "setup/phone_lines.html",
        {"center": one, "tabs": center_tabs(one, "phone_lines"), "lines": lines_of(one)},
    )


@login_required
def phone_line(request: HttpRequest, center_id: UUID, line: str) -> HttpResponse:
    one, kind = open_center(request, center_id), _kind(line)
    known = PhoneLine.objects.filter(center=one, kind=kind).first()
    week = Answered.of(known.is_always, known.hours).week if known else ()
    initial = {"phone": known.phone, "is_always": known.is_always} if known else {}
    form = LineForm(request.POST or None, week=week, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.keep_line(
                one,
                kind,
                phone=form.cleaned_data["phone"],
                is_always=form.cleaned_data["is_always"],
                week=form.week,
                by=signed_in(request),
                at=clock.now(),
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Saved. It is public with the center’s entry."))
            return redirect("setup:phone_lines", one.pk)
    return render(
        request,
        "setup/phone_line.html",
        {
            "center": one,
            "tabs": center_tabs(one, "phone_lines"),
            "form": form,
            "kind": kind,
            "is_for": IS_FOR[kind],
            "known": known,
        },
        status=status_of(form),
    )


@require_POST
@login_required
def line_removal(request: HttpRequest, center_id: UUID, line: str) -> HttpResponse:
    one, kind = open_center(request, center_id), _kind(line)
    actions.end_line(one, kind, by=signed_in(request), at=clock.now())
    messages.success(request, _("Taken off. Nobody is sent to that number now."))
    return redirect("setup:phone_lines", one.pk)


def _kind(line: str) -> Kind:
    try:
        return Kind(line)
    except ValueError:
        raise Http404 from None
