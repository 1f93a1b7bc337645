"""The public entry of a center: what anyone may read. Only what is published is public."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from stepwell.ground.kit.places import point_of_zip
from stepwell.ground.kit.refusals import Refused
from stepwell.trust import audit
from stepwell.trust.accounts.models import User
from stepwell.trust.organizations.models import Center, PublishedCenter
from stepwell.trust.organizations.slugs import free_slug
from stepwell.trust.setup.actions.once import refused_if_there
from stepwell.trust.setup.sight import require_at


def entry_of(center: Center) -> PublishedCenter | None:
    return PublishedCenter.objects.filter(organization=center.organization_id, center=center).first()


def would_be(center: Center, given: Mapping[str, Any]) -> PublishedCenter:
    """What the public would read, before it is published."""
    point = point_of_zip(center.postal_code)
    return PublishedCenter(
        latitude=point.latitude if point else None,
        longitude=point.longitude if point else None,
        time_zone=center.time_zone,
        name=center.name,
        street=center.street,
        city=center.city,
        state=center.state,
        postal_code=center.postal_code,
        phone=center.phone,
        **given,
    )


def what_is_missing(center: Center) -> list[str]:
    """What a reader needs, and this center does not say yet."""
    wanted = {
        _("the city"): center.city,
        _("the state"): center.state,
        _("the ZIP code"): center.postal_code,
        _("a phone number"): center.phone,
    }
    return [name for name, value in wanted.items() if not value]


@transaction.atomic
def publish(center: Center, given: Mapping[str, Any], *, by: User, at: datetime) -> PublishedCenter:
    """Let anyone read this, as it stands now. Raises Refused for a center that is closed or says too little."""
    require_at(by, [center.pk])
    center = Center.objects.select_for_update(of=("self",)).get(pk=center.pk)
    if center.closed_on is not None:
        raise Refused(_("This center is closed. Open it again first."))
    if missing := what_is_missing(center):
        raise Refused(_("Say %(what)s first, on the page of the center.") % {"what": ", ".join(missing)})
    entry = entry_of(center)
    is_new = entry is None
    text = would_be(center, given)
    text.organization, text.center = center.organization, center
    text.confirmed_on = center.day_of(at)
    text.slug = entry.slug if entry else free_slug(center.name, PublishedCenter)
    if entry is not None:
        text.id = entry.id
        text._state.adding = False
    with refused_if_there(_("Somebody else published just now. Look again.")):
        text.save()
    audit.record(
        by=by,
        did=audit.Did.CREATED if is_new else audit.Did.CHANGED,
        to=text,
        because=f"public entry of {center.name}",
    )
    return text


@transaction.atomic
def withdraw(center: Center, *, by: User, at: datetime) -> None:
    """Take the entry off. From the next request on nobody finds it."""
    require_at(by, [center.pk])
    entry = entry_of(center)
    if entry is None:
        return
    audit.record(by=by, did=audit.Did.ENDED, to=entry, because=f"public entry of {center.name}")
    entry.delete()
