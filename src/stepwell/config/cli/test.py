"""`./stepwell test`: bring a browser and what draws PDFs, then let pytest take over. Whatever follows is pytest's."""

import argparse
import os
import sys
from typing import NoReturn

from stepwell.config import chromium, paper
from stepwell.config.cli.environment import ROOT

#: One process more than the cores it is meant for, as a test that waits for a browser or a program leaves its own
#: idle. Whoever is done takes half of what another still has before it: see ``conftest.longest_first``.
TOGETHER = ["-n", "3", "--dist", "worksteal"]


def run(arguments: argparse.Namespace) -> NoReturn:
    os.environ[chromium.NAMED_IN] = chromium.chromium()
    paper.need()
    os.chdir(ROOT)
    # Tests that are asked for by name start sooner in one process.
    processes = [] if any(not word.startswith("-") for word in arguments.words) else TOGETHER
    # Takes this process's place: its exit code is ours, and its closing line the last.
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *processes, *arguments.words])
