"""Error pages that help: what happened, what to do now. They ask no database and read no session."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from axes.helpers import get_cool_off  # type: ignore[import-untyped]
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from stepwell.ground.web import language

Words = str | Promise


@dataclass(frozen=True)
class ErrorPage:
    """What one page says. `steps` are things that this reader can do."""

    status: HTTPStatus
    title: Words
    happened: Words
    steps: tuple[Words, ...]
    steps_for_staff: tuple[Words, ...] = ()


BAD_REQUEST = ErrorPage(
    HTTPStatus.BAD_REQUEST,
    gettext_lazy("We could not read that"),
    gettext_lazy("What your browser sent was not complete, or the address has a mistake. Nothing was saved."),
    (
        gettext_lazy("Go back and try again."),
        gettext_lazy("If you typed or pasted the address, check it."),
    ),
)
CSRF = ErrorPage(
    HTTPStatus.FORBIDDEN,
    gettext_lazy("We could not be sure that this came from you"),
    gettext_lazy("Your browser did not send the key that keeps your form safe. Nothing was saved."),
    (
        gettext_lazy("Go back, load the page again, and send it once more."),
        gettext_lazy("If cookies are turned off, turn them on for this site."),
        gettext_lazy("If you signed out in another window, sign in again."),
    ),
)
FORBIDDEN = ErrorPage(
    HTTPStatus.FORBIDDEN,
    gettext_lazy("You cannot open this page"),
    gettext_lazy("It is not part of what you may see here. Nothing was changed."),
    (gettext_lazy("If you think this is a mistake, ask the front desk."),),
    (
        gettext_lazy("If you need it for your work, ask your administrator for the permission."),
        gettext_lazy("If you work in more than one role, sign in with the right one."),
    ),
)
NOT_FOUND = ErrorPage(
    HTTPStatus.NOT_FOUND,
    gettext_lazy("We cannot find that page"),
    gettext_lazy("The address may have a mistake, or the page may have moved."),
    (
        gettext_lazy("If you typed or pasted the address, check it."),
        gettext_lazy("Or begin at the start page."),
    ),
    (
        gettext_lazy("If you typed or pasted the address, check it."),
        gettext_lazy("A record that you may not see looks the same as one that is not there."),
        gettext_lazy("If you need a record for your work, ask your supervisor."),
    ),
)
NOT_ALLOWED = ErrorPage(
    HTTPStatus.METHOD_NOT_ALLOWED,
    gettext_lazy("That address does something, and shows nothing"),
    gettext_lazy("It is meant for a button on another page. Nothing was changed."),
    (gettext_lazy("Go back to the page you came from, and use the button there."),),
)
BROKEN = ErrorPage(
    HTTPStatus.INTERNAL_SERVER_ERROR,
    gettext_lazy("Something went wrong on our side"),
    gettext_lazy("It was not your mistake."),
    (
        gettext_lazy("Wait a minute and try again."),
        gettext_lazy("If you sent a form, look first whether it was saved."),
        gettext_lazy("If it happens again, call the front desk and say what you were doing."),
    ),
)


def respond(request: HttpRequest, page: ErrorPage, **more: Any) -> HttpResponse:
    """The page behind the door where it happened. Rendered without the request, so that nothing is asked of it."""
    for_staff = request.path.startswith("/staff/")
    context = {
        "page": page,
        "steps": (for_staff and page.steps_for_staff) or page.steps,
        "for_staff": for_staff,
        "door": "staff" if for_staff else "patient" if request.path.startswith("/me/") else "public",
        "path": request.path if request.method == "GET" else "/",
        **more,
    }
    # When it broke before the language was known, the browser is asked.
    spoken = getattr(request, "LANGUAGE_CODE", "") or language.of_browser(request)
    with translation.override(spoken):
        return HttpResponse(render_to_string("web/error.html", context), status=page.status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return respond(request, BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return respond(request, FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return respond(request, NOT_FOUND)


def broken(request: HttpRequest) -> HttpResponse:
    return respond(request, BROKEN)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return respond(request, CSRF)


def locked_out(
    request: HttpRequest, original_response: HttpResponse | None = None, credentials: Any = None
) -> HttpResponse:
    """Too many wrong passwords. Says when to try again, and nothing on whether the email is known."""
    wait = get_cool_off(request) or timedelta(0)
    minutes = round(wait.total_seconds() / 60)
    happened = _("Signing in with this email is closed for now. This protects the person whose email it is.")
    page = ErrorPage(
        HTTPStatus.TOO_MANY_REQUESTS,
        _("Too many tries"),
        happened,
        (
            _("Wait %(minutes)s minutes, then try again.") % {"minutes": minutes}
            if minutes
            else _("Ask your administrator to open it again."),
            _("If you do not know your password, ask your administrator or the front desk."),
        ),
    )
    response = respond(request, page)
    if minutes:
        response.headers["Retry-After"] = str(round(wait.total_seconds()))
    return response


def too_often(request: HttpRequest, wait: timedelta) -> HttpResponse:
    """Somebody, or a program, asks faster than a person does. Says when to go on."""
    seconds = max(1, round(wait.total_seconds()))
    minutes = -(-seconds // 60)
    page = ErrorPage(
        HTTPStatus.TOO_MANY_REQUESTS,
        _("That was a lot at once"),
        _("We take only so many requests in a short time from one place. Nothing was changed."),
        (
            ngettext(
                "Wait %(minutes)s minute, then try again.",
                "Wait %(minutes)s minutes, then try again.",
                minutes,
            )
            % {"minutes": minutes},
            _("What you typed is still on the page before this one. Go back to it."),
            _("If you are in danger now, call 911. To talk to somebody now, call or text 988."),
        ),
    )
    response = respond(request, page)
    response.headers["Retry-After"] = str(seconds)
    return response


class ErrorPages:
    """Gives words to an answer that has none: 405 comes from Django empty."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or response.content:
            return response
        page = respond(request, NOT_ALLOWED)
        page.headers["Allow"] = response.headers["Allow"]
        return page
