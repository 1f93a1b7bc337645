"""Sign-ins, sign-outs and failed tries leave a trace. They happen before an organization is known."""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from stepwell.trust.audit.did import Did


def _keep(did: Did, request: HttpRequest | None, user: Any = None) -> None:
    from stepwell.trust.audit.models import SignInEvent

    SignInEvent.objects.create(
        did=did,
        by_id=user.pk if user else None,
        came_from=request.META.get("REMOTE_ADDR") or None if request else None,
    )


def _signed_in(sender: Any, request: HttpRequest | None = None, user: Any = None, **more: Any) -> None:
    _keep(Did.SIGNED_IN, request, user)


def _signed_out(sender: Any, request: HttpRequest | None = None, user: Any = None, **more: Any) -> None:
    _keep(Did.SIGNED_OUT, request, user)


def _failed(sender: Any, request: HttpRequest | None = None, **more: Any) -> None:
    _keep(Did.FAILED_TO_SIGN_IN, request)


def connect() -> None:
    user_logged_in.connect(_signed_in, dispatch_uid="audit-signed-in")
    user_logged_out.connect(_signed_out, dispatch_uid="audit-signed-out")
    user_login_failed.connect(_failed, dispatch_uid="audit-failed-to-sign-in")
