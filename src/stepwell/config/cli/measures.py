"""`./stepwell measures`: the questionnaires kept here, and their scores."""

import argparse

from stepwell.care.measures import command


def run(arguments: argparse.Namespace) -> int:
    return command.main(arguments.words)
