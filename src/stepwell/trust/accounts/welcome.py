"""The link that opens a new sign-in, once: it dies when a password is chosen, or after three days."""

from uuid import UUID

from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from stepwell.trust.accounts.models import User


def welcome_link(user: User) -> str:
    key = urlsafe_base64_encode(user.pk.bytes)
    return reverse("accounts:welcome", args=[key, default_token_generator.make_token(user)])


def user_of(key: str, token: str) -> User | None:
    """Whose link this is; None when it was used, is too old, or was made up."""
    try:
        user = User.objects.filter(pk=UUID(bytes=urlsafe_base64_decode(key)), is_active=True).first()
    except ValueError:
        return None
    if user is None or user.has_usable_password() or not default_token_generator.check_token(user, token):
        return None
    return user
