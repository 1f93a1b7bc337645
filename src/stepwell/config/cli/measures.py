"""`./stepwell measures list` and `./stepwell measures score FILE.json`. No Django, no database."""

import argparse
from collections.abc import Sequence

from stepwell.care.measures import command
from stepwell.config.cli.arguments import Parser


def run(arguments: argparse.Namespace) -> int:
    return main(arguments.words)


def main(words: Sequence[str]) -> int:
    parser = Parser(prog="./stepwell measures", description="Instruments and their scores.")
    verbs = parser.add_subparsers(dest="what", required=True, metavar="list | score")
    verbs.add_parser("list", help="the instruments kept here, who answers them, and what their owners allow")
    scoring = verbs.add_parser("score", help="score the cases of a JSON file")
    scoring.add_argument("file", metavar="FILE.json", help='{"cases": [{"id", "instrument", "responses"}]}')
    asked = parser.parse_args(words)
    return command.list_all() if asked.what == "list" else command.score_file(asked.file)
