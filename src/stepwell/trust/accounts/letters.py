"""What we write about a sign-in. A neighbor who reads it learns nothing: no program, no center, no reason.

A letter is sent once what it tells of is kept, beside the request, by a thread of its own: else a request for somebody
would take longer than one for nobody, by as long as the mail server takes. There is one try: what fails is in the log
of the server, and whoever waits asks again. A process that ends sends what it has in hand; one that is killed does not.
"""

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from stepwell.trust.accounts.models import User

log = logging.getLogger("stepwell.accounts")
_postman = ThreadPoolExecutor(max_workers=2, thread_name_prefix="letters")
_under_way: set[Future[Any]] = set()

#: Whoever is written to when there is nobody: nothing is sent, but it is written all the same.
NOBODY = User(email="", name="")


def send_code(user: User | None, code: str, *, minutes: int) -> None:
    def words() -> tuple[str, str]:
        spaced = f"{code[:4]} {code[4:]}"
        return _("Your code"), "\n\n".join(
            (
                _("Your code is %(code)s") % {"code": spaced},
                _("It works for %(minutes)s minutes, in the browser where you asked for it.")
                % {"minutes": minutes},
                _("If you did not ask for it, you need not do anything. Give it to nobody."),
            )
        )

    _send(user, words)


def send_new_password_link(user: User | None, link: str) -> None:
    def words() -> tuple[str, str]:
        return _("A new password"), "\n\n".join(
            (
                _("Open this address to choose a new password:"),
                link,
                _("It works once, within one hour."),
                _("If you did not ask for it, you need not do anything. Your password stays as it is."),
            )
        )

    _send(user, words)


def send_invitation(user: User, link: str, *, inviter: str, is_known: bool) -> None:
    """To come in and work here, or to work in one more place with the sign-in they have."""
    given = {"inviter": " ".join(inviter.split()), "email": user.email}

    def words() -> tuple[str, str]:
        if is_known:
            said = [
                _("%(inviter)s has given you a place to work in.") % given,
                _("Sign in as you always do:"),
                link,
                _("If you did not expect this, do nothing."),
            ]
        else:
            said = [
                _("%(inviter)s has made a sign-in for you.") % given,
                _("Open this address once, within three days, and choose a password:"),
                link,
                _(
                    "You then sign in with %(email)s. If you did not expect this, do nothing: without you it opens"
                    " nothing."
                )
                % given,
            ]
        return _("Your sign-in for work"), "\n\n".join(said)

    _send(user, words)


def tell_of_change(user: User, what: str | Promise, *, at: datetime) -> None:
    """So that a change that somebody else made is noticed. ``what`` is one of the sentences of ``accounts.changes``."""

    def words() -> tuple[str, str]:
        return _("Your sign-in was changed"), "\n\n".join(
            (
                str(what),
                _("If it was you, you need not do anything."),
                _(
                    "If it was not you, choose a new password at once, or call those who gave you this sign-in."
                ),
            )
        )

    _send(user, words)


def wait() -> None:
    """Until everything is with the mail server. For tests: Python itself waits when a process ends."""
    for sending in list(_under_way):
        with suppress(Exception):
            sending.result(timeout=10)


def _send(user: User | None, words: Any) -> None:
    with translation.override((user or NOBODY).language):
        subject, text = words()
    letter = EmailMessage(subject, text + "\n", settings.DEFAULT_FROM_EMAIL, [user.email] if user else [])
    letter.extra_headers["Auto-Submitted"] = "auto-generated"
    transaction.on_commit(lambda: _post(letter))


def _post(letter: EmailMessage) -> None:
    sending = _postman.submit(_deliver, letter)
    _under_way.add(sending)
    sending.add_done_callback(_under_way.discard)


def _deliver(letter: EmailMessage) -> None:
    if not letter.to:
        return
    try:
        letter.send()
    except Exception as error:
        # Nobody waits for this thread: what is not said here is said nowhere. Not what it says: that may name somebody.
        log.error("A letter about a sign-in could not be sent: %s", type(error).__name__)
