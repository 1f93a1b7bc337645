"""`./stepwell shell`: a Python prompt with the models loaded, connected as the app."""

import argparse

from stepwell.config.cli.installation import installation, set_up_django


def run(arguments: argparse.Namespace) -> int:
    with installation():
        set_up_django()
        from django.core.management import call_command

        if not arguments.command:
            print("Rows of an organization are seen inside acting_in(organization):")
            print("  from stepwell.trust.organizations.acting import acting_in")
        call_command("shell", command=arguments.command)
    return 0
