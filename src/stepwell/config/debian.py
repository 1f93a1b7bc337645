"""Install Debian's packages when we are root. Standard library only."""

import os
import shutil
import subprocess
from collections.abc import Callable


def may_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(*packages: str, say: Callable[[str], None]) -> bool:
    """Install them; refresh the lists of packages when the first try finds them old or empty."""
    if not may_install():
        return False
    say(f"Installing {' '.join(packages)} from this system's packages ...")
    ask = [
        "apt-get",
        "install",
        "-y",
        "-q",
        "--no-install-recommends",
        "-o",
        "Dpkg::Options::=--force-confold",
    ]
    done = _run([*ask, *packages])
    if done.returncode != 0:
        _run(["apt-get", "update", "-q"])
        done = _run([*ask, *packages])
    if done.returncode != 0:
        say(done.stderr.strip()[-600:])
    return done.returncode == 0


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
