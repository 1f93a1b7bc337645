"""The process whose child a local PostgreSQL is.

Many commands may use the server at once: a demonstration, a shell beside it, two runs of the tests. Each
holds a shared lock on one file for as long as it uses the server, which the kernel lets go however that
command ends. The keeper starts the server, starts it again should it die, and ends it, and itself, when
nobody holds the lock. Should the keeper be killed, the kernel ends the server, and the next user of it
starts another keeper.
"""

import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import IO

from stepwell.config.postgres import cluster
from stepwell.config.postgres.binaries import Binaries
from stepwell.config.postgres.places import Place, Unusable, place

HOW_OFTEN_TO_LOOK = 0.3
STARTS_TO_TRY = 14
LONGEST_PAUSE = 2.0
WELL_AFTER = 60.0


class Keeper:
    def __init__(self, where: Place, found: Binaries, *, for_tests: bool) -> None:
        self.place = where
        self.binaries = found
        self.for_tests = for_tests
        self.asked_to_stop = False
        self.server: subprocess.Popen[bytes] | None = None

    def run(self) -> int:
        signal.signal(signal.SIGTERM, self._ask_to_stop)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        with self.place.keeper_lock.open("a+") as alone:
            if not _lock(alone, fcntl.LOCK_EX, patience=1.0):
                return 0  # Another keeper is at work.
            alone.truncate(0)
            alone.write(f"{os.getpid()}\n")
            alone.flush()
            with self.place.users_lock.open("a+") as users:
                self._keep(users)
        return 0

    def _keep(self, users: IO[str]) -> None:
        cluster.make(self.place, self.binaries)
        settings = cluster.SETTINGS | (cluster.SETTINGS_FOR_TESTS if self.for_tests else {})
        deaths, started_at = 0, time.monotonic()
        # Once nobody uses the server, this lock is ours until it is down: a newcomer waits for it.
        while not (self.asked_to_stop or _lock(users, fcntl.LOCK_EX)):
            if self.server is None or self.server.poll() is not None:
                if time.monotonic() - started_at > WELL_AFTER:
                    deaths = 0
                if deaths == STARTS_TO_TRY:
                    raise Unusable(f"PostgreSQL does not stay up. Its own words are in {self.place.log}.")
                # Those who served for one that was killed may need seconds to notice, and keep its memory till then.
                time.sleep(min(HOW_OFTEN_TO_LOOK * deaths, LONGEST_PAUSE))
                deaths += 1
                started_at = time.monotonic()
                self.server = cluster.start(self.place, self.binaries, settings)
            time.sleep(HOW_OFTEN_TO_LOOK)
        if self.server is not None:
            cluster.stop(self.server)

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.asked_to_stop = True


def _lock(file: IO[str], kind: int, *, patience: float = 0.0) -> bool:
    deadline = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(file, kind | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.05)


def main(arguments: list[str]) -> int:
    name, folder, version, *rest = arguments
    try:
        return Keeper(
            place(name), Binaries(Path(folder), int(version)), for_tests="--for-tests" in rest
        ).run()
    except Unusable as refusal:
        print(f"stepwell: {refusal}", file=sys.stderr, flush=True)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
