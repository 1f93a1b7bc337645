"""Making the file, and forgetting it. Done by a worker: it takes seconds."""

import logging
from datetime import datetime
from uuid import UUID

from stepwell.ground.files import paper, vault
from stepwell.ground.kit import clock
from stepwell.trust.access import Permission, may
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.organizations.models import Organization
from stepwell.trust.printouts.composing import NotAllowed, TooLong, compose, styles
from stepwell.trust.printouts.models import Printout
from stepwell.trust.printouts.rules import WAITED_FOR, Failure

logger = logging.getLogger("stepwell.printouts")


def make(organization_id: UUID, printout_id: UUID) -> None:
    """Make one that waits. Asked for again, or by two workers at once, it is made once."""
    try:
        with acting_in(organization_id):
            # Held until the file stands: another worker passes by.
            waiting = Printout.objects.waiting().select_for_update(of=("self",), skip_locked=True)
            printout = waiting.select_related("patient__center", "asked_by").filter(pk=printout_id).first()
            if printout is not None:
                _make(printout, clock.now())
    except Exception:
        logger.exception("printout %s could not be made", printout_id)
        with acting_in(organization_id):
            Printout.objects.waiting().filter(pk=printout_id).update(failed=Failure.BROKE)


def _make(printout: Printout, now: datetime) -> None:
    failure = None
    if now - printout.asked_at > WAITED_FOR:
        failure = Failure.NEVER_MADE
    elif not may(printout.asked_by, Permission.PRINT_CHART, printout.patient):
        failure = Failure.NOT_ALLOWED
    else:
        try:
            _keep(printout, now)
        except NotAllowed:
            failure = Failure.NOT_ALLOWED
        except TooLong:
            failure = Failure.TOO_LONG
        except paper.NoLibraries:
            logger.exception("the libraries that draw a PDF are missing")
            failure = Failure.NO_LIBRARIES
    if failure is not None:
        printout.failed = failure
        printout.save(update_fields=["failed"])


def _keep(printout: Printout, now: datetime) -> None:
    html = compose(printout, by=printout.asked_by, at=printout.asked_at).as_html()
    pdf = paper.pdf_of(html, styles())
    place = vault.ours()
    kept = place.put(pdf.data)
    try:
        printout.made_at = now
        printout.stored_as, printout.size, printout.sha256 = kept.name, kept.size, kept.sha256
        printout.pages = pdf.pages
        printout.save()
    except BaseException:
        place.forget(kept.name)
        raise


def look_after() -> int:
    """What a lost worker left behind is made, and what has been kept long enough is forgotten; how many."""
    touched = 0
    for organization_id in Organization.objects.values_list("pk", flat=True):
        with acting_in(organization_id):
            left = list(Printout.objects.waiting().values_list("pk", flat=True))
            touched += _forget(clock.now())
        for printout_id in left:
            make(organization_id, printout_id)
        touched += len(left)
    return touched


def _forget(now: datetime) -> int:
    old = list(Printout.objects.out_of_date(now).select_for_update(of=("self",), skip_locked=True))
    for printout in old:
        vault.ours().forget(printout.stored_as)
        printout.forgotten_at = now
        printout.save(update_fields=["forgotten_at"])
    return len(old)
