"""`./stepwell serve`: a real center. It refuses to start when something is unsafe, and says all that is."""

import argparse
import os
import sys

from stepwell.config import safety
from stepwell.config.cli import web_server
from stepwell.config.cli.arguments import BAD_ARGUMENTS
from stepwell.config.cli.installation import set_up_django


def run(arguments: argparse.Namespace) -> int:
    found = safety.refusals(os.environ)
    if not found:
        set_up_django(to_serve=True)
        found = unready()
    if found:
        print("Not started, because:", file=sys.stderr)
        for number, refusal in enumerate(found, 1):
            print(f"  {number}. {refusal}", file=sys.stderr)
        return BAD_ARGUMENTS
    web_server.need_free_port(arguments.host, arguments.port)
    from stepwell.config.cli.demo import prepare_pages

    prepare_pages()
    web_server.serve_until_told_to_stop(
        arguments.host,
        arguments.port,
        workers=arguments.workers,
        when_up=lambda: print(f"Serving on {arguments.host} port {arguments.port}.", flush=True),
    )
    return 0


def unready() -> list[str]:
    """What the database lacks, once it is safe to ask."""
    from stepwell.config import migrating

    missing = migrating.missing()
    if not missing:
        return []
    return [
        f"The database lacks {len(missing)} migrations ({missing[0]} is the first). Run ./stepwell migrate."
    ]
