"""Builds Alder Creek in the database, whole or not at all: one transaction, the public entry last."""

import itertools
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import ProgrammingError, connection, transaction

from stepwell.demo import cast, courses
from stepwell.demo.building import (
    attendance,
    center,
    consents,
    front_desk,
    measures,
    medication,
    north,
    people,
    plans,
    schedule,
    tasks,
    trail,
)
from stepwell.demo.building.center import PASSWORD, email_of
from stepwell.demo.building.site import Site
from stepwell.demo.casting import MOST_PEOPLE
from stepwell.demo.facts import Story
from stepwell.demo.story import tell_program
from stepwell.ground.kit import clock
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit.sealing import seal
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.organizations.models import Organization

SEED = 7
Progress = Callable[[int, int, str], None]

Stage = tuple[str, tuple[Callable[[Site], None], ...]]
#: Of every center.
STAGES: tuple[Stage, ...] = (
    ("Rooms, closed days, staff", (center.rooms_and_closures, center.staff)),
    ("People and their episodes", (people.patients, people.referrals_and_episodes)),
    ("Plans in their own words", (plans.care_plans,)),
    ("Twelve weekly groups", (schedule.groups,)),
    ("Places and appointments", (schedule.places, schedule.holds)),
    ("Twelve weeks of attendance", (attendance.encounters,)),
    ("Notes", (attendance.notes,)),
    ("Medicine and drug tests", (medication.medicine, medication.drug_tests)),
    ("Measures and check-ins", (measures.responses, measures.check_ins)),
)
#: What only the first center has: the people of the pictures, and the hands of its staff.
OF_THE_FIRST: tuple[Stage, ...] = (
    ("Written consents", (consents.consents,)),
    ("The front desk", (front_desk.people_close, front_desk.reminders)),
    ("Alder Creek North", (north.north,)),
)
LAST = ("Tasks, by rule and by hand", "The trail, and the public directory")


@dataclass(frozen=True, slots=True)
class SignIn:
    role: str
    name: str
    email: str
    password: str
    path: str


def build(
    patients: int = 40,
    seed: int = SEED,
    today: date | None = None,
    progress: Progress = lambda _done, _total, _label: None,
    *,
    scans: bool = False,
) -> Story:
    """Build it as of that day, today unless said otherwise. Refuses outside a demonstration or a test.

    Scans lie beside the database: a template that is copied has none.
    """
    _only_in_a_demonstration()
    if is_built():
        raise RuntimeError("Alder Creek stands already. ./stepwell demo --reset builds another.")
    today = today or clock.today(cast.CENTER.time_zone)
    centers = max(1, -(-patients // MOST_PEOPLE))
    total = centers * (1 + len(STAGES)) + len(OF_THE_FIRST) + len(LAST)
    done = itertools.count()

    def say(label: str) -> None:
        progress(next(done), total, label)

    stories = tell_program(seed, today, patients, courses.read())
    say("Telling the story")
    first = next(stories)
    with transaction.atomic():
        organization = center.organization_of(first)
        with acting_in(organization.id):
            _check_each_row_at_once()
            sites = [_site_of(first, organization)]
            _build(sites[0], (*STAGES, *OF_THE_FIRST), say)
            for _further in range(1, centers):
                say("Telling the story of a further center")
                sites.append(_site_of(next(stories), organization))
                _build(sites[-1], STAGES, say)
            say(LAST[0])
            tasks.tasks(sites[0])
            say(LAST[1])
            for site in sites:
                trail.trail(site)
                center.publish(site)
                center.open_times(site)
            if scans:
                front_desk.scans(sites[0])
    seal()
    progress(total, total, "Alder Creek is open")
    return first


def _site_of(story: Story, organization: Organization) -> Site:
    here = center.center_of(story)
    return Site(story, clock.now(), organization, here, [here])


def _build(site: Site, stages: Iterable[Stage], say: Callable[[str], None]) -> None:
    for label, parts in stages:
        say(label)
        for part in parts:
            part(site)


def _check_each_row_at_once() -> None:
    """Put off to the end, the checks of all rows would queue, and each row's history walks that queue: the time
    would grow with the square of the people."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def is_built() -> bool:
    """Whether the center stands, whole: it is built in one transaction. Its public entry may be withdrawn since."""
    try:
        with transaction.atomic():
            return Organization.objects.filter(slug=cast.CENTER.slug).exists()
    except ProgrammingError:  # There are no tables yet.
        return False


def sign_ins() -> list[SignIn]:
    """One for each role: the patient first, then in the order in which a day meets them."""
    staff = {member.key: member for member in (*cast.CLINICAL_STAFF, *cast.OFFICE_STAFF)}
    in_order = ("tess", "dana", "luis", "joel", "osei", "bell", "ellen", "sam", "ruth", "noor")
    maya, rosa = cast.PARTS[0], cast.PARTS[5]
    rows = [
        SignIn(str(Role.PATIENT), f"{part.first_name} {part.last_name}", "", PASSWORD, "/me/")
        for part in (maya, rosa)
    ] + [SignIn(str(staff[key].role), staff[key].name, "", PASSWORD, "/staff/today/") for key in in_order]
    rows.append(SignIn(str(north.PRIYA.role), north.PRIYA.name, "", PASSWORD, "/staff/today/"))
    return [
        SignIn(row.role.replace("_", " "), row.name, email_of(row.name), row.password, row.path)
        for row in rows
    ]


def _only_in_a_demonstration() -> None:
    if not (settings.STEPWELL_DEMO or "PYTEST_VERSION" in os.environ):
        raise RuntimeError(
            "Alder Creek has a password that everyone knows. It is built in a demonstration only: ./stepwell demo"
        )
