"""Every address that a page or a view names is one that there is: a link that fails in silence is lost."""

import re
from pathlib import Path

from tests.test_every_address import every_address

SOURCE = Path(__file__).resolve().parents[1] / "src" / "stepwell"
IN_TEMPLATES = re.compile(r"""{%\s*url\s+['"]([a-z_]+:[a-z_]+)['"]""")
IN_CODE = re.compile(r"""\b(?:reverse|redirect|address|resolve_url)\(\s*["']([a-z_]+:[a-z_]+)["']""")


def named() -> dict[str, set[str]]:
    """Route name → the files that name it."""
    found: dict[str, set[str]] = {}
    for pattern, files in ((IN_TEMPLATES, SOURCE.rglob("*.html")), (IN_CODE, SOURCE.rglob("*.py"))):
        for file in files:
            for name in pattern.findall(file.read_text(encoding="utf-8")):
                found.setdefault(name, set()).add(str(file.relative_to(SOURCE)))
    return found


def test_every_address_named_in_a_page_or_a_view_is_one_that_there_is():
    known = every_address()
    assert {name: files for name, files in named().items() if name not in known} == {}
    assert len(named()) > 50
