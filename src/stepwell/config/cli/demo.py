"""`./stepwell demo`: Alder Creek on this machine, from nothing to a page in the browser."""

import argparse
import contextlib
import logging
import os
import threading
import time
import webbrowser
from datetime import date

from psycopg import sql

from stepwell.config import paper
from stepwell.config.cli import web_server
from stepwell.config.cli.installation import ALDER_CREEK, be_the_demonstration, set_up_django
from stepwell.config.cli.progress import Progress
from stepwell.config.postgres import find, roles
from stepwell.config.postgres.server import Server

HOST = "127.0.0.1"
BEING_BUILT = f"{ALDER_CREEK}_being_built"
PATIENTS = 40


def run(arguments: argparse.Namespace) -> int:
    web_server.need_free_port(HOST, arguments.port)
    print("Looking for PostgreSQL ...", flush=True)
    with find.server("demo") as server:
        be_the_demonstration()
        find.tell_settings(server, ALDER_CREEK)
        set_up_django(to_serve=True)
        keep_quiet()
        make_ready(server, reset=arguments.reset, patients=arguments.patients)
        prepare_pages()
        if not paper.bring():
            print(paper.LACKING)
        print("Starting the pages ...", flush=True)
        address = f"http://localhost:{arguments.port}"

        def when_up() -> None:
            print(welcome(address), flush=True)
            if not arguments.no_browser and _has_display():
                webbrowser.open(address)

        for keep in (keep_sealing, keep_printing):
            threading.Thread(target=keep, daemon=True).start()
        web_server.serve_until_told_to_stop(HOST, arguments.port, workers=2, when_up=when_up)
    return 0


def make_ready(server: Server, *, reset: bool, patients: int | None) -> None:
    """Have a whole Alder Creek: built now, or brought to this version, or as it is."""
    from stepwell.config import migrating

    if reset or not _is_whole(server):
        build(server, patients or PATIENTS)
        return
    if patients is not None:
        print("Alder Creek stands already, and keeps its people: --patients counts with --reset.")
    if migrating.missing():
        print("Bringing the database to this version ...", flush=True)
        migrating.migrate(server.owner.to(ALDER_CREEK))
    built_on = _built_on(server)
    if built_on and built_on != date.today():  # noqa: DTZ011 - the day on this machine's wall, for its reader
        print(
            f"Alder Creek was built on {built_on:%A, %B %-d}, and its week is that week. --reset builds it as of today."
        )


def build(server: Server, patients: int) -> None:
    """Build it beside the one in use, which is replaced only when the new one is whole."""
    from stepwell.config import migrating
    from stepwell.config.connection import using
    from stepwell.demo.builder import build as build_alder_creek

    roles.drop_database(server, BEING_BUILT)
    roles.make_database(server, BEING_BUILT)
    print("Making the tables ...", flush=True)
    migrating.migrate(server.owner.to(BEING_BUILT))
    print(f"Building Alder Creek: {patients} people, twelve weeks ...", flush=True)
    progress = Progress()
    with migrating.filling(server.owner.to(BEING_BUILT)), using(server.app.to(BEING_BUILT)):
        build_alder_creek(patients=patients, progress=progress, scans=True)
    progress.end()
    with server.administering(BEING_BUILT) as connection:
        connection.execute("analyze")
    roles.drop_database(server, ALDER_CREEK)
    with server.administering() as connection:
        new, name = sql.Identifier(BEING_BUILT), sql.Identifier(ALDER_CREEK)
        connection.execute(sql.SQL("comment on database {} is {}").format(new, sql.Literal(_today())))
        connection.execute(sql.SQL("alter database {} rename to {}").format(new, name))


def prepare_pages() -> None:
    """Compile the translations and gather the files that the pages load."""
    from django.core.management import call_command

    from stepwell.config import catalogs

    catalogs.compile_stale()
    call_command("collectstatic", interactive=False, verbosity=0)


def keep_quiet() -> None:
    """Whoever looks at the demonstration is told where to look, and not of each seal nor of each form that was
    answered with a sentence beside a field. What goes wrong is still said.
    """
    logging.getLogger("stepwell.audit").setLevel(logging.WARNING)
    logging.getLogger("django.request").setLevel(logging.ERROR)


def keep_sealing() -> None:
    """What a worker does each minute for a real center, so that the event log of this one is whole as well."""
    from django.db import DatabaseError, connection

    from stepwell.trust.audit.sealing import seal

    while True:
        with contextlib.suppress(DatabaseError):
            seal()
        connection.close()
        time.sleep(60)


def keep_printing() -> None:
    """Papers that are asked for are made here, as a worker would; the demonstration has none, and sends nothing."""
    from django.db import DatabaseError, connection

    from stepwell.trust.printouts.making import look_after

    while True:
        with contextlib.suppress(DatabaseError):
            look_after()
        connection.close()
        time.sleep(2)


def welcome(address: str) -> str:
    """Where to look, and who to be."""
    from stepwell.demo.builder import sign_ins

    rows = [(each.role, each.name, each.email, each.password, each.path) for each in sign_ins()]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    password = {row[3] for row in rows}
    lines = ["", f"Alder Creek is open: {address}", "", "Sign in as", ""]
    for role, name, email, own_password, path in rows:
        line = f"  {role:<{widths[0]}}  {name:<{widths[1]}}  {email:<{widths[2]}}  {address}{path}"
        lines.append(line if len(password) == 1 else f"{line}  {own_password}")
    if len(password) == 1:
        lines += ["", f"The password is {password.pop()} for each of them. Everybody here is made up."]
    lines += [
        "At a real center, staff prove who they are in a second way too; here that step is left out.",
        "",
        "Ctrl-C stops everything.",
    ]
    return "\n".join(lines)


def _is_whole(server: Server) -> bool:
    from stepwell.demo.builder import is_built

    return roles.database_exists(server, ALDER_CREEK) and is_built()


def _built_on(server: Server) -> date | None:
    with server.administering() as connection:
        row = connection.execute(
            "select shobj_description(oid, 'pg_database') from pg_database where datname = %s", [ALDER_CREEK]
        ).fetchone()
    try:
        return date.fromisoformat(str(row[0])) if row else None
    except ValueError:
        return None


def _today() -> str:
    return date.today().isoformat()  # noqa: DTZ011 - the day on this machine's wall


def _has_display() -> bool:
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
