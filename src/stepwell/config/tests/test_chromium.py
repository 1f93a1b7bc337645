"""A browser is found or brought for the journeys; without one there is a refusal, never a skipped journey."""

from pathlib import Path

import pytest

from stepwell.config import chromium
from stepwell.config.postgres.places import Unusable


class Machine:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: list[str] = []
        self.debian_brings: dict[str, Path] = {}

    def a_program(self, name: str) -> Path:
        program = self.folder / name
        program.write_text("#!/bin/sh\nexit 0\n")
        program.chmod(0o755)
        return program

    def install(self, package: str, *, say: object) -> bool:
        self.asked.append(package)
        if package in self.debian_brings:
            self.a_program(self.debian_brings[package].name)
        return package in self.debian_brings


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Machine:
    """A machine with nothing on it that works, but for Playwright's driver."""
    machine = Machine(tmp_path)
    monkeypatch.delenv(chromium.NAMED_IN, raising=False)
    monkeypatch.setattr(chromium, "DEBIANS", tmp_path / "chromium")
    monkeypatch.setattr(chromium, "_playwrights_own", lambda: tmp_path / "own")
    monkeypatch.setattr(chromium.debian, "install", machine.install)
    monkeypatch.setattr(
        chromium.subprocess, "run", lambda command, **_rest: machine.asked.append(command[-1])
    )
    monkeypatch.setattr(chromium, "_starts", lambda _program: True)
    return machine


def test_the_one_that_is_named_comes_first(machine: Machine, monkeypatch: pytest.MonkeyPatch):
    named = machine.a_program("mine")
    machine.a_program("chromium")
    monkeypatch.setenv(chromium.NAMED_IN, str(named))
    assert chromium.chromium() == str(named)


def test_one_that_is_named_and_not_there_is_refused(machine: Machine, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(chromium.NAMED_IN, "/nowhere/chromium")
    with pytest.raises(Unusable, match="STEPWELL_CHROMIUM names /nowhere/chromium, which is not there"):
        chromium.chromium()


def test_debians_is_used_and_nothing_is_brought(machine: Machine):
    there = machine.a_program("chromium")
    assert chromium.chromium() == str(there)
    assert machine.asked == []


def test_debians_is_brought_before_playwrights(machine: Machine):
    machine.debian_brings["chromium"] = machine.folder / "chromium"
    assert chromium.chromium() == str(machine.folder / "chromium")
    assert machine.asked == ["chromium"]


def test_playwrights_own_comes_last(machine: Machine):
    own = machine.a_program("own")
    assert chromium.chromium() == str(own)


def test_with_none_the_command_to_type_is_said(machine: Machine):
    with pytest.raises(Unusable, match="sudo apt-get install chromium"):
        chromium.chromium()
    assert machine.asked == ["chromium", "chromium"]  # Debian's, then Playwright's.


def test_a_driver_that_does_not_start_is_mended_or_refused(machine: Machine, monkeypatch: pytest.MonkeyPatch):
    machine.a_program("chromium")
    monkeypatch.setattr(chromium, "_starts", lambda _program: (machine.folder / "libatomic").exists())
    with pytest.raises(Unusable, match="sudo apt-get install libatomic1"):
        chromium.chromium()
    machine.debian_brings["libatomic1"] = machine.folder / "libatomic"
    assert chromium.chromium() == str(machine.folder / "chromium")
