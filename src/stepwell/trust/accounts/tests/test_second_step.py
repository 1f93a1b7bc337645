"""Staff sign in with two steps. What is kept of the second makes no codes and opens nothing twice."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from stepwell.config.testing.fixtures import NOW
from stepwell.trust.accounts import codes, sealed, totp
from stepwell.trust.accounts.models import AuthenticatorApp, RecoveryCode, User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.accounts.testing import PASSWORD, browser
from stepwell.trust.audit import Did
from stepwell.trust.audit.models import SignInEvent


@pytest.fixture(autouse=True)
def required(settings) -> None:
    settings.STEPWELL_SECOND_FACTOR = True


def app_code(user: User, *, after: int = 0) -> str:
    """What the app of this person shows, that many steps after nine o'clock."""
    secret = sealed.unseal(AuthenticatorApp.objects.get(user=user).secret)
    return totp.code_of(secret, totp.step_at(NOW.timestamp()) + after)


@pytest.fixture
def with_app(dana: User) -> User:
    secret = totp.new_secret()
    assert codes.add_app(dana, secret, totp.code_of(secret, totp.step_at(NOW.timestamp()) - 1))
    return dana


def first_step(client: Client, user: User, **more: str):
    return client.post("/sign-in/", {"email": user.email, "password": PASSWORD, **more})


def test_staff_without_a_second_step_are_led_to_set_one_up_before_anything_else(dana):
    client = Client()
    assert first_step(client, dana)["Location"] == "/home/"
    for address in ("/home/", "/staff/today/", "/account/", "/account/sessions/", "/account/recovery-codes/"):
        assert client.get(address)["Location"] == "/account/second-step/"
    assert client.post("/staff/referrals/new/", {"words": "x"})["Location"] == "/account/second-step/"
    page = client.get("/account/second-step/").content.decode()
    assert "/account/authenticator/" in page
    assert "/account/passkeys/" in page
    assert client.get("/staff/today/", headers={"HX-Request": "true"}).status_code == 401


def test_a_patient_is_not(maya):
    client = Client()
    first_step(client, maya)
    assert client.get("/home/")["Location"] == "/me/"
    assert client.get("/me/").status_code == 200


def test_setting_up_an_app_opens_the_door_and_gives_recovery_codes_once(dana):
    client = Client()
    first_step(client, dana)
    page = client.get("/account/authenticator/").content.decode()
    secret = re.search(r"otpauth://totp/[^\"]*secret=([A-Z2-7]+)", page)
    assert secret
    assert "<svg" in page
    wrong = client.post("/account/authenticator/", {"code": "000000"})
    assert wrong.status_code == 422
    assert secret[1] in wrong.content.decode().replace("&amp;", "&")
    code = totp.code_of(secret[1], totp.step_at(NOW.timestamp()))
    done = client.post("/account/authenticator/", {"code": f" {code[:3]} {code[3:]} "})
    shown = re.findall(r"<li>([2-9a-z]{4}-[2-9a-z]{4}-[2-9a-z]{4})</li>", done.content.decode())
    assert len(set(shown)) == 10
    assert "no-store" in done["Cache-Control"]
    assert client.get("/staff/today/").status_code == 200
    again = client.get("/account/recovery-codes/").content.decode()
    assert not any(code in again for code in shown)
    told = SignInEvent.objects.filter(did=Did.CHANGED_SIGN_IN, by_id=dana.pk).order_by("number")
    assert [event.because for event in told] == ["set up an authenticator app", "made new recovery codes"]


def test_then_the_password_alone_is_half_the_way(with_app):
    client = Client()
    assert first_step(client, with_app, next="/staff/caseload/")["Location"] == (
        "/sign-in/second-step/?next=%2Fstaff%2Fcaseload%2F"
    )
    assert client.get("/home/")["Location"] == "/sign-in/?next=/home/"
    assert client.get("/account/sessions/")["Location"].startswith("/sign-in/")
    wrong = client.post("/sign-in/second-step/", {"code": "000000"})
    assert wrong.status_code == 422
    right = client.post("/sign-in/second-step/", {"code": app_code(with_app), "next": "/staff/caseload/"})
    assert right["Location"] == "/staff/caseload/"
    assert client.get("/staff/today/").status_code == 200


def test_a_code_opens_once(with_app):
    code = app_code(with_app)
    for expected in (302, 422):
        client = Client()
        first_step(client, with_app)
        assert client.post("/sign-in/second-step/", {"code": code}).status_code == expected


def test_a_code_does_not_open_with_a_password_before_it(with_app):
    client = Client()
    assert client.post("/sign-in/second-step/", {"code": app_code(with_app)})["Location"] == "/sign-in/"


def test_half_the_way_is_forgotten_after_ten_minutes_and_with_a_new_password(with_app, later):
    client = Client()
    first_step(client, with_app)
    with_app.set_password("some other words in a row")
    with_app.save()
    assert client.get("/sign-in/second-step/").status_code == 302
    client = Client()
    client.post("/sign-in/", {"email": with_app.email, "password": "some other words in a row"})
    assert client.get("/sign-in/second-step/").status_code == 200
    later(minutes=10)
    assert client.get("/sign-in/second-step/").status_code == 302


def test_the_session_has_a_new_key_at_each_step(with_app):
    client = Client()
    client.get("/sign-in/")
    client.post("/sign-in/challenge/")
    keys = [client.cookies["sessionid"].value]
    first_step(client, with_app)
    keys.append(client.cookies["sessionid"].value)
    client.post("/sign-in/second-step/", {"code": app_code(with_app)})
    keys.append(client.cookies["sessionid"].value)
    assert len(set(keys)) == 3


def test_guessing_codes_shuts_out_the_password_too(with_app):
    client = Client()
    first_step(client, with_app)
    answers = [client.post("/sign-in/second-step/", {"code": f"00000{n}"}).status_code for n in range(6)]
    assert answers[0] == 422
    assert answers[-1] == 429
    assert client.post("/sign-in/second-step/", {"code": app_code(with_app)}).status_code == 429
    assert first_step(Client(), with_app).status_code == 429


def test_guessing_codes_from_many_addresses_is_shut_out_too(with_app):
    for n in range(codes.WRONG_CODES):
        client = Client(REMOTE_ADDR=f"198.51.100.{n}")
        first_step(client, with_app)
        assert client.post("/sign-in/second-step/", {"code": "000000"}).status_code == 422
    fresh = Client(REMOTE_ADDR="203.0.113.1")
    first_step(fresh, with_app)
    answer = fresh.post("/sign-in/second-step/", {"code": app_code(with_app)})
    assert answer.status_code == 422  # Right, and it does not tell.


def test_after_an_hour_it_is_open_again(with_app, later):
    for _ in range(codes.WRONG_CODES):
        assert not codes.is_right(with_app, "000000")
    assert not codes.is_right(with_app, app_code(with_app))
    later(hours=1)
    steps = int(timedelta(hours=1).total_seconds() // totp.STEP_SECONDS)
    assert codes.is_right(with_app, app_code(with_app, after=steps))


def test_the_secret_is_sealed_and_a_key_before_still_opens_it(with_app, settings):
    kept = AuthenticatorApp.objects.get(user=with_app)
    code = app_code(with_app)
    secret = sealed.unseal(kept.secret)
    assert secret not in kept.secret
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a key made today", [settings.SECRET_KEY]
    assert codes.is_right(with_app, code)
    settings.SECRET_KEY_FALLBACKS = []
    kept.refresh_from_db()
    assert sealed.unseal(kept.secret) == secret  # It was sealed anew as it was used.
    settings.SECRET_KEY = "another key altogether"
    with pytest.raises(ValueError, match="does not have"):
        sealed.unseal(kept.secret)


def test_a_session_from_before_the_app_goes_on_with_it_and_cannot_replace_it(dana):
    client = browser(dana)
    secret = totp.new_secret()
    assert codes.add_app(dana, secret, totp.code_of(secret, totp.step_at(NOW.timestamp()) - 1))
    kept = AuthenticatorApp.objects.get(user=dana).secret
    for address in ("/staff/today/", "/account/authenticator/", "/account/passkeys/"):
        assert client.get(address).status_code == 401
        assert client.post(address, {"code": "000000"}).status_code == 401
    assert AuthenticatorApp.objects.get(user=dana).secret == kept
    alone = client.post("/staff/today/", {"proof-password": PASSWORD, "proof-then-go": "1"})
    assert alone.status_code == 422
    both = {"proof-password": PASSWORD, "proof-code": app_code(dana), "proof-then-go": "1"}
    assert client.post("/staff/today/", both)["Location"] == "/staff/today/"
    assert client.get("/staff/today/").status_code == 200


# --- recovery codes -----------------------------------------------------------------------------


def test_a_recovery_code_stands_in_for_the_phone_once(with_app):
    made = codes.new_recovery_codes(with_app)
    for expected in (302, 422):
        client = Client()
        first_step(client, with_app)
        typed = made[3].upper().replace("-", " ")
        assert client.post("/sign-in/second-step/", {"code": typed}).status_code == expected
    assert codes.recovery_codes_left(with_app) == 9


def test_only_fingerprints_of_recovery_codes_are_kept_and_no_two_people_share_one(with_app, maya):
    made = codes.new_recovery_codes(with_app)
    kept = " ".join(RecoveryCode.objects.values_list("digest", flat=True))
    assert not any(code.replace("-", "") in kept for code in made)
    assert not codes.is_right(maya, made[0])
    assert codes.is_right(with_app, made[0])


def test_recovery_codes_survive_a_new_key_of_the_server(with_app, settings):
    made = codes.new_recovery_codes(with_app)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a key made today", [settings.SECRET_KEY]
    assert codes.is_right(with_app, made[0])
    assert not codes.is_right(with_app, made[0])


def test_new_ones_end_the_old_ones_and_take_a_proof(with_app, later):
    old = codes.new_recovery_codes(with_app)
    client = browser(with_app, second_step=True)
    later(minutes=11)
    assert client.post("/account/recovery-codes/").status_code == 401
    made = client.post("/account/recovery-codes/", {"proof-password": PASSWORD})
    assert made.status_code == 200
    assert old[0] not in made.content.decode()
    assert not codes.is_right(with_app, old[0])


# --- losing it ----------------------------------------------------------------------------------


def test_with_the_last_one_removed_another_is_set_up_first(with_app):
    client = browser(with_app, second_step=True)
    assert client.post("/account/authenticator/removal/").status_code == 302
    assert client.get("/staff/today/")["Location"] == "/account/second-step/"


def test_a_session_from_before_the_second_step_asks_for_it(with_app):
    client = browser(with_app)  # Signed in elsewhere, before the app was set up.
    asked = client.get("/staff/today/")
    assert asked.status_code == 401
    assert "Code from your app" in asked.content.decode()


def test_an_administrator_takes_the_second_step_away_for_somebody_locked_out(with_app, clinic, mailbox):
    from stepwell.ground.kit import clock
    from stepwell.trust.accounts.changes import forget_second_step

    client = browser(with_app, second_step=True)
    codes.new_recovery_codes(with_app)
    administrator = clinic.user(Role.ADMINISTRATOR)
    forget_second_step(with_app, by=administrator, at=clock.now(), because="lost phone, known in person")
    assert client.get("/staff/today/")["Location"].startswith("/sign-in/")
    assert not codes.has_second_step(with_app)
    assert codes.recovery_codes_left(with_app) == 0
    assert [letter.subject for letter in mailbox()] == ["Your sign-in was changed"]
    event = SignInEvent.objects.get(by_id=administrator.pk, did=Did.CHANGED_SIGN_IN)
    assert event.because == "for Dana Whitfield: took away the second step: lost phone, known in person"
    client = Client()
    assert first_step(client, with_app)["Location"] == "/home/"
    assert client.get("/home/")["Location"] == "/account/second-step/"
