"""`./stepwell bench arrivals`: how fast the demonstration answers at a fixed rate of arrivals, against the budgets.

A request's time runs from the moment at which it should have been sent, so a server that falls behind cannot
hide it. The processor's time is that of the server's own processes and of the database's, for one request.
"""

import argparse
import contextlib
import os
import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from stepwell.config.bench.demonstration import ask, opened, session_of
from stepwell.config.cli.environment import ROOT
from stepwell.config.cli.installation import installation, set_up_django
from stepwell.config.postgres import cluster
from stepwell.config.postgres.places import Unusable, place

TICKS = os.sysconf("SC_CLK_TCK")
FETCHED = re.compile(r'<(?:link rel="(?:stylesheet|icon|manifest)"|script)[^>]*? (?:href|src)="(/[^"]+)"')
Form = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Page:
    name: str
    role: str
    budget_ms: int
    path: str
    link: str = ""
    """When given, the page is the first one that this page links to with such an address."""
    most: int = 0
    """When given, no more arrivals a second than this: a person may ask only so often (``access.pace``)."""
    sends: Callable[[], Form] | None = None
    """When given, the page is what comes of sending this form there."""
    first_kb: int = 0
    """When given, the page with all that a browser fetches for it the first time may weigh so much on the wire."""


PAGES = (
    Page("public home", "", 100, "/"),
    Page("patient home", "patient", 100, "/me/"),
    Page("staff Today", "counselor", 200, "/staff/today/"),
    Page("chart", "counselor", 200, "/staff/today/", link=r"/staff/people/[0-9a-f-]{36}/"),
    Page("search", "counselor", 300, "/staff/find/?q=reyes+mya", most=1),
    Page("group session", "counselor", 200, "/staff/groups/", link=r"/staff/groups/[0-9a-f-]{36}/"),
)


def run(arguments: argparse.Namespace) -> int:
    return measure(PAGES, arguments)


def measure(
    pages: Sequence[Page],
    arguments: argparse.Namespace,
    *,
    among: Callable[[], AbstractContextManager[None]] = contextlib.nullcontext,
) -> int:
    """Print the line of each page; 1 when one is over its budget. ``among`` is what else is there meanwhile."""
    rate, seconds, slow = arguments.rate, arguments.seconds, 0
    with installation() as here:
        if not here.is_demo:
            raise Unusable("This measures the demonstration, never a real center: take DATABASE_URL out.")
        set_up_django()
        with opened(ROOT) as (port, server), among():
            print(f"{rate} arrivals a second for {seconds} s each; milliseconds\n")
            print(
                f"{'page':<16}{'p50':>8}{'p95':>8}{'budget':>8}{'web CPU':>9}{'data CPU':>9}{'KB':>7}{'first KB':>10}"
            )
            for page in pages:
                cookie = session_of(page.role)
                try:
                    path = _path_of(page, port, cookie)
                    form = page.sends() if page.sends else None
                    times, wrong, web, data, size = _measure(
                        port, path, cookie, min(rate, page.most or rate), seconds, server, form
                    )
                    first = size + _fetched(port, path, cookie, form)
                except Unusable as refusal:
                    print(f"{page.name:<16}  {refusal}")
                    slow += 1
                    continue
                p50, p95 = times[len(times) // 2], times[int(len(times) * 0.95)]
                faults = ["over its budget"] * (p95 > page.budget_ms)
                faults += ["too heavy"] * (0 < page.first_kb * 1000 < first)
                faults += [f"answered {status}: {count}" for status, count in sorted(wrong.items())]
                slow += len(faults)
                print(
                    f"{page.name:<16}{p50:>8.1f}{p95:>8.1f}{page.budget_ms:>8}{web:>9.1f}{data:>9.1f}"
                    f"{size / 1000:>7.1f}{first / 1000:>10.1f}{'  ' if faults else ''}{', '.join(faults)}"
                )
    return 1 if slow else 0


def _path_of(page: Page, port: int, cookie: str) -> str:
    if not page.link:
        return page.path
    status, body = ask(port, page.path, cookie)
    if status != 200:
        raise Unusable(f"{page.path} answered {status}.")
    found = re.search(rf'href="({page.link})"', body.decode())
    if found is None:
        raise Unusable(f"{page.path} links to no such page.")
    return found.group(1)


def _measure(
    port: int, path: str, cookie: str, rate: int, seconds: int, server: int, form: Form | None
) -> tuple[list[float], Counter[int], float, float, int]:
    """Sorted milliseconds, how often another answer came than 200, the processor's milliseconds a request of pages and
    of database, and bytes sent."""
    for _warming in range(5):
        status, body = ask(port, path, cookie, packed=True, form=form)
        if status != 200:
            raise Unusable(f"{path} answered {status}.")
    data = place("demo").data
    web, database = _used_by(_family(server)), _used_by(cluster.processes_in(data))
    begin = time.monotonic() + 0.1

    def arrive(number: int) -> tuple[float, int]:
        due = begin + number / rate
        time.sleep(max(0.0, due - time.monotonic()))
        status, _body = ask(port, path, cookie, packed=True, form=form)
        return (time.monotonic() - due) * 1000, status

    count = rate * seconds
    with ThreadPoolExecutor(max_workers=32) as callers:
        answers = list(callers.map(arrive, range(count)))
    times, wrong = sorted(took for took, _status in answers), Counter(status for _took, status in answers)
    del wrong[200]
    of_web, of_data = _since(web, _family(server)), _since(database, cluster.processes_in(data))
    return times, wrong, of_web / count, of_data / count, len(body)


def _fetched(port: int, path: str, cookie: str, form: Form | None) -> int:
    """The bytes of everything that a browser fetches for the page when it has none of it yet."""
    _status, body = ask(port, path, cookie, form=form)
    parts = sorted(set(FETCHED.findall(body.decode())))
    return sum(len(ask(port, part, "", packed=True)[1]) for part in parts)


def _family(parent: int) -> list[int]:
    """A process, its children and theirs."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [parent, *(one for child in children for one in _family(int(child)))]


def _used_by(processes: list[int]) -> dict[int, float]:
    """Milliseconds of processor time that each of them has used."""
    used = {}
    for process in processes:
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
            used[process] = (int(fields[11]) + int(fields[12])) * 1000 / TICKS
    return used


def _since(before: dict[int, float], processes: list[int]) -> float:
    """What they have used since; one that is new has used all of its own since."""
    return sum(used - before.get(process, 0.0) for process, used in _used_by(processes).items())
