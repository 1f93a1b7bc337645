"""Asking for a paper."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from stepwell.ground.kit.refusals import Refused
from stepwell.trust import audit
from stepwell.trust.access import Permission, require
from stepwell.trust.accounts.models import User
from stepwell.trust.consent.rules.disclosing import SPOKEN
from stepwell.trust.consent.rules.vocabulary import Segment
from stepwell.trust.people.models import Patient
from stepwell.trust.printouts.composing import parts_for
from stepwell.trust.printouts.models import Printout
from stepwell.trust.printouts.rules import MOST_WAITING, For, in_order
from stepwell.trust.printouts.words import PURPOSES


@transaction.atomic
def ask_for_printout(
    patient: Patient,
    *,
    made_for: For,
    segments: Collection[Segment],
    since: date | None,
    key: UUID,
    by: User,
    at: datetime,
) -> Printout:
    """Ask for these parts on paper. A job makes the file; asked twice with one key, there is one."""
    require(by, Permission.PRINT_CHART, patient)
    # Two presses of one button wait for each other here.
    Patient.objects.select_for_update(of=("self",)).get(pk=patient.pk)
    if before := Printout.objects.filter(pk=key, asked_by=by, patient=patient).first():
        return before
    parts = in_order(segments)
    if not parts:
        raise Refused(_("Choose what goes on paper."), field="segments")
    if set(segments) - set(parts_for(by, patient)):
        raise Refused(_("You may not see all of these parts yourself."), field="segments")
    if since is not None and since > patient.center.day_of(at):
        raise Refused(_("This day has not come yet."), field="since")
    if Printout.objects.waiting().filter(asked_by=by).count() >= MOST_WAITING:
        raise Refused(_("Three papers are being made for you. Wait for one of them."))
    printout = Printout.objects.create(
        id=key,
        patient=patient,
        made_for=made_for,
        segments=[each.value for each in parts],
        since=since,
        asked_by=by,
        asked_at=at,
    )
    audit.record(
        by=by, did=audit.Did.CREATED, to=printout, purpose=PURPOSES[made_for], because=in_our_words(printout)
    )
    _defer(printout)
    return printout


def in_our_words(printout: Printout) -> str:
    """For the event log: which parts, from when on."""
    parts = ", ".join(SPOKEN[each] for each in printout.parts)
    return f"{parts}, since {printout.since:%Y-%m-%d}" if printout.since else parts


def _defer(printout: Printout) -> None:
    """The job stands in the same transaction: a worker sees it when the asking is kept, and not before."""
    from stepwell.trust.printouts.jobs import make_printout

    make_printout.defer(organization=str(printout.organization_id), printout=str(printout.pk))
