"""A local server outlives no one who uses it, and loses no committed row, whichever process is killed."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import psycopg
import pytest

from stepwell.config.postgres import cluster
from stepwell.config.postgres.local import LocalServer, keeper_of
from stepwell.config.postgres.places import Place, place


def a_server(where: Place) -> LocalServer:
    return LocalServer(where.name, say=lambda _words: None)


@pytest.fixture(scope="module")
def where() -> Iterator[Place]:
    """A cluster for these tests alone."""
    where = place(f"test-{os.getpid()}")
    yield where
    cluster.clear(where)
    shutil.rmtree(where.folder)
    where.socket_directory.rmdir()


def write(server: LocalServer, word: str) -> None:
    with server.server.administering() as connection:
        connection.execute("create table if not exists words (word text)")
        connection.execute("insert into words values (%s)", [word])


def words(server: LocalServer) -> list[object]:
    with server.server.administering() as connection:
        return [word for (word,) in connection.execute("select word from words").fetchall()]


def wait_until(true: object, seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.05)


def postmaster(where: Place) -> int:
    return int((where.data / "postmaster.pid").read_text().split()[0])


def test_it_is_down_when_the_last_user_has_let_go(where: Place):
    with a_server(where) as first:
        write(first, "begun")
        with a_server(where):
            assert len(cluster.processes_in(where.data)) > 1
        assert words(first) == ["begun"]
    assert cluster.processes_in(where.data) == []
    assert keeper_of(where) is None


def test_it_listens_on_no_network(where: Place):
    with a_server(where) as server, server.server.administering() as connection:
        assert connection.execute("show listen_addresses").fetchone() == ("",)
        assert where.socket_directory.stat().st_mode & 0o077 == 0


def test_a_killed_server_comes_back_with_every_row(where: Place):
    with a_server(where) as server:
        write(server, "before the server was killed")
        killed = postmaster(where)
        os.kill(killed, signal.SIGKILL)
        wait_until(lambda: server._answers() and postmaster(where) != killed)
        assert "before the server was killed" in words(server)


def test_a_killed_keeper_takes_the_server_along_and_the_next_start_has_every_row(where: Place):
    with a_server(where) as server:
        write(server, "before the keeper was killed")
        keeper = keeper_of(where)
        assert keeper
        os.kill(keeper, signal.SIGKILL)
        wait_until(lambda: not cluster.processes_in(where.data))
        with a_server(where) as another:
            assert "before the keeper was killed" in words(another)


def test_keeper_and_server_killed_together_leave_nothing_in_the_way(where: Place):
    with a_server(where) as server:
        write(server, "before both were killed")
        keeper = keeper_of(where)
        assert keeper
        os.kill(keeper, signal.SIGSTOP)  # So that it cannot start another.
        os.kill(postmaster(where), signal.SIGKILL)
        os.kill(keeper, signal.SIGKILL)
        with a_server(where) as another:
            assert "before both were killed" in words(another)


def test_a_killed_user_leaves_nothing_running(where: Place):
    script = (
        "import sys, time\n"
        "from stepwell.config.postgres.local import LocalServer\n"
        "with LocalServer(sys.argv[1], say=print) as server:\n"
        "    with server.server.administering() as connection:\n"
        "        connection.execute(\"insert into words values ('before the user was killed')\")\n"
        "    print('written', flush=True); time.sleep(60)\n"
    )
    user = subprocess.Popen([sys.executable, "-c", script, where.name], stdout=subprocess.PIPE, text=True)
    assert user.stdout
    assert user.stdout.readline() == "written\n"
    user.kill()
    user.wait()
    user.stdout.close()
    wait_until(lambda: not cluster.processes_in(where.data) and keeper_of(where) is None)
    with a_server(where) as server:
        assert "before the user was killed" in words(server)


def test_a_process_number_that_now_belongs_to_something_else_is_no_hindrance(where: Place):
    (where.data / "postmaster.pid").write_text(f"{os.getpid()}\n{where.data}\n")
    with a_server(where) as server:
        assert words(server)


def test_the_app_is_let_in_only_through_a_folder_that_is_closed_to_others(where: Place):
    with a_server(where) as server:
        server.place.socket_directory.chmod(0o755)
    with a_server(where) as server:
        assert server.place.socket_directory.stat().st_mode & 0o777 == 0o700
        with pytest.raises(psycopg.OperationalError):
            server.server.app.to("nothing_of_that_name").connect()
