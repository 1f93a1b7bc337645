"""For tests about signing in: a password that passes, and a browser that is signed in."""

from django.test import Client

from stepwell.trust.accounts import sessions
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
