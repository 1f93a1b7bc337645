"""`./stepwell backup FILE`: write the whole database to a file."""

import argparse

from stepwell.config import archive
from stepwell.config.cli.installation import installation


def run(arguments: argparse.Namespace) -> int:
    file = arguments.file.absolute()
    with installation() as here:
        contents = archive.write(here.need_owner(), file)
    size = file.stat().st_size / 1_000_000
    print(f"Wrote {file}: {contents.total:,} rows of {len(contents.rows)} tables, {size:.1f} MB.")
    print("It holds people's health records, not encrypted: keep it where you would keep those.")
    return 0
