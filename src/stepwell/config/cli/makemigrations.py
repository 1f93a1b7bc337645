"""`./stepwell makemigrations`: write the migrations that changed models need."""

import argparse

from stepwell.config.cli.installation import be_the_demonstration, set_up_django


def run(arguments: argparse.Namespace) -> int:
    be_the_demonstration()
    set_up_django()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["./stepwell", "makemigrations", *arguments.words])
    return 0
