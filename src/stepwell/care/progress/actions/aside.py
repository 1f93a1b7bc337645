"""Setting a need on Today aside until a day, with a reason; and bringing it back."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from stepwell.care.progress.models import SetAside
from stepwell.care.progress.rules.needs import Need, in_force, last_day_aside, may_be_set_aside
from stepwell.ground.kit.refusals import Refused
from stepwell.trust import audit
from stepwell.trust.access import Permission, require
from stepwell.trust.accounts.models import User
from stepwell.trust.people.models import Patient


@transaction.atomic
def set_aside(patient: Patient, need: Need, *, until: date, because: str, by: User, at: datetime) -> SetAside:
    """Until that day the need does not rank; the team reads why. Set aside again, the newer reason and day hold."""
    require(by, Permission.SET_ASIDE, patient)
    today = patient.center.day_of(at)
    if not may_be_set_aside(need):
        raise Refused(_("An answer that somebody must act on stays until that is done."), field="rule")
    if not because.strip():
        raise Refused(_("Say why, in a few words. The team reads it."), field="because")
    last = last_day_aside(today, in_force(today))
    if not today < until <= last:
        raise Refused(
            _("Choose a day from tomorrow to %(last)s.") % {"last": f"{last:%B} {last.day}"}, field="until"
        )
    Patient.objects.select_for_update(of=("self",)).get(pk=patient.pk)
    standing = SetAside.objects.standing().filter(patient=patient, rule=need.rule).first()
    if standing and (standing.until, standing.because) == (until, because.strip()):
        return standing
    if standing:
        standing.ended_at, standing.ended_by = at, by
        standing.save(update_fields=["ended_at", "ended_by"])
    made = SetAside.objects.create(
        patient=patient,
        rule=need.rule,
        level=need.level,
        because=because.strip(),
        since=today,
        until=until,
        recorded_by=by,
        recorded_at=at,
    )
    audit.record(by=by, did=audit.Did.CREATED, to=made)
    return made


@transaction.atomic
def bring_back(patient: Patient, rule: str, *, by: User, at: datetime) -> None:
    """From now on it ranks again. What nobody set aside, or somebody has brought back, is left as it is."""
    require(by, Permission.SET_ASIDE, patient)
    standing = (
        SetAside.objects.select_for_update(of=("self",)).standing().filter(patient=patient, rule=rule).first()
    )
    if standing is None:
        return
    standing.ended_at, standing.ended_by = at, by
    standing.save(update_fields=["ended_at", "ended_by"])
    audit.record(by=by, did=audit.Did.CHANGED, to=standing, because="brought back")
