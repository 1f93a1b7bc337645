"""`./stepwell backup FILE`: write the whole database and every scan to a file."""

import argparse
import os

from stepwell.config import archive
from stepwell.config.cli.environment import ROOT
from stepwell.config.cli.installation import installation
from stepwell.config.environment import files_folder


def run(arguments: argparse.Namespace) -> int:
    file = arguments.file.absolute()
    with installation() as here:
        contents = archive.write(here.need_owner(), file, files_folder(os.environ, ROOT))
    size = file.stat().st_size / 1_000_000
    held = f"{contents.total:,} rows of {len(contents.rows)} tables, {len(contents.files):,} scans"
    print(f"Wrote {file}: {held}, {size:.1f} MB.")
    print("It holds people's health records, not encrypted: keep it where you would keep those.")
    if contents.files:
        print(
            "The scans in it are encrypted: they open only with STEPWELL_FILES_KEY. Keep that, too, elsewhere."
        )
    return 0
