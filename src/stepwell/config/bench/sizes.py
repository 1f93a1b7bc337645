"""`./stepwell bench pages --cpu`: what a page asks of the processor and of the database, few people or many.

Each size is built once, in a scratch database of its own, by the way that builds Alder Creek. Nothing is served: what
counts is the processor's time of this process and of the database's, which the neighbors on the machine do not change.
"""

import argparse
import os
import re
import statistics
import time
from dataclasses import dataclass
from typing import Any

from stepwell.config.bench.access import backend, run_by
from stepwell.config.cli.installation import be_the_demonstration, set_up_django
from stepwell.config.postgres import find, templates
from stepwell.config.postgres.server import Server

TIMES = 15
CHART = r'href="(/staff/people/[0-9a-f-]{36}/)'


@dataclass(frozen=True)
class Page:
    name: str
    role: str
    budget_ms: int
    path: str
    of_a_chart: bool = False
    """When so, the path is a part of the chart of the first person that Today or the caseload leads to."""


PAGES = (
    Page("Today", "counselor", 200, "/staff/today/"),
    Page("Today", "clinical supervisor", 200, "/staff/today/"),
    Page("Today", "director", 200, "/staff/today/"),
    Page("caseload", "counselor", 200, "/staff/caseload/"),
    Page("caseload", "clinical supervisor", 200, "/staff/caseload/"),
    Page("caseload", "director", 200, "/staff/caseload/"),
    Page("chart", "counselor", 200, "", of_a_chart=True),
    Page("measures", "counselor", 200, "measures/", of_a_chart=True),
    Page("search", "counselor", 300, "/staff/find/?q=maya"),
    Page("search", "clinical supervisor", 300, "/staff/find/?q=maya"),
)


@dataclass(frozen=True)
class Cost:
    p50: float
    p95: float
    questions: int


def run(arguments: argparse.Namespace) -> int:
    be_the_demonstration()
    os.environ["STEPWELL_HOSTS"] = "testserver"
    with find.server("demo") as server:
        find.tell_settings(server, server.app.database)
        set_up_django()
        from stepwell.config.testing import databases

        migrated = databases.migrated(server)
        costs = {size: _measured(server, migrated, size) for size in sorted(arguments.patients)}
    return _say(costs)


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
        return {page: _cost(page) for page in PAGES}


def _cost(page: Page) -> Cost | str:
    from django.db import connection
    from django.test import Client

    from stepwell.demo.builder import sign_ins
    from stepwell.trust.accounts.models import User

    client: Any = Client()
    client.force_login(
        User.objects.get(email=next(one.email for one in sign_ins() if one.role == page.role)),
        "django.contrib.auth.backends.ModelBackend",
    )
    path = page.path
    if page.of_a_chart:
        found = re.search(CHART, client.get("/staff/caseload/").content.decode())
        if found is None:
            return "leads to no chart"
        path = found.group(1) + path
    answer = client.get(path)
    if answer.status_code != 200:
        return f"{path} answered {answer.status_code}"
    asked = 0

    def count(execute: Any, *statement: Any) -> Any:
        nonlocal asked
        asked += 1
        return execute(*statement)

    with connection.execute_wrapper(count):
        client.get(path)
    database, times = backend(), []
    for _time in range(TIMES):
        began = time.process_time_ns() + run_by(database)
        client.get(path)
        times.append((time.process_time_ns() + run_by(database) - began) / 1e6)
    return Cost(statistics.median(times), statistics.quantiles(times, n=20)[-1], asked)


def _say(costs: dict[int, dict[Page, Cost | str]]) -> int:
    """A page is at fault when its median is over its budget (of so few times the p95 is the slowest one), or when
    it asks more of the database where there are more people."""
    few, many = min(costs), max(costs)
    wrong = 0
    print(
        f"\n{'the processor, ms':<30}{'people':>8}{'p50':>8}{'p95':>8}{'budget':>8}{'questions':>11}{'ratio':>7}"
    )
    for page in PAGES:
        for size, of_size in costs.items():
            cost, least = of_size[page], costs[few][page]
            if isinstance(cost, str) or isinstance(least, str):
                print(f"{page.name}, {page.role}: {cost if isinstance(cost, str) else least}")
                wrong += 1
                continue
            faults = ["over its budget"] * (cost.p50 > page.budget_ms)
            faults += ["asks more"] * (size == many and cost.questions > least.questions)
            wrong += len(faults)
            print(
                f"{f'{page.name}, {page.role}':<30}{size:>8}{cost.p50:>8.1f}{cost.p95:>8.1f}{page.budget_ms:>8}"
                f"{cost.questions:>11}{cost.p50 / least.p50:>6.1f}x{'  ' if faults else ''}{', '.join(faults)}"
            )
    return 1 if wrong else 0
