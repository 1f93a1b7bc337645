"""Keys of the server's own, made from SECRET_KEY: one to seal what must be read again, one to fingerprint the rest.

When SECRET_KEY changes, the one before goes to SECRET_KEY_FALLBACKS: what was made with it still opens, and is sealed
with the new one as it is used.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterator

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


def seal(words: str) -> str:
    return _fernet().encrypt(words.encode()).decode()


def unseal(sealed: str) -> str:
    """Raises ValueError for what none of our keys has sealed."""
    try:
        return _fernet().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise ValueError("sealed with a key that this server does not have") from error


def seal_anew(sealed: str) -> str:
    """The same, sealed with the key of today."""
    return _fernet().rotate(sealed.encode()).decode()


def fingerprints(purpose: str, words: str) -> Iterator[bytes]:
    """The fingerprint under the key of today, then under each one before."""
    for secret in _secrets():
        yield hmac.digest(_key(secret, purpose), words.encode(), hashlib.sha256)


def _fernet() -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_key(secret, "seal"))) for secret in _secrets()])


def _secrets() -> list[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def _key(secret: str, purpose: str) -> bytes:
    return hmac.digest(secret.encode(), f"stepwell.accounts.{purpose}".encode(), hashlib.sha256)
