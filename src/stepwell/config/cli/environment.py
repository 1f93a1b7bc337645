"""Make `.venv` from a lock file, and know when it is whole and fresh. Standard library only.

A mark inside says which lock files its packages came from; another says that packages are being put in,
and staying behind it tells that somebody was interrupted. Two commands started at once wait for each other.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stepwell.config import debian
from stepwell.config.cli.arguments import Needs

ROOT = Path(__file__).resolve().parents[4]
LOCKS = {Needs.RUNNING: ROOT / Needs.RUNNING.value, Needs.DEVELOPING: ROOT / Needs.DEVELOPING.value}


class CannotMake(Exception):
    """The environment cannot be made; the words say what to do."""


class Environment:
    def __init__(self, folder: Path = ROOT / ".venv", *, source: Path = ROOT / "src") -> None:
        self.folder = folder
        self.source = source

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def mark(self) -> Path:
        return self.folder / "stepwell.json"

    @property
    def half_made(self) -> Path:
        return self.folder / "stepwell.half-made"

    def is_fresh(self, needs: Needs) -> bool:
        if self.half_made.exists():
            return False
        try:
            made_from = json.loads(self.mark.read_text())
        except (OSError, ValueError):
            return False
        return made_from.get(needs.value) == fingerprint(LOCKS[needs]) and self._runs("import sys")

    def ensure(self, needs: Needs) -> None:
        """Make the environment, or mend it, unless it is fresh."""
        if self.is_fresh(needs):
            return
        with _one_at_a_time(self.folder.parent / "var" / "environment.lock"):
            if not self.is_fresh(needs):
                self._make(needs)

    def _make(self, needs: Needs) -> None:
        lock = LOCKS[needs]
        if self.half_made.exists() or not self._runs("import pip"):
            need_venv_module()
            _say(f"Making {self.folder.name} ...")
            shutil.rmtree(self.folder, ignore_errors=True)
            _run(
                [sys.executable, "-m", "venv", str(self.folder)], "The virtual environment could not be made"
            )
        _say(f"Installing what {lock.name} names; this takes a minute, once ...")
        self.half_made.touch()
        self.mark.unlink(missing_ok=True)
        pip = [
            str(self.python),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-input",
            "--disable-pip-version-check",
        ]
        _run(
            [*pip, "--require-hashes", "-r", str(lock)], f"The packages in {lock.name} could not be installed"
        )
        self._put_source_on_path()
        # The lock for developing holds everything that the one for running does.
        held = [each for each in Needs if each is needs or needs is Needs.DEVELOPING]
        self.mark.write_text(json.dumps({each.value: fingerprint(LOCKS[each]) for each in held}))
        self.half_made.unlink()

    def _put_source_on_path(self) -> None:
        """Let Python find our own code; a relative path, so that a clone can be moved."""
        for packages in self.folder.glob("lib/python3*/site-packages"):
            (packages / "stepwell.pth").write_text(os.path.relpath(self.source, packages) + "\n")

    def _runs(self, words: str) -> bool:
        try:
            return (
                subprocess.run([self.python, "-c", words], capture_output=True, check=False).returncode == 0
            )
        except OSError:
            return False


def fingerprint(lock: Path) -> str:
    """What stands for the lock file's contents, and for the Python it was installed for."""
    return hashlib.sha256(lock.read_bytes() + repr(sys.version_info[:2]).encode()).hexdigest()


def need_venv_module() -> None:
    """Debian keeps part of Python in a package of its own: bring it when root, otherwise say how."""
    names = ("python3-venv", f"python3.{sys.version_info.minor}-venv")
    for name in names:
        if _has_venv() or (debian.install(name, say=_say) and _has_venv()):
            return
    raise CannotMake(
        f"Python's venv module is missing. Type this, then try again:\n\n    sudo apt-get install {names[0]}\n"
        if shutil.which("apt-get")
        else "Python's venv module is missing. Install it with this system's packages, then try again."
    )


def _has_venv() -> bool:
    """Asked of a new process, since this one remembers what it did not find."""
    return (
        subprocess.run(
            [sys.executable, "-c", "import venv, ensurepip"], capture_output=True, check=False
        ).returncode
        == 0
    )


@contextmanager
def _one_at_a_time(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say("Another command is making the environment; waiting for it ...")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _run(command: list[str], refusal: str) -> None:
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False)
    if done.returncode != 0:
        raise CannotMake(f"{refusal}; the words above say why. Try again when that is mended.")


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
