"""Whom to call now: the lines of a center that somebody answers at this moment, and no other.

A page that names a line nobody answers does harm. Where none is answered, ``public/lines.html`` says 911, Poison
Control and 988, and nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from stepwell.ground.kit import phones
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.organizations.models import Closure, PhoneLine, PublishedCenter
from stepwell.trust.setup.rules.hours import in_english, in_spanish
from stepwell.trust.setup.rules.phone_lines import Answered

#: The most pressing first.
ORDER = (PhoneLine.Kind.CRISIS, PhoneLine.Kind.NURSE, PhoneLine.Kind.FRONT_DESK)


@dataclass(frozen=True)
class Line:
    """A line that is answered now."""

    kind: PhoneLine.Kind
    phone: str
    dial: str
    when: str


def answered_now(entry: PublishedCenter, *, at: datetime) -> Sequence[Line]:
    """The lines of this center that are answered at that moment, the most pressing first."""
    lines = list(PhoneLine.objects.filter(center=entry.center_id))
    if not lines:
        return ()
    face = at.astimezone(entry.zone)
    with acting_in(entry.organization_id):
        is_closed_day = Closure.objects.filter(center=entry.center_id, on=face.date()).exists()
    answered = {
        PhoneLine.Kind(line.kind): _line(line, hours)
        for line in lines
        if (hours := Answered.of(line.is_always, line.hours)).at(face, is_closed_day=is_closed_day)
    }
    return [answered[kind] for kind in ORDER if kind in answered]


def _line(line: PhoneLine, hours: Answered) -> Line:
    if hours.is_always:
        when = _("Day and night")
    else:
        when = in_spanish(hours.week) if (get_language() or "").startswith("es") else in_english(hours.week)
    return Line(PhoneLine.Kind(line.kind), phones.as_printed(line.phone), phones.to_dial(line.phone), when)
