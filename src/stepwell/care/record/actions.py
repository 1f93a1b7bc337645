"""What is done with a person's record: a substance use disorder found, with the criteria that carry it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stepwell.care.record.models import Condition
from stepwell.care.record.rules.use_disorder import (
    PRESCRIBED,
    WITH_MAINTENANCE,
    Criterion,
    Remission,
    Substance,
    asked_of,
    code_of,
    judge,
    remission,
)
from stepwell.ground.kit.refusals import Refused
from stepwell.trust import audit
from stepwell.trust.access import Permission, require
from stepwell.trust.accounts.models import User
from stepwell.trust.people.models import Patient


@dataclass(frozen=True)
class UseDisorder:
    """What was asked and answered about one substance. A criterion that is absent was not asked."""

    substance: Substance
    criteria: Mapping[Criterion, bool]
    only_as_prescribed: bool = False
    free_since: date | None = None
    in_controlled_environment: bool = False
    on_maintenance_therapy: bool = False


@transaction.atomic
def diagnose(patient: Patient, finding: UseDisorder, *, by: User, at: datetime) -> Condition:
    """Write down a substance use disorder, with how severe it is and its code. The same twice is one.

    Raises Refused where the criteria do not carry it, or where too few were asked to say how severe it is.
    """
    require(by, Permission.DIAGNOSE, patient)
    today = patient.center.day_of(at)
    _check_what_is_said(finding, today)
    judged = judge(finding.substance, finding.criteria, only_as_prescribed=finding.only_as_prescribed)
    if not judged.is_settled:
        missing = len(judged.not_asked)
        raise Refused(
            ngettext(
                "%(count)s criterion was not asked, and its answer could change how severe it is. Ask it first.",
                "%(count)s criteria were not asked, and the answers could change how severe it is."
                " Ask them first.",
                missing,
            )
            % {"count": missing}
        )
    if judged.at_least is None:
        raise Refused(_("Fewer than two criteria count. That is no use disorder, and none is written down."))
    in_remission = remission(free_since=finding.free_since, on=today)
    if finding.in_controlled_environment and in_remission is Remission.NONE:
        raise Refused(
            _("This is said of a remission, which begins three months after the last criterion."),
            field="in_controlled_environment",
        )
    found = Condition(
        patient=patient,
        substance=finding.substance,
        criteria={
            each.value: finding.criteria[each]
            for each in asked_of(finding.substance)
            if each in finding.criteria
        },
        only_as_prescribed=finding.only_as_prescribed,
        severity=judged.at_least,
        remission=in_remission,
        free_since=finding.free_since,
        in_controlled_environment=finding.in_controlled_environment,
        on_maintenance_therapy=finding.on_maintenance_therapy,
        code=code_of(finding.substance, judged.at_least, in_remission),
        found_on=today,
        recorded_by=by,
        recorded_at=at,
    )
    Patient.objects.select_for_update(of=("self",)).get(pk=patient.pk)
    newest = Condition.objects.in_force().filter(patient=patient, substance=finding.substance).first()
    if newest is not None and _says_the_same(newest, found):
        return newest
    found.save()
    audit.record(by=by, did=audit.Did.CREATED, to=found)
    return found


def _check_what_is_said(finding: UseDisorder, today: date) -> None:
    substance = finding.substance
    if finding.only_as_prescribed and substance not in PRESCRIBED:
        raise Refused(
            _("This is said of opioids, sedatives and stimulants only."), field="only_as_prescribed"
        )
    if finding.criteria.get(Criterion.WITHDRAWAL) and Criterion.WITHDRAWAL not in asked_of(substance):
        raise Refused(
            _("No withdrawal is described for this substance. Leave it at “Not asked”."),
            field=Criterion.WITHDRAWAL,
        )
    if finding.free_since is not None and finding.free_since > today:
        raise Refused(_("This date is in the future."), field="free_since")
    if finding.on_maintenance_therapy and substance not in WITH_MAINTENANCE:
        raise Refused(_("This is said of opioids and tobacco only."), field="on_maintenance_therapy")
    if finding.on_maintenance_therapy and finding.free_since is None:
        raise Refused(
            _("This is said where no criterion is met. Give the day since when."),
            field="on_maintenance_therapy",
        )


_SAID = (
    "criteria",
    "only_as_prescribed",
    "free_since",
    "in_controlled_environment",
    "on_maintenance_therapy",
    "found_on",
    "recorded_by_id",
)


def _says_the_same(one: Condition, other: Condition) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in _SAID)
