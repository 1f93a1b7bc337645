"""What `./stepwell measures` prints: the instruments kept here, and the scores of a file. No Django, no database."""

import json
import sys
from pathlib import Path

from stepwell.care.measures.library import instruments
from stepwell.care.measures.scoring import exchange


def list_all() -> int:
    rows = [
        (each.id, each.short_title, str(len(each.items)), each.administration, each.standing.value)
        for each in instruments().values()
    ]
    header = ("id", "name", "questions", "answered by", "to use")
    widths = [max(len(row[column]) for row in [header, *rows]) for column in range(len(header))]
    for row in [header, *rows]:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    return 0


def score_file(name: str) -> int:
    try:
        content = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        cases = exchange.read(content)
    except OSError as error:
        return _cannot_read(name, error.strerror or "it does not open")
    except (ValueError, MemoryError) as error:
        return _cannot_read(name, str(error) or "it is too large for this machine")
    # Plain ASCII, so that it prints whatever the terminal's alphabet is.
    print(json.dumps(exchange.results(cases, instruments()), indent=1, allow_nan=False))
    return 0


def _cannot_read(name: str, because: str) -> int:
    print(f"stepwell measures score: cannot read {name!r}: {because}.", file=sys.stderr)
    return 2
