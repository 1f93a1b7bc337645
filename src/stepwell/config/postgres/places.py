"""Where a local PostgreSQL keeps its data and its socket, and which user it runs as.

Its data must lie where that user can reach it: a clone under a closed home directory cannot hold the
data of a server that root has started for an unprivileged user. A socket's path must be shorter than
107 bytes, so it never lies inside the clone.
"""

import contextlib
import hashlib
import os
import pwd
import stat
import sys
from dataclasses import dataclass
from pathlib import Path

CLONE = Path(__file__).resolve().parents[4]
LONGEST_SOCKET_DIRECTORY = 107 - len("/.s.PGSQL.5432.lock")


class Unusable(Exception):
    """A place or a server that cannot be used, with the sentence that says why and what to do."""


@dataclass(frozen=True)
class Account:
    """The operating system's user that the server runs as."""

    name: str
    uid: int
    gid: int
    home: str

    @property
    def is_me(self) -> bool:
        return self.uid == os.geteuid()


@dataclass(frozen=True)
class Place:
    """One local cluster: its folder and its socket."""

    name: str
    folder: Path
    socket_directory: Path
    account: Account

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def users_lock(self) -> Path:
        """Held, shared, by every process that uses the server."""
        return self.folder / "users.lock"

    @property
    def keeper_lock(self) -> Path:
        """Held, alone, by the process whose child the server is."""
        return self.folder / "keeper.lock"

    def make(self) -> None:
        """Make the folders, each reachable by the account and the socket by nobody else."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.socket_directory.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            self.socket_directory.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(self.socket_directory, self.account.uid, self.account.gid, follow_symlinks=False)
        # Whoever can reach the socket is let in, so the folder around it is the lock on the door.
        found = os.lstat(self.socket_directory)
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != self.account.uid:
            raise Unusable(
                f"{self.socket_directory} belongs to someone else. Remove it, or set STEPWELL_RUNTIME_DIR "
                "to a short path of your own."
            )
        os.chmod(self.socket_directory, 0o700)


def account(data: Path) -> Account:
    """Who the server runs as: whoever its data belongs to already; or else me, or somebody without rights.

    PostgreSQL refuses to run as root. A package that is installed later brings an account of its own, so what
    was once begun as somebody stays with them.
    """
    if os.geteuid() != 0:
        return _account(pwd.getpwuid(os.geteuid()))
    if data.exists():
        return _account(pwd.getpwuid(data.stat().st_uid))
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return _account(pwd.getpwnam(name))
    raise Unusable(
        "PostgreSQL does not run as root, and this machine has no account named postgres or nobody."
    )


def _account(entry: pwd.struct_passwd) -> Account:
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, entry.pw_dir)


def place(name: str, *, clone: Path = CLONE) -> Place:
    """The place of the cluster of that name in this clone."""
    key = hashlib.sha256(str(clone).encode()).hexdigest()[:10]
    if os.geteuid() == 0:
        folder = Path("/var/lib/stepwell") / key / name
        runtime = Path("/run/stepwell") if Path("/run").is_dir() else Path("/tmp/stepwell-0")  # noqa: S108 - made by us alone, and checked
    else:
        folder = clone / "var" / "postgres" / name
        own = Path(os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.geteuid()}")
        runtime = (
            own / "stepwell" if os.access(own, os.W_OK | os.X_OK) else Path(f"/tmp/stepwell-{os.geteuid()}")  # noqa: S108
        )
    if asked := os.environ.get("STEPWELL_RUNTIME_DIR"):
        runtime = Path(asked).absolute()
    socket_directory = runtime / f"{key}-{name}"
    if len(os.fsencode(socket_directory)) > LONGEST_SOCKET_DIRECTORY:
        raise Unusable(
            f"{socket_directory} is too long for a socket. Set STEPWELL_RUNTIME_DIR to a shorter path, such as /tmp/sw."
        )
    return Place(
        name=name, folder=folder, socket_directory=socket_directory, account=account(folder / "data")
    )


def is_linux() -> bool:
    return sys.platform.startswith("linux")
