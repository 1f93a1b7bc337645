"""Signing in and out.

What fails says one sentence, whoever was meant: an email that nobody has is answered like a wrong password.
"""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from stepwell.ground.kit import clock
from stepwell.ground.web.back import safe_back
from stepwell.trust.accounts import changes, codes, emailed, passkeys, proof, sessions, tries
from stepwell.trust.accounts.forms import CodeForm, EmailForm, NewPasswordForm, SignInForm, WelcomeForm
from stepwell.trust.accounts.models import User
from stepwell.trust.accounts.views.mailbox import once_read
from stepwell.trust.accounts.welcome import handed_to, has_key, may_still_come_in, user_of, welcome_link

#: Who has given the first of two proofs in this browser, and when.
HALFWAY = "halfway_in"
HALFWAY_FOR = timedelta(minutes=10)
#: In the address of the page: whoever comes is known already, and signs in as they always do.
AS_ALWAYS = "as-always"


@sensitive_post_parameters("password")
@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    form = SignInForm(request, request.POST or None)
    back = request.POST.get("next") or request.GET.get("next", "")
    if request.method == "POST":
        if answer := proof.passkey_in(request):
            if user := _by_passkey(request, answer):
                return _come_in(request, user, back, second_step=True)
            form = SignInForm.refused_passkey(request)
        elif form.is_valid() and form.user:
            return after_first_step(request, form.user, back)
    return render(
        request,
        "accounts/sign_in.html",
        {
            "form": form,
            "next": back,
            "changed": "password" in request.GET,
            "as_always": AS_ALWAYS in request.GET,
        },
        status=422 if form.is_bound else 200,
    )


@never_cache
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """Ask for a code by e-mail. The answer is the same for everybody."""
    form = EmailForm(request.POST or None)
    back = request.POST.get("next") or request.GET.get("next", "")
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"].lower()
        if tries.may_try(request, email):
            emailed.send_code(request, email)
        return _to("accounts:sign_in_code_entry", back)
    return render(
        request,
        "accounts/sign_in_code.html",
        {"form": form, "next": back},
        status=422 if form.is_bound else 200,
    )


@never_cache
def sign_in_code_entry(request: HttpRequest) -> HttpResponse:
    """The code that was sent, in the browser that asked for it."""
    back = request.POST.get("next") or request.GET.get("next", "")
    if not emailed.is_waiting(request):
        return _to("accounts:sign_in_code", back)
    email = request.session.get(emailed.ASKED_WITH, "")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and tries.may_try(request, email):
        user = emailed.owner_of_code(request, form.cleaned_data["code"])
        if user is not None:
            return after_first_step(request, user, back)
        tries.failed(request, email)
        form.add_error("code", form.WRONG)
    return render(
        request,
        "accounts/sign_in_code_entry.html",
        {"form": form, "next": back, "email": email},
        status=422 if form.is_bound else 200,
    )


@never_cache
def second_step(request: HttpRequest) -> HttpResponse:
    """The other proof: a code from the app or from paper, or a passkey."""
    back = request.POST.get("next") or request.GET.get("next", "")
    user = halfway_in(request)
    if user is None:
        return _to("accounts:sign_in", back)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and tries.may_try(request, user.email):
        if answer := proof.passkey_in(request):
            if passkeys.proven(request, answer) == user:
                return _come_in(request, user, back, second_step=True)
            form.errors.clear()  # The empty code is not what went wrong.
            form.add_error(None, proof.REFUSED_PASSKEY)
            tries.failed(request, user.email)
        elif form.is_valid():
            if codes.is_right(user, form.cleaned_data["code"]):
                return _come_in(request, user, back, second_step=True)
            form.add_error("code", form.WRONG)
            tries.failed(request, user.email)
    context = {
        "form": form,
        "next": back,
        "has_passkey": user.passkeys.exists(),
        "has_app": hasattr(user, "authenticator_app"),
    }
    return render(request, "accounts/second_step.html", context, status=422 if form.is_bound else 200)


@sensitive_post_parameters("new_password1", "new_password2")
@never_cache
def welcome(request: HttpRequest, key: str, token: str) -> HttpResponse:
    """Choose a password and come in. The link works once; one that was handed over asks for a code first."""
    if handed := handed_to(key, token):
        return once_read(request, handed.email, lambda: _go_on(request, handed))
    user = user_of(key, token)
    if user is None:
        return _over(request)
    form = WelcomeForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        changes.choose_password(
            user,
            form.cleaned_data["new_password1"],
            request=request,
            keep_this=False,
            because="by the welcome link",
        )
        return after_first_step(request, user, "")
    return render(
        request, "accounts/welcome.html", {"form": form, "person": user}, status=422 if form.is_bound else 200
    )


def _go_on(request: HttpRequest, user: User) -> HttpResponse:
    """Whoever reads the mailbox is where a letter would have led them."""
    if not may_still_come_in(user):
        return _over(request)
    return as_always() if has_key(user) else redirect(welcome_link(user))


def _over(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/welcome_over.html", status=410)


@never_cache
def password_forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for a link to a new password. The answer is the same for everybody."""
    form = EmailForm(request.POST or None)
    sent = False
    if request.method == "POST" and form.is_valid():
        emailed.send_new_password_link(request, form.cleaned_data["email"].lower())
        sent = True
    return render(
        request,
        "accounts/password_forgotten.html",
        {"form": form, "sent": sent},
        status=422 if form.is_bound and not sent else 200,
    )


@sensitive_post_parameters("new_password1", "new_password2")
@never_cache
def new_password(request: HttpRequest, letter_id: UUID, token: str) -> HttpResponse:
    """Choose a new password with a link from a letter. It ends every session, and signing in follows."""
    user = emailed.owner_of_link(letter_id, token)
    if user is None:
        return render(request, "accounts/new_password_over.html", status=410)
    form = NewPasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        if emailed.use_link(letter_id, token) is None:
            return render(request, "accounts/new_password_over.html", status=410)
        changes.choose_password(
            user, form.cleaned_data["new_password1"], request=request, keep_this=False, because="by a letter"
        )
        tries.passed(request, user.email)
        logout(request)
        return HttpResponseRedirect(f"{reverse('accounts:sign_in')}?password")
    return render(
        request,
        "accounts/new_password.html",
        {"form": form, "person": user},
        status=422 if form.is_bound else 200,
    )


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("accounts:sign_in")


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Each person's own front page: the team's Today, or the patient's day."""
    return redirect("/staff/today/" if request.user.is_staff_here else "/me/")  # type: ignore[union-attr]


# --- steps -------------------------------------------------------------------------------------


def _by_passkey(request: HttpRequest, answer: str) -> User | None:
    user = passkeys.proven(request, answer)
    if user is None:
        tries.failed(request, "passkey")
        return None
    return user if tries.may_try(request, user.email) else None


def after_first_step(request: HttpRequest, user: User, back: str) -> HttpResponse:
    """In, or to the second step for whoever has one."""
    if not _takes_two_steps(user):
        return _come_in(request, user, back, second_step=False)
    request.session.cycle_key()
    request.session[HALFWAY] = {
        "user": str(user.pk),
        "at": clock.now().timestamp(),
        "hash": user.get_session_auth_hash(),
    }
    return _to("accounts:second_step", back)


def _takes_two_steps(user: User) -> bool:
    """Staff who have a second step use it. A patient who set up an app wants it asked; a passkey is a way in itself."""
    return codes.has_second_step(user) if user.is_staff_anywhere else hasattr(user, "authenticator_app")


def as_always() -> HttpResponse:
    """To the ordinary door, with word that there is nothing new to do."""
    return HttpResponseRedirect(f"{reverse('accounts:sign_in')}?{AS_ALWAYS}")


def halfway_in(request: HttpRequest) -> User | None:
    here: Any = request.session.get(HALFWAY)
    if not isinstance(here, dict) or clock.now().timestamp() - here["at"] >= HALFWAY_FOR.total_seconds():
        return None
    user = User.objects.filter(pk=here["user"], is_active=True).first()
    # A password that was changed meanwhile begins anew.
    return user if user is not None and user.get_session_auth_hash() == here["hash"] else None


def _come_in(request: HttpRequest, user: User, back: str, *, second_step: bool) -> HttpResponse:
    request.session.pop(HALFWAY, None)
    login(request, user, backend=sessions.BACKEND)
    if second_step:
        sessions.with_second_step(request)
    return HttpResponseRedirect(safe_back(request, back) or reverse("accounts:home"))


def _to(name: str, back: str) -> HttpResponse:
    address = reverse(name)
    return redirect(f"{address}?{urlencode({'next': back})}" if back else address)
