"""Who tells us of an answer or a receipt: whoever can sign with the secret that the provider and we share."""

import hashlib
import hmac

HEADER = "X-Stepwell-Signature"
#: How many seconds old a signature may be: what somebody recorded on the way cannot be played again later.
LASTS = 300


def sign(secret: str, body: bytes, at: int) -> str:
    made = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={made}"


def is_signed(secret: str, body: bytes, signature: str, *, now: int) -> bool:
    """Without a secret nobody is believed."""
    if not secret:
        return False
    parts = dict(part.partition("=")[::2] for part in signature.split(","))
    at = parts.get("t", "")
    if not (at.isascii() and at.isdecimal() and len(at) < 13) or abs(now - int(at)) > LASTS:
        return False
    return hmac.compare_digest(sign(secret, body, int(at)).encode(), signature.strip().encode())
