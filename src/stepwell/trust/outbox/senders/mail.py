"""E-mail, through Django's own backend: SMTP in a center, the screen in the demonstration, memory in the tests.

SMTP knows no key that would let a server take a message once. So an answer that never came stays unclear, and such a
message is not sent again (ADR 0007).
"""

import smtplib

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from stepwell.trust.outbox.senders import Accepted, InHand, Outcome, TurnedDown, Unclear


def send(message: InHand) -> Outcome:
    connection = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        return TurnedDown(_said(error, "the mail server was not reached"), try_again=True)
    letter = EmailMessage(
        subject=message.subject,
        body=message.body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[message.to],
        connection=connection,
        headers={
            "Message-ID": f"<{message.reference[-32:]}@{_our_domain()}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    if message.calendar:
        letter.attach("visit.ics", message.calendar, "text/calendar")
    try:
        letter.send()
    except smtplib.SMTPRecipientsRefused as error:
        code = next(iter(error.recipients.values()), (550, b""))[0]
        return TurnedDown(f"the mail server did not take the address ({code})", try_again=code < 500)
    except smtplib.SMTPResponseException as error:
        return TurnedDown(f"the mail server said no ({error.smtp_code})", try_again=error.smtp_code < 500)
    except ValueError as error:  # An address or a subject that cannot be written in a header.
        return TurnedDown(_said(error, "it cannot be written as an e-mail"), try_again=False)
    except (OSError, smtplib.SMTPException) as error:
        return Unclear(_said(error, "the line to the mail server broke"))
    finally:
        _close(connection)
    return Accepted(message.reference)


def _close(connection: object) -> None:
    try:
        connection.close()  # type: ignore[attr-defined]
    except (OSError, smtplib.SMTPException):
        return  # What was taken is taken, whether or not we said goodbye.


def _our_domain() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"


def _said(error: Exception, otherwise: str) -> str:
    return f"{otherwise} ({type(error).__name__})"
