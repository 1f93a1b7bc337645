"""A Chromium for the journeys: the one that is named, Debian's, or Playwright's own; brought when there is none."""

import os
import subprocess
import sys
from pathlib import Path

from stepwell.config import debian
from stepwell.config.postgres.places import Unusable

DEBIANS = Path("/usr/bin/chromium")
NAMED_IN = "STEPWELL_CHROMIUM"


def chromium() -> str:
    """The program's path, with Playwright able to drive it; or a refusal that says what to install."""
    _need_driver()
    if named := os.environ.get(NAMED_IN):
        if Path(named).is_file():
            return named
        raise Unusable(f"{NAMED_IN} names {named}, which is not there.")
    if DEBIANS.exists() or debian.install("chromium", say=_say):
        return str(DEBIANS)
    own = _playwrights_own()
    if not own.is_file():
        _say("Bringing Playwright's Chromium ...")
        command = [sys.executable, "-m", "playwright", "install", "chromium"]
        subprocess.run(command, stdin=subprocess.DEVNULL, check=False)
    if own.is_file():
        return str(own)
    raise Unusable(
        "The journeys need a Chromium, and none could be brought. Type this, then try again:\n\n"
        f"    sudo apt-get install chromium\n\nor name one in {NAMED_IN}."
    )


def _need_driver() -> None:
    """Playwright's driver is a program of its own, and a small Debian lacks a library that it loads."""
    import playwright

    driver = Path(playwright.__file__).parent / "driver" / "node"
    if _starts(driver) or (debian.install("libatomic1", say=_say) and _starts(driver)):
        return
    raise Unusable(
        "Playwright's driver does not start, so the journeys cannot be walked. Type this, then try again:\n\n"
        "    sudo apt-get install libatomic1"
    )


def _starts(program: Path) -> bool:
    try:
        return subprocess.run([program, "--version"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _playwrights_own() -> Path:
    """Where Playwright keeps its Chromium; asked of a process of its own, as a test may have its loop running."""
    ask = "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    return Path(done.stdout.strip())


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
