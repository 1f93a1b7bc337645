"""A new password by letter: one hour, one use, the same answer for nobody; and it ends every session."""

import re

import pytest
from django.test import Client

from stepwell.trust.accounts import emailed
from stepwell.trust.accounts.testing import PASSWORD, browser

NEW = "quite other words in a row"
TWICE = {"new_password1": NEW, "new_password2": NEW}


def ask(email: str):
    return Client().post("/password/forgotten/", {"email": email})


def link_in(letter) -> str:
    found = re.search(r"http://testserver(/password/\S+)", letter.body)
    assert found
    return found[1]


def test_the_link_opens_once_and_ends_every_session(maya, mailbox):
    before = browser(maya)
    ask("MAYA@example.org")
    link = link_in(mailbox()[0])
    phone = Client()
    assert "maya@example.org" in phone.get(link).content.decode()
    assert phone.post(link, {**TWICE, "new_password2": "x"}).status_code == 422
    assert phone.post(link, TWICE)["Location"] == "/sign-in/?password"
    assert "Your password is changed" in phone.get("/sign-in/?password").content.decode()
    assert before.get("/me/").status_code == 302
    assert phone.post("/sign-in/", {"email": maya.email, "password": NEW})["Location"] == "/home/"
    assert Client().get(link).status_code == Client().post(link, TWICE).status_code == 410
    assert mailbox()[1].subject == "Your sign-in was changed"


def test_it_works_for_one_hour(maya, mailbox, later):
    ask(maya.email)
    later(minutes=59)
    assert Client().get(link_in(mailbox()[0])).status_code == 200
    later(minutes=60)
    assert Client().get(link_in(mailbox()[0])).status_code == 410


def test_every_link_that_waits_ends_with_the_first_that_is_used(maya, mailbox):
    ask(maya.email)
    ask(maya.email)
    first, second = (link_in(letter) for letter in mailbox())
    Client().post(first, TWICE)
    assert Client().get(second).status_code == 410


def test_staff_still_need_their_second_step(dana, mailbox, settings):
    from stepwell.config.testing.fixtures import NOW
    from stepwell.trust.accounts import codes, totp

    settings.STEPWELL_SECOND_FACTOR = True
    secret = totp.new_secret()
    codes.add_app(dana, secret, totp.code_of(secret, totp.step_at(NOW.timestamp())))
    ask(dana.email)
    client = Client()
    client.post(link_in(mailbox()[0]), TWICE)
    assert client.get("/home/").status_code == 302
    answer = client.post("/sign-in/", {"email": dana.email, "password": NEW})
    assert answer["Location"] == "/sign-in/second-step/"


@pytest.mark.parametrize("email", ["maya@example.org", "nobody@example.org"])
def test_asking_reads_the_same_for_nobody(maya, email):
    answer = ask(email)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "If somebody signs in here with that address" in page
    assert email not in page


def test_a_lock_out_is_over_with_a_new_password(maya, mailbox):
    client = Client()
    for n in range(6):
        client.post("/sign-in/", {"email": maya.email, "password": f"guess {n}"})
    ask(maya.email)
    client.post(link_in(mailbox()[0]), TWICE)
    assert client.post("/sign-in/", {"email": maya.email, "password": NEW}).status_code == 302


def test_a_mailbox_is_not_filled(maya, mailbox):
    for _ in range(emailed.MOST + 2):
        ask(maya.email)
    assert len(mailbox()) == emailed.MOST


@pytest.mark.parametrize("token", ["x", "é", "0" * 64, "%00"])
def test_a_made_up_link_opens_nothing(maya, mailbox, token):
    ask(maya.email)
    made_up = link_in(mailbox()[0]).rsplit("/", 2)[0] + f"/{token}/"
    assert Client().get(made_up).status_code == 410


def test_the_link_of_one_does_not_open_for_another(maya, dana, mailbox):
    ask(maya.email)
    ask(dana.email)
    first, second = (link_in(letter).split("/") for letter in mailbox())
    assert Client().get("/".join([*first[:3], second[3], ""])).status_code == 410


def test_a_sign_in_code_is_no_link(maya, mailbox):
    from stepwell.trust.accounts.models import Letter

    Client().post("/sign-in/code/", {"email": maya.email})
    letter = Letter.objects.get()
    assert Client().get(f"/password/{letter.pk}/{emailed._print(letter).hex()}/").status_code == 410


def test_someone_deactivated_gets_none(maya, mailbox):
    maya.is_active = False
    maya.save()
    ask(maya.email)
    assert [letter for letter in mailbox() if letter.subject == "A new password"] == []


def test_a_password_is_hashed_with_argon2_and_for_nobody_too(maya, settings, monkeypatch):
    from django.conf import settings as real
    from django.contrib.auth import hashers

    settings.PASSWORD_HASHERS = real.PASSWORD_HASHERS
    from stepwell.config import settings as ours

    assert ours.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")
    settings.PASSWORD_HASHERS = ours.PASSWORD_HASHERS
    maya.set_password(PASSWORD)
    maya.save()
    assert maya.password.startswith("argon2$")
    hashed: list[str] = []
    work = hashers.Argon2PasswordHasher

    def counted(name: str):
        do = getattr(work, name)

        def counts(*given):
            hashed.append(name)
            return do(*given)

        monkeypatch.setattr(work, name, counts)

    counted("encode")
    counted("verify")
    for email in (maya.email, "nobody@example.org"):
        hashed.clear()
        Client().post("/sign-in/", {"email": email, "password": "wrong"})
        assert len(hashed) == 1
