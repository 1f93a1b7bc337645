"""The libraries that draw a PDF: looked for, and brought when Debian has them and we may."""

import subprocess
import sys

from stepwell.config import debian
from stepwell.config.postgres.places import Unusable

#: Pango lays out the words, HarfBuzz takes from a font what is used of it, and a font there must be.
PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fonts-dejavu-core")
HOW = f"sudo apt-get install {' '.join(PACKAGES)}"
LACKING = (
    "PDFs cannot be made: the libraries that draw them are missing. Until they are here, a chart is printed from its "
    f"page in the browser. Type: {HOW}"
)


def can_be_made() -> bool:
    """Asked of a new process, since this one remembers what it did not find."""
    ask = "import sys; from stepwell.ground.files.paper import can_be_made; sys.exit(not can_be_made())"
    return subprocess.run([sys.executable, "-c", ask], capture_output=True, check=False).returncode == 0


def bring() -> bool:
    """Have the libraries here, if that can be done. Whoever only shows pages goes on without."""
    return can_be_made() or (debian.install(*PACKAGES, say=_say) and can_be_made())


def need() -> None:
    """Have them, or refuse with what to type: tests draw real PDFs."""
    if not bring():
        raise Unusable(
            "The libraries that draw PDFs are missing, and none could be brought. Type this, then try again:"
            f"\n\n    {HOW}"
        )


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
