"""The environment is made once, made again when its lock changes, and mended when somebody was interrupted."""

import subprocess
import sys
from pathlib import Path

import pytest

from stepwell.config.cli import environment
from stepwell.config.cli.arguments import Needs
from stepwell.config.cli.environment import CannotMake, Environment


class Installer:
    """Stands in for venv and pip: makes the folder, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.breaks = False

    def run(self, command: list[str], refusal: str) -> None:
        if "venv" in command:
            self.asked.append("venv")
            folder = Path(command[-1])
            (folder / "bin").mkdir(parents=True)
            (folder / "bin" / "python").symlink_to(sys.executable)
            (folder / "lib" / "python3.11" / "site-packages").mkdir(parents=True)
        else:
            self.asked.append(Path(command[-1]).name)
            if self.breaks:
                raise CannotMake(refusal)


@pytest.fixture
def installer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Installer:
    installer = Installer()
    monkeypatch.setattr(environment, "_run", installer.run)
    for needs in Needs:
        (tmp_path / needs.value).write_text("django==5.2.1")
    monkeypatch.setattr(environment, "LOCKS", {needs: tmp_path / needs.value for needs in Needs})
    return installer


@pytest.fixture
def venv(tmp_path: Path, installer: Installer) -> Environment:
    return Environment(tmp_path / ".venv", source=tmp_path / "src")


def test_it_is_made_once(venv: Environment, installer: Installer):
    venv.ensure(Needs.RUNNING)
    venv.ensure(Needs.RUNNING)
    assert installer.asked == ["venv", "requirements.lock"]


def test_our_code_is_found_from_it_by_a_path_that_moves_with_the_clone(venv: Environment):
    venv.ensure(Needs.RUNNING)
    [link] = venv.folder.glob("lib/*/site-packages/stepwell.pth")
    assert link.read_text() == "../../../../src\n"


def test_what_developing_needs_serves_running_too(venv: Environment, installer: Installer):
    venv.ensure(Needs.DEVELOPING)
    venv.ensure(Needs.RUNNING)
    assert installer.asked == ["venv", "requirements-dev.lock"]


def test_a_changed_lock_is_installed_into_what_is_there(
    venv: Environment, installer: Installer, tmp_path: Path
):
    venv.ensure(Needs.RUNNING)
    (tmp_path / "requirements.lock").write_text("django==5.2.2")
    venv.ensure(Needs.RUNNING)
    assert installer.asked == ["venv", "requirements.lock", "requirements.lock"]


def test_one_that_was_interrupted_is_made_anew(venv: Environment, installer: Installer):
    installer.breaks = True
    with pytest.raises(CannotMake, match=r"requirements\.lock could not be installed"):
        venv.ensure(Needs.RUNNING)
    assert not venv.is_fresh(Needs.RUNNING)
    installer.breaks = False
    venv.ensure(Needs.RUNNING)
    assert installer.asked == ["venv", "requirements.lock", "venv", "requirements.lock"]
    assert venv.is_fresh(Needs.RUNNING)


def test_one_whose_python_is_gone_is_made_anew(venv: Environment, installer: Installer):
    venv.ensure(Needs.RUNNING)
    venv.python.unlink()
    venv.ensure(Needs.RUNNING)
    assert installer.asked == ["venv", "requirements.lock"] * 2


def test_without_the_venv_module_the_one_command_to_type_is_said(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(environment, "_has_venv", lambda: False)
    monkeypatch.setattr(environment.debian, "install", lambda *_names, say: False)
    monkeypatch.setattr(environment.shutil, "which", lambda name: f"/usr/bin/{name}")
    with pytest.raises(CannotMake, match="sudo apt-get install python3-venv"):
        environment.need_venv_module()


def test_two_at_once_wait_for_each_other(tmp_path: Path):
    """Each holds the lock while it writes two lines; no pair is torn apart."""
    script = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from stepwell.config.cli.environment import _one_at_a_time\n"
        "folder = Path(sys.argv[1])\n"
        "with _one_at_a_time(folder / 'lock'), (folder / 'lines').open('a', buffering=1) as out:\n"
        "    out.write(f'{sys.argv[2]}\\n'); time.sleep(0.2); out.write(f'{sys.argv[2]}\\n')\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    both = [subprocess.Popen([*command, name], stderr=subprocess.DEVNULL) for name in ("a", "b")]
    assert [each.wait(20) for each in both] == [0, 0]
    assert (tmp_path / "lines").read_text().split() in (["a", "a", "b", "b"], ["b", "b", "a", "a"])
