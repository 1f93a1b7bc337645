"""The organization, its center, rooms and closed days; the staff and their sign-ins."""

from collections.abc import Iterator
from datetime import timedelta

from django.contrib.auth.hashers import make_password

from stepwell.care.scheduling.first_visits import publish_open_times
from stepwell.demo.building.site import Site, write
from stepwell.demo.facts import Language, StaffMember, Story
from stepwell.ground.kit.places import point_of_zip
from stepwell.trust.accounts.models import Membership, User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.organizations.models import (
    Center,
    Closure,
    OpeningHours,
    Organization,
    PhoneLine,
    PublishedCenter,
    Room,
)
from stepwell.trust.people.models import Practitioner
from stepwell.trust.setup.models import License
from stepwell.trust.setup.rules.hours import in_english, in_spanish
from stepwell.trust.setup.rules.phone_lines import stored

PASSWORD = "alder-creek-demo"  # noqa: S105 - everyone may know it: it opens the house of nobody
DOMAIN = "aldercreek.example"
#: Roles that belong to the whole organization, not to one center.
EVERYWHERE = {Role.DIRECTOR, Role.BILLER, Role.COMPLIANCE, Role.ADMINISTRATOR}


def email_of(name: str) -> str:
    plain = name.removeprefix("Dr. ").lower().translate(str.maketrans("áéíóúüñ", "aeiouun", "'"))
    return f"{plain.replace(' ', '.')}@{DOMAIN}"


def organization_of(story: Story) -> Organization:
    return Organization.objects.create(name=story.center.name, slug=story.center.slug)


def center_of(story: Story) -> Center:
    told = story.center
    return Center.objects.create(
        name=told.name,
        slug=told.slug,
        time_zone=told.time_zone,
        street=told.street,
        city=told.city,
        state=told.state,
        postal_code=told.postal_code,
        phone=told.phone,
    )


def rooms_and_closures(site: Site) -> None:
    for room in site.story.rooms:
        site.rooms[room.key] = Room(
            id=site.id_of("room", room.key), center=site.center, name=room.name, seats=room.seats
        )
    write(site.rooms.values())
    write(
        Closure(center=site.center, on=closure.on, reason=closure.reason) for closure in site.story.closures
    )
    write(
        OpeningHours(center=site.center, weekday=one.weekday, opens=one.opens, closes=one.closes)
        for one in site.story.center.hours
    )


def staff(site: Site) -> None:
    # One hash for all: it is one password, and hashing is slow on purpose.
    password = make_password(PASSWORD)
    site.made["password", "hash"] = password
    for member in site.story.staff:
        site.users[member.key] = User(
            id=site.id_of("user", member.key),
            email=email_of(member.name),
            name=member.name,
            language=Language.ENGLISH,
            password=password,
        )
    write(site.users.values())
    write(
        Membership(
            user=site.users[member.key],
            organization=site.organization,
            center=None if role in EVERYWHERE else site.center,
            role=role,
            last_here_at=site.now - timedelta(hours=16),
        )
        for member in site.story.staff
        for role in roles_of(member)
    )
    site.practitioners = {
        member.key: Practitioner(
            id=site.id_of("practitioner", member.key),
            user=site.users[member.key],
            name=member.name,
            credential=member.credential,
            title=member.title,
            languages=sorted(member.languages),
        )
        for member in site.story.staff
        if member.is_clinical
    }
    write(site.practitioners.values())
    write(
        one
        for member in site.story.staff
        if member.is_clinical
        for one in licenses_of(site, member, site.practitioners[member.key])
    )


def licenses_of(site: Site, member: StaffMember, practitioner: Practitioner) -> Iterator[License]:
    """Renee's runs out soon, so that the warning is seen."""
    if member.credential:
        runs = 45 if member.key == "renee" else 400 + 30 * (len(member.name) % 12)
        yield License(
            practitioner=practitioner,
            kind=member.credential,
            number=f"EX.{int(site.id_of('license', member.key)) % 1_000_000:06}",
            state="OH",
            expires_on=site.story.today + timedelta(days=runs),
        )


def roles_of(member: StaffMember) -> tuple[Role, ...]:
    """The supervisor leads groups and sees patients as well: as a counselor."""
    if member.role is Role.CLINICAL_SUPERVISOR:
        return (Role.CLINICAL_SUPERVISOR, Role.COUNSELOR)
    return (member.role,)


def publish(site: Site) -> None:
    told = site.story.center
    dayton = point_of_zip(told.postal_code)
    assert dayton is not None
    PublishedCenter.objects.create(
        organization=site.organization,
        center=site.center,
        name=told.name,
        slug=told.slug,
        street=told.street,
        city=told.city,
        state=told.state,
        postal_code=told.postal_code,
        latitude=dayton.latitude,
        longitude=dayton.longitude,
        time_zone=told.time_zone,
        phone=told.phone,
        hours_text=in_english(told.hours),
        hours_text_es=in_spanish(told.hours),
        languages=[Language.ENGLISH, Language.SPANISH],
        services=[
            *("outpatient", "iop", "evening", "virtual", "medication", "women"),
            *("peer", "family", "child_care", "wheelchair"),
        ],
        plans=["medicaid", "medicare", "private", "uninsured"],
        books_online=True,
        confirmed_on=site.story.today,
    )
    for kind, phone, week in (
        (PhoneLine.Kind.NURSE, "+19375550142", None),
        (PhoneLine.Kind.CRISIS, "+19375550143", None),
        (PhoneLine.Kind.FRONT_DESK, told.phone, told.hours),
    ):
        PhoneLine.objects.create(
            organization=site.organization,
            center=site.center,
            kind=kind,
            phone=phone,
            is_always=week is None,
            hours=stored(week or ()),
        )


def open_times(site: Site) -> None:
    """The times at which somebody can come for a first visit, at every center, as the job writes them."""
    for center in site.centers:
        publish_open_times(center, at=site.now)
