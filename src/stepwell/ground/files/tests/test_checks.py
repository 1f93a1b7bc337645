"""What may come in is decided by what it is."""

import io
import zlib
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from stepwell.ground.files import checks
from stepwell.ground.files import pdf as pdfs
from stepwell.ground.files.checks import Type, check
from stepwell.ground.files.testing import pdf, photograph, picture
from stepwell.ground.kit.refusals import Refused

LARGEST = 10_000_000


def refusal(data: bytes, name: str = "card.jpg", largest: int = LARGEST) -> str:
    with pytest.raises(Refused) as refused:
        check(data, name, largest=largest)
    assert refused.value.field == "file"
    return refused.value.because


@pytest.mark.parametrize(
    ("data", "type_"),
    [
        (picture(), Type.JPEG),
        (picture("PNG"), Type.PNG),
        (picture("WEBP"), Type.JPEG),
        (pdf(), Type.PDF),
    ],
)
def test_photos_and_plain_pdfs_come_in_whatever_they_are_called(data: bytes, type_: Type):
    checked = check(data, "card.exe", largest=LARGEST)
    assert checked.type is type_
    assert checked.name == f"card.{type_.ending}"


def test_a_photograph_tells_no_longer_where_it_was_taken():
    data = photograph()
    assert b"Maya" in data
    kept = check(data, "card.jpg", largest=LARGEST)
    assert b"Maya" not in kept.data and b"Exif" not in kept.data
    with Image.open(io.BytesIO(kept.data)) as opened:
        assert not opened.getexif()
        assert opened.size == (40, 60)  # Turned as it was meant to be seen.


def test_what_hides_behind_a_picture_is_left_out():
    hidden = b"<script>alert(1)</script>PK\x03\x04"
    for kind in ("JPEG", "PNG"):
        assert hidden not in check(picture(kind) + hidden, "card", largest=LARGEST).data


def test_a_comment_in_a_picture_is_left_out():
    assert b"secret" not in check(picture(comment=b"a secret"), "card", largest=LARGEST).data


def test_a_large_photograph_is_made_smaller():
    kept = check(picture(size=(5000, 1000)), "card", largest=LARGEST)
    with Image.open(io.BytesIO(kept.data)) as opened:
        assert opened.size == (3000, 600)


@pytest.mark.parametrize(
    "data",
    [
        b"MZ\x90\x00" + b"\x00" * 100,
        b"PK\x03\x04" + b"\x00" * 100,
        b"<html><script>alert(1)</script></html>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"GIF89a" + b"\x00" * 100,
        b"just words",
        b" %PDF-1.7 %%EOF",
    ],
)
def test_anything_else_stays_out_whatever_it_is_called(data: bytes):
    assert refusal(data, "card.jpg").startswith("Choose a photo")


def test_an_empty_file_and_a_large_one_are_told_so():
    assert "empty" in refusal(b"")
    assert "up to 1 MB" in refusal(picture("PNG", size=(10, 10)) + b"x" * 1_000_000, largest=1_000_000)


@pytest.mark.parametrize("cut", [4, 100, 300])
def test_a_picture_that_is_cut_off_or_broken_is_told_so(cut: int):
    data = picture(size=(400, 400))
    assert "cannot be read" in refusal(data[:cut])
    assert "cannot be read" in refusal(b"\x89PNG\r\n\x1a\n" + b"\x00" * cut)


def test_a_picture_made_to_fill_a_memory_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch):
    data = picture("PNG", size=(100, 100))
    monkeypatch.setattr(checks, "MOST_PIXELS", 1000)
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", lambda _self: pytest.fail("it was unpacked"))
    assert "too large" in refusal(data)


@pytest.mark.parametrize(
    "data",
    [
        pdf(b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"),
        pdf(b"/OpenAction << /S /J#61vaScript >>"),
        pdf(b"/OpenAction << /S /#4a#53 >>"),
        pdf(b"/A << /S /Launch /F (calc.exe) >>"),
        pdf(b"/Names << /EmbeddedFiles 5 0 R >>"),
        pdf(b"/AcroForm << /XFA 5 0 R >>"),
        pdf(b"/A << /S /SubmitForm >>"),
        pdf(b"/Encrypt 9 0 R"),
        pdf(packed=b"5 0 << /S /JavaScript /JS (app.alert(1)) >>"),
        pdf(packed=b"5 0 << /S /L#61unch >>"),
        pdf().replace(b"%%EOF", b""),
        pdf(packed=b"5 0 << >>").replace(b"/FlateDecode", b"/LZWDecode"),
        pdf(packed=b"5 0 << >>").replace(b"/FlateDecode", b"[/ASCII85Decode /FlateDecode]"),
        pdf(packed=b"5 0 << >>").replace(b"stream\nx", b"stream\ny"),
    ],
)
def test_a_pdf_with_more_than_pages_stays_out(data: bytes):
    assert "more in it than pages" in refusal(data, "letter.pdf")


SCRIPT = b"5 0 << /S /JavaScript /JS (app.alert(1)) >>"


@pytest.mark.parametrize(
    "told",
    [
        b"/Type /ObjStm /Pad (" + b"x" * 5000 + b") /Filter /FlateDecode",
        b"/Type /ObjStm /Pad (endobj 9 0 obj /Image) /Filter /FlateDecode",
        b"/Subtype /Image /N 1 /Filter /FlateDecode",
        b"/Type /ObjStm",
        b"/Type /ObjStm /Filter /FlateDecode /DecodeParms << /Predictor 12 >>",
        b"/N 1 /First 4 /Filter [/ASCIIHexDecode /FlateDecode]",
    ],
    ids=["far", "cut in two", "as a picture", "not said how", "worked over", "of no type"],
)
@pytest.mark.parametrize("begins", [b"stream\n", b"stream\r\n", b"stream\r", b"stream \n"])
def test_whatever_is_told_of_a_stream_no_script_comes_in_with_it(told: bytes, begins: bytes):
    data = b"4 0 obj\n<< %s >>\n%s%s\nendstream\nendobj\ntrailer" % (told, begins, zlib.compress(SCRIPT))
    assert "more in it than pages" in refusal(pdf().replace(b"trailer", data), "letter.pdf")


A_STREAM = b"4 0 obj<</Filter/FlateDecode>>stream\n"


@pytest.mark.parametrize(
    "hostile",
    [
        b"4 0 obj<</Filter /FlateDecode>> " + b"stream\n" * 1_400_000,
        A_STREAM * 270_000,
        (A_STREAM + b"\x78\x9c" + b"\0\0\0\xff\xff" * 400) * 4_900,
        (A_STREAM + b"\x78\x9c\0\0\0\xff\xff") * 4_900 + b"\0\0\0\xff\xff" * 1_900_000,
        (A_STREAM + zlib.compress(bytes(5_000_000))) * 2_000,
        b"4 0 obj<<" + b"/Filter[" * 1_200_000 + b">>stream\n",
    ],
    ids=["no object", "many", "empty", "one in another", "bombs", "filters"],
)
def test_a_hostile_pdf_is_decided_with_work_that_grows_with_its_size(
    hostile: bytes, monkeypatch: pytest.MonkeyPatch
):
    """Counted in streams begun, and bytes read and unpacked, never in seconds."""
    work = pdfs.Work()
    monkeypatch.setattr(pdfs, "Work", lambda: work)
    data = pdf().replace(b"trailer", hostile[:10_000_000] + b"\nendstream\nendobj\ntrailer")
    with suppress(pdfs.NotPlain):
        pdfs.check_pdf(data)
    assert work.streams <= pdfs.MOST_STREAMS + 1
    assert work.amount <= pdfs.MOST_WORK + pdfs.A_PIECE


def test_a_picture_inside_is_only_glanced_at():
    inside = zlib.compress(b"\0" * 20_000_000)
    told = b"4 0 obj<</Subtype/Image/Filter/FlateDecode>>stream\n%s\nendstream\nendobj\n" % inside
    data = pdf().replace(b"trailer", told * 20 + b"trailer")
    assert check(data, "letter.pdf", largest=LARGEST).data == data


@pytest.mark.parametrize(
    "data",
    [pdf(b"/OpenAction [3 0 R /Fit] /Lang (en)"), pdf(packed=b"5 0 << /Type /Font >>"), pdf(b"/JSON 1")],
)
def test_a_pdf_of_pages_comes_in_as_it_is(data: bytes):
    assert check(data, "letter.pdf", largest=LARGEST).data == data


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    st.sampled_from([b"", b"%PDF-1.7\n", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF0000WEBP"]),
    st.binary(max_size=400),
)
def test_whatever_comes_it_is_kept_or_refused_with_a_sentence(begins: bytes, rest: bytes):
    with suppress(Refused):
        assert check(begins + rest, "x", largest=LARGEST).type is Type.PDF
