"""What may stand in a cell of a file that a spreadsheet program opens. Plain Python, no Django.

A spreadsheet program takes a cell that begins with ``=``, ``+``, ``-`` or ``@`` for a formula, and a formula can
fetch an address or start a program (OWASP, "CSV Injection"). What a person typed must never become one. An
apostrophe in front makes it plain text in every program we know of, and it can still be read.

Left as they are, since none of them can do anything and each would be spoiled: numbers (by type), a text that is
nothing but a number with its sign (``-4``, ``-12.5``, ``-3%``), and a telephone number in groups (``+1 937 555 0134``).
A telephone number without blanks would be taken for a number and lose its ``+``, so it gets the apostrophe.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal

#: What makes a formula of the cell it begins; and what some programs drop, so that the next sign begins it.
BEGINS_A_FORMULA = frozenset("=+-@")
BEGINS_A_FIELD = frozenset("\t\r\n")
APOSTROPHE = "'"

_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?%?", re.ASCII)
_PHONE = re.compile(r"\+[0-9]{1,3}(?: [0-9]{1,5}){1,6}", re.ASCII)


def cell(value: object) -> str:
    """The text of one cell: readable, and never a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float | Decimal):
        return str(value)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return harmless(" ".join(value) if isinstance(value, list | tuple) else str(value))


def row(values: Iterable[object]) -> list[str]:
    return [cell(value) for value in values]


def harmless(text: str) -> str:
    """That text; with an apostrophe in front when a spreadsheet program would do something with it."""
    text = text.replace("\x00", "")
    return APOSTROPHE + text if _would_begin_a_formula(text) else text


def _would_begin_a_formula(text: str) -> bool:
    if _NUMBER.fullmatch(text) or _PHONE.fullmatch(text):
        return False
    if text[:1] in BEGINS_A_FIELD:
        return True
    seen = next((sign for sign in text if not _is_passed_over(sign)), "")
    # Full-width and small signs are taken for the plain ones by some programs: ＝ ＋ － ＠ ﹣.
    return unicodedata.normalize("NFKC", seen)[:1] in BEGINS_A_FORMULA if seen else False


def _is_passed_over(sign: str) -> bool:
    """Blanks, and signs that take no room: a program may drop them and look at what follows."""
    return sign.isspace() or unicodedata.category(sign) in ("Cf", "Cc", "Zs")
