"""The e-mail that asks somebody to come in. It says no health word and names no organization."""

import logging
import smtplib

from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.urls import reverse

from stepwell.trust.accounts.models import User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.accounts.welcome import has_come_in, welcome_link
from stepwell.trust.organizations.acting import the_organization_id

log = logging.getLogger(__name__)

SUBJECT = "Your sign-in for work"

NEW = """\
{inviter} has made a sign-in for you.

Open this address once, within three days, and choose a password:

{link}

You then sign in with {email}. If you did not expect this, do nothing: without you it opens nothing.
"""

KNOWN = """\
{inviter} has given you a place to work in.

Sign in as you always do:

{link}

If you did not expect this, do nothing.
"""


def way_in(user: User) -> str:
    """The path that brings this person in: their welcome link, or the sign-in they have."""
    return reverse("accounts:sign_in") if has_come_in(user) else welcome_link(user)


def way_to_hand_over(user: User) -> str:
    """The same for whoever invites, to hand on where no e-mail goes out. The link of somebody whom others know, too, is
    theirs alone: it would open to this reader what the others wrote."""
    others = user.memberships.exclude(organization=the_organization_id()) | user.memberships.filter(  # type: ignore[attr-defined]
        role=Role.PATIENT
    )
    return reverse("accounts:sign_in") if others.exists() else way_in(user)


def send_invitation(request: HttpRequest, user: User, *, inviter: User) -> bool:
    """Whether it went out. When it could not, the one who invites has to hand the link over."""
    words = KNOWN if has_come_in(user) else NEW
    link = request.build_absolute_uri(way_in(user))
    message = EmailMessage(
        SUBJECT, words.format(inviter=_one_line(inviter.name), link=link, email=user.email), to=[user.email]
    )
    try:
        return message.send() == 1
    except (OSError, smtplib.SMTPException) as error:
        # The address and the link stay out of the log: one is a name, the other a key.
        log.warning("An invitation could not be sent: %s", type(error).__name__)
        return False


def _one_line(name: str) -> str:
    return " ".join(name.split())
