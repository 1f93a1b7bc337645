"""Whether the lock files were made from the dependencies that `pyproject.toml` names now.

Nothing is resolved to know that: each lock file's first line says what it was made from.
"""

import hashlib
import json
import tomllib
from pathlib import Path

# Each lock file, and the arguments that tell uv what goes into it.
LOCKS = {
    "requirements.lock": ["pyproject.toml"],
    "requirements-dev.lock": ["pyproject.toml", "--group", "dev"],
    "requirements-postgres.lock": ["--group", "local-postgres"],
}
MARK = "# made from dependencies "


def fingerprint(root: Path) -> str:
    """What stands for the dependency tables of `pyproject.toml`."""
    tables = tomllib.loads((root / "pyproject.toml").read_text())
    project = tables["project"]
    told = [project["requires-python"], project["dependencies"], tables.get("dependency-groups", {})]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


def mark(lock: Path) -> None:
    """Write down, in the lock file, what it was made from."""
    lines = [line for line in lock.read_text().splitlines() if not line.startswith(MARK)]
    lock.write_text("\n".join([MARK + fingerprint(lock.parent), *lines]) + "\n")


def stale_locks(root: Path) -> list[str]:
    """Each lock file that was made from other dependencies, in words."""
    now = fingerprint(root)
    stale = []
    for name in LOCKS:
        lock = root / name
        first = lock.read_text().partition("\n")[0] if lock.exists() else ""
        if first != MARK + now:
            stale.append(
                f"{name} was not made from the dependencies in pyproject.toml; make it with ./stepwell lock"
            )
    return stale
