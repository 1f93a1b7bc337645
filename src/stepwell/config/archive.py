"""Write the whole database to one file, and fill a database from it: all of it, checked, or nothing.

The file is a tar archive of PostgreSQL's own dump, of the scans as they lie on the disk, encrypted, and of a page
that says what is in it: when it was made, by which version, the dump's hash, each scan's, and how many rows each table
had at that moment. Restoring counts them again before it commits.

A scan is kept before the row that tells of it, and neither is ever removed. So the scans are read after the moment of
the dump and hold at least what its rows name; and they are put back before the rows are.
"""

import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from stepwell.config.postgres import binaries
from stepwell.config.postgres.places import Unusable
from stepwell.config.postgres.server import Login
from stepwell.ground.kit import clock

DUMP = "database.dump"
PAGE = "contents.json"
FORMAT = 2
FILES = "files"
A_FILE = re.compile(r"([0-9a-f]{2})/(\1[0-9a-f]{46})")


@dataclass(frozen=True)
class Contents:
    """What an archive says about itself."""

    format: int
    made_at: str
    postgres: int
    sha256: str
    rows: dict[str, int]
    migrations: int
    #: The hash of each scan as it lies on the disk, by its path below the folder. Older backups have none.
    files: dict[str, str] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.rows.values())


def write(owner: Login, file: Path, files: Path | None = None) -> Contents:
    """Write an archive, which appears under its name only when it is whole and can be read back."""
    if not file.parent.is_dir():
        raise Unusable(f"There is no folder {file.parent}.")
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=".stepwell-backup-") as folder:
        dump = Path(folder) / DUMP
        with owner.connect() as connection:
            pg_dump = program("pg_dump", connection.info.server_version // 10000)
            with connection.transaction():
                # Counting and dumping see the same moment.
                connection.execute("set transaction isolation level repeatable read, read only")
                connection.execute("set local row_security = off")
                snapshot = _one(connection, "select pg_export_snapshot()")
                rows = _counts(connection)
                migrations = _one(connection, "select count(*) from django_migrations")
                _run([pg_dump, "--format=custom", f"--snapshot={snapshot}", f"--file={dump}"], owner)
            version = connection.info.server_version
        _run([program("pg_restore", version // 10000), "--list", str(dump)], None)
        scans = {path.relative_to(files).as_posix(): path for path in _scans(files)} if files else {}
        hashes = {name: _hash(path) for name, path in scans.items()}
        contents = Contents(FORMAT, clock.now().isoformat(), version, _hash(dump), rows, migrations, hashes)
        whole = Path(folder) / "whole"
        with tarfile.open(whole, "w") as archive:
            page = json.dumps(asdict(contents), indent=1).encode()
            entry = tarfile.TarInfo(PAGE)
            entry.size = len(page)
            archive.addfile(entry, io.BytesIO(page))
            archive.add(dump, DUMP)
            for name, path in scans.items():
                archive.add(path, f"{FILES}/{name}")
        whole.chmod(0o600)
        with whole.open("rb") as written:
            os.fsync(written.fileno())
        whole.rename(file)
    return contents


@contextmanager
def opened(file: Path) -> Iterator[tuple[Contents, Path]]:
    """What the archive says about itself, and its dump, checked against its hash."""
    with tempfile.TemporaryDirectory(prefix="stepwell-restore-") as folder:
        try:
            with tarfile.open(file) as archive:
                page = archive.extractfile(PAGE)
                packed = archive.extractfile(DUMP)
                if page is None or packed is None:
                    raise KeyError(DUMP)
                contents = Contents(**json.load(page))
                dump = Path(folder) / DUMP
                with dump.open("wb") as out:
                    shutil.copyfileobj(packed, out)
        except OSError as error:
            raise Unusable(f"{file} cannot be read: {error.strerror or error}.") from error
        except (tarfile.TarError, KeyError, TypeError, ValueError, EOFError) as error:
            raise Unusable(f"{file} is not a backup that './stepwell backup' wrote.") from error
        if _hash(dump) != contents.sha256:
            raise Unusable(f"{file} is damaged: its contents are not what was written.")
        yield contents, dump


def _scans(folder: Path) -> Iterator[Path]:
    """Every whole scan in the folder; what is being written now is not one yet."""
    for path in sorted(folder.glob("??/*")):
        if A_FILE.fullmatch(path.relative_to(folder).as_posix()) and path.is_file():
            yield path


def put_files_back(file: Path, contents: Contents, folder: Path) -> int:
    """Put the scans of an archive into the folder, each checked; how many were not there. Nothing is overwritten.

    Only what the page of the archive names comes out of it, under a name that could be ours.
    """
    put = 0
    if not contents.files:
        return put
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tarfile.open(file) as archive:
        for name, expected in sorted(contents.files.items()):
            if not A_FILE.fullmatch(name):
                raise Unusable(f"{file} names a scan that is not one of ours: {name[:60]}")
            place = folder / name
            if place.exists() and _hash(place) == expected:
                continue
            packed = archive.extractfile(archive.getmember(f"{FILES}/{name}"))
            if packed is None:
                raise Unusable(f"{file} is damaged: the scan {name} is missing.")
            place.parent.mkdir(mode=0o700, exist_ok=True)
            unfinished = place.with_name(f".{place.name}.unfinished")
            with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
                shutil.copyfileobj(packed, out)
                out.flush()
                os.fsync(out.fileno())
            if _hash(unfinished) != expected:
                unfinished.unlink()
                raise Unusable(f"{file} is damaged: the scan {name} is not what was written.")
            unfinished.rename(place)
            put += 1
    return put


def tables_in(owner: Login) -> dict[str, int]:
    """Each table of the database and its rows: nothing, for one that is empty."""
    with owner.connect() as connection:
        connection.execute("set row_security = off")
        return _counts(connection)


def fill(owner: Login, contents: Contents, dump: Path) -> None:
    """Put the archive in place of what the database holds, in one transaction with the count of its rows."""
    with owner.connect() as connection:
        version = connection.info.server_version // 10000
    if version < contents.postgres // 10000:
        raise Unusable(
            f"The backup is of PostgreSQL {contents.postgres // 10000}; this database is {version}."
        )
    folder = dump.parent
    script = folder / "restore.sql"
    _run([program("pg_restore", version), "--no-owner", "--no-acl", f"--file={script}", str(dump)], None)
    before, after = folder / "before.sql", folder / "after.sql"
    before.write_text(
        "set lock_timeout = '10s';\nset client_min_messages = warning;\n"
        "drop schema public cascade;\ncreate schema public;\n"
    )
    after.write_text(
        "set row_security = off;\n" + "".join(_expectation(*row) for row in contents.rows.items())
    )
    psql = [
        program("psql", version),
        "--no-psqlrc",
        "--quiet",
        "--single-transaction",
        "--set=ON_ERROR_STOP=1",
    ]
    _run([*psql, f"--file={before}", f"--file={script}", f"--file={after}"], owner)


def _expectation(table: str, rows: int) -> str:
    name = sql.Identifier("public", table).as_string(None)
    return (  # Our own table names, quoted, and numbers.
        f"do $check$ begin if (select count(*) from {name}) <> {int(rows)} then "  # noqa: S608
        f"raise exception 'the backup of % had {int(rows)} rows, and other than that came back', '{table}'; "
        "end if; end $check$;\n"
    )


def _counts(connection: psycopg.Connection[Any]) -> dict[str, int]:
    tables = connection.execute(
        "select tablename from pg_tables where schemaname = 'public' order by 1"
    ).fetchall()
    count = sql.SQL("select count(*) from {}")
    return {name: _one(connection, count.format(sql.Identifier("public", name))) for (name,) in tables}


def _one(connection: psycopg.Connection[Any], statement: LiteralString | sql.Composed) -> Any:
    row = connection.execute(statement).fetchone()
    assert row is not None
    return row[0]


def program(name: str, at_least: int) -> str:
    """A client program that is not older than the server."""
    folders = [*binaries.on_this_machine(), binaries.in_python()]
    for folder in folders:
        version = binaries.version_in(folder) if folder else None
        if folder and version and version >= at_least and os.access(folder / name, os.X_OK):
            return str(folder / name)
    found = shutil.which(name)
    if found is None:
        raise Unusable(
            f"{name} is missing. Install PostgreSQL's client programs (postgresql-client), {at_least} or newer."
        )
    return found


def _run(command: list[str], login: Login | None) -> None:
    environment = dict(os.environ)
    if login is not None:
        told = login.arguments()
        if password := told.pop("password", ""):
            environment["PGPASSWORD"] = (
                password  # Not an argument: those can be read by everyone on the machine.
            )
        command = [*command, f"--dbname={make_conninfo('', **told)}", "--no-password"]
    done = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise Unusable(f"{Path(command[0]).name} did not succeed: {done.stderr.strip()[-800:]}")


def _hash(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
