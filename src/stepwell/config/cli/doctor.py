"""`./stepwell doctor`: what is wrong with this installation, each with what to do."""

import argparse
import os

from stepwell.config import diagnosis, safety
from stepwell.config.cli.environment import ROOT
from stepwell.config.cli.installation import installation, set_up_django
from stepwell.config.environment import files_folder
from stepwell.config.postgres.places import Unusable


def run(_arguments: argparse.Namespace) -> int:
    findings = [*diagnosis.of_the_machine(ROOT), *_of_the_installation()]
    for number, finding in enumerate(findings, 1):
        print(f"{number}. {finding}")
    print(f"{len(findings)} found." if findings else "Nothing is wrong.")
    return 1 if findings else 0


def _of_the_installation() -> list[str]:
    try:
        with installation() as here:
            print(
                f"Looking at {'the demonstration on this machine' if here.is_demo else 'the center in DATABASE_URL'}."
            )
            found = (
                []
                if here.is_demo
                else [
                    *safety.refusals(os.environ),
                    *diagnosis.of_the_outside(os.environ),
                    *diagnosis.of_the_files(files_folder(os.environ, ROOT)),
                ]
            )
            with diagnosis.reached(here.app) as connection:
                set_up_django()
                found += diagnosis.of_the_programs(connection.info.server_version // 10000)
                found += diagnosis.of_the_database(connection, here.app.user)
            lacking = list(diagnosis.of_the_migrations())
            return found + (lacking or list(diagnosis.of_the_event_log()))
    except Unusable as refusal:
        return [str(refusal)]
