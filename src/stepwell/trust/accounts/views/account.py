"""One's own account: who one is here, how one signs in, and where one is signed in."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from stepwell.ground.kit.refusals import Refused
from stepwell.ground.web.parts import is_part
from stepwell.ground.web.refusing import refuse
from stepwell.trust.accounts import changes, codes, passkeys, sealed, sessions, totp
from stepwell.trust.accounts.forms import CodeForm, NewPasswordForm, ParticularsForm, PasskeyForm
from stepwell.trust.accounts.models import SignedInBrowser, User, signed_in
from stepwell.trust.accounts.step_up import step_up

#: In the session while an app is being set up: its secret, sealed.
NEW_APP = "new_app"


@never_cache
@login_required
def account(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    return render(
        request,
        "accounts/account.html",
        {
            "person": user,
            "passkeys": user.passkeys.count(),
            "has_app": hasattr(user, "authenticator_app"),
            "codes_left": codes.recovery_codes_left(user),
            "browsers": user.browsers.count(),
            "second_step_is_required": _is_required(user),
            "codes_only": not user.is_staff_anywhere
            and not user.has_usable_password()
            and not user.passkeys.exists(),
        },
    )


@never_cache
@login_required
def particulars(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    form = ParticularsForm(request.POST or None, instance=User.objects.get(pk=user.pk))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("accounts:account")
    return render(request, "accounts/particulars.html", {"form": form}, status=422 if form.is_bound else 200)


@require_POST
@login_required
def keys(request: HttpRequest) -> HttpResponse:
    """Whether letters alone act on the pages of this person, on every machine."""
    user = signed_in(request)
    User.objects.filter(pk=user.pk).update(single_keys=request.POST.get("keys") == "on")
    return HttpResponse(status=204) if is_part(request) else redirect("accounts:account")


@sensitive_post_parameters("new_password1", "new_password2")
@never_cache
@step_up
@login_required
def password(request: HttpRequest) -> HttpResponse:
    """A new password. It ends every other session."""
    user = signed_in(request)
    form = NewPasswordForm(User.objects.get(pk=user.pk), request.POST or None)
    if request.method == "POST" and form.is_valid():
        changes.choose_password(user, form.cleaned_data["new_password1"], request=request, keep_this=True)
        messages.success(request, _("Your password is changed. Every other device is signed out."))
        return redirect("accounts:account")
    return render(request, "accounts/password.html", {"form": form}, status=422 if form.is_bound else 200)


# --- the second step ---------------------------------------------------------------------------


@never_cache
@login_required
def second_step_choice(request: HttpRequest) -> HttpResponse:
    """Where staff are led who have no second step: nothing else opens before."""
    return render(request, "accounts/second_step_choice.html", {"person": signed_in(request)})


@never_cache
@step_up
@login_required
def passkeys_of_mine(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    form = PasskeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        first = not codes.has_second_step(user)
        try:
            changes.add_passkey(
                user, request.POST.get("passkey", ""), name=form.cleaned_data["name"], request=request
            )
        except Refused as refusal:
            form.add_error(None, refusal.because)
        else:
            return _set_up(request, user, _("The passkey is added."), first=first)
    return render(
        request,
        "accounts/passkeys.html",
        {"form": form, "passkeys": user.passkeys.all()},
        status=422 if form.is_bound else 200,
    )


@never_cache
@require_POST
@login_required
def passkey_challenge(request: HttpRequest) -> HttpResponse:
    return JsonResponse(passkeys.ask_to_add(request, signed_in(request)))


@step_up
@login_required
@require_POST
def passkey_removal(request: HttpRequest, passkey_id: UUID) -> HttpResponse:
    key = signed_in(request).passkeys.filter(pk=passkey_id).first()
    if key is not None:  # Pressed twice, it is gone already.
        changes.remove_passkey(key, request=request)
    messages.success(request, _("The passkey is removed. It opens nothing any more."))
    return redirect("accounts:passkeys")


@never_cache
@step_up
@login_required
def authenticator(request: HttpRequest) -> HttpResponse:
    """Set up an app, or see that there is one."""
    user = signed_in(request)
    app = getattr(user, "authenticator_app", None)
    if app is not None and request.method != "POST":
        return render(request, "accounts/authenticator.html", {"app": app})
    secret = _secret_of_new_app(request)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        first = not codes.has_second_step(user)
        try:
            changes.add_app(user, secret, form.cleaned_data["code"], request=request)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            request.session.pop(NEW_APP, None)
            return _set_up(request, user, _("The app is set up."), first=first)
    address = totp.address(secret, account=user.email, issuer="Stepwell")
    context: dict[str, Any] = {
        "form": form,
        "picture": codes.picture(address),
        "address": address,
        "secret": " ".join(secret[n : n + 4] for n in range(0, len(secret), 4)),
    }
    return render(request, "accounts/authenticator.html", context, status=422 if form.is_bound else 200)


@step_up
@login_required
@require_POST
def authenticator_removal(request: HttpRequest) -> HttpResponse:
    changes.remove_app(signed_in(request), request=request)
    messages.success(request, _("The app is removed. Its codes open nothing any more."))
    return redirect("accounts:account")


@never_cache
@step_up
@login_required
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """How many are left; and new ones, shown in the answer to asking for them and never again."""
    user = signed_in(request)
    if request.method == "POST":
        return _show_codes(request, user, "")
    return render(
        request,
        "accounts/recovery_codes.html",
        {"left": codes.recovery_codes_left(user), "of": codes.HOW_MANY},
    )


def _set_up(request: HttpRequest, user: User, done: str, *, first: bool) -> HttpResponse:
    """With the first second step come the codes that stand in for it when it is lost."""
    if first or not codes.recovery_codes_left(user):
        return _show_codes(request, user, done)
    messages.success(request, done)
    return redirect("accounts:account")


def _show_codes(request: HttpRequest, user: User, done: str) -> HttpResponse:
    made = changes.make_recovery_codes(user, request=request)
    return render(request, "accounts/recovery_codes.html", {"made": made, "done": done, "person": user})


def _secret_of_new_app(request: HttpRequest) -> str:
    """The same one while it is being set up, so that a wrong code does not make a new picture."""
    if waiting := request.session.get(NEW_APP):
        try:
            return sealed.unseal(waiting)
        except ValueError:
            pass
    secret = totp.new_secret()
    request.session[NEW_APP] = sealed.seal(secret)
    return secret


# --- sessions ----------------------------------------------------------------------------------


@never_cache
@login_required
def browsers(request: HttpRequest) -> HttpResponse:
    """Where one is signed in. Ending all but this one, or with ``all`` this one too."""
    user = signed_in(request)
    if request.method == "POST":
        sessions.sign_out_everywhere(user, by=user, keep=request, because="asked for it")
        messages.success(request, _("Every other device is signed out."))
        return redirect("accounts:sessions")
    here = request.session.session_key
    rows = [{"browser": each, "here": each.session_key == here} for each in user.browsers.all()]
    return render(request, "accounts/sessions.html", {"rows": sorted(rows, key=lambda row: not row["here"])})


@login_required
@require_POST
def session_ending(request: HttpRequest, browser_id: UUID) -> HttpResponse:
    browser = SignedInBrowser.objects.filter(pk=browser_id, user=signed_in(request)).first()
    if browser is not None:  # It may have ended meanwhile.
        sessions.end(browser, request=request)
    messages.success(request, _("That device is signed out."))
    return redirect("accounts:sessions")


def _is_required(user: User) -> bool:
    return settings.STEPWELL_SECOND_FACTOR and user.is_staff_anywhere
