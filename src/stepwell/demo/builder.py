"""Builds Alder Creek in the database, whole or not at all: one transaction, the public entry last."""

import os
from collections.abc import Callable
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
from stepwell.demo.facts import Story
from stepwell.demo.story import tell
from stepwell.ground.kit import clock
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit.sealing import seal
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.organizations.models import Organization

SEED = 7
Progress = Callable[[int, int, str], None]

STAGES: tuple[tuple[str, tuple[Callable[[Site], None], ...]], ...] = (
    ("Rooms, closed days, staff", (center.rooms_and_closures, center.staff)),
    ("People and their episodes", (people.patients, people.referrals_and_episodes)),
    ("Plans in their own words", (plans.care_plans,)),
    ("Twelve weekly groups", (schedule.groups,)),
    ("Places and appointments", (schedule.places, schedule.holds)),
    ("Twelve weeks of attendance", (attendance.encounters,)),
    ("Notes", (attendance.notes,)),
    ("Medicine and drug tests", (medication.medicine, medication.drug_tests)),
    ("Measures and check-ins", (measures.responses, measures.check_ins)),
    ("Written consents", (consents.consents,)),
    ("The front desk", (front_desk.people_close, front_desk.reminders)),
    ("Alder Creek North", (north.north,)),
    ("Tasks, by rule and by hand", (tasks.tasks,)),
    ("The trail, and the public directory", (trail.trail, center.publish)),
)


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
    total = len(STAGES) + 1
    progress(0, total, "Telling the story")
    story = tell(seed, today, patients, courses.read())
    with transaction.atomic():
        organization = center.organization_of(story)
        with acting_in(organization.id):
            _check_each_row_at_once()
            site = Site(story, clock.now(), organization, center.center_of(story))
            for done, (label, parts) in enumerate(STAGES, 1):
                progress(done, total, label)
                for part in parts:
                    part(site)
            if scans:
                front_desk.scans(site)
    seal()
    progress(total, total, "Alder Creek is open")
    return story


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
