"""`./stepwell restore FILE`: fill an empty database from a backup, all of it or nothing."""

import argparse
import os
import sys

from stepwell.config import archive
from stepwell.config.cli.arguments import BAD_ARGUMENTS
from stepwell.config.cli.environment import ROOT
from stepwell.config.cli.installation import installation, set_up_django
from stepwell.config.environment import files_folder
from stepwell.config.postgres.server import Login


def run(arguments: argparse.Namespace) -> int:
    with installation() as here:
        owner = here.need_owner()
        with archive.opened(arguments.file) as (contents, dump):
            there = archive.tables_in(owner)
            print(f"The backup of {contents.made_at[:16].replace('T', ' ')} UTC has {contents.total:,} rows.")
            if there and not arguments.replace:
                print(
                    f"Nothing was done: the database {owner.database} holds {sum(there.values()):,} rows, and they "
                    "would be lost. To put the backup in their place, say --replace.",
                    file=sys.stderr,
                )
                return BAD_ARGUMENTS
            if there:
                print(
                    f"Putting it in place of the {sum(there.values()):,} rows of the database {owner.database} ..."
                )
            scans = archive.put_files_back(arguments.file, contents, files_folder(os.environ, ROOT))
            archive.fill(owner, contents, dump)
        _raise_the_walls_and_let_the_app_in(owner, here.app.user)
    print(f"Restored and counted: {contents.total:,} rows of {len(contents.rows)} tables.")
    if contents.files:
        print(f"{len(contents.files):,} scans checked; {scans:,} of them put back.")
    return 0


def _raise_the_walls_and_let_the_app_in(owner: Login, app: str) -> None:
    set_up_django()
    from stepwell.config import migrating
    from stepwell.config.connection import using
    from stepwell.config.postgres import roles

    with using(owner):
        if missing := migrating.missing():
            with owner.connect() as connection, connection.transaction():
                roles.grant_to_app(connection, app=app)
            print(
                f"The backup is older than this version. ./stepwell migrate brings its {len(missing)} missing "
                "migrations and raises the walls between organizations anew."
            )
        else:
            migrating.secure(app=app)
