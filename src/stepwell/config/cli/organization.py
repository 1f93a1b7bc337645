"""`./stepwell organization new`: begin an organization, with its first center and the person who sets up the rest.

It ends with 0 when the organization stands, and with 2 when something given is wrong: it says which and why.
"""

import argparse
import sys

from stepwell.config.cli.arguments import BAD_ARGUMENTS
from stepwell.config.cli.installation import installation, set_up_django

#: How a field of the action is given on the command line.
OPTION = {
    "name": "--name",
    "center": "--center",
    "time_zone": "--time-zone",
    "email": "--email",
    "administrator": "--administrator",
}


def run(arguments: argparse.Namespace) -> int:
    with installation():
        set_up_django()
        return _new(arguments)


def _new(arguments: argparse.Namespace) -> int:
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    from stepwell.ground.kit import clock
    from stepwell.ground.kit.refusals import Refused
    from stepwell.trust.setup.actions.organization import begin_organization

    try:
        validate_email(arguments.email)
    except ValidationError:
        return _wrong("email", f"'{arguments.email}' is not a whole e-mail address")
    try:
        begun = begin_organization(
            name=arguments.name,
            center=arguments.center or arguments.name,
            time_zone=arguments.time_zone,
            email=arguments.email,
            administrator=arguments.administrator,
            at=clock.now(),
        )
    except Refused as refusal:
        return _wrong(refusal.field or "name", refusal.because)
    print(
        f"{begun.organization.name} stands, with its first center. {begun.administrator.email} administers it."
    )
    if begun.link:
        print(
            "They open this address once, within three days, and choose a password. Give it to them alone:\n"
        )
        print(f"    {_site()}{begun.link}")
    else:
        print("They have a sign-in already, and keep it.")
    print("\nThe page Setup then says what comes next.")
    return 0


def _site() -> str:
    """Where people reach us: the first of the addresses in the settings, or this machine."""
    from django.conf import settings

    return (settings.CSRF_TRUSTED_ORIGINS or ["http://localhost:8000"])[0].rstrip("/")


def _wrong(field: str, because: str) -> int:
    print(f"./stepwell organization new: {OPTION[field]}: {because}. Nothing was made.", file=sys.stderr)
    return BAD_ARGUMENTS
