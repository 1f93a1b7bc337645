"""The page of ours that somebody came from, to go back to: a link says it, and the form it leads to keeps it."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme


def safe_back(request: HttpRequest, address: str) -> str:
    """That address, when it is a path on this site; otherwise nothing. Redirect to it as it is: it names no view."""
    is_ours = address.startswith("/") and url_has_allowed_host_and_scheme(
        address, {request.get_host()}, require_https=request.is_secure()
    )
    return address if is_ours else ""


def came_from(request: HttpRequest) -> str:
    """Where the reader of this page came from, if a link or a form of ours said so."""
    return safe_back(request, request.POST.get("back") or request.GET.get("back", ""))


def onward(request: HttpRequest, default: str) -> HttpResponse:
    """After something is done: to where its reader came from, else to that address."""
    return HttpResponseRedirect(came_from(request) or default)


def with_back(address: str, back: str) -> str:
    """That address, with where to go back to; before the part of the page it names."""
    page, hash_, part = address.partition("#")
    return f"{page}{'&' if '?' in page else '?'}{urlencode({'back': back})}{hash_}{part}"
