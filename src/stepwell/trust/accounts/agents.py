"""What a browser calls itself, in words that a person knows their own devices by."""

from django.http import HttpRequest

_BROWSERS = (
    ("Edg", "Edge"),
    ("SamsungBrowser", "Samsung Internet"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_DEVICES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "Chromebook"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def agent_of(request: HttpRequest | None) -> str:
    """Such as "Chrome on Android"; nothing when the browser does not say, or says what we do not know."""
    said = request.META.get("HTTP_USER_AGENT", "") if request is not None else ""
    browser = next((name for mark, name in _BROWSERS if mark in said), "")
    device = next((name for mark, name in _DEVICES if mark in said), "")
    return f"{browser} on {device}" if browser and device else browser or device


def address_of(request: HttpRequest | None) -> str | None:
    return (request.META.get("REMOTE_ADDR") or None) if request is not None else None
