"""`./stepwell bench access`: what it costs to show only what may be seen, and how soon it ends to be.

A scratch center of 500 people, in a database of its own. Each page is asked in turn with and without the permission
table and row-level security, by somebody who sees the same rows either way, so that nothing else differs; what is
compared is the processor's time of a pair, since on a shared machine the clock on the wall tells of the neighbors.
Then how many questions a page puts to the database, how long a record out of sight takes beside none, and whether what
is taken away is gone in the next statement of another connection.
"""

import argparse
import gc
import logging
import os
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock
from uuid import UUID, uuid4

from stepwell.config.cli.installation import be_the_demonstration, set_up_django
from stepwell.config.postgres import find, templates
from stepwell.config.postgres.server import Server

BUDGET_MS = 1.0
PAIRS, ROUNDS = 100, 60
FEW, MANY = 10, 500


@dataclass(frozen=True)
class Page:
    name: str
    path: str
    client: Any


def run(_arguments: argparse.Namespace) -> int:
    be_the_demonstration()
    os.environ["STEPWELL_HOSTS"] = "testserver"
    with find.server("demo") as server:
        find.tell_settings(server, server.app.database)
        set_up_django()
        from stepwell.config.connection import using
        from stepwell.config.testing import databases

        logging.getLogger("django.request").setLevel(logging.CRITICAL)
        with templates.copied(server, databases.migrated(server), "bench_access") as name:
            with using(server.administrator.to(name)):
                wrong = _measure(server)
            with using(server.app.to(name)):
                wrong += _say_revoked()
    return 1 if wrong else 0


def _measure(server: Server) -> int:
    from django.db import connection

    from stepwell.trust.people.testing import open_clinic

    def behind_the_wall() -> None:
        with connection.cursor() as cursor:
            cursor.execute(f'SET ROLE "{server.app.user}"')

    def over_the_wall() -> None:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")

    behind_the_wall()
    with open_clinic("Bench") as clinic:
        grow(clinic, FEW)
        pages = pages_of(clinic)
        few = {page.name: questions(page) for page in pages}
        grow(clinic, MANY - FEW)
        with connection.cursor() as cursor:
            over_the_wall()
            cursor.execute("ANALYZE")
            behind_the_wall()
        many = {page.name: questions(page) for page in pages}
        slow = _say_costs(pages, behind_the_wall, over_the_wall)
        more = _say_questions(few, many)
        _say_same_time(clinic)
    over_the_wall()
    return slow + more


def grow(clinic: Any, count: int) -> None:
    """So many people more in care, each with an episode; ten of them with the same counselor."""
    from stepwell.care.episodes.models import EpisodeOfCare, LevelOfCarePeriod
    from stepwell.trust.accounts.roles import Role
    from stepwell.trust.people.models import CareTeamMember, Patient, Practitioner

    counselor = clinic.user(Role.COUNSELOR, "Dana Whitfield")
    dana = Practitioner.objects.get(user=counselor)
    patients = Patient.objects.bulk_create(
        Patient(
            center=clinic.center,
            record_number=uuid4().hex[:12],
            first_name=f"Person {number}",
            last_name="Reyes",
        )
        for number in range(count)
    )
    admitted = clinic.today - timedelta(days=20)
    episodes = EpisodeOfCare.objects.bulk_create(
        EpisodeOfCare(patient=patient, center=clinic.center, admitted_on=admitted, recorded_by=counselor)
        for patient in patients
    )
    LevelOfCarePeriod.objects.bulk_create(
        LevelOfCarePeriod(
            patient=episode.patient,
            episode=episode,
            level="2.1",
            starts_on=admitted,
            because="As screened",
            recorded_by=counselor,
        )
        for episode in episodes
    )
    with_dana = CareTeamMember.objects.filter(practitioner=dana).count()
    CareTeamMember.objects.bulk_create(
        CareTeamMember(patient=patient, practitioner=dana, role=Role.COUNSELOR, started_on=admitted)
        for patient in patients[: max(0, 10 - with_dana)]
    )


def pages_of(clinic: Any) -> list[Page]:
    """Pages whose reader sees the same rows with and without the filters."""
    from stepwell.trust.accounts.roles import Role
    from stepwell.trust.people.models import Patient

    supervisor = clinic.client(clinic.user(Role.CLINICAL_SUPERVISOR))
    counselor = clinic.client(clinic.user(Role.COUNSELOR, "Dana Whitfield"))
    on_team = Patient.objects.filter(care_team__practitioner__name="Dana Whitfield").first()
    assert on_team is not None
    themself = clinic.client(clinic.patient_user(on_team))
    return [
        Page("everyone's caseload", "/staff/caseload/", supervisor),
        Page("a chart, by its counselor", f"/staff/people/{on_team.pk}/", counselor),
        Page("a chart's notes", f"/staff/people/{on_team.pk}/notes/", counselor),
        Page("the groups", "/staff/groups/", counselor),
        Page("the patient's home", "/me/", themself),
    ]


def questions(page: Page) -> int:
    """How many questions the page puts to the database."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    page.client.get(page.path)
    with CaptureQueriesContext(connection) as asked:
        response = page.client.get(page.path)
    assert response.status_code == 200, f"{page.path} answered {response.status_code}"
    return len(asked)


def _knows_of_none(user: Any, patient: Any) -> Any:
    """In place of ``access.sight``, whose names it uses: no question, and no relation; nothing asks for one then."""
    return Sight(user.pk, patient.pk, None, frozenset())  # type: ignore[name-defined]  # noqa: F821


@contextmanager
def without_filters() -> Iterator[None]:
    """As if nobody had to be kept from anything."""
    from stepwell.trust.access import VisibleTo, gate, sights
    from stepwell.trust.organizations import acting

    everything = mock.patch.object(VisibleTo, "visible_to", lambda rows, _user, _permission=None: rows.all())
    asking, code = sights.sight.__code__, gate.may.__code__
    sights.sight.__code__ = _knows_of_none.__code__
    gate.may.__code__ = (lambda user, permission, patient=None, *, center=None: True).__code__
    try:
        with everything, mock.patch.object(acting, "_tell_the_database"):
            yield
    finally:
        sights.sight.__code__, gate.may.__code__ = asking, code


def _say_costs(
    pages: list[Page], behind_the_wall: Callable[[], None], over_the_wall: Callable[[], None]
) -> int:
    """Each pair is asked one right after the other, and its difference taken before anything is summed up."""
    slow = 0
    database = backend()
    print(
        f"\n{MANY} people; {PAIRS} pairs each; the processor's milliseconds, of pages and database together\n"
    )
    print(f"{'page':<28}{'without':>9}{'with':>8}{'costs':>8}{'at p95':>8}{'of 1 ms':>9}")

    def with_all() -> float:
        behind_the_wall()
        return _processor(page, database)

    def with_none() -> float:
        over_the_wall()
        with without_filters():
            return _processor(page, database)

    for page in pages:
        _processor(page, database)
        full, bare = [], []
        for number in range(PAIRS):
            # Who goes first takes turns: whatever the first leaves warm for the second then evens out.
            if number % 2:
                bare.append(with_none())
                full.append(with_all())
            else:
                full.append(with_all())
                bare.append(with_none())
        behind_the_wall()
        cost, cost95 = _said([one - other for one, other in zip(full, bare, strict=True)])
        slow += cost > BUDGET_MS
        print(
            f"{page.name:<28}{statistics.median(bare):>9.2f}{statistics.median(full):>8.2f}{cost:>8.2f}{cost95:>8.2f}"
            f"{cost / BUDGET_MS:>8.1f}x{'  over 1 ms' if cost > BUDGET_MS else ''}",
            flush=True,
        )
    return slow


def backend() -> Path:
    """What the kernel says of the process that answers our questions: `man 5 proc`, schedstat."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return Path(f"/proc/{cursor.fetchone()[0]}/schedstat")


def _processor(page: Page, database: Path) -> float:
    """Milliseconds of processor time, this process's and the database's: waiting for others does not count."""
    gc.disable()
    try:
        began, asked = time.process_time_ns(), run_by(database)
        page.client.get(page.path)
        return (time.process_time_ns() - began + run_by(database) - asked) / 1e6
    finally:
        gc.enable()


def run_by(process: Path) -> int:
    """Nanoseconds on the processor so far."""
    return int(process.read_text().split()[0])


def _time(page: Page) -> float:
    gc.disable()
    try:
        began = time.perf_counter()
        page.client.get(page.path)
        return (time.perf_counter() - began) * 1000
    finally:
        gc.enable()


def _said(times: list[float]) -> tuple[float, float]:
    return statistics.median(times), statistics.quantiles(times, n=20)[-1]


def _say_questions(few: dict[str, int], many: dict[str, int]) -> int:
    print(f"\n{'questions to the database':<28}{f'{FEW} people':>12}{f'{MANY} people':>12}")
    for name in few:
        print(
            f"{name:<28}{few[name]:>12}{many[name]:>12}{'' if few[name] == many[name] else '  grows with the rows'}"
        )
    return sum(few[name] != many[name] for name in few)


def _say_same_time(clinic: Any) -> None:
    """A record out of sight beside one that is not there; the work is compared in the tests."""
    from stepwell.trust.accounts.roles import Role
    from stepwell.trust.people.models import Patient

    reader = clinic.client(clinic.user(Role.PEER))
    hidden = Patient.objects.filter(care_team=None).first()
    assert hidden is not None
    times: dict[str, list[float]] = {"out of sight": [], "not there": []}
    for _number in range(ROUNDS):
        for name, pk in (("out of sight", hidden.pk), ("not there", uuid4())):
            times[name].append(_time(Page(name, f"/staff/people/{pk}/", reader)))
    print(f"\n{'a chart that is':<28}{'median':>9}{'p95':>7}")
    for name, taken in times.items():
        middle, p95 = _said(taken)
        print(f"{name:<28}{middle:>9.2f}{p95:>7.2f}")


def _say_revoked() -> int:
    """Two connections that commit: what one takes away, the other does not see in its next statement."""
    from stepwell.ground.kit import clock
    from stepwell.trust.accounts.models import Membership
    from stepwell.trust.accounts.roles import Role
    from stepwell.trust.people.models import CareTeamMember
    from stepwell.trust.people.testing import open_clinic

    with open_clinic("Bench, for what is taken away") as clinic:
        regular = clinic.user(Role.COUNSELOR, "Dana Whitfield")
        in_emergency = clinic.user(Role.COUNSELOR, "Luis Ortega")
        patients = [clinic.patient("Maya Reyes", team=(regular,)) for _ in range(3)]
        place = clinic.join(patients[2], in_emergency)
        CareTeamMember.objects.filter(pk=place.pk).update(ended_on=clinic.today)
        emergency = CareTeamMember.objects.create(
            patient=patients[2],
            practitioner=place.practitioner,
            role=Role.COUNSELOR,
            kind="emergency",
            because="Found at the door",
            started_on=clinic.today,
            expires_at=clock.now() + timedelta(hours=1),
        )
    places = CareTeamMember.objects.filter(practitioner__user=regular)
    ways: dict[str, tuple[Any, Any, Callable[[], Any]]] = {
        "a place on a care team": (
            regular,
            patients[0],
            lambda: places.filter(patient=patients[0]).update(ended_on=clinic.today),
        ),
        "an emergency": (
            in_emergency,
            patients[2],
            lambda: CareTeamMember.objects.filter(pk=emergency.pk).update(expires_at=clock.now()),
        ),
        "a role": (
            regular,
            patients[1],
            lambda: Membership.objects.filter(user=regular).update(ended_at=clock.now()),
        ),
    }
    print(f"\n{'taken away by another':<28}{'before':>9}{'next statement':>16}{'ms after':>10}")
    kept = 0
    for name, (user, patient, take_away) in ways.items():
        before, after, took = _looked_through(clinic.organization.pk, user.pk, patient.pk, take_away)
        kept += after or not before
        print(
            f"{name:<28}{'seen' if before else 'not seen':>9}{'seen' if after else 'not seen':>16}{took:>10.2f}"
        )
    return kept


def _looked_through(
    organization: UUID, user: UUID, patient: UUID, take_away: Callable[[], Any]
) -> tuple[bool, bool, float]:
    """Whether it is seen by another connection, inside one transaction of its own, before and right after."""
    from django.db import connection

    from stepwell.trust.access import Permission
    from stepwell.trust.accounts.models import User
    from stepwell.trust.organizations.acting import acting_in
    from stepwell.trust.people.models import Patient

    looked, taken = threading.Event(), threading.Event()
    seen: list[bool] = []
    times: list[float] = []

    def look() -> bool:
        reader = User.objects.get(pk=user)
        return Patient.objects.visible_to(reader, Permission.SEE_CHART).filter(pk=patient).exists()

    def stay() -> None:
        try:
            with acting_in(organization):
                seen.append(look())
                looked.set()
                taken.wait(30)
                seen.append(look())
                times.append(time.perf_counter())
        finally:
            looked.set()
            connection.close()

    other = threading.Thread(target=stay)
    other.start()
    looked.wait(30)
    with acting_in(organization):
        take_away()
    committed = time.perf_counter()
    taken.set()
    other.join(30)
    return seen[0], seen[1], (times[0] - committed) * 1000
