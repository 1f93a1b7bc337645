"""`./stepwell level-of-care`: what the rules of level of care say of a case."""

import argparse

from stepwell.care.level_of_care import command


def run(arguments: argparse.Namespace) -> int:
    return command.main(arguments.words)
