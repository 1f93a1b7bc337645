"""The link to a sign-in that is offered: which organization, which offer, and a seal that only this server makes.

It opens nothing by itself. What is in it names nobody, and no place.
"""

import hmac
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from django.urls import reverse
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from stepwell.trust.accounts import sealed
from stepwell.trust.people.models import SignInOffer

ID, SEAL = 16, 16


@dataclass(frozen=True)
class Named:
    """The offer that a link names."""

    organization: UUID
    offer: UUID


def link_to(offer: SignInOffer) -> str:
    words = cast(UUID, offer.organization_id).bytes + offer.pk.bytes
    return reverse("people:offered", args=[urlsafe_base64_encode(words + _seals(words)[0])])


def named_by(key: str) -> Named | None:
    """None for a link that we did not make."""
    try:
        given = urlsafe_base64_decode(key)
    except ValueError:
        return None
    words, seal = given[: 2 * ID], given[2 * ID :]
    if len(words) != 2 * ID or not any(hmac.compare_digest(one, seal) for one in _seals(words)):
        return None
    return Named(UUID(bytes=words[:ID]), UUID(bytes=words[ID:]))


def _seals(words: bytes) -> list[bytes]:
    return [one[:SEAL] for one in sealed.fingerprints("sign-in offer", words.hex())]
