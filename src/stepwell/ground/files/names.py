"""The name that a file came with: shown to people, and never used as a path. Plain Python."""

import re
import unicodedata

LONGEST = 100
NAMELESS = "document"
#: Signs that change how the rest is shown: controls, and those that turn the direction of writing (gpj.exe as exe.jpg).
_NOT_SHOWN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def shown_name(given: str, ending: str) -> str:
    """What is kept of the name, with the ending of what the file really is."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", given))[-1]
    plain = "".join(" " if unicodedata.category(sign) in _NOT_SHOWN else sign for sign in last)
    stem = " ".join(plain.split()).rpartition(".")[0] or " ".join(plain.split())
    stem = re.sub(r'[<>:"|?*;%\']', " ", stem).strip(" .")
    stem = " ".join(stem.split())[: LONGEST - len(ending) - 1].rstrip(" .")
    return f"{stem or NAMELESS}.{ending}"
