"""Choosing a language and staying on the page, and the style guide of the demonstration."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from stepwell.ground.web.language import YEAR, twin


@csrf_exempt  # A public page sets no cookie, so it has no token. Another site's form is refused below.
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keep the choice in the profile of whoever is signed in, and in this browser; then show the same page."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return HttpResponseForbidden()
    chosen = request.POST.get("language", "")
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    if chosen not in dict(settings.LANGUAGES):
        return redirect(back)
    response = redirect(twin(back, chosen) if _speaks_by_address(back) else back)
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen, max_age=YEAR, samesite="Lax", httponly=True)
    if request.user.is_authenticated:
        request.user.language = chosen  # type: ignore[union-attr]
        request.user.save(update_fields=["language"])
    return response


def _speaks_by_address(path: str) -> bool:
    try:
        return getattr(resolve(path.partition("?")[0]).func, "speaks_by_address", False)
    except Resolver404:
        return False
