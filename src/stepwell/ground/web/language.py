"""Which language a page speaks.

A public page speaks by its address: `/levels/` is English and `/es/levels/` is Spanish, so that both can be found and
shared. Everything else speaks as the signed-in person chose; else as this browser chose; else as it asks for.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver
from django.urls.resolvers import CheckURLMixin
from django.utils import translation

ENGLISH, SPANISH = "en", "es"
PREFIX = "es/"
YEAR = 365 * 24 * 3600
STAFF = "/staff/"


class AddressLanguage(CheckURLMixin):
    """The start of a bilingual address: `es/` or nothing.

    Both match whatever the reader's language; a link is made in the language that is being spoken.
    """

    converters: dict[str, Any] = {}

    @property
    def spoken(self) -> str:
        return PREFIX if (translation.get_language() or "").startswith(SPANISH) else ""

    @property
    def regex(self) -> re.Pattern[str]:
        return re.compile(re.escape(self.spoken))

    def match(self, path: str) -> tuple[str, tuple[()], dict[str, Any]]:
        return path.removeprefix(PREFIX), (), {}

    def check(self) -> list[CheckMessage]:
        return []

    def describe(self) -> str:
        return f"'{self}'"

    def __str__(self) -> str:
        return self.spoken


def in_both_languages(patterns: Sequence[URLPattern]) -> list[URLResolver]:
    """These addresses, in English and again under /es/."""
    for pattern in patterns:
        pattern.callback.speaks_by_address = True  # type: ignore[attr-defined]
    return [URLResolver(AddressLanguage(), list(patterns))]  # type: ignore[arg-type]


def speaks_by_address(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and getattr(match.func, "speaks_by_address", False)


def twin(path: str, code: str) -> str:
    """The same public page in that language."""
    plain = "/" + path.removeprefix("/").removeprefix(PREFIX)
    return f"/{PREFIX}{plain[1:]}" if code == SPANISH else plain


class LanguageMiddleware:
    """Speak the reader's language from the first line to the last, error pages included."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Asks no database: an error page must speak even when there is none. The person's own choice comes below.
        by_address = request.path_info.startswith("/" + PREFIX)
        with translation.override(SPANISH if by_address else of_browser(request)):
            request.LANGUAGE_CODE = translation.get_language()  # type: ignore[attr-defined]
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)  # type: ignore[attr-defined]
            return response

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> None:
        if speaks_by_address(request):
            self._speak(request, SPANISH if request.path_info.startswith("/" + PREFIX) else ENGLISH)
        elif request.path_info.startswith(STAFF):
            # Half a page in each language is worse than one in English: staff pages are not translated whole yet.
            self._speak(request, ENGLISH)
        elif request.user.is_authenticated:
            self._speak(request, request.user.language)  # type: ignore[union-attr]

    @staticmethod
    def _speak(request: HttpRequest, code: str) -> None:
        translation.activate(code)
        request.LANGUAGE_CODE = translation.get_language()  # type: ignore[attr-defined]


def of_browser(request: HttpRequest) -> str:
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if chosen in dict(settings.LANGUAGES) else translation.get_language_from_request(request)
