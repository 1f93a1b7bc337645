"""How the staff page says what a message is about, and which tone its state has."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stepwell.trust.outbox.kinds import Kind
from stepwell.trust.outbox.models import State

KINDS: Mapping[Kind, Promise] = {
    Kind.APPOINTMENT_BOOKED: _("Appointment booked"),
    Kind.APPOINTMENT_REMINDER: _("Reminder of an appointment"),
    Kind.APPOINTMENT_CANCELLED: _("Appointment cancelled"),
    Kind.SESSION_CANCELLED: _("Session called off"),
    Kind.SOMETHING_WAITS: _("Something new to see"),
    Kind.WAITS_FOR_STAFF: _("Something waits for staff"),
    Kind.VISIT_BOOKED: _("Visit booked by themselves"),
}
TONES: Mapping[State, str] = {
    State.QUEUED: "",
    State.HELD: "",
    State.SENDING: "accent",
    State.SENT: "ok",
    State.DELIVERED: "ok",
    State.FAILED: "warn",
    State.UNKNOWN: "warn",
    State.CANCELLED: "line",
    State.NOT_SAFE: "warn",
    State.OPTED_OUT: "warn",
}
