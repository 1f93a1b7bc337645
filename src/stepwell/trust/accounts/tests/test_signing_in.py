"""Signing in says one thing whatever is wrong, locks out guessing, and leaves a trace."""

import pytest
from django.test import Client, override_settings

from stepwell.config.testing.fixtures import NOW
from stepwell.trust.accounts.models import Passkey, User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.accounts.testing import PASSWORD
from stepwell.trust.accounts.welcome import welcome_link
from stepwell.trust.audit import Did
from stepwell.trust.audit.models import SignInEvent


def sign_in(client: Client, email: str, password: str, **more: str):
    return client.post("/sign-in/", {"email": email, "password": password, **more})


def sign_in_from(where: dict[str, str], email: str, password: str):
    return Client().post("/sign-in/", {"email": email, "password": password}, **where)  # type: ignore[arg-type]


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


@override_settings(STEPWELL_BEHIND_PROXY=True)
def test_behind_a_proxy_a_lockout_holds_for_one_address_and_the_trail_names_it(dana):
    guesser = {"HTTP_X_FORWARDED_FOR": "203.0.113.9, 198.51.100.7"}
    answers = [sign_in_from(guesser, dana.email, f"guess {n}") for n in range(6)]
    assert answers[-1].status_code == 429
    assert {event.came_from for event in SignInEvent.objects.all()} == {"198.51.100.7"}
    assert sign_in_from({"HTTP_X_FORWARDED_FOR": "203.0.113.9"}, dana.email, PASSWORD).status_code == 302


@pytest.mark.parametrize(
    ("behind_proxy", "forwarded"),
    [(False, "198.51.100.7"), (True, "not an address"), (True, "198.51.100.7,")],
)
def test_a_forwarded_address_that_no_proxy_vouches_for_is_not_believed(dana, behind_proxy, forwarded):
    with override_settings(STEPWELL_BEHIND_PROXY=behind_proxy):
        sign_in_from({"HTTP_X_FORWARDED_FOR": forwarded}, dana.email, "wrong")
    assert SignInEvent.objects.get().came_from == "127.0.0.1"


@override_settings(STEPWELL_NAMES_FROM_ONE_ADDRESS=3)
def test_trying_many_names_from_one_address_is_locked_out_there_and_only_there(dana):
    answers = [sign_in(Client(), f"person{n}@example.org", "wrong") for n in range(4)]
    assert [answer.status_code for answer in answers] == [422, 422, 422, 429]
    assert sign_in(Client(), dana.email, PASSWORD).status_code == 429
    assert sign_in_from({"REMOTE_ADDR": "198.51.100.7"}, dana.email, PASSWORD).status_code == 302


@override_settings(STEPWELL_NAMES_FROM_ONE_ADDRESS=3)
def test_one_name_guessed_without_end_shuts_out_nobody_else(dana):
    for n in range(8):
        sign_in(Client(), "maya@example.org", f"guess {n}")
    assert sign_in(Client(), dana.email, PASSWORD).status_code == 302


@pytest.mark.parametrize(
    "address", ["abc", "abc.html", "accounts:home", "//elsewhere.example/", "/\\elsewhere"]
)
def test_what_is_no_path_of_ours_leads_home_after_signing_in(dana, address):
    assert sign_in(Client(), dana.email, PASSWORD, next=address)["Location"] == "/home/"


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


@pytest.fixture
def ines(clinic) -> User:
    """Invited to work here, and not in yet."""
    user = clinic.user(Role.COUNSELOR, "Inés O'Brien-Núñez")
    user.email = "ines@example.org"
    user.set_unusable_password()
    user.save()
    return user


def test_a_mailed_link_opens_once_with_a_password_of_ones_own(ines):
    link = welcome_link(ines)
    laptop = Client()
    assert "Welcome, In" in laptop.get(link).content.decode()
    assert laptop.post(link, {"new_password1": "short", "new_password2": "short"}).status_code == 422
    assert laptop.post(link, {"new_password1": PASSWORD, "new_password2": PASSWORD})["Location"] == "/home/"
    assert laptop.get("/home/")["Location"] == "/staff/today/"
    assert Client().get(link).status_code == 410


def by_codes(user):
    User.objects.filter(pk=user.pk).update(last_login=NOW)


def by_passkey(user):
    Passkey.objects.create(user=user, name="Phone", credential_id=b"1", credential=b"1")


@pytest.mark.parametrize("comes_in", [by_codes, by_passkey])
def test_no_link_from_before_opens_a_sign_in_that_is_in_use_without_a_password(ines, comes_in):
    link = welcome_link(ines)
    comes_in(ines)
    assert Client().get(link).status_code == 410


def test_no_link_alone_opens_the_sign_in_of_a_patient(clinic):
    """Links from before sign-ins were offered may still lie about."""
    maya = clinic.patient_user(clinic.patient("Maya Reyes"))
    maya.set_unusable_password()
    maya.save()
    assert Client().get(welcome_link(maya)).status_code == 410


def test_a_password_by_the_welcome_link_is_traced_and_told(ines, mailbox):
    answer = Client().post(welcome_link(ines), {"new_password1": PASSWORD, "new_password2": PASSWORD})
    assert answer["Location"] == "/home/"
    told = SignInEvent.objects.filter(did=Did.CHANGED_SIGN_IN, by_id=ines.pk)
    assert [event.because for event in told] == ["a new password by the welcome link"]
    [letter] = mailbox()
    assert letter.to == ["ines@example.org"]
    assert "Your password was changed." in letter.body


@pytest.mark.parametrize("link", ["/welcome/x/y/", "/welcome/AAAA/y/", "/welcome/%C3%B1/y/"])
def test_a_made_up_link_opens_nothing(db, link):
    assert Client().get(link).status_code == 410
