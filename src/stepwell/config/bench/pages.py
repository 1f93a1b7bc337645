"""`./stepwell bench pages`: what the staff's pages ask of the server and of the database, few people or many.

Each size is built once, in a scratch database of its own, by the way that builds Alder Creek. Each page goes through
the whole application, from its address to its bytes, as often as it takes to say a 95th percentile; every answer is
looked at, and one that is not what it should be is counted and named. Nobody else is served meanwhile, so `wall` is the
time that one reader waits for the server, with whatever the neighbors on the machine do. `processor` is that of this
process and of the database's together, which the neighbors hardly change: the budgets are held against it.
"""

import argparse
import os
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from stepwell.config.bench.access import backend, run_by
from stepwell.config.cli.installation import be_the_demonstration, set_up_django
from stepwell.config.postgres import find, templates
from stepwell.config.postgres.places import Unusable
from stepwell.config.postgres.server import Server
from stepwell.config.settling import settle

WARMING, TIMES = 2, 40
#: Somebody whom the counselor looks after at every size.
SOMEBODY = "/staff/caseload/?q=maya+reyes"
CHART = r"/staff/people/[0-9a-f-]{36}/"
SESSION = r"/staff/groups/[0-9a-f-]{36}/"


@dataclass(frozen=True)
class Page:
    name: str
    role: str
    budget_ms: int
    path: str
    link: str = ""
    """When given, the page is the first one that this path links to with such an address, and ``more`` after it."""
    more: str = ""
    part: bool = False
    """Asked for by itself, with what the page that asks has already."""
    is_new: bool = True
    """Of a part: whether something was changed about somebody since. If not, 304 is the answer."""

    @property
    def answer(self) -> int:
        return 200 if self.is_new else 304


def _today(role: str) -> tuple[Page, ...]:
    return (
        Page("Today", role, 200, "/staff/today/"),
        Page("Today, same", role, 60, "/staff/today/", more="changes/", part=True, is_new=False),
        Page("Today, changed", role, 60, "/staff/today/", more="changes/", part=True),
    )


PAGES = (
    *_today("counselor"),
    *_today("nurse"),
    *_today("clinical supervisor"),
    *_today("director"),
    Page("caseload", "counselor", 200, "/staff/caseload/"),
    Page("caseload", "clinical supervisor", 200, "/staff/caseload/?show=whole"),
    Page("caseload", "director", 200, "/staff/caseload/"),
    Page("chart", "counselor", 200, SOMEBODY, link=CHART),
    Page("measures", "counselor", 200, SOMEBODY, link=CHART, more="measures/"),
    Page("search", "counselor", 300, "/staff/find/?q=maya"),
    Page("search", "clinical supervisor", 300, "/staff/find/?q=maya"),
    Page("session", "counselor", 200, "/staff/groups/", link=SESSION),
    Page(
        "session, same",
        "counselor",
        60,
        "/staff/groups/",
        link=SESSION,
        more="changes/",
        part=True,
        is_new=False,
    ),
    Page("session, changed", "counselor", 60, "/staff/groups/", link=SESSION, more="changes/", part=True),
)


@dataclass(frozen=True)
class Cost:
    wall: list[float]
    processor: list[float]
    questions: int
    wrong: Counter[int] = field(default_factory=Counter)
    """How often which answer came that is not the one to be expected."""


def run(arguments: argparse.Namespace) -> int:
    be_the_demonstration()
    os.environ["STEPWELL_HOSTS"] = "testserver"
    with find.server("demo") as server:
        find.tell_settings(server, server.app.database)
        set_up_django()
        from stepwell.config.testing import databases

        migrated = databases.migrated(server)
        costs = {size: _measured(server, migrated, size) for size in sorted(set(arguments.patients))}
    return say(costs)


def _measured(server: Server, migrated: str, patients: int) -> dict[Page, Cost | str]:
    from stepwell.config import migrating
    from stepwell.config.connection import using
    from stepwell.demo import builder

    with templates.copied(server, migrated, f"bench_{patients}") as name, using(server.app.to(name)):
        began, processor = time.monotonic(), time.process_time()
        with migrating.filling(server.owner.to(name)):
            builder.build(patients)
        with server.administering(name) as connection:
            connection.execute("analyze")
        print(
            f"{patients} people: built in {time.monotonic() - began:.0f} s, of which this process"
            f" {time.process_time() - processor:.0f} s of the processor",
            flush=True,
        )
        settle()
        return {page: cost_of(page) for page in PAGES}


def cost_of(page: Page) -> Cost | str:
    """What it costs; or in words why that cannot be said. The clock stands, so that nothing falls due meanwhile."""
    from stepwell.ground.kit import clock

    with clock.stand_still(clock.now()):
        return _cost(page)


def _cost(page: Page) -> Cost | str:
    from django.test import Client

    from stepwell.demo.builder import sign_ins
    from stepwell.trust.accounts.models import User

    client: Any = Client(raise_request_exception=False)
    client.force_login(
        User.objects.get(email=next(one.email for one in sign_ins() if one.role == page.role)),
        "django.contrib.auth.backends.ModelBackend",
    )
    try:
        path, headers = _asked(page, client)
    except Unusable as refusal:
        return str(refusal)
    stir = _stir(page, client)

    def ask() -> int:
        status: int = client.get(path, headers=headers).status_code
        return status

    wrong: Counter[int] = Counter()
    for _warming in range(WARMING):
        stir()
        wrong[ask()] += 1
    stir()
    questions = _questions(lambda: wrong.update([ask()]))
    database, wall, processor = backend(), [], []
    for _time in range(TIMES):
        stir()
        began, ran = time.perf_counter_ns(), time.process_time_ns() + run_by(database)
        status = ask()
        processor.append((time.process_time_ns() + run_by(database) - ran) / 1e6)
        wall.append((time.perf_counter_ns() - began) / 1e6)
        wrong[status] += 1
    del wrong[page.answer]
    return Cost(wall, processor, questions, wrong)


def _asked(page: Page, client: Any) -> tuple[str, dict[str, str]]:
    """The address and the headers with which the page is asked for."""
    path = page.path
    if page.link:
        found = re.search(rf'href="({page.link})"', _read(client, path))
        if found is None:
            raise Unusable(f"{path} links to no such page")
        path = found.group(1)
    if not page.part:
        return path + page.more, {}
    whole = _read(client, path)
    headers = {"HX-Request": "true"}
    version = re.search(r'data-version="([^"]+)"', whole)
    if version is None:
        raise Unusable(f"{path} asks for no changes")
    if not page.is_new:
        headers["If-None-Match"] = f'"{version.group(1)}"'
    tags = re.findall(r"<[^>]* data-part=[^>]*>", whole)
    had = [(re.search(r'data-part="([^"]*)"', tag), re.search(r'data-v="([^"]*)"', tag)) for tag in tags]
    pairs = ",".join(f"{key.group(1)}~{has.group(1)}" for key, has in had if key and has)
    return f"{path}{page.more}?had={pairs}", headers


def _read(client: Any, path: str) -> str:
    answer = client.get(path)
    if answer.status_code != 200:
        raise Unusable(f"{path} answered {answer.status_code}")
    words: str = answer.content.decode()
    return words


def _stir(page: Page, client: Any) -> Callable[[], None]:
    """What is done before each time: for a part with something new, somebody on the page is written anew."""
    if not (page.part and page.is_new):
        return lambda: None
    from django.db.models import F

    from stepwell.trust.organizations.acting import acting_in
    from stepwell.trust.organizations.models import Organization
    from stepwell.trust.people.models import Patient

    found = re.search(CHART, _read(client, "/staff/caseload/"))
    if found is None:
        return lambda: None
    patient, organization = found.group(0).split("/")[3], Organization.objects.get(slug="alder-creek").pk

    def stir() -> None:
        with acting_in(organization):
            Patient.objects.filter(pk=patient).update(first_name=F("first_name"))

    return stir


def _questions(ask: Callable[[], None]) -> int:
    """How many questions are put to the database meanwhile."""
    from django.db import connection

    asked = 0

    def count(execute: Any, *statement: Any) -> Any:
        nonlocal asked
        asked += 1
        return execute(*statement)

    with connection.execute_wrapper(count):
        ask()
    return asked


def say(costs: dict[int, dict[Page, Cost | str]]) -> int:
    """A page is at fault when its 95th percentile is over its budget, when it asks more of the database where there are
    more people, or when any answer was another than it should be."""
    few, many = min(costs), max(costs)
    wrong = 0
    print(f"\n{'milliseconds':<38}{'':>6}{'wall':>16}{'processor':>16}{'':>8}{'':>11}{f'{many}/{few}':>9}")
    print(
        f"{'':<38}{'people':>6}{'p50':>8}{'p95':>8}{'p50':>8}{'p95':>8}{'budget':>8}{'questions':>11}{'p50':>9}"
    )
    for page in PAGES:
        for size, of_size in costs.items():
            cost, least = of_size[page], costs[few][page]
            said = f"{f'{page.name}, {page.role}':<38}{size:>6}"
            if isinstance(cost, str):
                print(f"{said}  {cost}")
                wrong += 1
                continue
            faults = faults_of(page, cost, least if size == many else cost)
            wrong += len(faults)
            ratio = "" if isinstance(least, str) else f"{_p50(cost.processor) / _p50(least.processor):.1f}x"
            print(
                f"{said}{_p50(cost.wall):>8.1f}{_p95(cost.wall):>8.1f}"
                f"{_p50(cost.processor):>8.1f}{_p95(cost.processor):>8.1f}{page.budget_ms:>8}"
                f"{cost.questions:>11}{ratio:>9}{'  ' if faults else ''}{', '.join(faults)}"
            )
    return 1 if wrong else 0


def faults_of(page: Page, cost: Cost, least: Cost | str) -> list[str]:
    """What is wrong with a page of that cost, beside what it costs where there are few."""
    faults = ["over its budget"] * (_p95(cost.processor) > page.budget_ms)
    faults += ["asks more"] * (not isinstance(least, str) and cost.questions > least.questions)
    faults += [f"answered {status}: {count}" for status, count in sorted(cost.wrong.items())]
    return faults


def _p50(times: list[float]) -> float:
    return statistics.median(times)


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]
