"""`./stepwell migrate`: bring the database to this version."""

import argparse

from stepwell.config.cli.installation import installation, set_up_django


def run(arguments: argparse.Namespace) -> int:
    with installation() as here:
        owner = here.need_owner()
        set_up_django()
        from stepwell.config import migrating
        from stepwell.config.connection import using

        with using(owner):
            missing = migrating.missing()
        if arguments.plan:
            print("\n".join(missing) or "Nothing is missing.")
            return 0
        migrating.migrate(owner, app=here.app.user, verbosity=1 if missing else 0)
        print(
            f"The database has {len(missing)} more migrations." if missing else "The database was up to date."
        )
    return 0
