"""`./stepwell reference`: make the pages of docs/reference again."""

import argparse

from stepwell.config.cli.environment import ROOT
from stepwell.config.cli.installation import be_the_demonstration, set_up_django


def run(arguments: argparse.Namespace) -> int:
    be_the_demonstration()
    set_up_django()
    from stepwell.config import reference

    stale = list(reference.stale_pages(ROOT))
    if arguments.check:
        print("\n".join(stale) or "The reference pages say what the code says.")
        return 1 if stale else 0
    reference.write(ROOT)
    print(f"{len(stale)} pages changed.")
    return 0
