"""What there may be only one of."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from stepwell.ground.kit.refusals import Refused


@contextmanager
def refused_if_there(because: str, *, field: str | None = None) -> Iterator[None]:
    """Let the database say that it is there already, also when two write it at once, and refuse in words."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise Refused(because, field=field) from error
