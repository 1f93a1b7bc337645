"""Signing in says one thing whatever is wrong, locks out guessing, and leaves a trace."""

import pytest
from django.test import Client

from stepwell.trust.accounts.models import User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit import Did
from stepwell.trust.audit.models import SignInEvent

PASSWORD = "a long walk by the creek"


@pytest.fixture
def dana(clinic) -> User:
    dana = clinic.user(Role.COUNSELOR, "Dana Whitfield")
    dana.email = "dana@example.org"
    dana.set_password(PASSWORD)
    dana.save()
    return dana


def sign_in(client: Client, email: str, password: str, **more: str):
    return client.post("/sign-in/", {"email": email, "password": password, **more})


def test_the_right_password_opens_the_door_to_ones_own_front_page(dana):
    client = Client()
    assert sign_in(client, "Dana@Example.org", PASSWORD)["Location"] == "/home/"
    assert client.get("/home/")["Location"] == "/staff/today/"
    assert SignInEvent.objects.get().did == Did.SIGNED_IN


def test_a_patient_lands_on_their_own_day(clinic):
    maya = clinic.patient("Maya Reyes")
    assert clinic.client(clinic.patient_user(maya)).get("/home/")["Location"] == "/me/"


@pytest.mark.parametrize("email", ["dana@example.org", "nobody@example.org"])
def test_a_wrong_password_and_an_unknown_person_read_the_same(dana, email):
    answer = sign_in(Client(), email, "wrong")
    assert answer.status_code == 422
    assert "That email and password do not match." in answer.content.decode()
    assert f'value="{email}"' in answer.content.decode()
    assert SignInEvent.objects.get().did == Did.FAILED_TO_SIGN_IN


@pytest.mark.parametrize("email", ["dana@example.org", "nobody@example.org"])
def test_guessing_is_locked_out_without_telling_who_exists(dana, email):
    client = Client()
    answers = [sign_in(client, email, f"guess {n}") for n in range(6)]
    assert answers[0].status_code == 422
    assert answers[-1].status_code == 429
    assert sign_in(client, email, PASSWORD).status_code == 429


def test_nobody_is_led_off_the_site_after_signing_in(dana):
    assert sign_in(Client(), dana.email, PASSWORD, next="https://elsewhere.example/")["Location"] == "/home/"


def test_a_page_that_needs_a_sign_in_comes_back_after_it(dana):
    client = Client()
    first = client.get("/home/")
    assert first["Location"] == "/sign-in/?next=/home/"
    assert sign_in(client, dana.email, PASSWORD, next="/staff/groups/")["Location"] == "/staff/groups/"


def test_someone_deactivated_does_not_come_in(dana):
    dana.is_active = False
    dana.save()
    assert sign_in(Client(), dana.email, PASSWORD).status_code == 422


@pytest.mark.parametrize(
    "address", ["", "not an address", "x" * 5000, "o'brien@núñez.example", "<script>@x.org"]
)
def test_whatever_is_typed_is_answered_kindly_and_kept(dana, address):
    answer = sign_in(Client(), address, "whatever")
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert "<script>@x" not in answer.content.decode()


def test_signing_out_ends_it(dana, clinic):
    client = clinic.client(dana)
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    assert client.get("/home/").status_code == 302


def test_a_new_sign_in_opens_once_with_a_password_of_ones_own(clinic):
    from stepwell.trust.accounts.welcome import welcome_link

    maya = clinic.patient("Maya Reyes")
    desk = clinic.client(clinic.user(Role.FRONT_DESK))
    page = f"/staff/people/{maya.pk}/sign-in/"
    assert desk.post(page, {"email": ""}).status_code == 422
    desk.post(page, {"email": "maya@example.org"})
    maya.refresh_from_db()
    link = welcome_link(maya.user)
    assert link in desk.get(page).content.decode()
    phone = Client()
    assert "Welcome, Maya Reyes" in phone.get(link).content.decode()
    too_short = phone.post(link, {"new_password1": "short", "new_password2": "short"})
    assert too_short.status_code == 422
    assert phone.post(link, {"new_password1": PASSWORD, "new_password2": PASSWORD})["Location"] == "/home/"
    assert phone.get("/home/")["Location"] == "/me/"
    assert Client().get(link).status_code == 410
    assert link not in desk.get(page).content.decode()


@pytest.mark.parametrize("link", ["/welcome/x/y/", "/welcome/AAAA/y/", "/welcome/%C3%B1/y/"])
def test_a_made_up_link_opens_nothing(db, link):
    assert Client().get(link).status_code == 410


def test_an_email_that_is_taken_makes_no_second_sign_in(clinic, dana):
    maya = clinic.patient("Maya Reyes")
    desk = clinic.client(clinic.user(Role.FRONT_DESK))
    answer = desk.post(f"/staff/people/{maya.pk}/sign-in/", {"email": "DANA@example.org"})
    assert answer.status_code == 422
    assert "Somebody signs in with this email already." in answer.content.decode()
    maya.refresh_from_db()
    assert maya.user is None
