"""Sealing: every minute, what has been written since is put into batches, each chained to the one before.

Writing waits for nobody. So a number that was given early may be committed late, and a batch must not close before it
is there. Therefore: note the last number given, then a transaction id of our own; when every older transaction has
ended, each number up to the noted one is committed or will never be. (A transaction has its id before its first event
has a number: ``audit_next_number``.) The batch stores the number up to which it goes, so its members never change.
"""

import logging
import time
from datetime import timedelta

from django.db import connection, transaction

from stepwell.ground.kit import clock
from stepwell.trust.audit.chains import BATCH, Chain, every_chain, hash_of
from stepwell.trust.audit.models import AuditBatch, Batch, SignInBatch
from stepwell.trust.audit.rules import chain as rules

log = logging.getLogger("stepwell.audit")

#: How long one sealing waits for transactions that run; then the next minute tries again.
PATIENCE = timedelta(seconds=20)

#: An event that is older than this and not sealed is a fault: no sealer runs.
LATE = timedelta(minutes=5)

#: The first half of the lock of a chain; the second is made of its key.
_LOCK = 1_827_364


def seal(patience: timedelta = PATIENCE) -> int:
    """Seal all that can be sealed now in every chain; how many events that were.

    Killed at any moment, it leaves whole batches: each is one transaction.
    """
    upto = settled(patience)
    if upto is None:
        log.warning(
            "Nothing was sealed: a transaction has been running for a while. The next minute tries again."
        )
        return 0
    return sum(seal_chain(chain, upto=upto) for chain in every_chain())


def settled(patience: timedelta) -> int | None:
    """A number up to which every event is committed or will never be; None when that takes longer."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM audit_event_number")
        (number,) = cursor.fetchone()
        cursor.execute("SELECT pg_current_xact_id()::text")
        (ours,) = cursor.fetchone()
    give_up = time.monotonic() + patience.total_seconds()
    while True:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot()) > %s::xid8", [ours])
            (older_have_ended,) = cursor.fetchone()
        if older_have_ended:
            return int(number)
        if time.monotonic() > give_up:
            return None
        time.sleep(0.05)


def seal_chain(chain: Chain, *, upto: int) -> int:
    """Put the chain's events up to that number into batches. Nothing to do while somebody else seals it."""
    sealed = 0
    while True:
        with chain.opened():
            batch = _next_batch(chain, upto) if _is_ours_alone(chain) else None
        if batch is None:
            return sealed
        sealed += batch.count
        # In the log, out of the database's reach: whoever rewrites the chain would have to rewrite this as well.
        log.info("sealed %s %s %s %s", chain.name, batch.position, batch.count, bytes(batch.hash).hex())
        if batch.count < BATCH:
            return sealed


def _is_ours_alone(chain: Chain) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, hashtext(%s))", [_LOCK, chain.key])
        return bool(cursor.fetchone()[0])


def _next_batch(chain: Chain, upto: int) -> Batch | None:
    last = chain.last()
    rows = chain.rows(after=last.upto if last else 0, upto=upto, most=BATCH)
    if not rows:
        return None
    kind: type[AuditBatch | SignInBatch] = AuditBatch if chain.organization_id else SignInBatch
    batch = kind(
        position=last.position + 1 if last else 1,
        upto=rows[-1].number,
        count=len(rows),
        form=rules.FORM,
        manifest=rules.packed((rules.entry_of(row) for row in rows), len(chain.names(rules.FORM))),
        previous_hash=bytes(last.hash) if last else rules.FIRST_OF_ALL,
        sealed_at=clock.now(),
    )
    batch.hash = hash_of(batch, chain, batch.manifest)
    batch.save(force_insert=True)
    return batch


def late(chain: Chain) -> int:
    """How many of the chain's events should have been sealed by now."""
    with chain.opened():
        return chain.unsealed_before(clock.now() - LATE)
