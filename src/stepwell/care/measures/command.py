"""`./stepwell measures list` and `./stepwell measures score FILE.json`. No Django, no database."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from stepwell.care.measures.library import instruments
from stepwell.care.measures.scoring import exchange


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="stepwell measures", description="Instruments and their scores.")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="list | score")
    verbs.add_parser("list", help="the instruments kept here, who answers them, and what their owners allow")
    scoring = verbs.add_parser("score", help="score the cases of a JSON file")
    scoring.add_argument("file", metavar="FILE.json", help='{"cases": [{"id", "instrument", "responses"}]}')
    try:
        asked = parser.parse_args(argv)
    except SystemExit as error:  # argparse has already said what is wrong
        return int(error.code or 0)
    return _list() if asked.verb == "list" else _score(asked.file)


def _list() -> int:
    rows = [
        (each.id, each.short_title, str(len(each.items)), each.administration, each.standing.value)
        for each in instruments().values()
    ]
    header = ("id", "name", "questions", "answered by", "to use")
    widths = [max(len(row[column]) for row in [header, *rows]) for column in range(len(header))]
    for row in [header, *rows]:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    return 0


def _score(name: str) -> int:
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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
