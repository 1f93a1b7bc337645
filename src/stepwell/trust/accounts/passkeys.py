"""Passkeys: what the browser is asked, and what it may answer. The mathematics are of the library ``fido2``.

A passkey is asked for with the check of its owner (a finger, a face, a PIN), so it stands for both steps of a sign-in.
Each challenge waits in the session, is good for five minutes, and is taken out when it is answered.
"""

import json
import logging
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    AuthenticatorData,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from stepwell.ground.kit import clock
from stepwell.trust.accounts.models import Passkey, User

ASKED_TO_PROVE, ASKED_TO_ADD = "passkey_asked", "passkey_asked_to_add"
GOOD_FOR_SECONDS = 300
LONGEST_NAME = Passkey._meta.get_field("name").max_length or 60
#: More than anybody has; so that a page of keys stays a page.
MOST = 20

log = logging.getLogger("stepwell.accounts")


def ask_to_prove(request: HttpRequest, user: User | None) -> dict[str, Any]:
    """What ``navigator.credentials.get`` takes. Without a user, whoever holds a key of this site says who they are."""
    known = [_descriptor(key) for key in user.passkeys.all()] if user else None
    options, state = _server(request).authenticate_begin(
        known, user_verification=UserVerificationRequirement.REQUIRED
    )
    request.session[ASKED_TO_PROVE] = {**state, "at": clock.now().timestamp()}
    return dict(options)


@transaction.atomic
def proven(request: HttpRequest, answer: str) -> User | None:
    """Whose passkey answered what we asked; None when it did not."""
    state = _taken(request, ASKED_TO_PROVE)
    try:
        response = AuthenticationResponse.from_dict(json.loads(answer))
        handle = response.response.user_handle
        raw_id = response.raw_id
        said = response.response.authenticator_data
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    key = (
        Passkey.objects.select_for_update(of=("self",))
        .select_related("user")
        .filter(credential_id=raw_id, user__is_active=True)
        .first()
    )
    if state is None or key is None or (handle and bytes(handle) != key.user.pk.bytes):
        return None
    try:
        _server(request).authenticate_complete(
            state, [AttestedCredentialData(bytes(key.credential))], response
        )
    except ValueError:
        return None
    if key.uses and said.counter <= key.uses:
        # A key that counts, and counts back, has a twin somewhere (WebAuthn 7.2, step 22).
        log.warning("A passkey counted back; it is refused. Passkey %s", key.pk)
        return None
    key.uses, key.last_used_at = said.counter, clock.now()
    key.save(update_fields=["uses", "last_used_at"])
    return key.user


def ask_to_add(request: HttpRequest, user: User) -> dict[str, Any]:
    """What ``navigator.credentials.create`` takes."""
    options, state = _server(request).register_begin(
        PublicKeyCredentialUserEntity(id=user.pk.bytes, name=user.email, display_name=user.name),
        [_descriptor(key) for key in user.passkeys.all()],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    request.session[ASKED_TO_ADD] = {**state, "at": clock.now().timestamp(), "user": str(user.pk)}
    return dict(options)


def add(request: HttpRequest, user: User, answer: str, *, name: str) -> Passkey | None:
    """Keep the key that the browser made; None when it is not the one that we asked for."""
    state = _taken(request, ASKED_TO_ADD)
    if state is None or state.pop("user", "") != str(user.pk) or user.passkeys.count() >= MOST:
        return None
    try:
        made: AuthenticatorData = _server(request).register_complete(state, json.loads(answer))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    credential = made.credential_data
    if credential is None:
        return None
    try:
        with transaction.atomic():
            return Passkey.objects.create(
                user=user,
                name=name[:LONGEST_NAME],
                credential_id=credential.credential_id,
                credential=bytes(credential),
                uses=made.counter,
            )
    except IntegrityError:
        return None


def _server(request: HttpRequest) -> Fido2Server:
    """For the host that is asked: a browser uses a key only at the host where it was made."""
    host = request.get_host().rpartition(":")[0] or request.get_host()
    secure, here = request.is_secure(), f"{request.scheme}://{request.get_host()}"
    return Fido2Server(
        PublicKeyCredentialRpEntity(id=host, name="Stepwell"),
        verify_origin=lambda origin: origin == here and (secure or host == "localhost"),
    )


def _descriptor(key: Passkey) -> PublicKeyCredentialDescriptor:
    return PublicKeyCredentialDescriptor(type=PublicKeyCredentialType.PUBLIC_KEY, id=bytes(key.credential_id))


def _taken(request: HttpRequest, name: str) -> dict[str, Any] | None:
    """What we asked, taken out of the session: it can be answered once."""
    state = request.session.pop(name, None)
    if not isinstance(state, dict):
        return None
    asked_at = state.pop("at", 0)
    return state if clock.now().timestamp() - asked_at < GOOD_FOR_SECONDS else None
