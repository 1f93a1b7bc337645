"""`./stepwell lock`: resolve the dependencies anew, and write down what they were resolved from."""

import argparse
import shutil
import subprocess

from stepwell.config.cli.environment import ROOT
from stepwell.config.dependencies import LOCKS, mark
from stepwell.config.postgres.places import Unusable


def run(_arguments: argparse.Namespace) -> int:
    uv = shutil.which("uv")
    if uv is None:
        raise Unusable("Making the lock files takes uv. Install it (pipx install uv), then try again.")
    for lock, groups in LOCKS.items():
        command = [
            uv,
            "pip",
            "compile",
            "--universal",
            "--generate-hashes",
            "--no-header",
            "--quiet",
            *groups,
        ]
        done = subprocess.run([*command, "--output-file", lock], cwd=ROOT, check=False)
        if done.returncode != 0:
            return done.returncode
        mark(ROOT / lock)
        print(f"{lock} is fresh.")
    return 0
