"""`./stepwell makemigrations`: write the migrations that changed models need."""

import argparse
import sys

from stepwell.config.cli.arguments import BAD_ARGUMENTS
from stepwell.config.cli.installation import be_the_demonstration, set_up_django


def run(arguments: argparse.Namespace) -> int:
    be_the_demonstration()
    set_up_django()
    from django.apps import apps
    from django.core.management import CommandError, call_command

    labels = sorted(config.label for config in apps.get_app_configs())
    if unknown := [app for app in arguments.app if app not in labels]:
        print(f"There is no app {unknown[0]!r}; there are {', '.join(labels)}.", file=sys.stderr)
        return BAD_ARGUMENTS
    try:
        call_command("makemigrations", *arguments.app, name=arguments.name, empty=arguments.empty)
    except CommandError as refusal:
        print(refusal, file=sys.stderr)
        return BAD_ARGUMENTS
    return 0
