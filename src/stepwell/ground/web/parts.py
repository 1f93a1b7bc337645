"""A part of a page, asked for by itself."""

from django.http import HttpRequest


def is_part(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of the page, and not the browser for the whole."""
    return request.headers.get("HX-Request") == "true"
