"""Undo, for some minutes, where undoing is safe: what was just done is said with a button that does the reverse act.

The reverse act is an ordinary one: it asks for its permission and leaves its own trace. What it is about is signed
into the address of the button, for the person who did it. Never offered for what was signed, sent or told.
"""

from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest

from stepwell.ground.kit import clock

LASTS = timedelta(minutes=5)


def offer(request: HttpRequest, said: str, address: str, what: Iterable[object]) -> None:
    """Say what was done, with Undo, which posts to this address."""
    told = {"at": clock.now().timestamp(), "what": [str(each) for each in what]}
    of = signing.dumps(told, salt=_salt(request, address))
    messages.success(request, said, extra_tags=f"{address}?{urlencode({'of': of})}")


def asked(request: HttpRequest) -> list[str] | None:
    """What this person may undo here; None when it is too late, or nothing that was offered to them."""
    try:
        told = signing.loads(request.GET.get("of", ""), salt=_salt(request, request.path))
    except signing.BadSignature:
        return None
    late = clock.now().timestamp() - told["at"] > LASTS.total_seconds()
    return None if late else told["what"]


def _salt(request: HttpRequest, address: str) -> str:
    return f"undo:{request.user.pk}:{address}"
