"""People in care sign in with a code by e-mail. The letter tells a neighbor nothing, and asking tells nothing."""

import pytest
from django.test import Client

from stepwell.trust.accounts import emailed
from stepwell.trust.accounts.models import Letter
from stepwell.trust.accounts.testing import browser, code_in


def ask(client: Client, email: str, **more: str):
    return client.post("/sign-in/code/", {"email": email, **more})


def test_the_code_opens_in_the_browser_that_asked(maya, mailbox):
    client = Client()
    assert ask(client, "Maya@Example.org", next="/me/week/")["Location"] == (
        "/sign-in/code/entry/?next=%2Fme%2Fweek%2F"
    )
    [letter] = mailbox()
    assert letter.to == ["maya@example.org"]
    answer = client.post("/sign-in/code/entry/", {"code": code_in(letter), "next": "/me/week/"})
    assert answer["Location"] == "/me/week/"
    assert client.get("/me/").status_code == 200


def test_it_opens_nowhere_else_and_not_twice(maya, mailbox):
    client, other = Client(), Client()
    ask(client, maya.email)
    ask(other, "nobody@example.org")
    code = code_in(mailbox()[0])
    assert other.post("/sign-in/code/entry/", {"code": code}).status_code == 422
    assert Client().post("/sign-in/code/entry/", {"code": code})["Location"] == "/sign-in/code/"
    before = client.session.session_key
    assert client.post("/sign-in/code/entry/", {"code": code}).status_code == 302
    assert client.session.session_key != before
    letter = Letter.objects.get(user=maya)
    session = other.session
    session[emailed.WAITING] = str(letter.pk)
    session.save()
    assert other.post("/sign-in/code/entry/", {"code": code}).status_code == 422


def test_it_is_good_for_ten_minutes(maya, mailbox, later):
    client = Client()
    ask(client, maya.email)
    later(minutes=10)
    assert client.post("/sign-in/code/entry/", {"code": code_in(mailbox()[0])}).status_code == 422


def test_after_five_wrong_tries_the_right_one_opens_nothing(maya, mailbox, settings):
    settings.AXES_FAILURE_LIMIT = 50
    client = Client()
    ask(client, maya.email)
    for n in range(emailed.TRIES):
        assert client.post("/sign-in/code/entry/", {"code": f"0000000{n}"}).status_code == 422
    assert client.post("/sign-in/code/entry/", {"code": code_in(mailbox()[0])}).status_code == 422


def test_guessing_codes_is_shut_out_like_guessing_passwords(maya):
    client = Client()
    answers = []
    for n in range(6):
        ask(client, maya.email)
        answers.append(client.post("/sign-in/code/entry/", {"code": f"0000000{n}"}).status_code)
    assert answers[0] == 422
    assert answers[-1] == 429


@pytest.mark.parametrize("email", ["maya@example.org", "nobody@example.org", "dana@example.org"])
def test_asking_reads_the_same_for_everybody(maya, dana, mailbox, email, django_assert_num_queries):
    client = Client()
    answer = ask(client, email)
    assert answer.status_code == 302
    entry = client.get("/sign-in/code/entry/").content.decode()
    assert f"If {email} can sign in here" in entry
    wrong = client.post("/sign-in/code/entry/", {"code": "00000000"})
    assert wrong.status_code == 422
    assert "That code is not right" in wrong.content.decode()
    # A colleague has two steps, and no code by e-mail.
    assert len(mailbox()) == (1 if email == maya.email else 0)


def test_asking_asks_the_database_the_same_for_everybody(maya, dana):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    asked = []
    for email in (maya.email, "nobody@example.org"):
        with CaptureQueriesContext(connection) as queries:
            ask(Client(), email)
        asked.append([" ".join(query["sql"].split(' "s')[0].split()[:3]) for query in queries])
    assert asked[0] == asked[1]
    assert len(asked[0]) > 5


def test_a_mailbox_is_not_filled(maya, mailbox):
    for _ in range(emailed.MOST + 3):
        assert ask(Client(), maya.email).status_code == 302
    assert len(mailbox()) == emailed.MOST


def test_the_letter_tells_a_neighbor_nothing(maya, mailbox, settings):
    for language in ("en", "es"):
        maya.language = language
        maya.save()
        ask(Client(), maya.email)
    for letter in mailbox():
        said = f"{letter.subject} {letter.body} {letter.from_email}".lower()
        for word in (
            "treatment",
            "recovery",
            "clinic",
            "patient",
            "alder",
            "tratamiento",
            "paciente",
            "creek",
        ):
            assert word not in said
        assert maya.name.lower() not in said
    assert mailbox()[1].subject == "Su código"


def test_somebody_deactivated_gets_no_code(maya, mailbox):
    maya.is_active = False
    maya.save()
    ask(Client(), maya.email)
    assert mailbox() == []


def test_a_phone_is_remembered_thirty_days(maya):
    client = browser(maya)
    assert client.session.get_expiry_age() == pytest.approx(30 * 24 * 3600, abs=60)


def test_a_colleagues_session_is_not(dana):
    assert browser(dana).session.get_expiry_age() == pytest.approx(24 * 3600, abs=60)


@pytest.mark.parametrize("address", ["/me/privacy/"])
def test_private_pages_ask_again_after_a_quarter_of_an_hour(maya, later, mailbox, address):
    maya.set_unusable_password()
    maya.save()
    client = browser(maya)
    assert client.get(address).status_code == 200
    later(minutes=15)
    asked = client.get(address)
    assert asked.status_code == 401
    assert "Send me a code by email" in asked.content.decode()
    assert client.get("/me/").status_code == 200
    sent = client.post(address, {"proof-then-go": "1", "proof-send-code": "1"})
    assert sent.status_code == 401
    assert "is on its way to maya@example.org" in sent.content.decode()
    wrong = client.post(address, {"proof-then-go": "1", "proof-code": "12345678"})
    assert wrong.status_code == 422
    right = client.post(address, {"proof-then-go": "1", "proof-code": code_in(mailbox()[0])})
    assert right.status_code == 302
    assert client.get(address).status_code == 200
