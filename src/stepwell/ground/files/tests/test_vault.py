"""What is kept is encrypted, whole, and found by nobody else; what was changed is noticed."""

import errno
import hashlib
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stepwell.ground.files import vault as vaults
from stepwell.ground.files.vault import HEADER, PIECE, TAG, Damaged, Gone, Vault
from stepwell.ground.kit.refusals import Refused

OLD, NEW = (
    "the first key of the tests, long enough to be one",
    "the second key of the tests, long enough to be one",
)
A_CARD = b"the front of a card, number 1234" * 10_000


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "files", [OLD])


def read(vault: Vault, name: str) -> bytes:
    return b"".join(vault.read(name))


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.one_of(st.binary(max_size=200), st.integers(PIECE - 2, 2 * PIECE + 2).map(lambda size: b"x" * size))
)
def test_what_is_put_is_read_again(vault: Vault, data: bytes):
    kept = vault.put(data)
    assert read(vault, kept.name) == data
    assert (kept.sha256, kept.size) == (hashlib.sha256(data).hexdigest(), len(data))


def test_nobody_reads_it_on_the_disk(vault: Vault):
    kept = vault.put(A_CARD)
    path = vault.path(kept.name)
    assert b"card" not in path.read_bytes() and b"1234" not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == vault.folder.stat().st_mode & 0o777 == 0o700


def test_the_same_bytes_twice_look_like_nothing_of_each_other(vault: Vault):
    one, other = (vault.path(vault.put(A_CARD).name).read_bytes() for _time in range(2))
    assert one[HEADER:] != other[HEADER:]


def _whole(data: bytes) -> list[bytes]:
    body = data[HEADER:]
    step = PIECE + TAG
    return [body[at : at + step] for at in range(0, len(body), step)]


@pytest.mark.parametrize(
    "change",
    [
        lambda head, pieces: head + b"".join(pieces[:-1]),  # The last piece left out.
        lambda head, pieces: head + pieces[1] + pieces[0] + b"".join(pieces[2:]),  # Two swapped.
        lambda head, pieces: head + b"".join(pieces) + pieces[-1],  # One more.
        lambda head, pieces: head + b"".join(pieces)[:-1],  # Cut off.
        lambda head, pieces: head[:-1] + bytes([head[-1] ^ 1]) + b"".join(pieces),  # Another salt.
        lambda head, pieces: head + bytes([pieces[0][0] ^ 1]) + b"".join(pieces)[1:],
        lambda head, pieces: b"XXXX" + head[4:] + b"".join(pieces),
        lambda _head, _pieces: b"",
    ],
)
def test_what_was_changed_is_noticed(vault: Vault, change: Any):
    kept = vault.put(A_CARD)
    path = vault.path(kept.name)
    data = path.read_bytes()
    path.write_bytes(change(data[:HEADER], _whole(data)))
    with pytest.raises(Damaged):
        read(vault, kept.name)


def test_a_key_may_be_changed_and_the_old_files_still_open(vault: Vault):
    kept = vault.put(A_CARD)
    both = Vault(vault.folder, [NEW, OLD])
    assert read(both, kept.name) == A_CARD
    newer = both.put(A_CARD)
    with pytest.raises(Damaged, match="no key"):
        read(vault, newer.name)
    assert read(Vault(vault.folder, [NEW]), newer.name) == A_CARD


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "a" * 47, "A" * 48, "a" * 47 + "/", "a" * 48])
def test_only_names_of_ours_are_looked_for(vault: Vault, name: str):
    with pytest.raises(Gone):
        vault.read(name)


@pytest.mark.parametrize("when", ["write", "fsync", "rename"])
def test_a_full_disk_is_said_kindly_and_leaves_nothing(
    vault: Vault, monkeypatch: pytest.MonkeyPatch, when: str
):
    def full(*_args: Any, **_more: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    if when == "write":
        monkeypatch.setattr(vaults.os, "fdopen", _fdopen_that_is_full)
    elif when == "fsync":
        monkeypatch.setattr(vaults.os, "fsync", full)
    else:
        monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(Refused, match="no room left"):
        vault.put(A_CARD)
    assert [path for path in vault.folder.rglob("*") if path.is_file()] == []


def _fdopen_that_is_full(handle: int, *_args: Any) -> Any:
    os.close(handle)
    return open("/dev/full", "wb", buffering=0)  # The kernel's own full disk.


def test_without_a_key_nothing_is_kept(tmp_path: Path):
    with pytest.raises(Refused, match="STEPWELL_FILES_KEY is missing"):
        Vault(tmp_path / "files", []).put(A_CARD)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
