"""Somebody stops doing a part: on a care team, or at a center. What hangs on it in the rooms above goes on at once.

We may not ask those rooms: each says, when it starts, what it does then.
"""

from collections.abc import Callable
from datetime import datetime

from stepwell.trust.accounts.models import User

_then: list[Callable[[User, datetime], None]] = []


def tell_what_goes_on(does: Callable[[User, datetime], None]) -> None:
    _then.append(does)


def somebody_stopped(user: User, *, at: datetime) -> None:
    """As a part of the act that ends the place or the role."""
    for does in _then:
        does(user, at)
