"""One local cluster: made once, cleared of what an earlier server left, started as our own child."""

import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from stepwell.config.postgres.binaries import Binaries
from stepwell.config.postgres.places import Account, Place, Unusable, is_linux

SUPERUSER = "postgres"
PR_SET_PDEATHSIG = 1

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "100",
    # A restore is one transaction that makes every table, index and key, and holds a lock on each: PostgreSQL's own
    # 64 leave room for one of them at a time.
    "max_locks_per_transaction": "512",
    "jit": "off",
    "log_checkpoints": "off",
}
# The tests' data is worth nothing after the run: it need not survive the machine losing power.
SETTINGS_FOR_TESTS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_wal_size": "2GB",
}


def die_with_parent(how: int) -> Callable[[], None]:
    """What a child runs first, so that the kernel ends it when its parent dies, however it dies."""
    libc = ctypes.CDLL(None, use_errno=True) if is_linux() else None

    def promise() -> None:
        if libc is not None:
            libc.prctl(PR_SET_PDEATHSIG, how)

    return promise


def make(place: Place, binaries: Binaries) -> None:
    """Make the data folder, whole or not at all."""
    if (place.data / "PG_VERSION").exists():
        made_by = int((place.data / "PG_VERSION").read_text().strip())
        if made_by != binaries.version:
            raise Unusable(
                f"The data in {place.data} was made by PostgreSQL {made_by}, and this machine now has "
                f"{binaries.version}. Install PostgreSQL {made_by} beside it, or move the folder away to begin anew."
            )
        return
    half_made = place.folder / "data.new"
    shutil.rmtree(half_made, ignore_errors=True)
    half_made.mkdir(mode=0o700)
    if not place.account.is_me:
        os.chown(half_made, place.account.uid, place.account.gid)
    said = ""
    for locale in _locales(binaries.version):
        done = _run_as(
            place.account,
            [
                binaries.program("initdb"),
                "-D",
                str(half_made),
                "-U",
                SUPERUSER,
                "-A",
                "trust",
                "-E",
                "UTF8",
                *locale,
            ],
        )
        if done.returncode == 0:
            half_made.rename(place.data)
            return
        said = done.stderr
    raise Unusable(f"PostgreSQL could not make its data folder {place.data}: {said.strip()[-500:]}")


def _locales(version: int) -> list[list[str]]:
    """How to ask for code-point order in UTF-8, the best way first."""
    ways = [["--locale=C.UTF-8"], ["--locale=C"]]
    if version >= 17:
        builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        ways = [[*builtin, "--locale=C.UTF-8"], [*builtin, "--locale=C"], *ways]
    return ways


def _run_as(account: Account, command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        **_identity(account),
        cwd="/",
        env=_environment(account),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def _identity(account: Account) -> dict[str, Any]:
    return {} if account.is_me else {"user": account.uid, "group": account.gid, "extra_groups": []}


def _environment(account: Account) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "TZDIR") if name in os.environ}
    return {**kept, "HOME": account.home, "LC_ALL": "C", "TZ": "UTC"}


def start(place: Place, binaries: Binaries, settings: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start the server as a direct child of this process."""
    clear(place)
    words = [binaries.program("postgres"), "-D", str(place.data), "-k", str(place.socket_directory)]
    for name, value in settings.items():
        words += ["-c", f"{name}={value}"]
    with place.log.open("ab") as log:
        return subprocess.Popen(
            words,
            **_identity(place.account),
            cwd="/",
            env=_environment(place.account),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGINT),
        )


def stop(server: subprocess.Popen[bytes]) -> None:
    """End the server: politely, then at once, then by force. Nothing committed is lost either way."""
    for how, patience in ((signal.SIGINT, 20), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
        if server.poll() is not None:
            return
        server.send_signal(how)
        try:
            server.wait(patience)
        except subprocess.TimeoutExpired:
            continue


def clear(place: Place) -> None:
    """End what an earlier server left running in this data folder, and remove the mark of one that is gone."""
    for how, patience in ((signal.SIGINT, 5.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
        left = processes_in(place.data)
        for process in left:
            _signal(process, how)
        deadline = time.monotonic() + patience
        while left and time.monotonic() < deadline:
            time.sleep(0.05)
            left = processes_in(place.data)
        if not left:
            break
    else:
        raise Unusable(f"A server from an earlier start still runs in {place.data} and cannot be ended.")
    if is_linux():
        # Its process number may since belong to something else, which would keep a new server from starting.
        (place.data / "postmaster.pid").unlink(missing_ok=True)


def processes_in(data: Path) -> list[int]:
    """The living processes of a server in that data folder: each has it as its working directory."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if os.readlink(entry / "cwd") != str(data):
                continue
            state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if state not in "ZX":
            found.append(int(entry.name))
    return found


def _signal(process: int, how: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, how)
