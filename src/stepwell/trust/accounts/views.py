"""Signing in and out."""

from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from stepwell.ground.web.back import safe_back
from stepwell.trust.accounts.forms import SignInForm, WelcomeForm
from stepwell.trust.accounts.welcome import user_of


@sensitive_post_parameters("password")
@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    form = SignInForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid() and form.user:
        login(request, form.user)
        back = safe_back(request, request.POST.get("next", ""))
        return HttpResponseRedirect(back or reverse("accounts:home"))
    return render(
        request,
        "accounts/sign_in.html",
        {"form": form, "next": request.POST.get("next") or request.GET.get("next", "")},
        status=422 if form.is_bound else 200,
    )


@sensitive_post_parameters("new_password1", "new_password2")
@never_cache
def welcome(request: HttpRequest, key: str, token: str) -> HttpResponse:
    """Choose a password and come in. The link works once."""
    user = user_of(key, token)
    if user is None:
        return render(request, "accounts/welcome_over.html", status=410)
    form = WelcomeForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        login(request, user, backend="django.contrib.auth.backends.ModelBackend")
        return redirect("accounts:home")
    return render(
        request, "accounts/welcome.html", {"form": form, "person": user}, status=422 if form.is_bound else 200
    )


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("accounts:sign_in")


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Each person's own front page: the team's Today, or the patient's day."""
    return redirect("/staff/today/" if request.user.is_staff_here else "/me/")  # type: ignore[union-attr]
