"""Alder Creek North: a second, smaller center, so that what is apart can be walked.

Priya sees her three people and nobody of Dayton's; Dayton's counselors do not find hers. Whoever works for the whole
organization sees both.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from stepwell.care.episodes.levels import LevelOfCare
from stepwell.care.episodes.models import EpisodeOfCare, LevelOfCarePeriod, Referral
from stepwell.demo.building.center import email_of, licenses_of
from stepwell.demo.building.site import Site, write
from stepwell.demo.facts import Language, StaffMember
from stepwell.ground.kit.places import point_of_zip
from stepwell.trust.accounts.models import Membership, User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.organizations.models import (
    Center,
    Closure,
    OpeningHours,
    PhoneLine,
    PublishedCenter,
    Room,
)
from stepwell.trust.people.models import CareTeamMember, Patient, Practitioner
from stepwell.trust.setup.rules.hours import Open, in_english, in_spanish
from stepwell.trust.setup.rules.phone_lines import stored

PRIYA = StaffMember(
    "priya", "Priya Raman", Role.COUNSELOR, "LICDC", "Counselor", frozenset({Language.ENGLISH})
)
ROOMS = (("Garden room", 8), ("Room 1", 3))
WEEK = tuple(
    Open.at(day, opens, closes) for day, opens, closes in ((0, "10:00", "19:00"), (2, "10:00", "19:00"))
)


@dataclass(frozen=True, slots=True)
class NorthPerson:
    first_name: str
    last_name: str
    pronouns: str
    born: tuple[int, int, int]
    days_in: int
    asked_for: str


PEOPLE = (
    NorthPerson(
        "Otis", "Fairbanks", "he/him", (1968, 5, 2), 41, "My daughter found this place. I want to stop."
    ),
    NorthPerson("Lucía", "Belmonte", "she/her", (1990, 11, 17), 19, "Evenings are the hard part."),
    NorthPerson("Hugh", "Pellerin", "he/him", (1983, 2, 28), 6, "I need care that goes around my shifts."),
)


def north(site: Site) -> None:
    center = _center(site)
    site.centers.append(center)
    _people(site, center, _priya(site, center))


def _center(site: Site) -> Center:
    center = Center.objects.create(
        id=site.id_of("center", "north"),
        name="Alder Creek North",
        slug="alder-creek-north",
        time_zone=site.center.time_zone,
        street="12 Example Road",
        city="Troy",
        state="OH",
        postal_code="45373",
        phone="+19375550160",
    )
    write(Room(center=center, name=name, seats=seats) for name, seats in ROOMS)
    write(
        OpeningHours(center=center, weekday=one.weekday, opens=one.opens, closes=one.closes) for one in WEEK
    )
    write(Closure(center=center, on=one.on, reason=one.reason) for one in site.story.closures)
    _publish(site, center)
    return center


def _publish(site: Site, center: Center) -> None:
    """It says less of itself, and has fewer hours: so the two are told apart in the directory."""
    troy = point_of_zip(center.postal_code)
    assert troy is not None
    PublishedCenter.objects.create(
        organization=site.organization,
        center=center,
        name=center.name,
        slug=center.slug,
        street=center.street,
        city=center.city,
        state=center.state,
        postal_code=center.postal_code,
        latitude=troy.latitude,
        longitude=troy.longitude,
        time_zone=center.time_zone,
        phone=center.phone,
        hours_text=in_english(WEEK),
        hours_text_es=in_spanish(WEEK),
        languages=[Language.ENGLISH],
        services=["outpatient", "iop", "medication", "lgbtq", "wheelchair"],
        plans=["medicaid", "private"],
        books_online=True,
        confirmed_on=site.story.today - timedelta(days=12),
    )
    PhoneLine.objects.create(
        organization=site.organization,
        center=center,
        kind=PhoneLine.Kind.FRONT_DESK,
        phone=center.phone,
        hours=stored(WEEK),
    )


def _priya(site: Site, center: Center) -> Practitioner:
    user = User.objects.create(
        id=site.id_of("user", PRIYA.key),
        email=email_of(PRIYA.name),
        name=PRIYA.name,
        password=site.made["password", "hash"],
    )
    Membership.objects.create(
        user=user,
        organization=site.organization,
        center=center,
        role=PRIYA.role,
        last_here_at=site.now - timedelta(days=1),
    )
    practitioner = Practitioner.objects.create(
        id=site.id_of("practitioner", PRIYA.key),
        user=user,
        name=PRIYA.name,
        credential=PRIYA.credential,
        title=PRIYA.title,
        languages=["en"],
    )
    write(licenses_of(site, PRIYA, practitioner))
    return practitioner


def _people(site: Site, center: Center, priya: Practitioner) -> None:
    for number, person in enumerate(PEOPLE, 1):
        admitted_on = site.story.today - timedelta(days=person.days_in)
        came_at = site.now - timedelta(days=person.days_in + 2)
        patient = Patient.objects.create(
            id=site.id_of("patient", f"north-{number}"),
            center=center,
            record_number=f"N{number:04}",
            first_name=person.first_name,
            last_name=person.last_name,
            pronouns=person.pronouns,
            born_on=date(*person.born),
            phone=f"+1937555017{number}",
        )
        referral = Referral.objects.create(
            patient=patient,
            source=Referral.Source.SELF,
            asked_for=person.asked_for,
            received_at=came_at,
            status=Referral.Status.ADMITTED,
            recorded_by=priya.user,
            recorded_at=came_at,
        )
        admitted_at = site.now - timedelta(days=person.days_in)
        episode = EpisodeOfCare.objects.create(
            patient=patient,
            center=center,
            referral=referral,
            admitted_on=admitted_on,
            recorded_by=priya.user,
            recorded_at=admitted_at,
        )
        LevelOfCarePeriod.objects.create(
            patient=patient,
            episode=episode,
            level=LevelOfCare.INTENSIVE_OUTPATIENT,
            starts_on=admitted_on,
            because="Several contacts a week, safe at home between them.",
            recorded_by=priya.user,
            recorded_at=admitted_at,
        )
        CareTeamMember.objects.create(
            patient=patient, practitioner=priya, role=Role.COUNSELOR, started_on=admitted_on
        )
