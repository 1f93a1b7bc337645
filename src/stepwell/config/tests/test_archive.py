"""A backup is whole or absent; a restore brings every row back, or changes nothing."""

import tarfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from stepwell.config import archive
from stepwell.config.postgres import roles
from stepwell.config.postgres.places import Unusable
from stepwell.config.postgres.server import Login, Server
from stepwell.config.testing.fixtures import FreshDatabase


@pytest.fixture
def full(database_server: Server, fresh_database: FreshDatabase) -> Iterator[Login]:
    """A migrated database with three sessions in it, as its owner."""
    with fresh_database() as name:
        owner = database_server.owner.to(name)
        with owner.connect() as connection:
            for key in ("a", "b", "c"):
                connection.execute("insert into django_session values (%s, '', now())", [key])
        yield owner


@pytest.fixture
def empty(database_server: Server) -> Iterator[Login]:
    name = f"stepwell_copy_empty_{uuid4().hex[:8]}"
    roles.make_database(database_server, name)
    yield database_server.owner.to(name)
    roles.drop_database(database_server, name)


def test_what_was_backed_up_comes_back(full: Login, empty: Login, tmp_path: Path):
    written = archive.write(full, tmp_path / "center.backup")
    assert written.rows["django_session"] == 3
    with archive.opened(tmp_path / "center.backup") as (contents, dump):
        archive.fill(empty, contents, dump)
    assert archive.tables_in(empty) == archive.tables_in(full)


def test_the_walls_come_back_too(full: Login, empty: Login, tmp_path: Path):
    archive.write(full, tmp_path / "center.backup")
    with archive.opened(tmp_path / "center.backup") as (contents, dump):
        archive.fill(empty, contents, dump)

    def walls(login: Login) -> list[object]:
        with login.connect() as connection:
            return connection.execute(
                "select tablename, policyname, qual from pg_policies order by 1, 2"
            ).fetchall()  # type: ignore[return-value]

    assert walls(empty) == walls(full)
    assert walls(full)


def test_only_its_reader_may_read_a_backup(full: Login, tmp_path: Path):
    archive.write(full, tmp_path / "center.backup")
    assert (tmp_path / "center.backup").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["center.backup"]


def test_a_backup_that_cannot_be_made_leaves_an_older_one_as_it_was(full: Login, tmp_path: Path):
    (tmp_path / "center.backup").write_text("an older one")
    with pytest.raises(Exception, match="does not exist"):
        archive.write(full.to("nothing_of_that_name"), tmp_path / "center.backup")
    assert (tmp_path / "center.backup").read_text() == "an older one"


def test_a_damaged_backup_is_refused(full: Login, tmp_path: Path):
    file = tmp_path / "center.backup"
    archive.write(full, file)
    with tarfile.open(file) as whole:
        begins = whole.getmember(archive.DUMP).offset_data
    content = bytearray(file.read_bytes())
    content[begins + 5000] ^= 1
    file.write_bytes(content)
    with pytest.raises(Unusable, match="is damaged"), archive.opened(file):
        pass


def test_something_else_is_refused(tmp_path: Path):
    (tmp_path / "letter.txt").write_text("Dear Maya")
    with (
        pytest.raises(Unusable, match="is not a backup that"),
        archive.opened(tmp_path / "letter.txt"),
    ):
        pass


def test_a_restore_that_lacks_a_row_changes_nothing(full: Login, tmp_path: Path):
    archive.write(full, tmp_path / "center.backup")
    with full.connect() as connection:
        connection.execute("insert into django_session values ('d', '', now())")
    with archive.opened(tmp_path / "center.backup") as (contents, dump):
        contents.rows["django_session"] = 5
        with pytest.raises(Unusable, match="django_session had 5 rows"):
            archive.fill(full, contents, dump)
    assert archive.tables_in(full)["django_session"] == 4


def _with_a_scan(full: Login, tmp_path: Path) -> tuple[Path, Path, str]:
    folder, name = tmp_path / "scans", "ab" * 24
    (folder / name[:2]).mkdir(parents=True)
    (folder / name[:2] / name).write_bytes(b"a scan, encrypted")
    (folder / name[:2] / f".{name}.unfinished").write_bytes(b"half")
    archive.write(full, tmp_path / "center.backup", folder)
    return tmp_path / "center.backup", folder, name


def test_scans_are_kept_and_what_is_half_written_is_not(full: Login, tmp_path: Path):
    file, _folder, name = _with_a_scan(full, tmp_path)
    with tarfile.open(file) as whole:
        assert [entry for entry in whole.getnames() if entry.startswith("files/")] == [f"files/ab/{name}"]


def test_a_scan_that_was_changed_in_the_backup_is_refused(full: Login, tmp_path: Path):
    file, _folder, name = _with_a_scan(full, tmp_path)
    with tarfile.open(file) as whole:
        begins = whole.getmember(f"files/ab/{name}").offset_data
    content = bytearray(file.read_bytes())
    content[begins] ^= 1
    file.write_bytes(content)
    with archive.opened(file) as (contents, _dump), pytest.raises(Unusable, match="not what was written"):
        archive.put_files_back(file, contents, tmp_path / "back")
    assert [path for path in (tmp_path / "back").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("name", ["../../etc/passwd", "ab/../x", "/etc/passwd", "ab/" + "cd" * 24, "ab/x"])
def test_a_name_that_is_not_ours_comes_out_of_no_backup(full: Login, tmp_path: Path, name: str):
    file, _folder, _name = _with_a_scan(full, tmp_path)
    with archive.opened(file) as (contents, _dump):
        contents.files[name] = "0" * 64
        with pytest.raises(Unusable, match="not one of ours"):
            archive.put_files_back(file, contents, tmp_path / "back")


def test_a_backup_from_before_there_were_scans_is_read(full: Login, tmp_path: Path):
    archive.write(full, tmp_path / "center.backup")
    with archive.opened(tmp_path / "center.backup") as (contents, _dump):
        assert archive.put_files_back(tmp_path / "center.backup", contents, tmp_path / "back") == 0
