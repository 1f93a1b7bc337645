"""The list of what went out, a person's own say, and what a provider tells us."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from stepwell.ground.kit import clock
from stepwell.trust.access import Forbidden
from stepwell.trust.accounts.roles import Role
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.outbox import sending
from stepwell.trust.outbox.actions import queue, set_how_to_reach
from stepwell.trust.outbox.kinds import Kind
from stepwell.trust.outbox.models import Message, OptOut, State
from stepwell.trust.outbox.signatures import HEADER, LASTS, is_signed, sign
from stepwell.trust.outbox.testing import provider
from stepwell.trust.people.models import Patient
from stepwell.trust.people.testing import Clinic, open_clinic

SECRET = "the secret of a test, shared with nobody"
MINE = "+19375550134"


def told(clinic: Clinic, patient: Patient) -> Message:
    """A text that went out to a patient."""
    message = queue(
        kind=Kind.SOMETHING_WAITS, patient=patient, by=None, at=clock.now(), context={"phone": "937-555-0100"}
    )
    with provider() as made, override_settings(STEPWELL_TEXT_URL=made.url):
        sending.send(clinic.organization.pk, message.pk)
    message.refresh_from_db()
    assert message.state == State.SENT
    return message


def maya(clinic: Clinic, **more: Any) -> Patient:
    return clinic.patient("Maya O'Brien-Núñez", **{"phone": "937-555-0134", "safe_to_text": True, **more})


# ---------- the list ----------


def test_the_front_desk_sees_what_went_out_and_what_became_of_it(clinic: Clinic):
    told(clinic, maya(clinic))
    queue(kind=Kind.SOMETHING_WAITS, patient=clinic.patient("Tom Baker"), by=None, at=clock.now())
    for message in Message.objects.to_go():
        sending.send(clinic.organization.pk, message.pk)
    page = clinic.client(clinic.user(Role.FRONT_DESK)).get(reverse("outbox:messages_out")).content.decode()
    assert "Maya O." in page and "Tom B." in page
    assert "••• 0134" in page and "5550134" not in page.replace("-", "")
    assert "There is something new for you" in page
    assert "No safe way to reach them" in page


def test_the_list_is_narrowed_and_taken_out_as_it_is_shown(clinic: Clinic):
    told(clinic, maya(clinic))
    queue(kind=Kind.SOMETHING_WAITS, patient=clinic.patient("Tom Baker"), by=None, at=clock.now())
    client = clinic.client(clinic.user(Role.COMPLIANCE))
    page = client.get(reverse("outbox:messages_out"), {"show": "waiting"}).content.decode()
    assert "Tom B." in page and "Maya O." not in page
    file = client.get(reverse("outbox:messages_out"), {"show": "waiting", "as": "csv"}).content.decode()
    assert "Tom B." in file and "Maya O." not in file
    assert client.get(reverse("outbox:messages_out"), {"show": "' or 1=1", "page": "x"}).status_code == 200


def test_who_may_not_see_messages_does_not(clinic: Clinic):
    assert clinic.client(clinic.user(Role.COUNSELOR)).get(reverse("outbox:messages_out")).status_code == 403


def test_another_organization_sees_nothing_of_it(clinic: Clinic):
    told(clinic, maya(clinic))
    with open_clinic("Elsewhere") as other:
        page = other.client(other.user(Role.FRONT_DESK)).get(reverse("outbox:messages_out"))
        assert "Maya" not in page.content.decode()


# ---------- the patient's own say ----------


def test_a_person_says_how_they_may_be_reached(clinic: Clinic):
    patient = maya(clinic, email="maya@example.org", safe_to_text=False)
    client = clinic.client(clinic.patient_user(patient))
    page = client.get(reverse("outbox:settings")).content.decode()
    assert "How we reach you" in page and "0134" in page and "555-0134" not in page
    done = client.post(reverse("outbox:settings"), {"by_text": "on", "language": "es"}, follow=True)
    patient.refresh_from_db()
    assert (patient.safe_to_text, patient.safe_to_email, patient.language) == (True, False, "es")
    assert "Cómo le avisamos" in done.content.decode()
    assert "Guardado." in done.content.decode()


def test_what_there_is_no_number_for_cannot_be_switched_on(clinic: Clinic):
    patient = maya(clinic, phone="", safe_to_text=False)
    client = clinic.client(clinic.patient_user(patient))
    client.post(reverse("outbox:settings"), {"by_text": "on", "by_email": "on", "language": "en"})
    patient.refresh_from_db()
    assert (patient.safe_to_text, patient.safe_to_email) == (False, False)


@pytest.mark.parametrize("language", ["", "xx", "en'; drop table"])
def test_a_language_that_there_is_not_is_refused(clinic: Clinic, language: str):
    patient = maya(clinic)
    response = clinic.client(clinic.patient_user(patient)).post(
        reverse("outbox:settings"), {"language": language}
    )
    assert response.status_code == 422
    patient.refresh_from_db()
    assert (patient.language, patient.safe_to_text) == ("en", True)


def test_nobody_says_it_for_another(clinic: Clinic):
    tom = clinic.patient("Tom Baker", phone="937-555-0177")
    user = clinic.patient_user(maya(clinic))
    for by in (user, clinic.user(Role.DIRECTOR)):
        with pytest.raises(Forbidden):
            set_how_to_reach(tom, by_text=True, by_email=False, language="en", by=by, at=clock.now())


def test_staff_have_no_such_page(clinic: Clinic):
    assert clinic.client(clinic.user(Role.COUNSELOR)).get(reverse("outbox:settings")).status_code == 404


# ---------- what a provider tells us ----------


def tell(address: str, *, signature: str | None = None, secret: str = SECRET, **said: str) -> Any:
    body = json.dumps(said).encode()
    made = sign(secret, body, int(clock.now().timestamp())) if signature is None else signature
    with override_settings(STEPWELL_MESSAGES_SECRET=SECRET):
        return Client().post(reverse(address), body, content_type="application/json", headers={HEADER: made})


def answer(text: str, number: str = MINE) -> str:
    response = tell("outbox:inbound", **{"from": number, "body": text})
    assert response.status_code == 200
    return str(response.json()["reply"])


def test_stop_ends_texts_and_start_begins_them_again(clinic: Clinic):
    patient = maya(clinic)
    told(clinic, patient)
    assert "no more texts" in answer("Stop")
    assert "no more texts" in answer("STOP")
    assert OptOut.objects.count() == 1 and OptOut.stands_for(MINE)
    page = clinic.client(clinic.patient_user(patient)).get(reverse("outbox:settings")).content.decode()
    assert "Texts to this number are stopped" in page
    assert "again" in answer("START")
    assert not OptOut.stands_for(MINE)
    answer("STOP")
    assert OptOut.objects.count() == 2


def test_stop_in_spanish_is_answered_in_spanish(clinic: Clinic):
    told(clinic, maya(clinic))
    assert answer("ALTO").startswith("No le enviaremos")
    assert OptOut.stands_for(MINE)


def test_help_says_whom_to_call(clinic: Clinic):
    clinic.center.phone = "+19375550100"
    clinic.center.save()
    told(clinic, maya(clinic))
    assert "937-555-0100" in answer("HELP") and "911" in answer("HELP")
    assert "llame al 911" in answer("Ayuda")


def test_whatever_else_comes_in_is_answered_once_and_not_kept(clinic: Clinic):
    told(clinic, maya(clinic))
    words = "I cannot go on like this"
    assert "911" in answer(words)
    assert answer(words) == ""  # Two machines would answer each other without end.
    with clock.stand_still(clock.now() + timedelta(hours=2)):
        assert "911" in answer(words)
    assert not Message.objects.filter(body__contains="go on").exists()


def test_a_number_that_we_never_wrote_to_is_answered_with_nothing(clinic: Clinic):
    assert answer("STOP") == ""
    assert answer("STOP", "not a number") == ""
    assert not OptOut.objects.exists()


def test_stop_holds_in_every_organization_that_wrote_to_the_number(clinic: Clinic):
    told(clinic, maya(clinic))
    with open_clinic("Elsewhere") as other:
        told(other, maya(other))
    answer("STOP")
    assert OptOut.stands_for(MINE)
    with acting_in(other.organization.pk):
        assert OptOut.stands_for(MINE)


def test_a_receipt_is_taken_once_and_late(clinic: Clinic):
    message = told(clinic, maya(clinic))
    for _time in range(2):
        assert tell("outbox:receipt", reference=message.reference, state="delivered").status_code == 204
    message.refresh_from_db()
    assert (message.state, message.delivered_at) == (State.DELIVERED, clock.now())
    tell("outbox:receipt", reference=message.reference, state="failed", reason="late")
    message.refresh_from_db()
    assert message.state == State.DELIVERED


def test_a_text_that_was_not_delivered_says_why(clinic: Clinic):
    message = told(clinic, maya(clinic))
    tell(
        "outbox:receipt",
        reference=message.reference,
        state="failed",
        reason="unknown <b>subscriber</b>\n" * 50,
    )
    message.refresh_from_db()
    assert message.state == State.FAILED
    assert message.because.startswith("not delivered: unknown <b>subscriber")
    page = clinic.client(clinic.user(Role.FRONT_DESK)).get(reverse("outbox:messages_out")).content.decode()
    assert "<b>subscriber" not in page


@pytest.mark.parametrize("reference", ["", "x" * 64, "0" * 64, "0" * 63, "'; drop table"])
def test_a_receipt_for_nothing_of_ours_is_not_found(clinic: Clinic, reference: str):
    assert tell("outbox:receipt", reference=reference, state="delivered").status_code == 404


@pytest.mark.parametrize("address", ["outbox:inbound", "outbox:receipt"])
def test_whoever_cannot_sign_is_not_heard(clinic: Clinic, address: str):
    message = told(clinic, maya(clinic))
    said = {"from": MINE, "body": "STOP", "reference": message.reference, "state": "delivered"}
    at = int(clock.now().timestamp())
    body = json.dumps(said).encode()
    for signature in (
        "",
        "nonsense",
        sign("another secret, shared with nobody", body, at),
        sign(SECRET, body, at - LASTS - 1),
        sign(SECRET, body, at + LASTS + 1),
        sign(SECRET, body + b" ", at),
        f"t={at}",
        f"t=-1,v1={'0' * 64}",
        "t=٣,v1=0",
    ):
        assert tell(address, signature=signature, **said).status_code == 403
    message.refresh_from_db()
    assert message.state == State.SENT
    assert not OptOut.objects.exists()
    assert Client().get(reverse(address)).status_code == 405


def test_without_a_secret_nobody_is_believed():
    assert not is_signed("", b"", sign("", b"", 0), now=0)


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b"\xff\xfe", b'{"a":' + b" " * 20_000 + b"1}"])
def test_what_cannot_be_read_is_refused(clinic: Clinic, body: bytes):
    made = sign(SECRET, body, int(clock.now().timestamp()))
    with override_settings(STEPWELL_MESSAGES_SECRET=SECRET):
        response = Client().post(
            reverse("outbox:inbound"), body, content_type="application/json", headers={HEADER: made}
        )
    assert response.status_code == 403


def test_every_page_of_a_patient_leads_there(clinic: Clinic):
    page = clinic.client(clinic.patient_user(maya(clinic))).get(reverse("patient:privacy")).content.decode()
    assert f'href="{reverse("outbox:settings")}"' in page
