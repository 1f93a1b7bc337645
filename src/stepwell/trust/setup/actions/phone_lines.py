"""The numbers that a center answers: for a nurse, in a crisis, at the front desk; and when."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from stepwell.ground.kit.refusals import Refused
from stepwell.trust import audit
from stepwell.trust.accounts.models import User
from stepwell.trust.organizations.models import Center, PhoneLine
from stepwell.trust.setup.rules.hours import Open
from stepwell.trust.setup.rules.phone_lines import stored
from stepwell.trust.setup.sight import require_at


@transaction.atomic
def keep_line(
    center: Center,
    kind: PhoneLine.Kind,
    *,
    phone: str,
    is_always: bool,
    week: Iterable[Open],
    by: User,
    at: datetime,
) -> PhoneLine:
    """Say which number is answered for this, and when. Raises Refused for a line that is never answered."""
    require_at(by, [center.pk])
    Center.objects.select_for_update(of=("self",)).get(pk=center.pk)
    if not phone:
        raise Refused(_("Write the number that is answered."), field="phone")
    hours = [] if is_always else stored(week)
    if not is_always and not hours:
        raise Refused(
            _("Write when it is answered, or say that it is answered day and night."), field="is_always"
        )
    line = PhoneLine.objects.filter(center=center, kind=kind).first()
    did = audit.Did.CREATED if line is None else audit.Did.CHANGED
    line = line or PhoneLine(organization=center.organization, center=center, kind=kind)
    if (line.phone, line.is_always, line.hours) == (phone, is_always, hours):
        return line
    line.phone, line.is_always, line.hours = phone, is_always, hours
    line.save()
    audit.record(by=by, did=did, to=line, because=f"{kind.value} line of {center.name}")
    return line


@transaction.atomic
def end_line(center: Center, kind: PhoneLine.Kind, *, by: User, at: datetime) -> None:
    """Take a line off. From the next request on nobody is sent to it."""
    require_at(by, [center.pk])
    line = PhoneLine.objects.filter(center=center, kind=kind).first()
    if line is None:
        return
    audit.record(by=by, did=audit.Did.ENDED, to=line, because=f"{line.kind} line of {center.name}")
    line.delete()
