"""Which organization this request, job or command acts in.

The database holds the same answer in the setting ``stepwell.organization``, which every row-level-security
policy reads. The setting is local to the transaction, so a connection goes back to the pool knowing nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from django.db import connection, transaction

_current: ContextVar[UUID | None] = ContextVar("stepwell_organization", default=None)


def current_organization_id() -> UUID | None:
    return _current.get()


def the_organization_id() -> UUID:
    """The same, where nothing is done outside an organization."""
    here = _current.get()
    assert here is not None, "this runs inside acting_in(organization)"
    return here


@contextmanager
def acting_in(organization_id: UUID) -> Iterator[None]:
    """Run the block in a transaction that sees and writes one organization's rows."""
    before = _current.get()
    ends_here = not connection.in_atomic_block
    token = _current.set(organization_id)
    try:
        with transaction.atomic():
            _tell_the_database(organization_id)
            yield
            # A savepoint that is kept keeps the setting with it: put the outer one back. A transaction takes it along.
            if not ends_here and not connection.needs_rollback:
                _tell_the_database(before)
    finally:
        _current.reset(token)


def _tell_the_database(organization_id: UUID | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('stepwell.organization', %s, true)",
            [str(organization_id) if organization_id else ""],
        )
