"""Writing down who a person is, how to reach them, and who is close to them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from stepwell.ground.kit.changing import change
from stepwell.ground.kit.refusals import ChangedMeanwhile
from stepwell.trust import audit
from stepwell.trust.access import Permission, require
from stepwell.trust.accounts.models import User
from stepwell.trust.people.models import Patient, RelatedPerson


@transaction.atomic
def change_particulars(
    patient: Patient, values: Mapping[str, Any], *, version: int, by: User, at: datetime
) -> list[str]:
    """Write these particulars over what is there, and say which changed. What they were stays in the history.

    Raises ChangedMeanwhile when somebody else changed them after ``version`` was read. The trace names what changed,
    not what it says.
    """
    require(by, Permission.CHANGE_PARTICULARS, patient)
    patient = Patient.objects.select_for_update(of=("self",)).get(pk=patient.pk)
    changed = _written_over(patient, values, version=version)
    if changed:
        audit.record(by=by, did=audit.Did.CHANGED, to=patient, because=", ".join(changed))
    return changed


@transaction.atomic
def keep_related_person(
    patient: Patient,
    values: Mapping[str, Any],
    *,
    person: RelatedPerson | None,
    version: int,
    by: User,
    at: datetime,
) -> RelatedPerson:
    """Write down somebody close to a patient, or change what is written. It lets nobody tell them anything."""
    require(by, Permission.CHANGE_PARTICULARS, patient)
    Patient.objects.select_for_update(of=("self",)).get(pk=patient.pk)
    if person is None:
        again = RelatedPerson.objects.current().filter(patient=patient, **values).first()
        if again is not None:
            return again  # A second click, or the same person told of twice.
        person = RelatedPerson.objects.create(patient=patient, recorded_by=by, recorded_at=at, **values)
        audit.record(by=by, did=audit.Did.CREATED, to=person)
        return person
    person = RelatedPerson.objects.select_for_update(of=("self",)).get(pk=person.pk, patient=patient)
    if person.ended_on is not None:
        raise ChangedMeanwhile(_("Somebody took this person off the list meanwhile."))
    changed = _written_over(person, values, version=version)
    if changed:
        audit.record(by=by, did=audit.Did.CHANGED, to=person, because=", ".join(changed))
    return person


@transaction.atomic
def end_related_person(person: RelatedPerson, *, by: User, at: datetime) -> None:
    """Take somebody off the list. What was written stays in the record."""
    require(by, Permission.CHANGE_PARTICULARS, person.patient)
    person = RelatedPerson.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if person.ended_on is not None:
        return
    person.ended_on = person.patient.center.day_of(at)
    person.save(update_fields=["ended_on"])
    audit.record(by=by, did=audit.Did.ENDED, to=person)


def _written_over(row: Patient | RelatedPerson, values: Mapping[str, Any], *, version: int) -> list[str]:
    """Change a locked row, unless another was faster. The same words again, as from a second click, change nothing."""
    changed = change(row, values)
    if not changed:
        return []
    if row.version != version:
        raise ChangedMeanwhile(
            _("Somebody changed this meanwhile. Look at what is different, then save again.")
        )
    row.version += 1
    row.save(update_fields=[*changed, "version"])
    return [name.replace("_", " ") for name in changed]
