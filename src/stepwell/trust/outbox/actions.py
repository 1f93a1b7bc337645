"""What others ask of the outbox: say this to that person, once, not before then; or no longer."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import IntegrityError, transaction

from stepwell.trust.access import Permission, require
from stepwell.trust.accounts.models import User
from stepwell.trust.audit import Did, record
from stepwell.trust.outbox.kinds import Kind, check_told
from stepwell.trust.outbox.models import Message, State
from stepwell.trust.people.models import Patient


def queue(
    *,
    kind: Kind,
    by: User | None,
    at: datetime,
    patient: Patient | None = None,
    user: User | None = None,
    context: Mapping[str, str] | None = None,
    not_before: datetime | None = None,
    useful_until: datetime | None = None,
    unique_key: str | None = None,
) -> Message:
    """Ask for a message, in the transaction of the act it tells of: undone with it, and sent after it is kept.

    Whether and where it may go is asked when it goes out. With a key that was used before, the earlier message is
    given back. A step of a larger act, which asks and records by itself.
    """
    told = {"phone": "", **(context or {})}
    check_told(kind, told)
    if unique_key and (before := Message.objects.filter(unique_key=unique_key).first()):
        return before
    message = Message(
        kind=kind,
        patient=patient,
        user=user,
        context=told,
        unique_key=unique_key,
        next_at=max(not_before or at, at),
        useful_until=useful_until,
        recorded_by=by,
        recorded_at=at,
    )
    try:
        with transaction.atomic():
            message.save(force_insert=True)
    except IntegrityError:
        # Somebody else asked for the very same in this moment.
        before = Message.objects.filter(unique_key=unique_key).first() if unique_key else None
        if before is None:
            raise
        return before
    _defer(message)
    return message


def _defer(message: Message) -> None:
    """The job stands in the same transaction: a worker sees it when the act is kept, and not before."""
    from stepwell.trust.outbox.jobs import send_message

    send_message.configure(schedule_at=message.next_at).defer(
        organization=str(message.organization_id), message=str(message.pk)
    )


def call_off(unique_keys: Iterable[str], *, because: str) -> int:
    """Call off what has not gone out yet of these; how many. A step of a larger act."""
    waiting = Message.objects.to_go().filter(unique_key__in=list(unique_keys))
    count = 0
    for message in waiting.select_for_update(of=("self",)):
        message.state, message.because = State.CANCELLED, because[:200]
        message.save(update_fields=["state", "because"])
        count += 1
    return count


@transaction.atomic
def set_how_to_reach(
    patient: Patient, *, by_text: bool, by_email: bool, language: str, by: User, at: datetime
) -> None:
    """What a person says of the ways to themself: which are safe, and in which language."""
    require(by, Permission.SET_OWN_CONTACT, patient)
    patient = Patient.objects.select_for_update(of=("self",)).get(pk=patient.pk)
    patient.safe_to_text = by_text and bool(patient.phone)
    patient.safe_to_email = by_email and bool(patient.email)
    patient.language = language
    patient.version += 1
    patient.save(update_fields=["safe_to_text", "safe_to_email", "language", "version"])
    if patient.user is not None and patient.user.language != language:
        patient.user.language = language
        patient.user.save(update_fields=["language"])
    record(by=by, did=Did.CHANGED, to=patient, because="how to reach them")
