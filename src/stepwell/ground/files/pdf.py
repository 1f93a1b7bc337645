"""Whether a PDF only shows pages: no script, nothing that starts a program, nothing packed inside. Plain Python.

It is not a reader of PDF. It looks for the names that a reader would have to find, as they stand, written with escapes
(``/J#61vaScript``), or inside compressed object streams; and what it cannot look into, it refuses.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

#: What a page that is only read never needs (ISO 32000-1, 12.6.4 and 7.11.4).
ACTIVE = (
    b"JavaScript",
    b"JS",
    b"Launch",
    b"EmbeddedFile",
    b"EmbeddedFiles",
    b"RichMedia",
    b"XFA",
    b"SubmitForm",
    b"ImportData",
    b"GoToE",
    b"GoToR",
    b"Movie",
    b"Rendition",
)
_NAME = re.compile(rb"/(" + b"|".join(ACTIVE) + rb")(?=[\s/<>\[\](){}%]|$)")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_ENCRYPTED = re.compile(rb"/Encrypt(?=[\s/<\[(])")
#: Where an object ends, and where the inside of a stream begins, also as a forgiving reader takes it.
_MARK = re.compile(rb"endobj|endstream|(?<![A-Za-z])stream[ \t\f\0]*(?:\r\n|\r|\n)")
_OBJECT = re.compile(rb"\d[\s\0]+obj(?![A-Za-z])")
_FILTER = re.compile(rb"/Filter\s*(\[[^\[\]]*\]|/[^\s/<>\[\]()]+)")
_OF_OBJECTS = re.compile(rb"/(ObjStm|First)(?![A-Za-z])")
_PASSED_OVER = re.compile(rb"/(Image|FontFile\d?|Type1C|CIDFontType0C|OpenType)\b")
#: A stream of objects begins with pairs of numbers, whatever its dictionary calls it.
_BEGINS_AS_OBJECTS = re.compile(rb"[\s\0]*(%|[+-]?\d+[\s\0]+[+-]?\d)")
#: What all streams together may come to, read and unpacked: more is made to hide something, or to keep us busy.
MOST_WORK = 64 * 1024 * 1024
MOST_STREAMS = 5000
A_PIECE = 64 * 1024
A_GLANCE = 1024


class NotPlain(ValueError):
    """It holds more than pages, or cannot be looked into. The words are for our own log and tests."""


def check_pdf(data: bytes) -> None:
    """Raise NotPlain for anything but a PDF that only shows pages."""
    if not data.startswith(b"%PDF-"):
        raise NotPlain("no header")
    if b"%%EOF" not in data[-1024:]:
        raise NotPlain("no end")
    _look_at(data)
    plain = _unescaped(data)
    if _ENCRYPTED.search(plain):
        raise NotPlain("encrypted")
    told_of = 0
    for unpacked, told in _streams(data, Work()):
        told_of += told.count(b"/ObjStm")
        _look_at(unpacked)
    if plain.count(b"/ObjStm") != told_of:
        raise NotPlain("objects packed where they cannot be looked into")


@dataclass
class Work:
    """What it took so far to look inside. Bounded, so that no file keeps us busy for longer than its size allows."""

    streams: int = 0
    amount: int = 0

    def begins(self) -> None:
        self.streams += 1
        if self.streams > MOST_STREAMS:
            raise NotPlain("too many streams")

    def took(self, amount: int) -> None:
        self.amount += amount
        if self.amount > MOST_WORK:
            raise NotPlain("too large inside")


def _unescaped(data: bytes) -> bytes:
    if b"#" not in data:
        return data
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), data)


def _look_at(data: bytes) -> None:
    for text in {data, _unescaped(data)}:
        if found := _NAME.search(text):
            raise NotPlain(f"has /{found[1].decode()}")


def _streams(data: bytes, work: Work) -> Iterator[tuple[bytes, bytes]]:
    """The inside of every stream that could hold objects, with its dictionary; of pictures and fonts only a glance.

    Walks once from mark to mark: what is told of a stream stands between the last end and its beginning.
    """
    view, ended = memoryview(data), 0
    for mark in _MARK.finditer(data):
        before, ended = ended, mark.end()
        if mark[0].startswith(b"end"):
            continue
        work.begins()
        begins = _OBJECT.search(data, before, mark.start())
        if begins is None:
            raise NotPlain("a stream of no object")
        told = _unescaped(data[begins.start() : mark.start()])
        filters = [part.strip(b"/ []\r\n\t") for match in _FILTER.findall(told) for part in match.split(b"/")]
        used = [name for name in filters if name]
        is_flate = used[:1] in ([b"FlateDecode"], [b"Fl"])
        is_of_objects = _OF_OBJECTS.search(told) is not None
        if is_of_objects and (not is_flate or len(used) > 1 or b"/DecodeParms" in told or b"/DP" in told):
            raise NotPlain("objects packed in a way that cannot be looked into")
        if not is_flate:
            continue
        inside = view[mark.end() :]
        if not is_of_objects and _PASSED_OVER.search(told):
            begins_with = _inflated(inside, work, most=A_GLANCE)
            if not _BEGINS_AS_OBJECTS.match(begins_with):
                continue
        yield _inflated(inside, work, must_be_whole=is_of_objects), told


def _inflated(data: memoryview, work: Work, *, most: int = MOST_WORK, must_be_whole: bool = False) -> bytes:
    """As much of it as can be unpacked, piece by piece, so that what comes after it is not read with it."""
    unpacker = zlib.decompressobj()
    unpacked = bytearray()
    for start in range(0, len(data), A_PIECE):
        piece: bytes | memoryview = data[start : start + A_PIECE]
        work.took(len(piece))
        try:
            while piece and not unpacker.eof and len(unpacked) < most:
                more = unpacker.decompress(piece, A_PIECE)
                work.took(len(more))
                unpacked += more
                piece = unpacker.unconsumed_tail
        except zlib.error as error:
            if must_be_whole:
                raise NotPlain("objects that cannot be unpacked") from error
            break
        if unpacker.eof or len(unpacked) >= most:
            break
    return bytes(unpacked)
