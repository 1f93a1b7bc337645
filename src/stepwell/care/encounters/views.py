"""The hours of one week in the chart, each number opened to its minutes."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stepwell.care.encounters.ledger import hours_of
from stepwell.care.encounters.rules import Counted, WeekHours
from stepwell.ground.kit import clock
from stepwell.ground.kit.weeks import Week
from stepwell.trust.access import Permission, lists
from stepwell.trust.people.charts import open_chart

#: The only weeks that have a name with four digits, and a week before and after.
FIRST, LAST = Week.named("1900-W02"), Week.named("9999-W50")


@require_safe
@login_required
def hours(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Counted, to sign, planned and asked for, with every encounter's minutes; `?week=2026-W48` for another week."""
    patient = open_chart(request, patient_id, Permission.SEE_HOURS)
    this_week = Week.of(clock.today(patient.center.time_zone))
    week = _asked_for(request) or this_week
    counted = hours_of(patient, week)
    if lists.asked_for_csv(request):
        return lists.as_csv(
            request,
            f"hours of {week}",
            (_("When"), _("What"), _("Minutes"), _("Counted as")),
            (
                [line.of.starts_at, line.of.what, line.of.minutes, part["title"]]
                for part in _parts(counted)
                for line in part["lines"]  # type: ignore[attr-defined]
            ),
        )
    return render(
        request,
        "encounters/hours.html",
        {
            "patient": patient,
            "week": week,
            "this_week": this_week,
            "hours": counted,
            "parts": _parts(counted),
            "now": clock.now(),
        },
    )


def _asked_for(request: HttpRequest) -> Week | None:
    if not (name := request.GET.get("week")):
        return None
    try:
        week = Week.named(name)
    except ValueError:
        raise Http404(f"no such week: {name}") from None
    if not FIRST <= week <= LAST:
        raise Http404(f"no such week: {name}")
    return week


def _parts(hours: WeekHours) -> list[dict[str, object]]:
    """The four lists that the numbers open to."""
    titles = {
        Counted.SIGNED: (_("Counted"), _("Signed attendance."), "ok", _("Nothing signed this week.")),
        Counted.UNSIGNED: (
            _("To sign"),
            _("Held, and not signed yet. It counts when the note is signed."),
            "warn",
            _("Nothing waits for a signature."),
        ),
        Counted.PLANNED: (_("Planned"), _("Booked, and not marked yet."), "", _("Nothing else is booked.")),
        Counted.NOT: (_("Does not count"), _("Held or booked, but not clinical hours."), "", ""),
    }
    return [
        {
            "key": counted.name.lower(),
            "title": title,
            "says": says,
            "tone": tone,
            "empty": empty,
            "lines": lines,
            "minutes": sum(line.of.minutes for line in lines),
        }
        for counted, (title, says, tone, empty) in titles.items()
        if (lines := hours.those(counted)) or empty
    ]
