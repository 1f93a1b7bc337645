"""The checks that another program makes: format, lint, types, import contracts."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

RUFF = [sys.executable, "-m", "ruff"]


def format_faults(root: Path) -> Iterator[str]:
    yield from _run(
        root,
        *RUFF,
        "format",
        "--check",
        "--output-format=concise",
        ".",
        "stepwell",
        mend="mend with: ruff format",
    )


def lint_faults(root: Path) -> Iterator[str]:
    yield from _run(root, *RUFF, "check", "--output-format=concise", "--quiet", ".", "stepwell")


def type_faults(root: Path) -> Iterator[str]:
    yield from _run(root, sys.executable, "-m", "mypy", "--no-error-summary", "--no-color-output")


def import_faults(root: Path) -> Iterator[str]:
    yield from _run(
        root,
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command as c; c()",
        "--no-cache",
    )


def _run(root: Path, *command: str, mend: str = "") -> Iterator[str]:
    environment = {**os.environ, "PYTHONPATH": str(root / "src"), "NO_COLOR": "1", "COLUMNS": "160"}
    done = subprocess.run(
        command,
        cwd=root,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        return
    lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    yield from lines or [f"{command[2]} ended with {done.returncode} and said nothing"]
    if mend:
        yield mend
