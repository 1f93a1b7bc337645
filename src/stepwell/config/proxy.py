"""Where a request came from, when a proxy stands in front of us."""

from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse


class CameThroughProxy:
    """Put the address that the proxy saw in place of the proxy's own, for the audit trail and for lockouts.

    Only the last hop is the proxy's own word; those before it are whatever the browser sent. Without a proxy
    anyone could write the header, so it is not read.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.STEPWELL_BEHIND_PROXY and (seen := _last_hop(request)):
            request.META["REMOTE_ADDR"] = seen
        return self.get_response(request)


def _last_hop(request: HttpRequest) -> str:
    hop = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
    try:
        return str(ip_address(hop))
    except ValueError:
        return ""
