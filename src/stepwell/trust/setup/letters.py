"""The e-mail that asks somebody to come in. It says no health word and names no organization."""

import logging
import smtplib

from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.urls import reverse

from stepwell.trust.accounts.models import User
from stepwell.trust.accounts.welcome import welcome_link

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
    return reverse("accounts:sign_in") if user.has_usable_password() else welcome_link(user)


def send_invitation(request: HttpRequest, user: User, *, inviter: User) -> bool:
    """Whether it went out. When it could not, the one who invites has to hand the link over."""
    words = KNOWN if user.has_usable_password() else NEW
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
