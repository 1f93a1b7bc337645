"""Opening a chart in an emergency, ending it, and looking it over the next morning."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from stepwell.ground.kit.refusals import ChangedMeanwhile, Refused
from stepwell.trust import audit
from stepwell.trust.access import Permission, Sight, may, require
from stepwell.trust.access.rules import TABLE
from stepwell.trust.access.visibility import on_the_team_now
from stepwell.trust.accounts.models import User
from stepwell.trust.people.models import CareTeamMember, EmergencyAccess, Patient, practitioner_of

#: How long an emergency keeps a chart open [D]; the law asks for a way in and names no time (45 CFR 164.312(a)) [K].
LASTS = timedelta(minutes=60)
#: Why a place is there that an emergency opened. What the emergency is stands in ``EmergencyAccess``, and nowhere else.
BECAUSE = "an emergency"
#: How long the care team and the supervisors are told of one that has been looked over.
TOLD_FOR = timedelta(days=7)


def open_now(patient: Patient, user: User) -> EmergencyAccess | None:
    """The emergency through which this person has the chart open at this moment."""
    return (
        EmergencyAccess.objects.filter(patient=patient, opened_by=user)
        .filter(on_the_team_now("place__", in_emergency=True))
        .select_related("place", "patient__center")
        .first()
    )


def may_open(patient: Patient | Sight, user: User) -> bool:
    """Whether to offer it: the table gives it, and the chart is shut."""
    return may(user, Permission.OPEN_IN_EMERGENCY, patient) and not may(user, Permission.SEE_CHART, patient)


@transaction.atomic
def open_in_emergency(
    patient: Patient, *, reason: EmergencyAccess.Reason, words: str, by: User, at: datetime
) -> EmergencyAccess:
    """Open a chart for an hour. Everybody who looks after the person is told, and somebody else looks it over.

    One that is open is given back as it is: an hour is not prolonged. When it is over, another takes another reason.
    """
    require(by, Permission.OPEN_IN_EMERGENCY, patient)
    if not words.strip():
        raise Refused(_("Say in your own words what is happening."), field="words")
    patient = Patient.objects.select_for_update(of=("self",)).select_related("center").get(pk=patient.pk)
    if already := open_now(patient, by):
        return already
    if may(by, Permission.SEE_CHART, patient):
        raise Refused(_("This chart is open to you already."))
    practitioner = practitioner_of(by)
    if practitioner is None:
        raise Refused(_("You are not written down as somebody who gives care here. Ask the administrator."))
    role = next(
        m.role
        for m in by.memberships_here
        if m.role in TABLE[Permission.OPEN_IN_EMERGENCY] and m.center_id in (None, patient.center_id)
    )
    place = CareTeamMember.objects.create(
        patient=patient,
        practitioner=practitioner,
        role=role,
        kind=CareTeamMember.Kind.EMERGENCY,
        started_on=patient.center.day_of(at),
        expires_at=at + LASTS,
        given_by=by,
        because=BECAUSE,
    )
    access = EmergencyAccess.objects.create(
        patient=patient, place=place, opened_by=by, opened_at=at, reason=reason, words=words.strip()
    )
    audit.record(by=by, did=audit.Did.OPENED_IN_EMERGENCY, to=access, purpose=audit.Purpose.EMERGENCY)
    return access


@transaction.atomic
def end_emergency(access: EmergencyAccess, *, by: User, at: datetime) -> None:
    """Shut the chart before the hour is over. To end what is over changes nothing."""
    require(by, Permission.OPEN_IN_EMERGENCY, access.patient)
    access = EmergencyAccess.objects.select_for_update(of=("self",)).get(pk=access.pk)
    if access.opened_by_id != by.pk:
        raise Refused(_("Only who opened the chart ends this."))
    place = CareTeamMember.objects.in_emergency().filter(pk=access.place_id).first()
    if place is None:
        return
    place.expires_at = at
    place.ended_on = max(place.started_on, access.patient.center.day_of(at))
    place.save(update_fields=["expires_at", "ended_on"])
    audit.record(by=by, did=audit.Did.ENDED, to=access)


@transaction.atomic
def review(
    access: EmergencyAccess, *, finding: EmergencyAccess.Finding, words: str, by: User, at: datetime
) -> None:
    """Say whether it was right to open the chart, and why. Never said by the one who opened it."""
    require(by, Permission.REVIEW_EMERGENCY, access.patient)
    if not words.strip():
        raise Refused(_("Say what you found."), field="words")
    access = EmergencyAccess.objects.select_for_update(of=("self",)).get(pk=access.pk)
    if access.opened_by_id == by.pk:
        raise Refused(_("You opened this chart yourself. Somebody else looks it over."))
    if access.reviewed_at is not None:
        if (access.reviewed_by_id, access.finding, access.finding_words) == (by.pk, finding, words.strip()):
            return
        raise ChangedMeanwhile(_("%(name)s has looked this over meanwhile.") % {"name": access.reviewed_by})
    access.reviewed_by, access.reviewed_at = by, at
    access.finding, access.finding_words = finding, words.strip()
    access.save(update_fields=["reviewed_by", "reviewed_at", "finding", "finding_words"])
    audit.record(by=by, did=audit.Did.REVIEWED, to=access, because=str(finding.label))


def to_know_of(user: User, at: datetime) -> QuerySet[EmergencyAccess]:
    """What those who look after a person, and those who look emergencies over, are told: the last week, and
    whatever waits to be looked over. Of one's own nobody needs to be told."""
    mine = CareTeamMember.objects.current().filter(practitioner__user=user).values("patient")
    ours = EmergencyAccess.objects.visible_to(user) | EmergencyAccess.objects.filter(patient__in=mine)
    lately = ours.filter(opened_at__gte=at - TOLD_FOR) | ours.filter(reviewed_at=None)
    return (
        lately.exclude(opened_by=user)
        .select_related("patient", "opened_by", "reviewed_by")
        .order_by("-opened_at")
    )
