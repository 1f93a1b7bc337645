"""`./stepwell bench start`: seconds until the demonstration is open, the first time and later."""

import argparse
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from stepwell.config.bench.demonstration import opened
from stepwell.config.cli.environment import ROOT
from stepwell.config.postgres.places import place

FIRST_RUN_BUDGET, LATER_START_BUDGET = 180, 5


def run(_arguments: argparse.Namespace) -> int:
    """Begin in a copy of this clone that has nothing yet, as a newcomer would."""
    with tempfile.TemporaryDirectory(prefix="stepwell-bench-") as folder:
        clone = Path(folder) / "stepwell"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        took = []
        try:
            for name, budget in (("first run", FIRST_RUN_BUDGET), ("later start", LATER_START_BUDGET)):
                began = time.monotonic()
                with opened(clone):
                    took.append((time.monotonic() - began) <= budget)
                    print(f"{name:<12}{time.monotonic() - began:6.1f} s of {budget} s", flush=True)
        finally:
            where = place("demo", clone=clone)
            shutil.rmtree(where.folder.parent, ignore_errors=True)
            shutil.rmtree(where.socket_directory, ignore_errors=True)
    return 0 if all(took) else 1
