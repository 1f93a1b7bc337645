"""`./stepwell bench audit`: what the event log costs when it is large. It builds one in a database of its own.

One organization, a year of work: 2,000 patients, 120 staff, one patient in the log fifty times as often as another,
and one event in twenty a list of forty names.
"""

import argparse
import logging
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg

from stepwell.config.cli.installation import set_up_django
from stepwell.config.postgres import find, roles
from stepwell.config.postgres.server import Server

SCRATCH = "stepwell_bench_audit"
BUDGET_MS = 1_000
PATIENTS, STAFF = 2_000, 120
ORGANIZATION = UUID(int=1)
ZONE = ZoneInfo("America/New_York")

_EVENTS = """
    INSERT INTO audit_auditevent (
        id, organization_id, at, by_id, by_name, by_roles, did, to_type, to_id, patient_id, patients, how_many,
        purpose, because, address, came_from, session
    )
    SELECT gen_random_uuid(), %(here)s, %(until)s::timestamptz - (%(all)s - n) * (interval '365 days' / %(all)s),
           pg_temp.staff(who), 'Practitioner ' || who, '{counselor}',
           CASE WHEN kind < 0.05 THEN 'looked through a list of' WHEN kind < 0.85 THEN 'opened'
                WHEN kind < 0.92 THEN 'changed' WHEN kind < 0.99 THEN 'signed' ELSE 'was refused' END,
           CASE WHEN kind < 0.05 THEN '' ELSE 'people.Patient' END,
           CASE WHEN kind < 0.05 THEN NULL ELSE pg_temp.patient(whose) END,
           CASE WHEN kind < 0.05 THEN NULL ELSE pg_temp.patient(whose) END,
           CASE WHEN kind < 0.05 THEN ARRAY(
               SELECT pg_temp.patient((whose + step * 37) %% %(patients)s) FROM generate_series(1, 40) AS step
           ) END,
           CASE WHEN kind < 0.05 THEN 40 END,
           'treatment', '', '/staff/people/' || pg_temp.patient(whose) || '/', '10.0.0.7', left(md5(who::text), 16)
    FROM (
        SELECT n, random() AS kind, (random() * (%(staff)s - 1))::int AS who,
               CASE WHEN random() < 0.024 THEN 0 ELSE (random() * (%(patients)s - 1))::int END AS whose
        FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n
    ) AS drawn
"""
_FUNCTIONS = """
    CREATE FUNCTION pg_temp.patient(n int) RETURNS uuid LANGUAGE sql IMMUTABLE AS
        $$ SELECT ('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid $$;
    CREATE FUNCTION pg_temp.staff(n int) RETURNS uuid LANGUAGE sql IMMUTABLE AS
        $$ SELECT ('00000000-0000-4000-9000-' || lpad(to_hex(n), 12, '0'))::uuid $$;
"""
AT_ONCE = 500_000


def run(arguments: argparse.Namespace) -> int:
    count: int = arguments.events
    with find.server("bench") as server, scratch(server):
        logging.getLogger("stepwell.audit").setLevel(logging.WARNING)
        began = time.monotonic()
        fill(server, count)
        print(f"{count:,} events written in {time.monotonic() - began:.0f} s; {_size(server)}\n", flush=True)
        print(f"{'milliseconds':<44}{'p50':>9}{'p95':>9}{'budget':>9}", flush=True)
        late = looks()
        print()
        alone, while_sealing = _record_alone(), _record_while_sealing(count)
        for name, times in (("record, alone", alone), ("record, beside a running sealer", while_sealing)):
            _line(name, times, 0)
        print()
        wrong = _verify()
    return 1 if late or wrong else 0


@contextmanager
def scratch(server: Server) -> Iterator[None]:
    """An empty database with every table, which Django is connected to as the app; dropped at the end."""
    roles.drop_database(server, SCRATCH)
    roles.make_database(server, SCRATCH)
    try:
        find.tell_settings(server, SCRATCH)
        os.environ["STEPWELL_DEMO"] = "1"
        set_up_django()
        from stepwell.config import migrating

        migrating.migrate(server.owner.to(SCRATCH))
        yield
    finally:
        from django.db import connections

        connections.close_all()
        roles.drop_database(server, SCRATCH)


def fill(server: Server, count: int) -> None:
    """Write that many events, as fast as they go: without the indexes, which are made at the end."""
    from stepwell.trust.organizations.models import Organization

    Organization.objects.create(id=ORGANIZATION, name="Bench", slug="bench")
    until = datetime.now(UTC)
    with server.owner.to(SCRATCH).connect() as connection:
        connection.execute("set maintenance_work_mem = '512MB'")
        made_again = _drop_indexes(connection)
        connection.execute(_FUNCTIONS)
        for first in range(1, count + 1, AT_ONCE):
            last = min(first + AT_ONCE - 1, count)
            connection.execute(
                _EVENTS,
                {
                    "here": ORGANIZATION,
                    "until": until,
                    "all": count,
                    "patients": PATIENTS,
                    "staff": STAFF,
                    "first": first,
                    "last": last,
                },
            )
            print(f"  {last:,} events", file=sys.stderr, flush=True)
        for statement in made_again:
            connection.execute(statement)  # type: ignore[arg-type]
        connection.execute("vacuum (analyze) audit_auditevent")


def _drop_indexes(connection: "psycopg.Connection[tuple[object, ...]]") -> list[str]:
    """Drop the indexes that belong to no constraint; how each is made again."""
    rows = connection.execute(
        "select indexname, indexdef from pg_indexes where tablename = 'audit_auditevent' and indexname not in "
        "(select conname from pg_constraint where conrelid = 'audit_auditevent'::regclass)"
    ).fetchall()
    for name, _statement in rows:
        connection.execute(f'drop index "{name}"')  # type: ignore[arg-type]
    return [str(statement) for _name, statement in rows]


def _size(server: Server) -> str:
    with server.owner.to(SCRATCH).connect() as connection:
        row = connection.execute(
            "select pg_size_pretty(pg_table_size(log)), pg_size_pretty(pg_indexes_size(log)) "
            "from (select 'audit_auditevent'::regclass as log) as it"
        ).fetchone()
    assert row is not None
    return f"table {row[0]}, indexes {row[1]}"


def patient(number: int) -> UUID:
    return UUID(f"00000000-0000-4000-8000-{number:012x}")


def looks() -> int:
    """How long the page of who looked takes to read, for one patient as for another; how many kinds are too slow."""
    from stepwell.trust.audit import looks as read
    from stepwell.trust.audit.did import Did
    from stepwell.trust.audit.models import AuditEvent

    drawn = random.Random(7)  # noqa: S311 - the same patients each time
    some = [patient(drawn.randrange(1, PATIENTS)) for _ in range(40)]
    often = [patient(0)] * 20
    middle = read.Place(datetime.now(UTC).replace(month=1, day=15), 0)
    newest = AuditEvent.objects.order_by("-at", "-number")

    def log(number: UUID) -> None:
        list(newest.filter(by_id=f"00000000-0000-4000-9000-{number.int % STAFF:012x}")[:100])

    def refused(_number: UUID) -> None:
        list(newest.filter(did=Did.WAS_REFUSED)[:100])

    kinds: list[tuple[str, Callable[[UUID], object], list[UUID]]] = [
        ("who looked, a patient", lambda who: read.of_patient([who], ZONE), some),
        ("who looked, the patient most looked at", lambda who: read.of_patient([who], ZONE), often),
        ("who looked, half a year back", lambda who: read.of_patient([who], ZONE, place=middle), some),
        ("who saw the name in a list", lambda who: read.in_lists([who], ZONE), some),
        ("the log, one person", log, some),
        ("the log, one kind of act", refused, some),
    ]
    return sum(_line(name, _timed(ask, whom), BUDGET_MS) for name, ask, whom in kinds)


def _timed(ask: Callable[[UUID], object], whom: list[UUID]) -> list[float]:
    from stepwell.trust.organizations.acting import acting_in

    times = []
    for who in whom:
        began = time.perf_counter()
        with acting_in(ORGANIZATION):
            ask(who)
        times.append((time.perf_counter() - began) * 1000)
    return times


def _line(name: str, times: list[float], budget: int) -> bool:
    ordered = sorted(times)
    p50, p95 = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)]
    is_late = bool(budget) and p95 > budget
    shown = f"{budget:>9}" if budget else ""
    print(f"{name:<44}{p50:>9.2f}{p95:>9.2f}{shown}{'  over its budget' if is_late else ''}", flush=True)
    return is_late


def _record_once() -> float:
    """One event in a transaction of its own, from its beginning to its end on the disk."""
    from stepwell.trust import audit
    from stepwell.trust.organizations.acting import acting_in

    began = time.perf_counter()
    with acting_in(ORGANIZATION):
        audit.record(by=None, did=audit.Did.OPENED, patient=patient(3))
    return (time.perf_counter() - began) * 1000


def _record_alone() -> list[float]:
    return [_record_once() for _ in range(1_000)]


def _record_while_sealing(count: int) -> list[float]:
    """Fifty events a second while `./stepwell audit seal` seals everything there is, in a process of its own."""
    times, began = [], time.monotonic()
    sealer = _verb("audit", "seal")
    while sealer.poll() is None:
        times.append(_record_once())
        time.sleep(0.02)
    took = time.monotonic() - began
    said = sealer.communicate()[0].strip().splitlines()
    print(
        f"sealed in {took:.0f} s, {count / took:,.0f} events a second: {said[0] if said else 'nothing'}",
        flush=True,
    )
    return times or [0.0]


def _verify() -> int:
    # What was written while the first sealer was at work.
    _verb("audit", "seal").communicate()
    began = time.monotonic()
    verifier = _verb("audit", "verify", "--organization", "bench")
    said = verifier.communicate()[0].strip().splitlines()
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000
    print(f"verified in {time.monotonic() - began:.0f} s, {memory:.0f} MB at most")
    for line in said[-3:]:
        print(f"  {line}")
    return verifier.returncode


def _verb(*words: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "stepwell.config.cli", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
