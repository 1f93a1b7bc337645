"""Whether a PDF only shows pages: no script, nothing that starts a program, nothing packed inside. Plain Python.

It is not a reader of PDF. It looks for the names that a reader would have to find, as they stand, written with escapes
(``/J#61vaScript``), or inside compressed object streams; and what it cannot look into, it refuses.
"""

import re
import zlib
from collections.abc import Iterator

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
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_FILTER = re.compile(rb"/Filter\s*(\[[^\]]*\]|/[^\s/<>\[\]()]+)")
#: What all streams together may come to: more is made to hide something, or to fill a memory.
MOST_UNPACKED = 200 * 1024 * 1024
BEFORE_A_STREAM = 4096


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
    left = MOST_UNPACKED
    for unpacked in _streams(data):
        left -= len(unpacked)
        if left < 0:
            raise NotPlain("too large inside")
        _look_at(unpacked)


def _unescaped(data: bytes) -> bytes:
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), data)


def _look_at(data: bytes) -> None:
    for text in (data, _unescaped(data)):
        if found := _NAME.search(text):
            raise NotPlain(f"has /{found[1].decode()}")


def _streams(data: bytes) -> Iterator[bytes]:
    """The inside of every stream that could hold objects; pictures and fonts are passed over."""
    for found in _STREAM.finditer(data):
        before = _unescaped(data[max(found.start() - BEFORE_A_STREAM, 0) : found.start()])
        begins = before.rfind(b" obj")
        told = before[begins:] if begins >= 0 else before
        is_of_objects = b"/ObjStm" in told
        if not is_of_objects and re.search(rb"/(Image|FontFile\d?|Type1C|CIDFontType0C|OpenType)\b", told):
            continue
        filters = [part.strip(b"/ []\r\n\t") for match in _FILTER.findall(told) for part in match.split(b"/")]
        used = [name for name in filters if name]
        if is_of_objects and used not in ([], [b"FlateDecode"], [b"Fl"]):
            raise NotPlain("objects packed in a way that cannot be looked into")
        if b"FlateDecode" in used[:1] or b"Fl" in used[:1]:
            yield _inflated(data[found.end() :], must_be_whole=is_of_objects)


def _inflated(data: bytes, *, must_be_whole: bool) -> bytes:
    unpacker = zlib.decompressobj()
    try:
        unpacked = unpacker.decompress(data, MOST_UNPACKED + 1)
    except zlib.error as error:
        if must_be_whole:
            raise NotPlain("objects that cannot be unpacked") from error
        return b""
    return unpacked
