"""`./stepwell messages`: gather the words of the screens, and bring the translations' files up to date."""

import argparse

from stepwell.config import words


def run(_arguments: argparse.Namespace) -> int:
    for summary in words.update_all():
        print(summary)
    return 0
