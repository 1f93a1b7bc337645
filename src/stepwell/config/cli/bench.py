"""`./stepwell bench`: measure one of the things that ``config.bench`` has a module for."""

import argparse
from importlib import import_module

from stepwell.config.cli.arguments import BENCHES


def run(arguments: argparse.Namespace) -> int:
    if arguments.what is None:
        for name, measures in BENCHES.items():
            print(f"./stepwell bench {name:<8}{measures}")
        return 0
    answer: int = import_module(f"stepwell.config.bench.{arguments.what}").run(arguments)
    return answer
