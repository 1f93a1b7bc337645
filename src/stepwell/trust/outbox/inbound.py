"""Answers to our texts, and receipts.

Nobody reads what comes in: STOP, START and HELP do something, and everything else is told whom to call. What somebody
wrote is not kept.

A provider knows no organizations. So each one is asked whether it wrote to that number: a STOP holds for every one
that did, and a number that none wrote to is answered with nothing.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from stepwell.trust import audit
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.organizations.models import Organization
from stepwell.trust.outbox.kinds import CALL, e164, shown_phone
from stepwell.trust.outbox.models import Channel, Message, OptOut, State, ids_of
from stepwell.trust.outbox.rules.answers import Answer, is_spanish, read

#: Two machines that answer each other would never end.
NOT_AGAIN_FOR = timedelta(hours=1)

REPLIES = {
    Answer.STOP: {
        "en": "You will get no more texts from us. Reply START to get them again.",
        "es": "No le enviaremos más mensajes. Responda INICIAR para volver a recibirlos.",
    },
    Answer.START: {
        "en": "You will get texts from us again. Reply STOP to stop them.",
        "es": "Volverá a recibir nuestros mensajes. Responda ALTO para no recibirlos.",
    },
    Answer.HELP: {
        "en": "This number sends reminders. {call}In an emergency call 911. Reply STOP to stop texts.",
        "es": "Este número envía avisos. {call}En una emergencia llame al 911. Responda ALTO para no recibirlos.",
    },
    Answer.OTHER: {
        "en": "Nobody reads answers here. {call}In an emergency call 911. Reply STOP to stop texts.",
        "es": "Aquí nadie lee las respuestas. {call}En una emergencia llame al 911. Responda ALTO para no recibirlos.",
    },
}


def answer(number: str, text: str, *, at: datetime) -> str:
    """Do what the answer asks for, in every organization that wrote to this number; what to reply, if anything."""
    known, meant = e164(number), read(text)
    if not known:
        return ""
    reply = ""
    for last in _last_messages(known):
        if meant is Answer.STOP:
            _stop(known, last, at)
        elif meant is Answer.START:
            _start(known, last, at)
        elif meant is Answer.OTHER:
            if last.answered_at is not None and at - last.answered_at < NOT_AGAIN_FOR:
                continue
            last.answered_at = at
            last.save(update_fields=["answered_at"])
        language = "es" if is_spanish(text) or last.language == "es" else "en"
        reply = reply or REPLIES[meant][language].format(call=_whom_to_call(last, language))
    return reply


def _last_messages(number: str) -> Iterator[Message]:
    """The last text to this number from each organization that wrote to it, while acting in it."""
    for organization_id in Organization.objects.order_by("pk").values_list("pk", flat=True):
        with acting_in(organization_id):
            texts = Message.objects.filter(channel=Channel.TEXT, sent_to=number)
            last = texts.select_related("patient__center").order_by("-recorded_at").first()
            if last is not None:
                yield last


def _whom_to_call(message: Message, language: str) -> str:
    phone = message.patient.center.phone if message.patient else ""
    return f"{CALL[language].format(phone=shown_phone(phone))} " if phone else ""


def _stop(number: str, last: Message, at: datetime) -> None:
    if OptOut.stands_for(number):
        return
    OptOut.objects.create(number=number, stopped_at=at)
    audit.record(by=None, did=audit.Did.CHANGED, to=last, because="answered STOP: no more texts")


def _start(number: str, last: Message, at: datetime) -> None:
    if OptOut.objects.filter(number=number, started_at=None).update(started_at=at):
        audit.record(by=None, did=audit.Did.CHANGED, to=last, because="answered START: texts again")


def take_receipt(reference: str, state: str, reason: str, *, at: datetime) -> bool:
    """Whether it was one of ours. A receipt may come twice, late or before we have written down that it was sent."""
    try:
        organization_id, message_id = ids_of(reference)
    except ValueError:
        return False
    if not Organization.objects.filter(pk=organization_id).exists():
        return False
    with acting_in(organization_id):
        sent = (State.SENDING, State.SENT, State.UNKNOWN, State.FAILED)
        message = (
            Message.objects.select_for_update(of=("self",))
            .filter(pk=message_id, channel=Channel.TEXT)
            .first()
        )
        if message is None:
            return False
        if state == "delivered" and message.state in sent:
            message.state, message.delivered_at, message.because = State.DELIVERED, at, ""
            message.sent_at = message.sent_at or message.claimed_at or at
            message.save()
        elif state == "failed" and message.state in (State.SENDING, State.SENT, State.UNKNOWN):
            message.state = State.FAILED
            message.because = (
                f"not delivered: {' '.join(reason.split())[:150]}" if reason.strip() else "not delivered"
            )
            message.save()
    return True
