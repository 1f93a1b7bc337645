"""Counting what was guessed wrong, whatever it was: a password, a code from an app, from paper or from an e-mail.

All are counted under the email, so that guessing one kind shuts out guessing the others (``config.guessing`` has the
limits). A lock-out is answered by the middleware of axes, in the same words for everybody.
"""

from typing import Any

from axes.handlers.proxy import AxesProxyHandler  # type: ignore[import-untyped]
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest


def may_try(request: HttpRequest, email: str) -> bool:
    """Whether another try is allowed. When not, the answer to this request becomes the one of a lock-out."""
    allowed = bool(AxesProxyHandler.is_allowed(request, {"username": email}))
    if not allowed:
        shut_out(request, email)
    return allowed


def shut_out(request: HttpRequest, email: str) -> None:
    AxesProxyHandler.update_request(request)
    here: Any = request
    here.axes_locked_out, here.axes_credentials = True, {"username": email}


def failed(request: HttpRequest, email: str) -> None:
    user_login_failed.send(sender=__name__, credentials={"username": email}, request=request)


def passed(request: HttpRequest, email: str) -> None:
    """Right at last: what was wrong before is forgotten, here and from this address."""
    AxesProxyHandler.update_request(request)
    AxesProxyHandler.reset_attempts(
        username=email,
        ip_address=request.axes_ip_address,  # type: ignore[attr-defined]
    )
