"""Who looked at the person's own record, in plain words."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from stepwell.doors.patient.my_days import clock_time
from stepwell.trust.access import Permission
from stepwell.trust.access.rules import relations_for
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit.did import Did, Purpose
from stepwell.trust.audit.rules.looks import Day, Visit

#: What each part is called, without saying whose counselor somebody is.
PARTS = {
    Role.PATIENT: gettext_lazy("you"),
    Role.FRONT_DESK: gettext_lazy("front desk"),
    Role.COUNSELOR: gettext_lazy("counselor"),
    Role.FACILITATOR: gettext_lazy("group leader"),
    Role.NURSE: gettext_lazy("nurse"),
    Role.PRESCRIBER: gettext_lazy("prescriber"),
    Role.PEER: gettext_lazy("peer supporter"),
    Role.CASE_MANAGER: gettext_lazy("case manager"),
    Role.CLINICAL_SUPERVISOR: gettext_lazy("clinical supervisor"),
    Role.DIRECTOR: gettext_lazy("director"),
    Role.BILLER: gettext_lazy("billing"),
    Role.COMPLIANCE: gettext_lazy("compliance officer"),
    Role.ADMINISTRATOR: gettext_lazy("administrator"),
}
WHY = {
    Purpose.TREATMENT: gettext_lazy("To care for you."),
    Purpose.PAYMENT: gettext_lazy("For billing."),
    Purpose.OPERATIONS: gettext_lazy("To run the center: visits, calls and forms."),
    Purpose.EMERGENCY: gettext_lazy("In an emergency."),
    Purpose.OWN: gettext_lazy("Your own look."),
    Purpose.COMPLIANCE: gettext_lazy("To check that records are kept safe."),
}
#: Acts that take something out of the record, or let somebody else have it; they are said by themselves.
TOOK_OUT = {
    Did.PRINTED: gettext_lazy("Printed a part."),
    Did.EXPORTED: gettext_lazy("Took out a part as a file."),
    Did.DISCLOSED: gettext_lazy("Shared a part with someone outside."),
    Did.SENT: gettext_lazy("Sent you a message."),
    Did.OPENED_IN_EMERGENCY: gettext_lazy("Opened it without being on your care team."),
}
LOOKED = frozenset({Did.OPENED, Did.LISTED, Did.OPENED_IN_EMERGENCY})


@dataclass(frozen=True)
class Line:
    who: str
    part: str
    when: str
    why: str
    did: str
    is_emergency: bool


def told(
    days: list[Day], today: date, *, own: object, in_lists: bool = False
) -> list[tuple[str, list[Line]]]:
    """Each day with its name, and each person of it in a few words."""
    return [
        (_day(day.on, today), [_line(visit, own=own, in_lists=in_lists) for visit in day.visits])
        for day in days
    ]


def _day(on: date, today: date) -> str:
    written = date_format(on, _("l, F j") if on.year == today.year else _("l, F j, Y"))
    return _("Today, %(day)s") % {"day": written} if on == today else str(written[:1].upper() + written[1:])


def _line(visit: Visit, *, own: object, in_lists: bool) -> Line:
    is_own = visit.by_id == own
    parts = [str(PARTS[Role(role)]) for role in visit.by_roles if role in set(Role)]
    return Line(
        who=_("You") if is_own else visit.by_name or _("The computer itself"),
        part="" if is_own else ", ".join(parts),
        when=_when(visit.first_at, visit.last_at, visit.times),
        why=str(WHY[Purpose(visit.purpose)]) if visit.purpose in set(Purpose) else "",
        did=_("Saw your name on a list.")
        if in_lists
        else _did(visit.acts, whole=is_own or _reads_charts(visit)),
        is_emergency=visit.purpose == Purpose.EMERGENCY,
    )


def _when(first: datetime, last: datetime, times: int) -> str:
    a, b = clock_time(timezone.localtime(first)), clock_time(timezone.localtime(last))
    if times == 1:
        return a
    how_often = ngettext("%(n)s time", "%(n)s times", times) % {"n": times}
    if a == b:
        return _("%(at)s, %(times)s") % {"at": a, "times": how_often}
    return _("%(from)s to %(to)s, %(times)s") % {"from": a, "to": b, "times": how_often}


def _reads_charts(visit: Visit) -> bool:
    """Whether what this person does may be in the chart: the desk keeps names, visits and telephone numbers alone."""
    roles = [Role(role) for role in visit.by_roles if role in set(Role)]
    return not roles or bool(relations_for(Permission.SEE_CHART, roles))


def _did(acts: tuple[str, ...], *, whole: bool) -> str:
    """Read, or read and wrote; and what was taken out, by itself. ``whole``: in the chart, not at the desk alone."""
    wrote = any(act not in LOOKED and act not in TOOK_OUT for act in acts)
    looked = any(act in LOOKED for act in acts)
    said = []
    if looked and wrote:
        said.append(
            _("Read your record and wrote in it.")
            if whole
            else _("Saw your name, your visits or how to reach you, and wrote there.")
        )
    elif wrote:
        said.append(
            _("Wrote in your record.")
            if whole
            else _("Wrote beside your name, your visits or how to reach you.")
        )
    elif looked:
        said.append(_("Read your record.") if whole else _("Saw your name, your visits or how to reach you."))
    said += [str(TOOK_OUT[Did(act)]) for act in acts if act in TOOK_OUT]
    return " ".join(said)
