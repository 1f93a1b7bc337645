"""Sending one message: claim it, hand it over, write down what came of it. Three steps, so that nothing is sent twice.

1. In a transaction: the row is locked; whether it may go, where to and in which words is settled now; it is marked as
   going out, with a claim of ours. Kept before anything leaves the house.
2. Outside of any transaction: it is handed over.
3. In a transaction: what came of it, if the claim is still ours.

Killed between 1 and 3, nobody knows whether it went out. Then ``send`` finds it later, still going out: a text is
handed over again under the same key, which a provider takes once; an e-mail has no such key, so it is marked as not
known, and not sent again. docs/adr/0007 says why.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db.models import Q

from stepwell.ground.kit import clock
from stepwell.trust import audit
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.outbox import kinds
from stepwell.trust.outbox.kinds import Kind
from stepwell.trust.outbox.models import TO_GO, Channel, Message, OptOut, State
from stepwell.trust.outbox.rules.quiet import first_allowed
from stepwell.trust.outbox.rules.retries import next_try
from stepwell.trust.outbox.senders import Accepted, InHand, Outcome, TurnedDown, Unclear, mail, texts
from stepwell.trust.people.models import Patient

#: Longer than any hand-over takes: whoever has not come back by then will not.
CLAIM_LASTS = timedelta(minutes=10)


@dataclass(frozen=True)
class Claimed:
    message: UUID
    claim: UUID
    channel: Channel
    in_hand: InHand


def send(organization_id: UUID, message_id: UUID) -> None:
    """Send it if it is due and nobody else does."""
    with acting_in(organization_id):
        claimed = _claim(message_id, at=clock.now())
    if claimed is None:
        return
    sender = texts if claimed.channel is Channel.TEXT else mail
    outcome = sender.send(claimed.in_hand)
    with acting_in(organization_id):
        write_down(claimed, outcome, at=clock.now())


def due(at: datetime) -> list[UUID]:
    """Every message of this organization that should have gone by now, or got lost on its way."""
    waits = Q(state__in=TO_GO, next_at__lte=at)
    lost = Q(state=State.SENDING, claimed_at__lte=at - CLAIM_LASTS)
    return list(Message.objects.filter(waits | lost).order_by("next_at").values_list("pk", flat=True))


# ---------- 1. claim ----------


def _claim(message_id: UUID, *, at: datetime) -> Claimed | None:
    locked = Message.objects.select_for_update(of=("self",), skip_locked=True)
    message = locked.select_related("patient__center", "user").filter(pk=message_id).first()
    if message is None:
        return None  # Another worker has it in hand, or it is not here.
    if message.state == State.SENDING:
        return _take_over(message, at)
    if message.state not in TO_GO or message.next_at > at:
        return None
    if message.useful_until is not None and at >= message.useful_until:
        _settle(message, State.CANCELLED, "it would have come too late")
        return None
    if message.sent_to:
        return _once_more(message, at)
    way = _way_to(message)
    if way is None:
        return None
    channel, to = way
    if _wait_for_morning(message, at):
        return None
    language = _language_of(message)
    message.channel, message.sent_to, message.language = channel, to, language
    kind = Kind(message.kind)
    message.subject = "" if channel is Channel.TEXT else kinds.subject(kind, language)
    write = kinds.as_text if channel is Channel.TEXT else kinds.as_mail
    message.body = write(kind, language, message.context)
    return _mark_as_going(message, at)


def _take_over(message: Message, at: datetime) -> Claimed | None:
    """It was going out when whoever sent it was lost."""
    assert message.claimed_at is not None
    if at - message.claimed_at < CLAIM_LASTS:
        return None
    message.may_have_gone = True
    if message.channel == Channel.EMAIL:
        _settle(message, State.UNKNOWN, "we were interrupted while it went out; not sent again")
        return None
    return _once_more(message, at)


def _once_more(message: Message, at: datetime) -> Claimed | None:
    """The same words to the same number under the same key; unless that number is no longer safe."""
    if not _is_still_safe(message):
        state = State.UNKNOWN if message.may_have_gone else State.NOT_SAFE
        _settle(message, state, "not tried again: that way is no longer safe")
        return None
    if _wait_for_morning(message, at):
        return None
    return _mark_as_going(message, at)


def _is_still_safe(message: Message) -> bool:
    return (Channel(message.channel), message.sent_to) in safe_ways(message) and not (
        message.channel == Channel.TEXT and OptOut.stands_for(message.sent_to)
    )


def _way_to(message: Message) -> tuple[Channel, str] | None:
    """The safe way the person likes best. Without one, that is settled."""
    ways = safe_ways(message)
    stopped = [to for channel, to in ways if channel is Channel.TEXT and OptOut.stands_for(to)]
    open_ways = [(channel, to) for channel, to in ways if to not in stopped]
    possible = [way for way in open_ways if way[0] is Channel.EMAIL or texts.is_there()]
    if possible:
        return possible[0]
    if open_ways:
        _settle(message, State.FAILED, "no provider of texts is set")
    elif stopped:
        _settle(message, State.OPTED_OUT, "")
    else:
        _settle(message, State.NOT_SAFE, "")
    return None


def safe_ways(message: Message) -> list[tuple[Channel, str]]:
    """Every way that is said to be safe now, the preferred one first. Staff are reached where they sign in."""
    if message.patient is None:
        assert message.user is not None
        return [(Channel.EMAIL, message.user.email)] if message.user.is_active else []
    return ways_to(message.patient)


def ways_to(patient: Patient) -> list[tuple[Channel, str]]:
    """Where a patient may be written to: a number or an address that is one, and that they said is safe."""
    found = []
    for point in patient.contact_points():
        if point.is_safe and point.channel in (Channel.TEXT, Channel.EMAIL):
            to = kinds.e164(point.value) if point.channel == Channel.TEXT else point.value.strip()
            found += [(Channel(point.channel.value), to)] if to else []
    return found


def _language_of(message: Message) -> str:
    language = message.patient.language if message.patient else message.user.language  # type: ignore[union-attr]
    return language if language in kinds.CALL else "en"


def _wait_for_morning(message: Message, at: datetime) -> bool:
    if message.patient is None:
        return False
    allowed = first_allowed(at, message.patient.zone)
    if allowed <= at:
        return False
    if message.useful_until is not None and allowed >= message.useful_until:
        _settle(message, State.CANCELLED, "it would have come too late")
        return True
    message.state, message.next_at = State.HELD, allowed
    message.save(update_fields=["state", "next_at"])
    _defer(message)
    return True


def _mark_as_going(message: Message, at: datetime) -> Claimed:
    claim = uuid4()
    message.state, message.claim, message.claimed_at = State.SENDING, claim, at
    message.tries, message.because = message.tries + 1, ""
    message.save()
    in_hand = InHand(
        message.reference,
        message.sent_to,
        message.body,
        message.subject,
        calendar=kinds.as_calendar(
            Kind(message.kind), message.language, message.context, uid=str(message.pk), at=at
        ),
    )
    return Claimed(message.pk, claim, Channel(message.channel), in_hand)


def _settle(message: Message, state: State, because: str) -> None:
    message.state, message.because = state, because[:200]
    message.save(update_fields=["state", "because", "may_have_gone"])


def _defer(message: Message) -> None:
    from stepwell.trust.outbox.actions import _defer as defer

    defer(message)


# ---------- 3. what came of it ----------


def write_down(claimed: Claimed, outcome: Outcome, *, at: datetime) -> None:
    """Record it, if it is still ours: what another has taken over is theirs to tell of."""
    message = (
        Message.objects.select_for_update(of=("self",))
        .filter(pk=claimed.message, claim=claimed.claim, state__in=(State.SENDING, State.UNKNOWN))
        .first()
    )
    if message is None:
        return
    match outcome:
        case Accepted(provider_id):
            message.state, message.sent_at, message.provider_id = State.SENT, at, provider_id
            message.because = ""
            message.save()
            what = message.kind
            audit.record(by=None, did=audit.Did.SENT, to=message, because=what)
        case TurnedDown(because, try_again, wait):
            _again_or_not(message, because, at, wait if try_again else None, try_again=try_again)
        case Unclear(because) if claimed.channel is Channel.TEXT:
            message.may_have_gone = True
            _again_or_not(message, because, at, None, try_again=True)
        case Unclear(because):
            message.may_have_gone = True
            _settle(message, State.UNKNOWN, f"{because}; not sent again")


def _again_or_not(
    message: Message, because: str, at: datetime, wait: timedelta | None, *, try_again: bool
) -> None:
    chance = random.random()  # noqa: S311 - spreads the load, keeps no secret
    again = next_try(message.tries, at=at, chance=chance, asked_to_wait=wait) if try_again else None
    if again is None:
        _settle(message, State.UNKNOWN if message.may_have_gone else State.FAILED, because)
        return
    message.state, message.next_at, message.because = State.QUEUED, again, because[:200]
    message.save(update_fields=["state", "next_at", "because", "may_have_gone"])
    _defer(message)
