"""What of attendance may be told outside: on which days the person was expected, and whether they came."""

from datetime import datetime

from django.utils.translation import gettext as _

from stepwell.care.encounters.models import Absence, Encounter
from stepwell.trust.consent.segments import Content, Looking


def attendance(looking: Looking) -> Content:
    """Signed attendance and absences, newest first. The kind of visit, not the name of a group."""
    rows: list[tuple[datetime, tuple[str, ...]]] = []
    came = Encounter.objects.visible_to(looking.by).in_force().filter(patient=looking.patient)
    for one in came.filter(signed_at__isnull=False, starts_at__gte=looking.from_moment):
        day = looking.on(one.starts_at)
        what = (str(one.get_kind_display()), str(one.get_attendance_display()))
        rows.append((one.starts_at, (day, *what, _("%(n)s minutes") % {"n": one.minutes})))
    away = Absence.objects.visible_to(looking.by).in_force().filter(patient=looking.patient)
    for gone in away.filter(starts_at__gte=looking.from_moment).select_related("appointment"):
        kind = str(gone.appointment.get_kind_display())
        rows.append((gone.starts_at, (looking.on(gone.starts_at), kind, _("Did not come"), "")))
    rows.sort(key=lambda row: row[0], reverse=True)
    return Content(
        (_("Day"), _("Kind of visit"), _("Attendance"), _("Time")), tuple(row for _at, row in rows)
    )
