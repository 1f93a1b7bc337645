"""What may come in: a photograph or a PDF that only shows pages, looked at by its content, never by its name.

A picture is really decoded and written anew, so that nothing is left of what it carried: where and when it was taken,
with whose telephone, or bytes behind its end that are something else.
"""

import io
import warnings
from dataclasses import dataclass
from enum import Enum

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from stepwell.ground.files.names import shown_name
from stepwell.ground.files.pdf import NotPlain, check_pdf
from stepwell.ground.kit.refusals import Refused

#: A telephone's photograph has 12 to 50 million points. A picture of more is made to fill a memory.
MOST_PIXELS = 60_000_000
#: What is kept: enough to read the small print of a card.
LONGEST_SIDE = 3000
QUALITY = 88


class Type(Enum):
    """What a file really is: its media type and its ending."""

    JPEG = ("image/jpeg", "jpg")
    PNG = ("image/png", "png")
    PDF = ("application/pdf", "pdf")

    @property
    def media(self) -> str:
        return self.value[0]

    @property
    def ending(self) -> str:
        return self.value[1]

    @property
    def is_picture(self) -> bool:
        return self is not Type.PDF


@dataclass(frozen=True)
class Checked:
    """A file that may be kept: its own bytes, and what it is shown as."""

    data: bytes
    type: Type
    name: str


def check(data: bytes, name: str, *, largest: int) -> Checked:
    """What is kept of an upload. Raises Refused with a sentence for whoever sent it."""
    if not data:
        raise Refused(_("This file is empty. Choose another one."), field="file")
    if len(data) > largest:
        raise Refused(too_large(largest), field="file")
    if data.startswith(b"%PDF-"):
        try:
            check_pdf(data)
        except NotPlain as why:
            raise Refused(
                _(
                    "This PDF has more in it than pages, or is locked. "
                    "Print it to a new PDF, or take a photo of it."
                ),
                field="file",
            ) from why
        return Checked(data, Type.PDF, shown_name(name, Type.PDF.ending))
    if data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or (
        data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    ):
        return _picture(data, name)
    raise Refused(_("Choose a photo (JPEG or PNG) or a PDF."), field="file")


def too_large(largest: int) -> str:
    return _("This file is too large. It may have up to %(mb)s MB.") % {"mb": largest // 1_000_000}


def _picture(data: bytes, name: str) -> Checked:
    unreadable = Refused(_("This picture cannot be read. Take it again."), field="file")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as opened:
                width, height = opened.size
                if width * height > MOST_PIXELS or min(width, height) < 1:
                    raise Refused(_("This picture is too large. Take it again, smaller."), field="file")
                opened.load()
                turned = ImageOps.exif_transpose(opened)
                kind = Type.PNG if opened.format == "PNG" else Type.JPEG
                kept = _flat(turned, kind)
    except Refused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused(_("This picture is too large. Take it again, smaller."), field="file") from error
    except Exception as error:  # A decoder fails in many ways on bytes that were made to fail it.
        raise unreadable from error
    kept.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    out = io.BytesIO()
    if kind is Type.PNG:
        kept.save(out, "PNG", optimize=False)
    else:
        kept.save(out, "JPEG", quality=QUALITY)
    return Checked(out.getvalue(), kind, shown_name(name, kind.ending))


def _flat(picture: Image.Image, kind: Type) -> Image.Image:
    """Points alone: a new picture, which knows nothing of the old one."""
    mode = "RGBA" if kind is Type.PNG and "A" in picture.getbands() else "L" if picture.mode == "L" else "RGB"
    converted = picture.convert(mode)
    plain = Image.new(mode, converted.size)
    plain.paste(converted)
    return plain
