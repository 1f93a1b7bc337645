"""When guessing passwords is locked out: one name from one address, and many names from one address.

axes has one limit for everything that it counts. An address needs a higher one, since a whole center may share it.
So for an address we count the names that failed: somebody who mistypes one name all day shuts out nobody else.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from axes.attempts import get_cool_off_threshold  # type: ignore[import-untyped]
from axes.handlers.database import AxesDatabaseHandler  # type: ignore[import-untyped]
from axes.models import AccessAttempt  # type: ignore[import-untyped]
from django.conf import settings
from django.http import HttpRequest, QueryDict


class Guessing(AxesDatabaseHandler):  # type: ignore[misc]
    """The counting of axes, and the names that failed from one address."""

    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        return _tries_too_many_names(request) or super().is_locked(request, credentials)

    def user_login_failed(
        self, sender: Any, credentials: dict[str, Any], request: Any = None, **more: Any
    ) -> None:
        if request is not None and _tries_too_many_names(request):
            # Not counted: else everyone who waits at this address would make the wait longer for all.
            request.axes_locked_out, request.axes_credentials = True, credentials
            return
        with _nothing_of_the_form(request):
            super().user_login_failed(sender, credentials, request, **more)


@contextmanager
def _nothing_of_the_form(request: Any) -> Iterator[None]:
    """axes keeps what was sent with a wrong password. Signing in again, that is what somebody was writing: a note."""
    if request is None:
        yield
        return
    sent = request.GET, request.POST
    request.GET = request.POST = QueryDict()
    try:
        yield
    finally:
        request.GET, request.POST = sent


def _tries_too_many_names(request: Any) -> bool:
    failed = AccessAttempt.objects.filter(
        ip_address=request.axes_ip_address, attempt_time__gte=get_cool_off_threshold(request)
    )
    return bool(failed.values("username").distinct().count() >= settings.STEPWELL_NAMES_FROM_ONE_ADDRESS)
