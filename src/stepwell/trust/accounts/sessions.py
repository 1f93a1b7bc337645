"""What a session remembers of its sign-in, which browsers somebody is signed in with, and ending them.

A session knows when it began, when it was last used, when its person last proved that it is them, and whether a
second step was part of that. Moments are kept as seconds, since a session is stored as JSON.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest

from stepwell.ground.kit import clock
from stepwell.trust.accounts import rules, signals
from stepwell.trust.accounts.agents import address_of, agent_of
from stepwell.trust.accounts.models import SignedInBrowser, User

BACKEND = "django.contrib.auth.backends.ModelBackend"
BEGAN, ACTIVE, PROVEN, SECOND_STEP = "began_at", "active_at", "proven_at", "second_step"
#: A session is written again at most this often for having been used.
OFTEN_ENOUGH = timedelta(minutes=1)
STAFF_COOKIE = timedelta(hours=24)


@dataclass(frozen=True)
class Signed:
    """What the session says of its sign-in."""

    began_at: datetime
    active_at: datetime
    proven_at: datetime
    second_step: bool


LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def signed(session: SessionBase) -> Signed:
    """A session that says nothing of it was not made by signing in here: it is treated as long unused."""

    def at(name: str) -> datetime:
        moment = session.get(name)
        return datetime.fromtimestamp(moment, UTC) if isinstance(moment, int | float) else LONG_AGO

    return Signed(at(BEGAN), at(ACTIVE), at(PROVEN), session.get(SECOND_STEP) is True)


def limits() -> rules.Limits:
    return rules.Limits(idle=settings.STEPWELL_IDLE, warning=settings.STEPWELL_IDLE_WARNING)


def standing(request: HttpRequest) -> rules.Standing:
    """How the session of somebody on the staff stands now."""
    here = signed(request.session)
    return rules.standing(began_at=here.began_at, active_at=here.active_at, now=clock.now(), limits=limits())


def left(request: HttpRequest) -> timedelta:
    here = signed(request.session)
    return rules.left(began_at=here.began_at, active_at=here.active_at, now=clock.now(), limits=limits())


def is_fresh(request: HttpRequest, within: timedelta) -> bool:
    return rules.is_fresh(proven_at=signed(request.session).proven_at, now=clock.now(), within=within)


# --- beginning, using, proving ---------------------------------------------------------------


def begin(sender: Any, request: HttpRequest | None, user: User, **more: Any) -> None:
    """Somebody signed in: called for every sign-in there is, by Django's own signal."""
    if request is None:
        return
    _begin(request.session, user)
    if request.session.session_key is None:
        request.session.create()
    _write_down(request, user)


def _write_down(request: HttpRequest, user: User) -> None:
    now = clock.now()
    SignedInBrowser.objects.update_or_create(
        session_key=request.session.session_key or "",
        defaults={
            "user": user,
            "agent": agent_of(request),
            "came_from": address_of(request),
            "last_used_at": now,
        },
    )


def _begin(session: SessionBase, user: User, *, second_step: bool = False) -> None:
    now = clock.now().timestamp()
    session[BEGAN] = session[ACTIVE] = session[PROVEN] = now
    session[SECOND_STEP] = second_step
    session.set_expiry(STAFF_COOKIE if user.is_staff_anywhere else rules.PHONE_IS_REMEMBERED)


def with_second_step(request: HttpRequest) -> None:
    """The second step was part of this sign-in."""
    request.session[SECOND_STEP] = True


def use(request: HttpRequest, *, at_once: bool = False) -> None:
    """The session is in use. Written down once a minute: a page must not cost a write each time."""
    now = clock.now()
    since = now - signed(request.session).active_at
    if not at_once and since < min(OFTEN_ENOUGH, settings.STEPWELL_IDLE / 10):
        return
    request.session[ACTIVE] = now.timestamp()
    here = SignedInBrowser.objects.filter(session_key=request.session.session_key)
    if not here.update(last_used_at=now, came_from=address_of(request)) and isinstance(request.user, User):
        # Django gives a session a new key when it was signed with a key of the server's from before.
        _write_down(request, request.user)


def prove(request: HttpRequest, user: User, *, second_step: bool = False, anew: bool = False) -> None:
    """This person has just shown that it is them. The session goes on under a new key, so that an old one is worth
    nothing; ``anew`` begins its day again."""
    before = request.session.session_key
    request.session.cycle_key()
    now = clock.now()
    SignedInBrowser.objects.filter(session_key=before).update(
        session_key=request.session.session_key, last_used_at=now, came_from=address_of(request)
    )
    request.session[ACTIVE] = request.session[PROVEN] = now.timestamp()
    if anew:
        request.session[BEGAN] = now.timestamp()
    if second_step:
        request.session[SECOND_STEP] = True
    # The password may have been hashed anew while it was checked.
    request.session[HASH_SESSION_KEY] = user.get_session_auth_hash()


def session_for(user: User, *, second_step: bool = True) -> str:
    """A session as signing in makes it, without a request: for benches and journeys. Answers its key."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    _begin(session, user, second_step=second_step)
    session.create()
    assert session.session_key
    SignedInBrowser.objects.create(user=user, session_key=session.session_key)
    return session.session_key


# --- ending ----------------------------------------------------------------------------------


@transaction.atomic
def sign_out_everywhere(
    user: User, *, by: User | None = None, keep: HttpRequest | None = None, because: str = ""
) -> None:
    """End every session of this person on their next request; all but the one of ``keep``.

    Sessions that are in no list end as well, since none carries the new generation.
    """
    User.objects.filter(pk=user.pk).update(session_generation=F("session_generation") + 1)
    user.refresh_from_db(fields=["session_generation", "password"])
    user.forget_memberships()
    kept = keep.session.session_key if keep is not None else None
    browsers = SignedInBrowser.objects.filter(user=user).exclude(session_key=kept or "")
    Session.objects.filter(session_key__in=list(browsers.values_list("session_key", flat=True))).delete()
    browsers.delete()
    if keep is not None:
        keep.session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    signals.ended_sessions.send(sender=User, request=keep, user=user, by=by, because=because)


@transaction.atomic
def end(browser: SignedInBrowser, *, request: HttpRequest) -> None:
    """End one session of somebody's own."""
    Session.objects.filter(session_key=browser.session_key).delete()
    browser.delete()
    signals.ended_sessions.send(
        sender=User,
        request=request,
        user=browser.user,
        by=browser.user,
        because=browser.agent or "one browser",
    )


def forget(sender: Any, request: HttpRequest | None, user: User | None, **more: Any) -> None:
    """Somebody signed out: called by Django's own signal, before the session is gone."""
    if request is not None and request.session.session_key:
        SignedInBrowser.objects.filter(session_key=request.session.session_key).delete()


def forget_ended() -> None:
    """Browsers whose session is gone: nothing is left to end."""
    SignedInBrowser.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
