"""Sign-ins, sign-outs and failed tries leave a trace. They happen before an organization is known."""

from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from stepwell.trust.accounts.agents import agent_of
from stepwell.trust.accounts.signals import changed_sign_in, ended_sessions
from stepwell.trust.audit.did import Did
from stepwell.trust.audit.events import fingerprint


def _keep(did: Did, request: HttpRequest | None, by_id: UUID | None, because: str = "") -> None:
    from stepwell.trust.audit.models import SignInEvent

    session = getattr(request, "session", None)
    SignInEvent.objects.create(
        did=did,
        by_id=by_id,
        address=request.path[:200] if request else "",
        came_from=request.META.get("REMOTE_ADDR") or None if request else None,
        session=fingerprint(session.session_key if session is not None else None),
        agent=agent_of(request),
        because=because[:300],
    )


def _signed_in(sender: Any, request: HttpRequest | None = None, user: Any = None, **more: Any) -> None:
    _keep(Did.SIGNED_IN, request, user.pk if user else None)


def _signed_out(sender: Any, request: HttpRequest | None = None, user: Any = None, **more: Any) -> None:
    _keep(Did.SIGNED_OUT, request, user.pk if user else None)


def _failed(
    sender: Any, credentials: dict[str, Any] | None = None, request: HttpRequest | None = None, **more: Any
) -> None:
    """Whose sign-in was tried, where there is such a person. What was typed is not kept: it may be a password."""
    typed = str((credentials or {}).get("username") or (credentials or {}).get("email") or "")
    # Asked for every name, so that the time it takes does not tell whether there is such a person.
    whose = get_user_model().objects.filter(email__iexact=typed[:254]).values_list("pk", flat=True).first()
    _keep(Did.FAILED_TO_SIGN_IN, request, whose)


def _changed(
    sender: Any, request: HttpRequest | None, user: Any, by: Any, because: str = "", **more: Any
) -> None:
    _keep(Did.CHANGED_SIGN_IN, request, (by or user).pk, _of_whom(user, by, because))


def _ended(
    sender: Any, request: HttpRequest | None, user: Any, by: Any, because: str = "", **more: Any
) -> None:
    _keep(Did.ENDED_SESSIONS, request, (by or user).pk, _of_whom(user, by, because))


def _of_whom(user: Any, by: Any, because: str) -> str:
    """Whose sign-in it was is said where somebody else did it."""
    return because if by is None or by == user else f"for {user.name}: {because}"


def connect() -> None:
    user_logged_in.connect(_signed_in, dispatch_uid="audit-signed-in")
    user_logged_out.connect(_signed_out, dispatch_uid="audit-signed-out")
    user_login_failed.connect(_failed, dispatch_uid="audit-failed-to-sign-in")
    changed_sign_in.connect(_changed, dispatch_uid="audit-changed-sign-in")
    ended_sessions.connect(_ended, dispatch_uid="audit-ended-sessions")
