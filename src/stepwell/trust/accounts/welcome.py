"""The link that opens the new sign-in of somebody on the staff, once: it dies when they have come in, or after three
days. A patient's sign-in is offered (``people.actions.sign_in``), and no link alone opens it."""

from uuid import UUID

from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from stepwell.trust.accounts.models import User


def has_come_in(user: User) -> bool:
    """Whether this sign-in is in use. From then on no link opens it, and nobody but its person holds a key.

    Not everybody chooses a password: some come in with codes by e-mail, or with a passkey.
    """
    return user.has_usable_password() or user.last_login is not None or user.passkeys.exists()  # type: ignore[attr-defined]


def welcome_link(user: User) -> str:
    key = urlsafe_base64_encode(user.pk.bytes)
    return reverse("accounts:welcome", args=[key, default_token_generator.make_token(user)])


def user_of(key: str, token: str) -> User | None:
    """Whose link this is; None when it was used, is too old, or was made up."""
    try:
        user = User.objects.filter(pk=UUID(bytes=urlsafe_base64_decode(key)), is_active=True).first()
    except ValueError:
        return None
    if (
        user is None
        or not user.is_staff_anywhere
        or has_come_in(user)
        or not default_token_generator.check_token(user, token)
    ):
        return None
    return user
