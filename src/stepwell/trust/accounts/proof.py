"""Showing again that it is you: what a form carries, whether it is right, and the page that asks.

The page that asks takes the place of the page that was asked for, at the same address. What was typed stands in it as
hidden fields and goes on with the proof in one sending, so nothing is lost and nothing of it waits on the server. Only
the person whose session it is can send it on.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepwell.ground.web.parts import is_part
from stepwell.trust.accounts import codes, emailed, passkeys, sessions, signals, tries
from stepwell.trust.accounts.models import User
from stepwell.trust.accounts.rules import Because

PASSWORD, CODE, PASSKEY = "proof-password", "proof-code", "proof-passkey"
#: The page was asked for and nothing was sent: after the proof, go there.
ONLY_ASKED_FOR = "proof-then-go"
SEND_CODE = "proof-send-code"
OURS = (PASSWORD, CODE, PASSKEY, ONLY_ASKED_FOR, SEND_CODE)

#: Not sent on: the first is made anew.
NOT_CARRIED = ("csrfmiddlewaretoken",)


WRONG = gettext_lazy("That is not right. Check it and try again.")
REFUSED_PASSKEY = gettext_lazy("That passkey was not accepted. Try again, or use another way.")


@dataclass(frozen=True)
class Given:
    """The proof that came with a request."""

    password: str = field(default="", repr=False)
    code: str = field(default="", repr=False)
    passkey: str = field(default="", repr=False)
    only_asked_for: bool = False
    send_code: bool = False

    @property
    def something(self) -> bool:
        return bool(self.password or self.code or self.passkey)


def take(request: HttpRequest) -> Given:
    """The proof in this request, taken out of what the page itself will read."""
    if request.method != "POST" or not any(name in request.POST for name in OURS):
        return Given()
    rest = request.POST.copy()
    found = {name: str(rest.get(name, "")) for name in OURS}
    for name in OURS:
        rest.pop(name, None)
    request.POST = rest  # type: ignore[assignment]
    return Given(
        password=found[PASSWORD],
        code=found[CODE],
        passkey=found[PASSKEY],
        only_asked_for=bool(found[ONLY_ASKED_FOR]),
        send_code=bool(found[SEND_CODE]),
    )


def given(request: HttpRequest) -> Given:
    """What the middleware took out of this request."""
    return getattr(request, "proof", Given())


def passkey_in(request: HttpRequest) -> str:
    """The answer of a passkey in a form that is not sent on: to sign in, or for the second step."""
    return given(request).passkey or str(request.POST.get(PASSKEY, ""))


@dataclass(frozen=True)
class Ways:
    """How this person can show it, for this reason."""

    password: bool
    passkey: bool
    #: From an authenticator app or from paper.
    code: bool
    #: A code that we send.
    emailed: bool
    #: The password alone is not enough.
    code_too: bool


def ways(user: User, because: Because) -> Ways:
    has_app = hasattr(user, "authenticator_app")
    has_paper = codes.recovery_codes_left(user) > 0
    has_passkey = user.passkeys.exists()
    whole = because is Because.OVER and (has_app or has_passkey)
    has_code = has_app or has_paper
    has_password = user.has_usable_password()
    # Whoever comes in with codes by e-mail alone has nothing else to show before a risky act.
    nothing_else = because is Because.RISK and not (has_password or has_passkey or has_code)
    return Ways(
        password=has_password and (has_code or not whole),
        passkey=has_passkey,
        code=has_code and because is not Because.IDLE,
        emailed=(because is Because.PRIVATE or nothing_else) and not user.is_staff_anywhere,
        code_too=whole,
    )


def prove(request: HttpRequest, user: User, by: Given, because: Because) -> str:
    """Go on when the proof is right: answers nothing. Otherwise a sentence that says what to do."""
    if not tries.may_try(request, user.email):
        return _("Too many tries. Wait a while, then try again.")
    here = ways(user, because)
    second_step = False
    if by.passkey:
        if passkeys.proven(request, by.passkey) != user:
            tries.failed(request, user.email)
            return str(REFUSED_PASSKEY)
        second_step = True
    elif by.password and here.password:
        known = authenticate(request, username=user.email, password=by.password)
        if not isinstance(known, User) or known.pk != user.pk:
            return str(WRONG)
        if here.code_too:
            if not codes.is_right(user, by.code):
                tries.failed(request, user.email)
                return str(WRONG)
            second_step = True
        user = known
    elif by.code and (here.code or here.emailed) and not here.code_too:
        if not (
            (here.emailed and emailed.is_right(request, user, by.code))
            or (here.code and codes.is_right(user, by.code))
        ):
            tries.failed(request, user.email)
            return str(WRONG)
    else:
        return _("Show that it is you in one of these ways.")
    tries.passed(request, user.email)
    sessions.prove(request, user, second_step=second_step, anew=because is Because.OVER)
    signals.proved_again.send(sender=User, request=request, user=user, because=because.value)
    return ""


def page(request: HttpRequest, because: Because, *, error: str = "") -> HttpResponse:
    """Asks for it, in place of what was asked for, and carries what was typed."""
    user = request.user
    assert isinstance(user, User)
    asked = given(request)
    here = ways(user, because)
    if asked.send_code and here.emailed:
        emailed.send_code(request, user.email)
    only_asked_for = asked.only_asked_for or request.method in ("GET", "HEAD")
    context: dict[str, Any] = {
        "because": because.value,
        "error": error,
        "ways": here,
        "person": user,
        "code_sent": here.emailed and emailed.is_waiting(request),
        "carried": [] if only_asked_for else list(_carried(request)),
        "files": not only_asked_for and bool(request.FILES),
        "only_asked_for": only_asked_for,
        "address": request.get_full_path(),
        "for_staff": user.is_staff_anywhere,
        "door": "staff" if user.is_staff_anywhere else "patient",
    }
    response = render(request, "accounts/again.html", context, status=422 if error else 401)
    add_never_cache_headers(response)
    if is_part(request):
        # The part of the page that was asked for gives way to the whole question.
        response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "body", "innerHTML"
        response.status_code = 200
    return response


def _carried(request: HttpRequest) -> Iterator[tuple[str, str]]:
    for name, values in request.POST.lists():
        if name not in NOT_CARRIED:
            for value in values:
                yield name, str(value)
