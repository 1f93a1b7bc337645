"""Before a risky act: whoever showed longer than ten minutes ago that it is them, shows it again.

Put it outermost, so that it sees the proof come back before anything else reads the request::

    @step_up
    @login_required
    @require_POST
    def deactivation(request, ...): ...

What was typed is carried through the question and sent on with the answer. A test signs in with ``clinic.client``,
``force_login`` or ``sessions.session_for``: each is a sign-in of this moment, so nothing is asked.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase

from stepwell.trust.accounts import proof, sessions
from stepwell.trust.accounts.models import User
from stepwell.trust.accounts.rules import FRESH_FOR_RISK, Because

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def step_up(view: View[P]) -> View[P]:
    @wraps(view)
    def asks_first(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if (question := question_before_risk(request)) is not None:
            return question
        return view(request, *args, **kwargs)

    return asks_first


def question_before_risk(request: HttpRequest) -> HttpResponse | None:
    """The page that asks; None when there is nothing to ask. For a view that is risky in one of its branches only."""
    user = request.user
    if not isinstance(user, User):
        return None  # Nobody is signed in: the view itself says so.
    asked = proof.given(request)
    if not sessions.is_fresh(request, FRESH_FOR_RISK):
        if not asked.something:
            return proof.page(request, Because.RISK)
        if error := proof.prove(request, user, asked, Because.RISK):
            return proof.page(request, Because.RISK, error=error)
    if asked.only_asked_for:
        return HttpResponseRedirect(request.get_full_path())
    return None
