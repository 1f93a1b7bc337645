"""What the set-up of a center is told from here: what stands on a day that is closed."""

from collections.abc import Collection, Iterator
from datetime import date, timedelta

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from stepwell.care.scheduling.models import Appointment, GroupSession
from stepwell.care.scheduling.sessions import first_moment
from stepwell.trust.organizations.models import Center
from stepwell.trust.setup.registry import Planned


def planned_on(center: Center, days: Collection[date]) -> Iterator[Planned]:
    """Meetings of groups, each with where it is called off; and appointments, with nobody's name."""
    zone = center.zone
    on_these = Q(pk__in=[])
    for day in days:
        on_these |= Q(
            starts_at__gte=first_moment(day, zone), starts_at__lt=first_moment(day + timedelta(days=1), zone)
        )
    sessions = GroupSession.objects.meeting().filter(on_these, series__center=center)
    booked = Q(appointments__status="booked", appointments__entered_in_error_at=None)
    for session in sessions.select_related("series").annotate(expected=Count("appointments", filter=booked)):
        address = reverse("scheduling:series", args=[session.series_id])
        yield Planned(session.starts_at, session.series.name, session.expected, address)
    alone = Appointment.objects.booked().filter(on_these, patient__center=center, session=None)
    for visit in alone.select_related("practitioner"):
        with_whom = _("An appointment with %(name)s") % {"name": visit.practitioner}
        yield Planned(visit.starts_at, with_whom, 1, "")
