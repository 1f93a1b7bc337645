"""The codes of an authenticator app: RFC 6238 with SHA-1, six digits, 30 seconds, as every app makes them."""

import base64
import hashlib
import hmac
import secrets
import struct
from urllib.parse import quote, urlencode

STEP_SECONDS, DIGITS = 30, 6
#: A phone's clock may be one step behind or ahead (RFC 6238, 5.2).
STEPS_AROUND = 1


def new_secret() -> str:
    """20 bytes, as RFC 4226 advises for SHA-1, in base 32 as apps take it."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def step_at(seconds: float) -> int:
    return int(seconds // STEP_SECONDS)


def code_of(secret: str, step: int) -> str:
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", step), hashlib.sha1)
    at = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[at : at + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def step_of(secret: str, code: str, *, seconds: float, after: int) -> int | None:
    """Which step this code is of; None when it is of none that is near now and later than the last one used."""
    now = step_at(seconds)
    found = None
    for step in range(now - STEPS_AROUND, now + STEPS_AROUND + 1):
        # Every step is compared, so that the time taken says nothing.
        if hmac.compare_digest(code_of(secret, step).encode(), code.encode()) and step > after:
            found = step
    return found


def address(secret: str, *, account: str, issuer: str) -> str:
    """What the QR code says, and what opens an app on the same phone."""
    label = quote(f"{issuer}:{account}", safe=":@")
    return f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': issuer})}"
