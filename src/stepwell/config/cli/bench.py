"""`./stepwell bench`: how fast the pages answer at a fixed rate of arrivals, and how soon the demonstration opens.

A request's time runs from the moment at which it should have been sent, so a server that falls behind cannot
hide it. The processor's time is that of the server's own processes and of the database's, for one request.
"""

import argparse
import contextlib
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from stepwell.config.cli.environment import ROOT
from stepwell.config.cli.installation import installation, set_up_django
from stepwell.config.postgres import cluster, find
from stepwell.config.postgres.places import Unusable, place

FIRST_RUN_BUDGET, LATER_START_BUDGET = 180, 5
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Page:
    name: str
    role: str
    budget_ms: int
    path: str
    link: str = ""
    """When given, the page is the first one that this page links to with such an address."""


PAGES = (
    Page("public home", "", 100, "/"),
    Page("patient home", "patient", 100, "/me/"),
    Page("staff Today", "counselor", 200, "/staff/today/"),
    Page("chart", "counselor", 200, "/staff/today/", link=r"/staff/people/[0-9a-f-]{36}/"),
    Page("group session", "counselor", 200, "/staff/groups/", link=r"/staff/groups/[0-9a-f-]{36}/"),
)


def run(arguments: argparse.Namespace) -> int:
    if arguments.what == "pages":
        return pages(arguments.rate, arguments.seconds)
    if arguments.what == "start":
        return start()
    print("./stepwell bench pages   how fast the main pages answer, against their budgets")
    print("./stepwell bench start   seconds until the demonstration is open, the first time and later")
    return 0


def pages(rate: int, seconds: int) -> int:
    slow = 0
    with installation() as here:
        if not here.is_demo:
            raise Unusable("This measures the demonstration, never a real center: take DATABASE_URL out.")
        set_up_django()
        with opened(ROOT) as (port, server):
            print(f"{rate} arrivals a second for {seconds} s each; milliseconds\n")
            print(f"{'page':<16}{'p50':>8}{'p95':>8}{'budget':>8}{'web CPU':>9}{'data CPU':>9}{'KB':>7}")
            for page in PAGES:
                cookie = session_of(page.role)
                try:
                    path = _path_of(page, port, cookie)
                    times, web, data, size = _measure(port, path, cookie, rate, seconds, server)
                except Unusable as refusal:
                    print(f"{page.name:<16}  {refusal}")
                    slow += 1
                    continue
                p50, p95 = times[len(times) // 2], times[int(len(times) * 0.95)]
                late = p95 > page.budget_ms
                slow += late
                print(
                    f"{page.name:<16}{p50:>8.1f}{p95:>8.1f}{page.budget_ms:>8}{web:>9.1f}{data:>9.1f}"
                    f"{size / 1000:>7.1f}{'  over its budget' if late else ''}"
                )
    return 1 if slow else 0


@contextmanager
def opened(clone: Path) -> Iterator[tuple[int, int]]:
    """The demonstration of that clone, open: its port and its process."""
    port = _free_port()
    command = [sys.executable, str(clone / "stepwell"), "demo", "--no-browser", "--port", str(port)]
    # Its own settings, not the ones that this process has made for itself.
    environment = {
        name: value for name, value in os.environ.items() if name not in (find.APP_URL, find.OWNER_URL)
    }
    server = subprocess.Popen(
        command, cwd=clone, env=environment, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True
    )
    assert server.stdout
    try:
        for line in server.stdout:
            if "is open: http" in line:
                break
        else:
            raise Unusable("The demonstration did not open.")
        yield port, server.pid
    finally:
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=30)


def session_of(role: str) -> str:
    """The cookie of somebody with that role."""
    if not role:
        return ""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from stepwell.demo.builder import sign_ins
    from stepwell.trust.accounts.models import User

    email = next(each.email for each in sign_ins() if role in each.role.lower())
    user = User.objects.get(email=email)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return f"sessionid={session.session_key}"


def _path_of(page: Page, port: int, cookie: str) -> str:
    if not page.link:
        return page.path
    status, body = _ask(port, page.path, cookie)
    if status != 200:
        raise Unusable(f"{page.path} answered {status}.")
    found = re.search(rf'href="({page.link})"', body.decode())
    if found is None:
        raise Unusable(f"{page.path} links to no such page.")
    return found.group(1)


def _ask(port: int, path: str, cookie: str, *, packed: bool = False) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        headers = {"Host": f"localhost:{port}", "Cookie": cookie}
        connection.request("GET", path, headers=headers | ({"Accept-Encoding": "gzip"} if packed else {}))
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def _measure(
    port: int, path: str, cookie: str, rate: int, seconds: int, server: int
) -> tuple[list[float], float, float, int]:
    """Sorted milliseconds, the processor's milliseconds a request of pages and of database, and bytes sent."""
    for _warming in range(5):
        status, body = _ask(port, path, cookie, packed=True)
        if status != 200:
            raise Unusable(f"{path} answered {status}.")
    data = place("demo").data
    web, database = _used_by(_family(server)), _used_by(cluster.processes_in(data))
    begin = time.monotonic() + 0.1

    def arrive(number: int) -> float:
        due = begin + number / rate
        time.sleep(max(0.0, due - time.monotonic()))
        _ask(port, path, cookie, packed=True)
        return (time.monotonic() - due) * 1000

    count = rate * seconds
    with ThreadPoolExecutor(max_workers=32) as callers:
        times = sorted(callers.map(arrive, range(count)))
    of_web, of_data = _since(web, _family(server)), _since(database, cluster.processes_in(data))
    return times, of_web / count, of_data / count, len(body)


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


def start() -> int:
    """Begin in a copy of this clone that has nothing yet, as a newcomer would."""
    with tempfile.TemporaryDirectory(prefix="stepwell-bench-") as folder:
        clone = Path(folder) / "stepwell"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        took = []
        try:
            for name, budget in (("first run", FIRST_RUN_BUDGET), ("later start", LATER_START_BUDGET)):
                began = time.monotonic()
                with opened(clone):
                    took.append((time.monotonic() - began) <= budget)
                    print(f"{name:<12}{time.monotonic() - began:6.1f} s of {budget} s", flush=True)
        finally:
            where = place("demo", clone=clone)
            shutil.rmtree(where.folder.parent, ignore_errors=True)
            shutil.rmtree(where.socket_directory, ignore_errors=True)
    return 0 if all(took) else 1


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
