"""Links in messages: made for one thing, good until a moment, ended by the act they allow."""

import hashlib
import secrets
from datetime import datetime
from uuid import UUID

from stepwell.trust.organizations.acting import the_organization_id
from stepwell.trust.outbox.models import Link

#: 96 bits in 16 signs: nobody guesses one, and a text still fits into one message.
BYTES = 12


def make(about: UUID, *, at: datetime, good_until: datetime) -> str:
    """A new word that opens the page about this; those before it open nothing any more. A step of a larger act."""
    end(about, at=at)
    word = secrets.token_urlsafe(BYTES)
    Link.objects.create(
        organization_id=the_organization_id(),
        print=_print(word),
        about=about,
        made_at=at,
        good_until=good_until,
    )
    return word


def end(about: UUID, *, at: datetime) -> None:
    Link.objects.filter(about=about, ended_at=None).update(ended_at=at)


def read(word: str, *, at: datetime) -> Link | None:
    """What a word leads to; nothing for one that is wrong, ended or out of date."""
    return Link.objects.filter(print=_print(word), ended_at=None, good_until__gt=at).first()


def _print(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()
