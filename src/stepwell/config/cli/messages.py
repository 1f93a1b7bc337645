"""`./stepwell messages`: gather the words of the screens, and bring the translations' files up to date."""

import argparse

from stepwell.config import words
from stepwell.config.cli.installation import set_up_django


def run(_arguments: argparse.Namespace) -> int:
    set_up_django()
    for summary in words.update_all():
        print(summary)
    return 0
