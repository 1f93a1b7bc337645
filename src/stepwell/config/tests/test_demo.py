"""The demonstration opens, says who to be, stops whole, and is never left half built."""

import http.client
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext

import pytest
from psycopg import sql

from stepwell.config.cli import demo
from stepwell.config.postgres import roles
from stepwell.config.postgres.places import Unusable
from stepwell.config.postgres.server import Server

Demo = Callable[..., subprocess.Popen[str]]


@pytest.fixture(scope="module")
def alder_creek(database_server: Server, alder_creek_template: str) -> Iterator[str]:
    """A whole Alder Creek of these tests' own, built today."""
    name = f"alder_creek_of_test_{os.getpid()}"
    roles.drop_database(database_server, name)
    with database_server.administering() as connection:
        connection.execute(
            sql.SQL("create database {} owner {} template {}").format(
                *map(sql.Identifier, (name, database_server.owner.user, alder_creek_template))
            )
        )
        connection.execute(
            sql.SQL("comment on database {} is {}").format(sql.Identifier(name), sql.Literal(demo._today()))
        )
    yield name
    roles.drop_database(database_server, name)


@pytest.fixture
def opened(database_server: Server, alder_creek: str) -> Iterator[Demo]:
    """`./stepwell demo` on that database, ended with the test at the latest."""
    began: list[subprocess.Popen[str]] = []

    def begin(port: int, *words: str) -> subprocess.Popen[str]:
        began.append(
            subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "stepwell.config.cli",
                    "demo",
                    "--no-browser",
                    "--port",
                    str(port),
                    *words,
                ],
                env=os.environ
                | {"DATABASE_URL": database_server.administrator.url, "STEPWELL_DEMO_DATABASE": alder_creek},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                text=True,
            )
        )
        return began[-1]

    yield begin
    for each in began:
        each.kill()
        each.communicate()


@pytest.fixture
def port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def what_it_says_until_open(process: subprocess.Popen[str]) -> str:
    said = ""
    assert process.stdout
    for line in process.stdout:
        said += line
        if line.startswith("Ctrl-C"):
            return said
    raise AssertionError(said)


def status_of(port: int, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path, headers={"Host": "localhost"})
    status = connection.getresponse().status
    connection.close()
    return status


def wait_until_free(port: int) -> None:
    for _attempt in range(100):
        with socket.socket() as attempt:
            if attempt.connect_ex(("127.0.0.1", port)):
                return
        time.sleep(0.1)
    raise AssertionError(f"something still listens on port {port}")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_opens_says_who_to_be_and_stops_whole(opened: Demo, port: int, how: signal.Signals):
    process = opened(port)
    said = what_it_says_until_open(process)
    assert f"Alder Creek is open: http://localhost:{port}" in said
    for role in ("patient", "front desk", "counselor", "prescriber", "administrator"):
        assert f"  {role} " in said
    assert status_of(port, "/") == 200
    process.send_signal(how)
    assert process.wait(15) == 0
    wait_until_free(port)


def test_killed_it_leaves_nobody_holding_its_port(opened: Demo, port: int):
    process = opened(port)
    what_it_says_until_open(process)
    process.kill()
    process.wait()
    wait_until_free(port)


def test_a_port_that_is_taken_is_said_at_once(opened: Demo, port: int):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        process = opened(port)
        said, _nothing = process.communicate(timeout=30)
    assert process.returncode == 2
    assert said.startswith(f"Port {port} cannot be used on 127.0.0.1: address already in use.")
    assert said.endswith(f"Choose another with --port, such as --port {port + 1}.\n")


def test_one_that_fails_to_be_built_leaves_the_one_before(
    database_server: Server,
    alder_creek: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    from stepwell.config import migrating
    from stepwell.demo import builder

    def fails(*, patients: int, progress: object, scans: bool) -> None:
        raise Unusable("The disk is full.")

    monkeypatch.setattr(demo, "ALDER_CREEK", alder_creek)
    monkeypatch.setattr(demo, "BEING_BUILT", f"{alder_creek}_being_built")
    monkeypatch.setattr(migrating, "migrate", lambda _owner: None)
    monkeypatch.setattr(migrating, "filling", lambda _owner: nullcontext())
    monkeypatch.setattr(builder, "build", fails)
    with pytest.raises(Unusable, match="disk is full"):
        demo.build(database_server, 3)
    assert roles.database_exists(database_server, alder_creek)
    roles.drop_database(database_server, f"{alder_creek}_being_built")


def test_its_terminal_tells_of_no_seal_and_still_of_what_goes_wrong():
    log = logging.getLogger("stepwell.audit")
    level = log.level
    try:
        demo.keep_quiet()
        assert not log.isEnabledFor(logging.INFO)
        assert log.isEnabledFor(logging.WARNING)
    finally:
        log.setLevel(level)
