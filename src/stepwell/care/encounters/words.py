"""The sentences of this room."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepwell.care.encounters.rules import DOOR_OPENS, LONGEST, Mark, WhyNot
from stepwell.ground.kit.refusals import Refused

MARKS: Mapping[Mark, Promise] = {
    Mark.HERE: gettext_lazy("Here"),
    Mark.VIDEO: gettext_lazy("Video"),
    Mark.LATE: gettext_lazy("Late"),
    Mark.ABSENT: gettext_lazy("Absent"),
}


def refusal(
    why: WhyNot, *, name: str, starts_at: datetime, minutes_planned: int, time_zone: str, because: str = ""
) -> Refused:
    """The sentence for the screen, and the field that it stands beside."""
    opens = date_format((starts_at - DOOR_OPENS).astimezone(ZoneInfo(time_zone)), "D M j, g:i A")
    facts = {"name": name, "planned": minutes_planned, "opens": opens, "longest": LONGEST, "because": because}
    match why:
        case WhyNot.CANCELLED if because:
            return Refused(_("This session was cancelled: %(because)s") % facts)
        case WhyNot.CANCELLED:
            return Refused(_("This session was cancelled."))
        case WhyNot.TOO_EARLY:
            return Refused(_("Attendance opens 30 minutes before the start: %(opens)s.") % facts)
        case WhyNot.NEEDS_MINUTES | WhyNot.LATE_BUT_WHOLE:
            words = _("%(name)s came late. How many of the %(planned)s minutes was that?")
        case WhyNot.NO_MINUTES:
            words = _("Give at least 1 minute, or mark %(name)s absent.")
        case WhyNot.LONGER_THAN_PLANNED:
            words = _("The session had %(planned)s minutes. Give %(planned)s or fewer.")
        case WhyNot.TOO_LONG:
            words = _("Give %(longest)s minutes or fewer.")
    return Refused(words % facts, field="minutes")
