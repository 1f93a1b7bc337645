"""For tests about signing in: a password that passes, a browser that is signed in, and the code in a letter."""

import re

from django.core import mail
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client

from stepwell.trust.accounts import letters, sessions
from stepwell.trust.accounts.models import User

PASSWORD = "a long walk by the creek"  # noqa: S105 of people who do not exist
LAPTOP = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"


def give_password(user: User, email: str) -> User:
    user.email = email
    user.set_password(PASSWORD)
    user.save()
    return user


def browser(user: User, *, second_step: bool = False) -> Client:
    """Signed in this moment, with or without a second step."""
    client = Client(headers={"User-Agent": LAPTOP})
    client.force_login(user, backend=sessions.BACKEND)
    if second_step:
        session = client.session
        session[sessions.SECOND_STEP] = True
        session.save()
    return client


def posted() -> list[EmailMessage]:
    """Every letter so far, as if what a test did had been kept: its transaction never is."""
    waiting, connection.run_on_commit = connection.run_on_commit, []
    for hook in waiting:
        hook[1]()
    letters.wait()
    return list(mail.outbox)


def code_in(letter: EmailMessage) -> str:
    """The figures in a letter with a code."""
    found = re.search(r"(\d{4} \d{4})", str(letter.body))
    assert found, letter.body
    return found[1]


def code_for(person: Client, link: str) -> str:
    """Behind a link that was handed over: the code that went to the mailbox when this browser asked for it."""
    asked = person.post(link, {"send-code": "1"})
    assert asked.status_code == 302, asked.content.decode()
    return code_in(posted()[-1])
