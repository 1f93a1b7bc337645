"""Choosing a language and staying on the page, and the style guide of the demonstration."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseForbidden, HttpResponseRedirect
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from stepwell.ground.web import styleguide
from stepwell.ground.web.back import safe_back
from stepwell.ground.web.language import PREFIX, YEAR, twin


@csrf_exempt  # A public page sets no cookie, so it has no token. Another site's form is refused below.
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keep the choice in the profile of whoever is signed in, and in this browser; then show the same page."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return HttpResponseForbidden()
    chosen = request.POST.get("language", "")
    back = safe_back(request, request.POST.get("next", "")) or "/"
    if chosen not in dict(settings.LANGUAGES):
        return HttpResponseRedirect(back)
    if _speaks_by_address(back):
        back = (
            safe_back(request, twin(back, chosen)) or "/"
        )  # Without its /es/, /es//x would be another site.
    response = HttpResponseRedirect(back)
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen, max_age=YEAR, samesite="Lax", httponly=True)
    if request.user.is_authenticated:
        request.user.language = chosen  # type: ignore[union-attr]
        request.user.save(update_fields=["language"])
    return response


def _speaks_by_address(path: str) -> bool:
    if path.startswith(f"/{PREFIX}"):
        return True
    try:
        return getattr(resolve(path.partition("?")[0]).func, "speaks_by_address", False)
    except Resolver404:
        return False


@require_safe
def style_guide(request: HttpRequest) -> HttpResponse:
    """Every component in every state. Only where fictional people live."""
    if not settings.STEPWELL_DEMO:
        raise Http404
    theme = request.GET.get("theme", "")
    return render(
        request,
        "web/styleguide.html",
        styleguide.everything() | {"theme": theme if theme in {"light", "dark"} else ""},
    )
