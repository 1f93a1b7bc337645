"""A message goes once, to a safe contact, by day, and what became of it is known. Against real servers."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from threading import Thread
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.controller import Controller
from django.core import mail
from django.test import override_settings

from stepwell.ground.kit import clock
from stepwell.trust import audit
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit.models import AuditEvent
from stepwell.trust.outbox import sending
from stepwell.trust.outbox.actions import call_off, queue
from stepwell.trust.outbox.kinds import Kind
from stepwell.trust.outbox.models import Channel, Message, OptOut, State
from stepwell.trust.outbox.rules.retries import MOST_TRIES
from stepwell.trust.outbox.testing import Provider, provider
from stepwell.trust.people.models import Patient
from stepwell.trust.people.testing import Clinic

NEW_YORK = ZoneInfo("America/New_York")
NINE = datetime(2026, 11, 23, 9, tzinfo=NEW_YORK)
VISIT = datetime(2026, 11, 25, 10, 30, tzinfo=NEW_YORK)
TOLD = {"starts_at": VISIT.isoformat(), "zone": "America/New_York", "phone": "+19375550100"}


@pytest.fixture
def texts() -> Iterator[Provider]:
    with provider() as made:
        with override_settings(STEPWELL_TEXT_URL=made.url, STEPWELL_TEXT_TOKEN="a token of tests"):
            yield made


def maya(clinic: Clinic, **more: Any) -> Patient:
    given = {"phone": "(937) 555-0134", "safe_to_text": True, **more}
    return clinic.patient("Maya Reyes", **given)


def ask(clinic: Clinic, patient: Patient, **more: Any) -> Message:
    given: dict[str, Any] = {
        "kind": Kind.APPOINTMENT_BOOKED,
        "patient": patient,
        "context": TOLD,
        "by": clinic.user(Role.FRONT_DESK),
        "at": clock.now(),
        **more,
    }
    return queue(**given)


def send(message: Message) -> Message:
    assert message.organization_id is not None
    sending.send(message.organization_id, message.pk)
    message.refresh_from_db()
    return message


# ---------- where it goes ----------


def test_a_text_goes_to_a_number_that_is_safe(clinic: Clinic, texts: Provider):
    message = send(ask(clinic, maya(clinic)))
    assert (message.state, message.provider_id, message.tries) == (State.SENT, "m-1", 1)
    [asked] = texts.asked
    assert asked["to"] == "+19375550134"
    assert asked["body"].startswith("You have a visit on Wed, Nov 25 at 10:30 AM.")
    assert asked["authorization"] == "Bearer a token of tests"
    assert asked["key"] == asked["reference"] == message.reference
    assert message.to_in_brief == "••• 0134"
    event = AuditEvent.objects.get(did=audit.Did.SENT)
    assert event.patient_id == message.patient_id


def test_nothing_goes_where_it_is_not_said_to_be_safe(clinic: Clinic, texts: Provider):
    message = send(ask(clinic, maya(clinic, safe_to_text=False, email="maya@example.org")))
    assert message.state == State.NOT_SAFE
    assert texts.asked == mail.outbox == []


def test_what_is_safe_is_asked_when_it_goes_not_when_it_was_queued(clinic: Clinic, texts: Provider):
    patient = maya(clinic)
    message = ask(clinic, patient)
    patient.safe_to_text = False
    patient.save()
    assert send(message).state == State.NOT_SAFE
    assert texts.asked == []


def test_it_goes_the_way_the_person_likes_best(clinic: Clinic, texts: Provider):
    patient = maya(clinic, email="maya@example.org", safe_to_email=True, preferred_channel="email")
    message = send(ask(clinic, patient))
    assert (message.state, message.channel) == (State.SENT, Channel.EMAIL)
    [letter] = mail.outbox
    assert (letter.to, letter.subject) == (["maya@example.org"], "Your visit")
    assert "Maya" not in f"{letter.body} {letter.subject}"
    assert message.to_in_brief == "m•••@example.org"
    assert texts.asked == []


def test_without_a_provider_of_texts_it_goes_by_e_mail_or_says_why_not(clinic: Clinic):
    patient = maya(clinic, email="maya@example.org", safe_to_email=True)
    assert send(ask(clinic, patient)).channel == Channel.EMAIL
    message = send(ask(clinic, maya(clinic)))
    assert (message.state, message.because) == (State.FAILED, "no provider of texts is set")


def test_in_the_demonstration_it_goes_to_the_screen(clinic: Clinic, caplog: pytest.LogCaptureFixture):
    with override_settings(STEPWELL_DEMO=True), caplog.at_level("INFO", logger="stepwell"):
        assert send(ask(clinic, maya(clinic))).state == State.SENT


def test_a_number_that_cannot_be_one_is_not_tried(clinic: Clinic, texts: Provider):
    assert send(ask(clinic, maya(clinic, phone="my sister's"))).state == State.NOT_SAFE
    assert texts.asked == []


def test_it_speaks_the_language_of_the_person(clinic: Clinic, texts: Provider):
    send(ask(clinic, maya(clinic, language="es")))
    [body] = texts.bodies
    assert body == (
        "Tiene una cita el 25 de noviembre, 10:30 AM. ¿Preguntas? Llame al 937-555-0100. "
        "Responda ALTO para no recibir mensajes."
    )


def test_staff_are_written_to_where_they_sign_in(clinic: Clinic):
    user = clinic.user(Role.COUNSELOR)
    message = queue(kind=Kind.SOMETHING_WAITS, user=user, by=None, at=clock.now())
    assert send(message).state == State.SENT
    assert mail.outbox[0].to == [user.email]
    user.is_active = False
    user.save()
    later = queue(kind=Kind.SOMETHING_WAITS, user=user, by=None, at=clock.now())
    assert send(later).state == State.NOT_SAFE


def test_who_answered_stop_gets_no_text(clinic: Clinic, texts: Provider):
    patient = maya(clinic)
    OptOut.objects.create(number="+19375550134", stopped_at=clock.now())
    assert send(ask(clinic, patient)).state == State.OPTED_OUT
    patient.email, patient.safe_to_email = "maya@example.org", True
    patient.save()
    assert send(ask(clinic, patient)).channel == Channel.EMAIL
    assert texts.asked == []


# ---------- when it goes ----------


def test_at_night_it_is_held_until_the_morning_of_the_person(clinic: Clinic, texts: Provider):
    with clock.stand_still(datetime(2026, 11, 23, 22, tzinfo=NEW_YORK)):
        message = send(ask(clinic, maya(clinic)))
        assert message.state == State.HELD
        assert message.next_at == datetime(2026, 11, 24, 8, tzinfo=NEW_YORK)
        assert texts.asked == []
    with clock.stand_still(datetime(2026, 11, 24, 8, 0, 5, tzinfo=NEW_YORK)):
        assert send(message).state == State.SENT


def test_the_night_of_somebody_who_is_away_is_theirs(clinic: Clinic, texts: Provider):
    message = send(ask(clinic, maya(clinic, time_zone="Pacific/Honolulu")))
    assert message.state == State.HELD
    assert message.next_at.astimezone(ZoneInfo("Pacific/Honolulu")).hour == 8


def test_it_is_not_sent_before_its_time_nor_when_it_would_be_too_late(clinic: Clinic, texts: Provider):
    patient = maya(clinic)
    reminder = ask(
        clinic,
        patient,
        kind=Kind.APPOINTMENT_REMINDER,
        not_before=VISIT - timedelta(days=1),
        useful_until=VISIT - timedelta(hours=1),
    )
    assert send(reminder).state == State.QUEUED
    with clock.stand_still(VISIT - timedelta(minutes=30)):
        assert send(reminder).state == State.CANCELLED
    assert reminder.because == "it would have come too late"
    held = ask(clinic, patient, useful_until=datetime(2026, 11, 24, 7, tzinfo=NEW_YORK))
    with clock.stand_still(datetime(2026, 11, 23, 22, tzinfo=NEW_YORK)):
        assert send(held).state == State.CANCELLED
    assert texts.asked == []


def test_what_was_called_off_does_not_go(clinic: Clinic, texts: Provider):
    message = ask(clinic, maya(clinic), unique_key="visit 1")
    assert call_off(["visit 1", "another"], because="the appointment was cancelled") == 1
    assert send(message).state == State.CANCELLED
    assert call_off(["visit 1"], because="again") == 0
    assert texts.asked == []


def test_the_same_is_said_once(clinic: Clinic, texts: Provider):
    patient = maya(clinic)
    first, second = (ask(clinic, patient, unique_key="visit 1") for _time in range(2))
    assert first.pk == second.pk
    send(first), send(second), send(first)
    assert len(texts.asked) == 1


# ---------- when it does not work at once ----------


def test_a_provider_that_cannot_take_it_now_is_asked_again_later(clinic: Clinic, texts: Provider):
    texts.answers = lambda number: (503, {"Retry-After": "600"}, b"") if number == 1 else None
    message = send(ask(clinic, maya(clinic)))
    assert (message.state, message.because) == (State.QUEUED, "the provider could not take it now (503)")
    assert message.next_at >= clock.now() + timedelta(minutes=10)
    assert send(message).state == State.QUEUED  # Not before its time.
    with clock.stand_still(message.next_at):
        assert send(message).state == State.SENT
    assert len({asked["key"] for asked in texts.asked}) == 1
    assert len(texts.taken) == 1


def test_a_line_that_breaks_is_tried_again_under_the_same_key(clinic: Clinic, texts: Provider):
    """The provider took it, and the answer was lost: it is asked again, and takes it once."""
    broken: list[int] = []

    def break_once() -> None:
        if not broken:
            broken.append(1)
            raise ConnectionAbortedError

    texts.when_taken = break_once
    message = send(ask(clinic, maya(clinic)))
    assert (message.state, message.may_have_gone) == (State.QUEUED, True)
    with clock.stand_still(message.next_at):
        assert send(message).state == State.SENT
    assert len(texts.asked) == 2
    assert len(texts.taken) == 1


def test_a_text_that_may_have_gone_is_not_tried_again_where_it_is_no_longer_safe(
    clinic: Clinic, texts: Provider
):
    texts.answers = lambda _number: (0, {}, b"")
    patient = maya(clinic)
    message = send(ask(clinic, patient))
    patient.phone = "(937) 555-0177"
    patient.save()
    with clock.stand_still(message.next_at):
        assert send(message).state == State.UNKNOWN
    assert len(texts.asked) == 1


@pytest.mark.parametrize(
    ("status", "headers"),
    [(400, {}), (401, {}), (404, {}), (302, {"Location": "http://127.0.0.1:1/elsewhere"})],
)
def test_a_provider_that_says_no_or_sends_us_elsewhere_is_not_asked_again(
    clinic: Clinic, texts: Provider, status: int, headers: dict[str, str]
):
    texts.answers = lambda _number: (status, headers, b"the number of a stranger")
    message = send(ask(clinic, maya(clinic)))
    assert message.state == State.FAILED
    assert str(status) in message.because
    assert "stranger" not in message.because
    assert len(texts.asked) == 1


def test_it_is_given_up_after_the_last_try(clinic: Clinic):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}/"
        with override_settings(STEPWELL_TEXT_URL=url):
            message, now = ask(clinic, maya(clinic)), NINE
            for _time in range(MOST_TRIES):
                with clock.stand_still(now):
                    send(message)
                now = max(message.next_at, now)
    assert (message.state, message.tries) == (State.FAILED, MOST_TRIES)


def test_what_a_lost_worker_left_is_found(clinic: Clinic, texts: Provider):
    message = ask(clinic, maya(clinic))
    assert sending._claim(message.pk, at=clock.now()) is not None  # And then it was lost.
    assert send(message).state == State.SENDING  # It may still be at it.
    assert sending.due(clock.now()) == []
    later = clock.now() + sending.CLAIM_LASTS
    with clock.stand_still(later):
        assert sending.due(later) == [message.pk]
        assert send(message).state == State.SENT
    assert len(texts.taken) == 1


def test_an_e_mail_that_a_lost_worker_left_is_not_sent_again(clinic: Clinic):
    patient = maya(clinic, safe_to_text=False, email="maya@example.org", safe_to_email=True)
    message = ask(clinic, patient)
    assert sending._claim(message.pk, at=clock.now()) is not None
    with clock.stand_still(clock.now() + sending.CLAIM_LASTS):
        assert send(message).state == State.UNKNOWN
    assert "not sent again" in message.because
    assert mail.outbox == []


def test_who_comes_back_late_does_not_speak_for_another(clinic: Clinic, texts: Provider):
    message = ask(clinic, maya(clinic))
    lost = sending._claim(message.pk, at=clock.now())
    assert lost is not None
    with clock.stand_still(clock.now() + sending.CLAIM_LASTS):
        send(message)
    sending.write_down(lost, sending.TurnedDown("too late", try_again=True), at=clock.now())
    message.refresh_from_db()
    assert message.state == State.SENT


# ---------- a real mail server ----------


class Postman:
    """Takes letters, or says no in the way it is told."""

    def __init__(self) -> None:
        self.letters: list[Any] = []
        self.answer = "250 OK"

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _o: Any) -> str:  # noqa: N802
        if address.startswith("nobody@"):
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answer.startswith("250"):
            self.letters.append(message_from_bytes(envelope.content))
        return self.answer


@pytest.fixture
def postman() -> Iterator[Postman]:
    handler = Postman()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        with override_settings(
            EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
            EMAIL_HOST="127.0.0.1",
            EMAIL_PORT=port,
            EMAIL_USE_TLS=False,
            DEFAULT_FROM_EMAIL="Front desk <hello@example.org>",
        ):
            yield handler
    finally:
        controller.stop()


def by_mail(clinic: Clinic, email: str = "maya@example.org") -> Message:
    patient = maya(clinic, safe_to_text=False, email=email, safe_to_email=True)
    return ask(clinic, patient)


def test_a_letter_goes_through_a_real_mail_server(clinic: Clinic, postman: Postman):
    message = send(by_mail(clinic))
    assert message.state == State.SENT
    [letter] = postman.letters
    assert letter["To"] == "maya@example.org"
    assert letter["From"] == "Front desk <hello@example.org>"
    assert letter["Message-ID"] == f"<{message.pk.hex}@example.org>"
    assert "Wed, Nov 25 at 10:30 AM" in letter.get_payload(decode=True).decode()


def test_an_address_that_is_not_there_is_not_tried_again(clinic: Clinic, postman: Postman):
    message = send(by_mail(clinic, "nobody@example.org"))
    assert message.state == State.FAILED
    assert "550" in message.because


def test_a_mail_server_that_is_full_is_tried_again(clinic: Clinic, postman: Postman):
    postman.answer = "452 try again"
    message = send(by_mail(clinic))
    assert message.state == State.QUEUED
    postman.answer = "250 OK"
    with clock.stand_still(message.next_at):
        assert send(message).state == State.SENT
    assert len(postman.letters) == 1


def test_a_mail_server_that_says_no_is_not_asked_again(clinic: Clinic, postman: Postman):
    postman.answer = "554 not here"
    assert send(by_mail(clinic)).state == State.FAILED


def test_a_letter_whose_answer_was_lost_is_not_sent_again(clinic: Clinic):
    """A server that takes the letter and hangs up before it says so."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(1)

        def serve() -> None:
            line, _from = server.accept()
            with line, line.makefile("rb") as heard:
                line.sendall(b"220 here\r\n")
                while said := heard.readline():
                    if said.upper().startswith(b"DATA"):
                        line.sendall(b"354 go on\r\n")
                        while heard.readline() not in (b".\r\n", b""):
                            pass
                        return
                    line.sendall(b"250 OK\r\n")

        Thread(target=serve, daemon=True).start()
        with override_settings(
            EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
            EMAIL_HOST="127.0.0.1",
            EMAIL_PORT=server.getsockname()[1],
            EMAIL_USE_TLS=False,
            EMAIL_TIMEOUT=5,
        ):
            message = send(by_mail(clinic))
    assert message.state == State.UNKNOWN
    assert "not sent again" in message.because
    with clock.stand_still(clock.now() + timedelta(days=1)):
        assert send(message).state == State.UNKNOWN


def test_a_mail_server_that_is_away_is_tried_again(clinic: Clinic):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        with override_settings(
            EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
            EMAIL_HOST="127.0.0.1",
            EMAIL_PORT=nobody.getsockname()[1],
            EMAIL_USE_TLS=False,
        ):
            message = send(by_mail(clinic))
    assert (message.state, message.may_have_gone) == (State.QUEUED, False)


def test_nobody_can_write_a_header_through_an_address(clinic: Clinic):
    message = by_mail(clinic, "maya@example.org\nBcc: other@example.org")
    assert send(message).state == State.FAILED
    assert mail.outbox == []


def test_a_moment_is_kept_with_its_zone(clinic: Clinic):
    assert ask(clinic, maya(clinic)).next_at.tzinfo == UTC
