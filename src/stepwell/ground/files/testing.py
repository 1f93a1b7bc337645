"""Files for tests: pictures and PDFs, plain ones and ones that must not come in."""

import io
import zlib

from PIL import Image


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), **more: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (200, 120, 40)).save(out, kind, **more)
    return out.getvalue()


def photograph() -> bytes:
    """As a telephone takes it: turned, and saying where and with what."""
    exif = Image.Exif()
    exif[0x0112] = 6  # Turned by a quarter.
    exif[0x010F] = "A telephone of Maya's"
    exif.get_ifd(0x8825)[2] = (39.0, 45.0, 32.0)  # Where.
    return picture(exif=exif.tobytes())


def pdf(inside: bytes = b"", *, packed: bytes = b"", head: bytes = b"%PDF-1.7\n") -> bytes:
    """A PDF of one empty page, with that inside its catalog, and that in a compressed stream of objects."""
    stream = b""
    if packed:
        data = zlib.compress(packed)
        told = b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>" % len(data)
        stream = b"4 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (told, data)
    return (
        head
        + b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R "
        + inside
        + b" >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
        + b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>\nendobj\n"
        + stream
        + b"trailer\n<< /Root 1 0 R >>\n%%EOF\n"
    )
