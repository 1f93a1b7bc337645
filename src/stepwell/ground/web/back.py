"""The page of ours that a form says it came from, to go back to."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def safe_back(request: HttpRequest, address: str) -> str:
    """That address, when it is a path on this site; otherwise nothing. Redirect to it as it is: it names no view."""
    is_ours = address.startswith("/") and url_has_allowed_host_and_scheme(
        address, {request.get_host()}, require_https=request.is_secure()
    )
    return address if is_ours else ""
