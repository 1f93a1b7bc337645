"""Showing again that it is you, and how long a session still lasts: for the page that covers itself."""

from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from stepwell.ground.web.back import safe_back
from stepwell.trust.accounts import passkeys, proof, sessions
from stepwell.trust.accounts.models import User, signed_in
from stepwell.trust.accounts.rules import Because, Standing
from stepwell.trust.accounts.views.signing_in import halfway_in


@never_cache
@login_required
def again(request: HttpRequest) -> HttpResponse:
    """Opens a covered session again. The page that covers itself sends the proof here, and stays where it is."""
    user, asked = signed_in(request), proof.given(request)
    stands = sessions.standing(request)
    because = Because.OVER if stands is Standing.OVER else Because.IDLE
    as_data = request.headers.get("Accept") == "application/json"
    back = safe_back(request, request.GET.get("next", "")) or reverse("accounts:home")
    if not asked.something:
        if as_data:
            return _time_left(request)
        is_covered = user.is_staff_anywhere and stands is not Standing.OPEN
        return proof.page(request, because) if is_covered else HttpResponseRedirect(back)
    error = proof.prove(request, user, asked, because)
    if as_data:
        return JsonResponse({"error": error}, status=422) if error else _time_left(request)
    if error:
        return proof.page(request, because, error=error)
    return HttpResponseRedirect(back)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def time_left(request: HttpRequest) -> HttpResponse:
    """How long until the page covers itself. Asking is no use of the session; sending is: somebody typed or pressed."""
    if request.method == "POST" and sessions.standing(request) is Standing.OPEN:
        sessions.use(request, at_once=True)
    return _time_left(request)


def _time_left(request: HttpRequest) -> JsonResponse:
    left: timedelta = sessions.left(request)
    whole = sessions.standing(request) is Standing.OVER
    return JsonResponse({"seconds": left.total_seconds(), "whole": whole})


@never_cache
@require_POST
def challenge(request: HttpRequest) -> HttpResponse:
    """What a passkey is asked: of the person signed in, of one who is halfway in, or of whoever holds one."""
    user = request.user if isinstance(request.user, User) else halfway_in(request)
    return JsonResponse(passkeys.ask_to_prove(request, user))
