"""Joining a care team, as a step of a larger act: booking a time, a place in a group, handing over."""

from datetime import date

from django.db.models import Value
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext as _

from stepwell.ground.kit.refusals import Refused
from stepwell.trust.access import Permission
from stepwell.trust.access.visibility import works_at
from stepwell.trust.accounts.models import User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.people.models import CareTeamMember, Patient, Practitioner


def join_care_team(
    patient: Patient, practitioner: Practitioner, role: Role, *, on: date, by: User
) -> CareTeamMember:
    """Put somebody on a care team, if they are not on it in that part. A step of a larger act, which records it.

    Raises Refused when somebody would let themselves in: see ``lets_themself_in``.
    """
    if lets_themself_in(patient, practitioner, by=by):
        raise Refused(
            _(
                "You are not on the care team of %(name)s."
                " Ask somebody who is, or a supervisor, to do this or to add you."
            )
            % {"name": patient.called}
        )
    part = CareTeamMember.objects.filter(
        patient=patient,
        practitioner=practitioner,
        role=role,
        kind=CareTeamMember.Kind.REGULAR,
        ended_on=None,
    )
    if part.current().exists():
        # What would have run out by itself is given again, to last.
        part.filter(expires_at__isnull=False).update(expires_at=None)
        return part.get()
    part.update(ended_on=Greatest("started_on", Least("expires_at__date", Value(on))))
    return CareTeamMember.objects.create(patient=patient, practitioner=practitioner, role=role, started_on=on)


def lets_themself_in(patient: Patient, practitioner: Practitioner, *, by: User) -> bool:
    """Whether somebody would open a chart to themself that is closed to them.

    A place on a care team opens the chart, and booking a time or leading a group gives one. So it takes somebody else,
    unless the chart is open to them for good already, or nobody looks after the person yet. An emergency, which opens a
    chart for an hour, is not for good.
    """
    if practitioner.user_id != by.pk:
        return False
    team = CareTeamMember.objects.current().filter(patient=patient)
    return (
        team.exists()
        and not team.filter(practitioner__user=by).exists()
        and not works_at(by, Permission.SEE_CHART, patient.center_id)
    )
