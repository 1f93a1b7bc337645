"""`./stepwell level-of-care decide FILE.json`: what the rules say of one case or many. No Django, no database."""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from stepwell.care.level_of_care import rules
from stepwell.ground.kit import clock, given_json

CASE = '{"edition": "3" or "4", "age": 34, "ratings": {"mental": {"value": 0 to 4, "need": null}, ...}, "facts": {...}}'


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="stepwell level-of-care", description="The level of care that needs support, and why."
    )
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="decide")
    deciding = verbs.add_parser(
        "decide",
        help="decide the case, or the list of cases, of a JSON file",
        description="Decide the case, or the list of cases, of a JSON file. What is absent is unknown, never no. "
        "docs/reference/level-of-care.md names every field and every rule.",
    )
    deciding.add_argument(
        "file", metavar="FILE.json", help=f"a case, or a list of them: {CASE}; - reads what is piped in"
    )
    try:
        asked = parser.parse_args(argv)
    except SystemExit as error:  # argparse has already said what is wrong
        return int(error.code or 0)
    return _decide(asked.file, clock.now().date())


def _decide(name: str, today: date) -> int:
    try:
        content = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        given = given_json.read(content)
        cases = rules.read_cases(given)
    except OSError as error:
        return _refused([f"cannot read {name!r}: {error.strerror or 'it does not open'}."])
    except rules.CaseError as error:
        return _refused([str(problem) for problem in error.problems])
    except (ValueError, MemoryError) as error:
        return _refused([f"cannot read {name!r}: {str(error) or 'it is too large for this machine'}."])
    using = rules.current(today)
    if isinstance(cases, list):
        answer: object = [rules.decide(case, using).to_dict() for case in cases]
    else:
        answer = rules.decide(cases, using).to_dict()
    # Plain ASCII, so that it prints whatever the terminal's alphabet is.
    print(json.dumps(answer, indent=1, allow_nan=False))
    return 0


def _refused(because: Sequence[str]) -> int:
    for each in because:
        print(f"stepwell level-of-care decide: {each}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
