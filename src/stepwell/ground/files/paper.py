"""A PDF of a page of ours: tagged, so that it can be read aloud, and made of nothing but what it is given."""

import contextlib
import io
from dataclasses import dataclass
from typing import Any


class NoLibraries(Exception):
    """The libraries that draw it (Pango and its friends) are not on this machine."""


@dataclass(frozen=True)
class Pdf:
    data: bytes
    pages: int


def pdf_of(html: str, styles: str) -> Pdf:
    """The page as PDF/UA-1. What it asks for from elsewhere is not fetched. Raises NoLibraries."""
    weasyprint = _weasyprint()
    # Neither the network nor a file of this machine.
    nothing = weasyprint.urls.URLFetcher(allowed_protocols=())
    page = weasyprint.HTML(string=html, url_fetcher=nothing)
    sheets = [weasyprint.CSS(string=styles, url_fetcher=nothing)]
    document = page.render(stylesheets=sheets, pdf_variant="pdf/ua-1")
    return Pdf(document.write_pdf(pdf_variant="pdf/ua-1"), len(document.pages))


def can_be_made() -> bool:
    try:
        _weasyprint()
    except NoLibraries:
        return False
    return True


def _weasyprint() -> Any:
    # It takes two seconds, and only whoever makes one needs it. What it says of missing libraries is said by us.
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            import weasyprint
            import weasyprint.urls
    except OSError as missing:
        raise NoLibraries(str(missing)) from missing
    return weasyprint
