"""Turn the translations that people edit (`.po`) into the ones that gettext reads (`.mo`), when they are older."""

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE = Path(__file__).resolve().parents[1]


def catalogs(source: Path = SOURCE) -> list[Path]:
    return sorted(source.glob("**/LC_MESSAGES/*.po"))


def compile_stale(source: Path = SOURCE) -> int:
    """Compile what is out of date, and answer how many catalogs that were."""
    stale = [path for path in catalogs(source) if _is_stale(path)]
    for path in stale:
        # Another process may read or write the same file: it appears whole, by its new name.
        half_written = path.with_suffix(f".mo.{os.getpid()}")
        with path.open("rb") as words, half_written.open("wb") as compiled:
            write_mo(compiled, read_po(words, locale=path.parts[-3]))
        half_written.rename(path.with_suffix(".mo"))
    return len(stale)


def _is_stale(path: Path) -> bool:
    compiled = path.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < path.stat().st_mtime
