"""Between signing in and any page: is the session in use still, by somebody with a second step, proven lately?

Public pages are let through unread. A part of a page that asks by itself (htmx, a poll) never counts as use: a screen
that nobody sits at asks by itself, too. What a person types is told by ``accounts/idle.js``.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from stepwell.ground.web.language import speaks_by_address
from stepwell.ground.web.parts import is_part
from stepwell.trust.accounts import codes, proof, rules, sessions
from stepwell.trust.accounts.models import User
from stepwell.trust.accounts.rules import Because, Standing

Handler = Callable[[HttpRequest], HttpResponse]

#: Works while a session is covered: they show nothing that was behind it.
WHILE_COVERED = {
    "web:language",
    "accounts:sign_out",
    "accounts:again",
    "accounts:challenge",
    "accounts:time_left",
}
#: Works before a second step is set up: what it takes to set one up.
WITHOUT_SECOND_STEP = WHILE_COVERED | {
    "accounts:second_step_choice",
    "accounts:authenticator",
    "accounts:passkeys",
    "accounts:passkey_challenge",
}


class SignInStillHolds:
    """Stands right before the middleware that opens the organization, so that nothing of it is read before."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if is_part(request) and _leads_to_sign_in(response):
            return _not_now()
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        if speaks_by_address(request) or not isinstance(request.user, User):
            return None
        user, name = request.user, request.resolver_match.view_name if request.resolver_match else ""
        here: Any = request
        asked = here.proof = proof.take(request)
        because = _asks(request, user) if name not in WHILE_COVERED else None
        if name not in WHILE_COVERED and lacks_second_step(request, user) and codes.has_second_step(user):
            # It was set up after this session began, elsewhere: only with it does this session go on.
            because = Because.OVER
        if because is not None:
            if is_part(request):
                return _not_now()
            if not asked.something:
                return proof.page(request, because)
            if error := proof.prove(request, user, asked, because):
                return proof.page(request, because, error=error)
            if asked.only_asked_for:
                return HttpResponseRedirect(request.get_full_path())
        if name not in WHILE_COVERED and not is_part(request):
            sessions.use(request)
        if name not in WITHOUT_SECOND_STEP and lacks_second_step(request, user):
            if is_part(request):
                return _not_now()
            return redirect("accounts:second_step_choice")
        return None


def lacks_second_step(request: HttpRequest, user: User) -> bool:
    """Staff are let in with two steps only, outside the demonstration."""
    if not settings.STEPWELL_SECOND_FACTOR or request.session.get(sessions.SECOND_STEP) is True:
        return False
    return user.is_staff_anywhere


def _asks(request: HttpRequest, user: User) -> Because | None:
    if user.is_staff_anywhere:
        here = sessions.standing(request)
        if here is Standing.OPEN:
            return None
        return Because.OVER if here is Standing.OVER else Because.IDLE
    if rules.asks_again(request.path) and not sessions.is_fresh(request, rules.FRESH_FOR_PRIVATE_PAGES):
        return Because.PRIVATE
    return None


def _leads_to_sign_in(response: HttpResponse) -> bool:
    return response.status_code == 302 and response.headers.get("Location", "").startswith("/sign-in/")


def _not_now() -> HttpResponse:
    """To a part of a page: nothing, and word to the page that it must ask its reader first."""
    return HttpResponse(status=401, headers={"HX-Trigger": "stepwell:covered", "Cache-Control": "no-store"})


class KeepsItsCookie:
    """Stands outside the session middleware. A poll that left with an old key, just before the key was changed, must
    not take the new cookie away: only a page may."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        cookie = response.cookies.get(settings.SESSION_COOKIE_NAME)
        if is_part(request) and cookie is not None and not cookie.value:
            del response.cookies[settings.SESSION_COOKIE_NAME]
        return response
