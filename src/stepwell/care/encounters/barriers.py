"""What an absence says of what keeps somebody from coming: a task for their case manager."""

from datetime import datetime

from django.utils.translation import gettext as _

from stepwell.care.encounters.models import Absence
from stepwell.care.scheduling.models import Appointment
from stepwell.care.tasks import by_rule
from stepwell.care.tasks.rules import making
from stepwell.care.tasks.rules.making import Barrier, Wanted

#: The reasons of an absence that a colleague may do something about.
BARRIERS = {
    Absence.Reason.TRANSPORT: Barrier.TRANSPORT,
    Absence.Reason.CHILDCARE: Barrier.CHILDCARE,
    Absence.Reason.WORK: Barrier.WORK,
}


def missed(absence: Absence) -> str:
    """What the person did not come to: the group by its name, or the kind of visit."""
    if absence.session is not None:
        return absence.session.series.name
    return str(Appointment.Kind(absence.appointment.kind).label).lower()


def barrier_of(absence: Absence, *, at: datetime) -> Wanted | None:
    """The task that the reason of an absence asks for, if it is one that somebody can do something about."""
    barrier = BARRIERS.get(Absence.Reason(absence.reason))
    if barrier is None:
        return None
    zone = absence.patient.center.zone
    today, day = at.astimezone(zone).date(), absence.starts_at.astimezone(zone)
    return making.barrier_in_the_way(
        absence.pk,
        barrier,
        why=_("Did not come to %(what)s on %(day)s. Reason: %(reason)s.")
        % {
            "what": missed(absence),
            "day": f"{day:%a %b} {day.day}",
            "reason": str(absence.get_reason_display()).lower(),
        },
        called=absence.patient.called,
        on=today,
        figures=making.in_force(today),
    )


def ask_for_help(absence: Absence, *, at: datetime) -> None:
    """At the moment somebody gives the reason, as a part of marking, which asks and records."""
    if wanted := barrier_of(absence, at=at):
        by_rule.make(wanted, patient=absence.patient, center=absence.patient.center, at=at)
