"""How events are chained, so that one that is altered, removed, put in or moved can be found and named.

A batch holds, for each event, its number, its id, the SHA-256 of all its columns, and two bytes of each column.
The hash of a batch covers all of these and the hash of the batch before. The two bytes prove nothing; they are
there so that the column that was altered can be named.
"""

import hashlib
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID
from zlib import crc32

#: The form in which events and batches are written down before they are hashed. A new form is a new number here;
#: the old ones are kept, so that old batches can still be verified.
FORM = 2

FIRST_OF_ALL = bytes(32)

_NOTHING = struct.pack(">i", -1)
_LENGTH = struct.Struct(">i")
_ENTRY = struct.Struct(">q16s32s")

#: The columns of a row, each as text in UTF-8, or None.
Values = Sequence[bytes | None]


class Damage(StrEnum):
    ALTERED = "altered"
    REMOVED = "removed"
    INSERTED = "put in"
    MOVED = "moved"


@dataclass(frozen=True)
class Entry:
    """What a batch keeps of one event."""

    number: int
    id: UUID
    hash: bytes
    hints: tuple[int, ...]


@dataclass(frozen=True)
class Row:
    """An event as it stands in the database now. Its first two columns are its number and its id."""

    number: int
    values: Values

    @property
    def id(self) -> UUID:
        return UUID((self.values[1] or b"").decode())


@dataclass(frozen=True)
class Difference:
    """One event that is not as it was sealed: where it stood, and what differs as far as it can be known."""

    damage: Damage
    position: int | None
    number: int
    id: UUID
    columns: tuple[str, ...] = ()
    now_at: int | None = None


def written_down(values: Values, form: int = FORM) -> bytes:
    """The one way in which these columns are written: each after its length, so that no two rows look alike."""
    parts = [b"stepwell event", bytes((form, len(values)))]
    for value in values:
        if value is None:
            parts.append(_NOTHING)
        else:
            parts.append(_LENGTH.pack(len(value)))
            parts.append(value)
    return b"".join(parts)


def entry_of(row: Row, form: int = FORM) -> Entry:
    return Entry(
        row.number, row.id, hashlib.sha256(written_down(row.values, form)).digest(), hints(row.values)
    )


def hints(values: Values) -> tuple[int, ...]:
    """Two bytes of each column."""
    return tuple([0xFFFF if value is None else crc32(value) & 0xFFFF for value in values])


def _shape(columns: int) -> struct.Struct:
    return struct.Struct(f">q16s32s{columns}H")


def is_whole(manifest: bytes, rows: Sequence[Row], columns: int, form: int = FORM) -> bool:
    """Whether these are the very rows that were sealed: the quick answer, without what would tell them apart."""
    shape = _shape(columns)
    if len(manifest) != shape.size * len(rows):
        return False
    for place, row in enumerate(rows):
        number, _key, digest = _ENTRY.unpack_from(manifest, place * shape.size)
        if number != row.number or hashlib.sha256(written_down(row.values, form)).digest() != digest:
            return False
    return True


def packed(entries: Iterable[Entry], columns: int) -> bytes:
    shape = _shape(columns)
    return b"".join(shape.pack(one.number, one.id.bytes, one.hash, *one.hints) for one in entries)


def measure(manifest: bytes, columns: int) -> tuple[int, int]:
    """How many events a batch holds, and the number of the first."""
    count = len(manifest) // _shape(columns).size
    return count, _ENTRY.unpack_from(manifest)[0] if count else 0


def unpacked(manifest: bytes, columns: int) -> Iterator[Entry]:
    """The entries of a batch; as many as can be read, when somebody cut it."""
    shape = _shape(columns)
    whole = len(manifest) - len(manifest) % shape.size
    for number, key, digest, *hints in shape.iter_unpack(memoryview(manifest)[:whole]):
        yield Entry(number, UUID(bytes=key), digest, tuple(hints))


def batch_hash(
    *,
    chain: str,
    position: int,
    upto: int,
    count: int,
    sealed_at: str,
    previous: bytes,
    manifest: bytes,
    form: int,
) -> bytes:
    """The hash of one batch, over what it holds and the hash of the one before."""
    values = [
        chain.encode(),
        str(position).encode(),
        str(upto).encode(),
        str(count).encode(),
        sealed_at.encode(),
        previous,
        hashlib.sha256(manifest).digest(),
    ]
    return hashlib.sha256(b"stepwell batch" + written_down(values, form)).digest()


def differences(
    entries: Sequence[Entry], rows: Iterable[Row], names: Sequence[str], form: int = FORM
) -> list[Difference]:
    """What of this batch is not as it was sealed. Both come in the order of their numbers."""
    sealed = {entry.number: (place, entry) for place, entry in enumerate(entries, 1)}
    place_of = {entry.id: place for place, entry in enumerate(entries, 1)}
    seen: set[int] = set()
    found: list[Difference] = []
    strangers: dict[UUID, int] = {}
    for row in rows:
        place, entry = sealed.get(row.number, (None, None))
        if entry is None or row.number in seen:
            strangers[row.id] = row.number
            continue
        seen.add(row.number)
        if hashlib.sha256(written_down(row.values, form)).digest() == entry.hash:
            continue
        if row.id != entry.id and row.id in place_of:
            # Another event of this batch stands here: it was moved.
            before = entries[place_of[row.id] - 1]
            found.append(Difference(Damage.MOVED, place_of[row.id], before.number, row.id, now_at=row.number))
            continue
        differs = tuple(
            name
            for name, now, then in zip(names, hints(row.values), entry.hints, strict=False)
            if now != then
        )
        found.append(Difference(Damage.ALTERED, place, entry.number, entry.id, differs))
    moved = {one.id for one in found if one.damage is Damage.MOVED}
    for place, entry in enumerate(entries, 1):
        if entry.number in seen or entry.id in moved:
            continue
        if entry.id in strangers:
            now_at = strangers.pop(entry.id)
            found.append(Difference(Damage.MOVED, place, entry.number, entry.id, now_at=now_at))
        else:
            found.append(Difference(Damage.REMOVED, place, entry.number, entry.id))
    found += [Difference(Damage.INSERTED, None, number, key) for key, number in strangers.items()]
    return sorted(found, key=lambda one: (one.number, one.damage))
