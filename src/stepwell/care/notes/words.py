"""The sentences of this room: what keeps a note from being signed, and how late it is."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stepwell.care.notes.rules.deadlines import Deadline, Lateness
from stepwell.care.notes.rules.readiness import Lacks, Obstacle

#: More names than this are not read any more.
MANY = 3


def listed(names: Sequence[str]) -> str:
    """`Eli`, `Eli and Priya`, `Eli, Priya and Ngoc`."""
    if len(names) < 2:
        return "".join(names)
    return _("%(some)s and %(last)s") % {"some": ", ".join(names[:-1]), "last": names[-1]}


def not_over(names: Sequence[str], until: datetime) -> str:
    """Whose minutes still run at the moment of signing."""
    facts = {"who": listed(names), "n": len(names), "time": date_format(until, "g:i A")}
    if len(names) > MANY:
        return _("%(n)s people are here until %(time)s. Sign after that, or give fewer minutes.") % facts
    return (
        ngettext(
            "%(who)s is here until %(time)s. Sign after that, or give fewer minutes.",
            "%(who)s are here until %(time)s. Sign after that, or give fewer minutes.",
            len(names),
        )
        % facts
    )


def obstacle(what: Obstacle, *, name: str = "", until: datetime | None = None) -> str:
    """One sentence that stands beside the field. ``name`` is whose row it is; ``until`` in the center's time."""
    other = str(what.others[0].names[0]) if what.others else ""
    facts = {
        "name": name,
        "other": other,
        "words": listed(what.words),
    }
    match what.lacks:
        case Lacks.UNMARKED:
            words = _("Mark %(name)s here, by video, late or absent.")
        case Lacks.NO_MINUTES:
            words = _("Give the minutes for %(name)s.")
        case Lacks.NOT_OVER:
            return not_over([name], until) if until else ""
        case Lacks.NO_LINE:
            words = _("Write what %(name)s did or said.")
        case Lacks.SAME_WORDS:
            words = _("Same words as %(other)s. Each line must be their own.")
        case Lacks.NAMES_SOMEBODY:
            words = _("Names %(words)s. Leave other people out of this note.")
        case Lacks.NO_TOPIC:
            words = _("Give the topic of the group.")
        case Lacks.NO_ACCOUNT:
            words = _("Write what the group did.")
        case Lacks.NO_SAFETY:
            words = _("Say whether anyone voiced intent to harm self or others.")
        case Lacks.SHARED_NAMES_SOMEBODY:
            words = _("Names %(words)s. This text goes into every note, so name nobody.")
        case Lacks.NOBODY_CAME:
            words = _("Nobody came, so there is no note to sign.")
    return words % facts


def how_late(deadline: Deadline) -> str:
    """`Due in 5 h`, `3 h late`, `2 days late`."""
    if deadline.lateness is Lateness.ON_TIME:
        return ngettext("Due in %(n)s h", "Due in %(n)s h", deadline.hours) % {"n": deadline.hours}
    if deadline.hours < 48:
        return ngettext("%(n)s h late", "%(n)s h late", deadline.hours) % {"n": deadline.hours}
    return ngettext("%(n)s day late", "%(n)s days late", deadline.days) % {"n": deadline.days}


def tone(deadline: Deadline) -> str:
    """Red where the bill waits for it, amber where it is late."""
    return {Lateness.ON_TIME: "", Lateness.LATE: "warn", Lateness.TOO_LATE: "urgent"}[deadline.lateness]
