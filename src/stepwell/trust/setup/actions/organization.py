"""The first organization, by whoever installs Stepwell: its first center, and the person who sets up the rest."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify

from stepwell.ground.kit.places import is_time_zone
from stepwell.ground.kit.refusals import Refused
from stepwell.trust import audit
from stepwell.trust.accounts.models import Membership, User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.accounts.welcome import has_key, welcome_link
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.organizations.models import Center, Organization
from stepwell.trust.people.models import Practitioner


@dataclass(frozen=True)
class Begun:
    organization: Organization
    administrator: User
    #: Opens the administrator's sign-in, once; empty for somebody who has chosen a password elsewhere.
    link: str


@transaction.atomic
def begin_organization(
    *, name: str, center: str, time_zone: str, email: str, administrator: str, at: datetime
) -> Begun:
    """Whole or not at all. Raises Refused, naming the field, for an organization that stands already."""
    name, center, administrator = (" ".join(each.split()) for each in (name, center, administrator))
    slug = slugify(name)[:50]
    for field, value in (("name", slug), ("center", slugify(center)), ("administrator", administrator)):
        if not value:
            raise Refused("it is empty, or has no letter in it", field=field)
    for field, value in (("name", name), ("center", center), ("administrator", administrator)):
        if len(value) > 200:
            raise Refused("it is longer than 200 letters", field=field)
    if not is_time_zone(time_zone):
        raise Refused(
            f"'{time_zone}' is not the name of a time zone; write one such as America/New_York",
            field="time_zone",
        )
    if Organization.objects.filter(Q(slug=slug) | Q(name__iexact=name)).exists():
        raise Refused(f"an organization with the name '{name}' stands already", field="name")
    organization = Organization.objects.create(name=name, slug=slug)
    user = User.objects.of_mailbox(email, administrator)
    with acting_in(organization.pk):
        Center.objects.create(name=center, slug=slugify(center)[:50], time_zone=time_zone)
        Practitioner.objects.create(user=user, name=administrator)
        Membership.objects.create(user=user, organization=organization, role=Role.ADMINISTRATOR)
        audit.record(by=None, did=audit.Did.CREATED, to=organization, because=organization.name)
        audit.record(by=None, did=audit.Did.INVITED, to=user, because=f"{administrator}: administrator")
    return Begun(organization, user, "" if has_key(user) else welcome_link(user))
