"""`./stepwell audit`: seal the event log, verify it, or print the heads of its chains.

It ends with 0 when all is as it was sealed, with 1 when something is not, and with 2 when it could not look.
"""

import argparse
import sys
import time
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from stepwell.config.cli.installation import installation, set_up_django
from stepwell.config.postgres.places import Unusable

if TYPE_CHECKING:
    from stepwell.trust.audit.chains import Chain


#: Which options each word takes, as they are written and as they are kept.
TAKES = {
    "seal": {},
    "head": {"--organization": "organization"},
    "verify": {"--organization": "organization", "--from": "since", "--head": "head"},
}


def run(arguments: argparse.Namespace) -> int:
    for option, name in TAKES["verify"].items():
        if getattr(arguments, name) and option not in TAKES[arguments.what]:
            raise Unusable(f"'{option}' is not for './stepwell audit {arguments.what}'. Leave it out.")
    with installation():
        set_up_django()
        return {"seal": _seal, "verify": _verify, "head": _head}[arguments.what](arguments)


def _seal(_arguments: argparse.Namespace) -> int:
    from stepwell.trust.audit import sealing

    count = sealing.seal()
    late = sum(sealing.late(chain) for chain in _chains(""))
    print(f"{_counted(count, 'event')} sealed.")
    if late:
        print(f"{late} older ones wait: another sealer is at work, or a transaction runs.", file=sys.stderr)
    return 1 if late else 0


def _head(arguments: argparse.Namespace) -> int:
    """The last batch of each chain: kept elsewhere, it shows later whether the end was cut off."""
    for chain in _chains(arguments.organization):
        with chain.opened():
            last = chain.last()
        if last is not None:
            print(
                f"{bytes(last.hash).hex()}  {chain.name}, batch {last.position}, {last.sealed_at:%Y-%m-%d %H:%M} UTC"
            )
    return 0


def _verify(arguments: argparse.Namespace) -> int:
    from stepwell.trust.audit.verifying import Fault, verify

    since = _since(arguments.since)
    heads = {head.lower() for head in arguments.head}
    began, events, batches, faults = time.monotonic(), 0, 0, 0
    for chain in _chains(arguments.organization):
        for found in verify(chain, since=since):
            if isinstance(found, Fault):
                faults += 1
                print(found, flush=True)
                continue
            events, batches = events + found.events, batches + 1
            heads.discard(found.hash)
            if batches % 200 == 0:
                print(f"  {events:,} events ...", file=sys.stderr, flush=True)
    for head in sorted(heads):
        faults += 1
        print(
            f"No batch that was read ends with {head}: the end of a chain was cut off, or the chain was replaced."
        )
    took = max(time.monotonic() - began, 0.001)
    read = f"{_counted(events, 'event')} in {_counted(batches, 'batch')}"
    print(f"{read} read in {took:.1f} s, {events / took:,.0f} a second.")
    if faults:
        print(f"{_counted(faults, 'fault')}.")
        return 1
    if not batches:
        print(f"Nothing was sealed from {since:%Y-%m-%d} on." if since else "Nothing is sealed yet.")
        return 2 if since else 0
    print("All is as it was sealed.")
    return 0


def _counted(number: int, what: str) -> str:
    """`1 batch`, `2,000 batches`."""
    many = f"{what}es" if what.endswith("ch") else f"{what}s"
    return f"{number:,} {what if number == 1 else many}"


def _chains(slug: str) -> "list[Chain]":
    from stepwell.trust.audit.chains import every_chain

    chains = every_chain()
    found = [chain for chain in chains if not slug or chain.name == slug]
    if not found:
        names = ", ".join(chain.name for chain in chains)
        raise Unusable(f"There is no organization '{slug}' here. There is: {names}.")
    return found


def _since(text: date | None) -> datetime | None:
    return datetime.combine(text, datetime.min.time(), UTC) if text else None
