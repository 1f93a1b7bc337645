"""Putting somebody on a care team, and taking them off. This is what opens a chart, and shuts it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from stepwell.ground.kit.refusals import Refused
from stepwell.trust import audit
from stepwell.trust.access import Permission, require
from stepwell.trust.accounts.models import Membership, User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.people.joining import join_care_team
from stepwell.trust.people.models import CareTeamMember, Patient, Practitioner
from stepwell.trust.people.rules.team import Objection, objection_to_giving, parts_given_by
from stepwell.trust.people.stopping import somebody_stopped


@transaction.atomic
def put_on_team(
    patient: Patient, practitioner: Practitioner, role: Role, *, because: str, by: User, at: datetime
) -> CareTeamMember:
    """Give somebody a place on a care team, in a part they work in. From now on the chart is open to them."""
    require(by, Permission.CHANGE_CARE_TEAM, patient)
    if not because.strip():
        raise Refused(_("Say why they join."), field="because")
    works_as = frozenset(
        Role(one.role)
        for one in Membership.objects.current().filter(
            user=practitioner.user_id, organization=patient.organization_id
        )
        if one.center_id in (None, patient.center_id)
    )
    objection = objection_to_giving(
        role, giver=roles_for(patient, by), joins=works_as, is_oneself=practitioner.user_id == by.pk
    )
    if objection is not None:
        said, field = _SAID[objection]
        raise Refused(said(), field=field)
    patient = Patient.objects.select_for_update(of=("self",)).select_related("center").get(pk=patient.pk)
    was_on = CareTeamMember.objects.current().filter(
        patient=patient, practitioner=practitioner, role=role, expires_at=None
    )
    if already := was_on.first():
        return already
    member = join_care_team(patient, practitioner, role, on=patient.center.day_of(at), by=by)
    member.given_by, member.because = by, because.strip()
    member.save(update_fields=["given_by", "because"])
    audit.record(by=by, did=audit.Did.CREATED, to=member, because=f"{practitioner.name}, {role.value}")
    return member


@transaction.atomic
def take_off_team(member: CareTeamMember, *, because: str, by: User, at: datetime) -> None:
    """End somebody's place. The chart is shut to them with the next thing they ask, unless another place opens it."""
    require(by, Permission.CHANGE_CARE_TEAM, member.patient)
    if not because.strip():
        raise Refused(_("Say why they leave."), field="because")
    member = CareTeamMember.objects.select_for_update(of=("self",)).get(pk=member.pk)
    if Role(member.role) not in parts_given_by(roles_for(member.patient, by)):
        raise Refused(_("A clinical supervisor or the director ends this place."))
    if not CareTeamMember.objects.current().filter(pk=member.pk).exists():
        return
    member.ended_on = max(member.started_on, member.patient.center.day_of(at))
    member.ended_because = because.strip()
    member.save(update_fields=["ended_on", "ended_because"])
    somebody_stopped(member.practitioner.user, at=at)
    audit.record(by=by, did=audit.Did.ENDED, to=member, because=f"{member.practitioner.name}, {member.role}")


def roles_for(patient: Patient, user: User) -> frozenset[Role]:
    """The parts in which somebody works at the center of this patient: what they are elsewhere gives nothing here."""
    return frozenset(
        Role(one.role) for one in user.memberships_here if one.center_id in (None, patient.center_id)
    )


_SAID = {
    Objection.NOT_THAT_PART: (
        lambda: _("You may not give that part. Ask a clinical supervisor or the director."),
        "role",
    ),
    Objection.NOT_ONESELF: (
        lambda: _("Nobody puts themselves on a care team. Ask somebody else."),
        "practitioner",
    ),
    Objection.NOT_THEIR_PART: (lambda: _("They do not work in that part at this center."), "role"),
}
