"""Verifying: read every chain again from the first batch on, and say what is not as it was sealed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from stepwell.trust.audit.chains import Chain, hash_of
from stepwell.trust.audit.models import Batch
from stepwell.trust.audit.rules import chain as rules
from stepwell.trust.audit.rules.chain import Damage, Difference
from stepwell.trust.audit.sealing import late

#: Rows put into one batch's stretch that are still named one by one.
NAMED = 1_000

_SENTENCES = {
    Damage.ALTERED: "event {number} ({id}) at place {position} was altered{columns}",
    Damage.REMOVED: "event {number} ({id}) at place {position} was removed",
    Damage.INSERTED: "event {number} ({id}) was put in; it was not there when the batch was sealed",
    Damage.MOVED: "event {number} ({id}) at place {position} was moved; its number now is {now_at}",
}


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: in which chain, in which batch, and what."""

    chain: str
    batch: int | None
    says: str
    difference: Difference | None = None

    def __str__(self) -> str:
        where = f"{self.chain}, batch {self.batch}" if self.batch is not None else self.chain
        return f"{where}: {self.says}."


@dataclass(frozen=True)
class Looked:
    """One batch was read: how many events it holds, and the hash at its end."""

    chain: str
    batch: int
    events: int
    hash: str


def verify(chain: Chain, *, since: datetime | None = None) -> Iterator[Fault | Looked]:
    """Every fault of a chain, as it is found; one batch is held in memory at a time.

    ``since``: only what was sealed from then on; the batch before is taken as it stands.
    """
    with chain.opened():
        last: Batch | None = None
        for batch in list(chain.batches()):
            if since is None or batch.sealed_at >= since:
                yield from _one(chain, batch, last)
            last = batch
        if waiting := late(chain):
            many = "more than 1000" if waiting > NAMED else waiting
            yield Fault(chain.name, None, f"{many} events are older than five minutes and not sealed")


def _one(chain: Chain, batch: Batch, last: Batch | None) -> Iterator[Fault | Looked]:
    position = batch.position
    expected = last.position + 1 if last else 1
    if position != expected:
        gone = f"batch {expected}" if position == expected + 1 else f"batches {expected} to {position - 1}"
        yield Fault(chain.name, position, f"{gone} before it was removed")
    elif bytes(batch.previous_hash) != (bytes(last.hash) if last else rules.FIRST_OF_ALL):
        yield Fault(
            chain.name, position, "it does not carry on from the batch before, which was replaced or moved"
        )
    if batch.form not in chain.columns:
        yield Fault(
            chain.name, position, f"it is written in form {batch.form}, which this version does not know"
        )
        return
    manifest, names = chain.manifest(batch), chain.names(batch.form)
    if hash_of(batch, chain, manifest) != bytes(batch.hash):
        yield Fault(
            chain.name, position, "the batch itself was altered: its hash is not that of what it holds"
        )
    count, first = rules.measure(manifest, len(names))
    after = last.upto if last else 0
    if position != expected:
        # What stood in the missing batches cannot be told from what was put in: begin where this one does.
        after = first - 1 if count else batch.upto
    rows = chain.rows(after=after, upto=batch.upto, most=count + NAMED, form=batch.form)
    if not rules.is_whole(manifest, rows, len(names), batch.form):
        for one in rules.differences(list(rules.unpacked(manifest, len(names))), rows, names, batch.form):
            yield Fault(chain.name, position, _said(one), one)
    if len(rows) == count + NAMED:
        yield Fault(chain.name, position, f"{NAMED} or more events were put in; only so many are named")
    yield Looked(chain.name, position, len(rows), bytes(batch.hash).hex())


def _said(one: Difference) -> str:
    columns = f": {', '.join(one.columns)}" if one.columns else "; in which column cannot be told"
    return _SENTENCES[one.damage].format(
        number=one.number,
        id=one.id,
        position=one.position,
        columns=columns,
        now_at=one.now_at,
    )
