"""Where the bytes lie: outside of anything that is served, each under a name by chance, each encrypted.

AES-256-GCM in pieces of 64 KB, so that a file is read as it is sent, and every piece is checked before a byte of it
leaves (the STREAM construction: the nonce counts the pieces and marks the last, so that none can be left out, swapped
or cut off). Each file has a key of its own, derived by HKDF from one of the installation's keys and a salt by chance.
The file begins with a mark, the name of that key, and the salt.
"""

import contextlib
import errno
import hashlib
import os
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext as _

from stepwell.ground.kit.refusals import Refused

MARK = b"SWF1"
SALT = 16
KEY_NAME = 8
HEADER = len(MARK) + KEY_NAME + SALT
PIECE = 64 * 1024
TAG = 16
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Damaged(Exception):
    """The bytes are not those that were kept, or no key of ours opens them."""


class Gone(Exception):
    """There is nothing of that name."""


@dataclass(frozen=True)
class Kept:
    """What is remembered of a file: its name in the vault, its hash as it came, and how large it is."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Vault:
    folder: Path
    keys: Sequence[str]

    def put(self, data: bytes) -> Kept:
        """Keep these bytes: whole under their name, or not at all. Raises Refused when there is no room."""
        name = secrets.token_hex(24)
        place = self.path(name)
        unfinished = place.with_name(f".{name}.unfinished")
        try:
            self._make(place.parent)
            with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                for piece in self._encrypted(data):
                    out.write(piece)
                out.flush()
                os.fsync(out.fileno())
            unfinished.rename(place)
            _keep_the_name(place.parent)
        except BaseException as error:
            with contextlib.suppress(OSError):
                unfinished.unlink()
            if isinstance(error, OSError) and error.errno in NO_ROOM:
                raise Refused(
                    _("There is no room left to keep this. Tell your administrator. Nothing was saved."),
                    field="file",
                ) from error
            raise
        return Kept(name, hashlib.sha256(data).hexdigest(), len(data))

    def read(self, name: str) -> Iterator[bytes]:
        """The bytes, piece by piece, each checked first. Raises Gone at once, and Damaged where it is."""
        try:
            file = self.path(name).open("rb")
        except FileNotFoundError as error:
            raise Gone(name) from error
        return self._pieces(file)

    def forget(self, name: str) -> None:
        """Take back what was put a moment ago, when the act that it was part of is undone."""
        with contextlib.suppress(FileNotFoundError):
            self.path(name).unlink()

    def path(self, name: str) -> Path:
        """Only names that we made: nothing that anybody typed becomes a path."""
        if len(name) != 48 or not all(sign in "0123456789abcdef" for sign in name):
            raise Gone(name)
        return self.folder / name[:2] / name

    def _make(self, folder: Path) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)

    # ---------- the bytes ----------

    def _encrypted(self, data: bytes) -> Iterator[bytes]:
        if not self.keys:
            raise Refused(_("Files cannot be kept here yet: STEPWELL_FILES_KEY is missing."), field="file")
        secret, salt = self.keys[0], secrets.token_bytes(SALT)
        header = MARK + name_of_key(secret) + salt
        cipher = AESGCM(_key(secret, salt))
        yield header
        count = max(-(-len(data) // PIECE), 1)
        for number in range(count):
            piece = data[number * PIECE : (number + 1) * PIECE]
            yield cipher.encrypt(_nonce(number, is_last=number == count - 1), piece, header)

    def _pieces(self, file: "object") -> Iterator[bytes]:
        with file as source:  # type: ignore[attr-defined]
            header = source.read(HEADER)
            if len(header) != HEADER or not header.startswith(MARK):
                raise Damaged("no header of ours")
            named, salt = header[len(MARK) : len(MARK) + KEY_NAME], header[-SALT:]
            secret = next((key for key in self.keys if name_of_key(key) == named), None)
            if secret is None:
                raise Damaged("no key that we have")
            cipher = AESGCM(_key(secret, salt))
            piece, number = source.read(PIECE + TAG), 0
            while True:
                following = source.read(PIECE + TAG)
                try:
                    yield cipher.decrypt(_nonce(number, is_last=not following), piece, header)
                except InvalidTag as error:
                    raise Damaged(f"piece {number}") from error
                if not following:
                    return
                piece, number = following, number + 1


def _key(secret: str, salt: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=salt, info=b"stepwell files").derive(
        secret.encode()
    )


def name_of_key(secret: str) -> bytes:
    """Tells keys apart, and nothing about them."""
    derived = HKDF(algorithm=hashes.SHA256(), length=KEY_NAME, salt=None, info=b"stepwell name of a key")
    return derived.derive(secret.encode())


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if is_last else b"\x00")


def _keep_the_name(folder: Path) -> None:
    """A rename is only sure when the folder is written, too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def ours() -> Vault:
    """The vault of this installation."""
    return Vault(settings.STEPWELL_FILES_DIR, settings.STEPWELL_FILES_KEYS)
