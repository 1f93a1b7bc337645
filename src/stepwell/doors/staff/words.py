"""How staff pages say roles, days, times and hours."""

from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from stepwell.care.scheduling.models import Appointment
from stepwell.trust.accounts.words import role_name

__all__ = ["role_name"]

#: A visit in one word, for a narrow column.
VISITS = {
    Appointment.Kind.INTAKE: gettext_lazy("intake"),
    Appointment.Kind.INDIVIDUAL: gettext_lazy("1:1"),
    Appointment.Kind.GROUP: gettext_lazy("group"),
    Appointment.Kind.MEDICAL: gettext_lazy("medical visit"),
    Appointment.Kind.FAMILY: gettext_lazy("family session"),
}

SHORTER = {
    Appointment.Kind.MEDICAL: gettext_lazy("medical"),
    Appointment.Kind.FAMILY: gettext_lazy("family"),
}


def visit_name(kind: str) -> str:
    return str(VISITS[Appointment.Kind(kind)])


def in_a_word(kind: str) -> str:
    """The same, for a column of a table."""
    return str(SHORTER.get(Appointment.Kind(kind), VISITS[Appointment.Kind(kind)]))


def level_and_day(level: str, day: int | None) -> str:
    """`IOP, day 12`."""
    if not level:
        return _("Not in care")
    return _("%(level)s, day %(day)s") % {"level": level, "day": day} if day is not None else level


def hours(minutes: int) -> str:
    """`9`, `4.5`."""
    return f"{minutes / 60:.1f}".removesuffix(".0")


def clock_time(at: datetime) -> str:
    return date_format(at, "g:i A")


def short_time(at: datetime) -> str:
    """`9:00`, in a column where morning and afternoon are plain from the order."""
    return date_format(at, "g:i")


def day_name(day: date, today: date) -> str:
    """`Today`, `Tomorrow`, `Fri`, `Nov 2`: a day as short as it can be said."""
    days = (day - today).days
    if days == 0:
        return _("Today")
    if days == 1:
        return _("Tomorrow")
    if days == -1:
        return _("Yesterday")
    return date_format(day, "D") if -7 < days < 7 else date_format(day, "M j")


def days_late(days: int) -> str:
    return ngettext("%(n)s day late", "%(n)s days late", days) % {"n": days}
