"""Use a local PostgreSQL for as long as this process needs it, starting it when it is not up."""

import atexit
import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import time
from types import TracebackType
from typing import IO, Self

import psycopg

from stepwell.config.postgres import binaries, cluster
from stepwell.config.postgres.places import CLONE, Place, Unusable, place
from stepwell.config.postgres.server import APP, OWNER, Login, Server

PATIENCE = 60.0
LONGEST_LOG = 5_000_000


class LocalServer:
    """A share in the local server of that name. The last to let go ends it."""

    def __init__(self, name: str, *, say: binaries.Say, for_tests: bool = False) -> None:
        self.place: Place = place(name)
        self.say = say
        self.for_tests = for_tests
        self._share: IO[str] | None = None
        self._programs: binaries.Binaries | None = None

    @property
    def server(self) -> Server:
        host = str(self.place.socket_directory)
        return Server(
            administrator=Login(host=host, user=cluster.SUPERUSER, database="postgres"),
            owner=Login(host=host, user=OWNER, database="postgres"),
            app=Login(host=host, user=APP, database="postgres"),
        )

    def __enter__(self) -> Self:
        if not self._is_kept():
            self._programs = binaries.find(self.say)
            # A package that was brought for it may have brought the account that the server runs as.
            self.place = place(self.place.name)
        self.place.make()
        self._share = self.place.users_lock.open("a+")
        # Waits while a keeper is taking the server down.
        fcntl.flock(self._share, fcntl.LOCK_SH)
        atexit.register(self.let_go)
        try:
            self._wait_until_up()
        except BaseException:
            self.let_go()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.let_go()

    def _wait_until_up(self) -> None:
        deadline = time.monotonic() + PATIENCE
        keeper: subprocess.Popen[bytes] | None = None
        while True:
            if self._is_kept() and self._answers():
                return
            if keeper is not None and keeper.poll():
                raise Unusable(
                    self._last_words() or f"PostgreSQL did not start. Its words are in {self.place.log}."
                )
            if not self._is_kept() and (keeper is None or keeper.poll() is not None):
                keeper = self._start_keeper()
            if time.monotonic() > deadline:
                raise Unusable(
                    f"PostgreSQL did not start in {PATIENCE:.0f} s. Its own words are in {self.place.log}."
                )
            time.sleep(0.05)

    def _start_keeper(self) -> subprocess.Popen[bytes]:
        found = self._programs or binaries.find(self.say)
        programs = binaries.reachable(found, self.place.account, beside=self.place.folder.parent)
        module = "stepwell.config.postgres.keeper"
        options = ["--for-tests"] if self.for_tests else []
        is_long = self.place.log.exists() and self.place.log.stat().st_size > LONGEST_LOG
        with self.place.log.open("wb" if is_long else "ab") as log:
            return subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    module,
                    self.place.name,
                    str(programs.folder),
                    str(programs.version),
                    *options,
                ],
                cwd="/",
                env={**os.environ, "PYTHONPATH": str(CLONE / "src")},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _is_kept(self) -> bool:
        return keeper_of(self.place) is not None

    def _answers(self) -> bool:
        try:
            self.server.administrator.connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def _last_words(self) -> str:
        words = [line for line in self.place.log.read_text(errors="replace").splitlines() if line]
        return words[-1].removeprefix("stepwell: ") if words and words[-1].startswith("stepwell: ") else ""

    def let_go(self) -> None:
        """Give up the share; when it was the last, wait until the server is down."""
        share, self._share = self._share, None
        if share is None:
            return
        atexit.unregister(self.let_go)
        with share:
            try:
                fcntl.flock(share, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return  # Others use it still.
            deadline = time.monotonic() + 30
            while (keeper := keeper_of(self.place)) is not None and time.monotonic() < deadline:
                if keeper:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(keeper, signal.SIGTERM)
                time.sleep(0.05)


def keeper_of(where: Place) -> int | None:
    """The process number of the keeper that is at work there; 0 in the moment before it has said so."""
    try:
        with where.keeper_lock.open("r+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                said = lock.read().strip()
                return int(said) if said else 0
    except FileNotFoundError:
        pass
    return None
