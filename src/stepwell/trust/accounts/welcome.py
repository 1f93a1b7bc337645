"""The links that bring somebody on the staff in. A patient's sign-in is offered (``people.actions.sign_in``).

One that was mailed shows by itself that its reader reads the mailbox: it opens a new sign-in, once, for three days,
until they have a key. One that somebody handed over opens nothing before a code from that mailbox is typed. It is the
same whether or not its person signs in elsewhere already, and lives three days whatever they do: so it tells nobody.
"""

from uuid import UUID

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.urls import reverse
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from stepwell.trust.accounts.models import User


class _Mailed(PasswordResetTokenGenerator):
    key_salt = "stepwell.accounts.welcome.mailed"


class _HandedOver(PasswordResetTokenGenerator):
    key_salt = "stepwell.accounts.welcome.handed-over"

    def _make_hash_value(self, user: User, timestamp: int) -> str:  # type: ignore[override]
        return f"{user.pk}{timestamp}{user.email}"


_MAILED, _HANDED_OVER = _Mailed(), _HandedOver()


def has_key(user: User) -> bool:
    """Whether they hold what lets staff in, a password or a passkey. From then on no link opens this sign-in.

    Whoever is cared for somewhere may have come in with codes by e-mail alone: those let no staff in.
    """
    return user.has_usable_password() or user.passkeys.exists()  # type: ignore[attr-defined]


def way_in(user: User) -> str:
    """What a letter to this person leads to: their welcome link, or the sign-in they have."""
    return reverse("accounts:sign_in") if has_key(user) else welcome_link(user)


def welcome_link(user: User) -> str:
    """For their mailbox and no other eyes."""
    return _link(user, _MAILED)


def link_to_hand_over(user: User) -> str:
    return _link(user, _HANDED_OVER)


def user_of(key: str, token: str) -> User | None:
    """Whose mailed link this is; None when it was used, is too old, or was made up."""
    user = _named(key, token, _MAILED)
    return user if user is not None and may_still_come_in(user) and not has_key(user) else None


def handed_to(key: str, token: str) -> User | None:
    """Whose link this is that somebody handed over, whatever has become of them since."""
    return _named(key, token, _HANDED_OVER)


def may_still_come_in(user: User) -> bool:
    return user.is_active and user.is_staff_anywhere


def _link(user: User, kind: PasswordResetTokenGenerator) -> str:
    key = urlsafe_base64_encode(user.pk.bytes)
    return reverse("accounts:welcome", args=[key, kind.make_token(user)])


def _named(key: str, token: str, kind: PasswordResetTokenGenerator) -> User | None:
    try:
        user = User.objects.filter(pk=UUID(bytes=urlsafe_base64_decode(key))).first()
    except ValueError:
        return None
    return user if user is not None and kind.check_token(user, token) else None
