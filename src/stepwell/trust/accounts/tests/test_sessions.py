"""Where somebody is signed in, and ending it: on their next request nothing of it is left."""

import pytest
from django.test import Client

from stepwell.trust.accounts.models import Membership, SignedInBrowser
from stepwell.trust.accounts.roles import Role
from stepwell.trust.accounts.sessions import session_for
from stepwell.trust.accounts.testing import LAPTOP, PASSWORD, browser
from stepwell.trust.audit import Did
from stepwell.trust.audit.models import SignInEvent

PHONE = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"


def is_in(client: Client) -> bool:
    answer = client.get("/home/")
    return answer.status_code == 302 and answer["Location"] in ("/staff/today/", "/me/")


def on_a_phone(user, said: str = PHONE) -> Client:
    client = Client(headers={"User-Agent": said}, REMOTE_ADDR="198.51.100.7")
    client.post("/sign-in/", {"email": user.email, "password": PASSWORD})
    return client


def test_the_list_says_each_device_in_plain_words(dana):
    laptop, _phone = on_a_phone(dana, LAPTOP), on_a_phone(dana)
    page = laptop.get("/account/sessions/").content.decode()
    assert "Chrome on Linux" in page
    assert "Chrome on Android" in page
    assert "from 198.51.100.7" in page
    assert page.count("This device") == 1
    assert laptop.cookies["sessionid"].value not in page


def test_one_is_ended_and_the_others_are_not(dana):
    laptop, phone = browser(dana), on_a_phone(dana)
    lost = SignedInBrowser.objects.get(agent="Chrome on Android")
    assert laptop.post(f"/account/sessions/{lost.pk}/ending/").status_code == 302
    assert not is_in(phone)
    assert is_in(laptop)
    assert laptop.post(f"/account/sessions/{lost.pk}/ending/").status_code == 302  # Pressed twice.


def test_nobody_ends_a_session_of_somebody_else(dana, maya):
    hers = browser(maya)
    browser(dana).post(f"/account/sessions/{SignedInBrowser.objects.get(user=maya).pk}/ending/")
    assert is_in(hers)


def test_all_others_are_ended_at_once(dana, maya):
    laptop, phone, bench, hers = browser(dana), on_a_phone(dana), Client(), browser(maya)
    bench.cookies["sessionid"] = session_for(dana)
    SignedInBrowser.objects.filter(session_key=bench.cookies["sessionid"].value).delete()  # In no list.
    laptop.post("/account/sessions/")
    assert is_in(laptop)
    assert not is_in(phone)
    assert not is_in(bench)
    assert is_in(hers)
    event = SignInEvent.objects.get(did=Did.ENDED_SESSIONS)
    assert (event.by_id, event.agent, event.came_from) == (dana.pk, "Chrome on Linux", "127.0.0.1")


def test_signing_out_leaves_the_list(dana):
    laptop, phone = browser(dana), on_a_phone(dana)
    phone.post("/sign-out/")
    assert "Android" not in laptop.get("/account/sessions/").content.decode()


def test_a_new_password_ends_every_other_session(dana):
    laptop, phone = browser(dana), on_a_phone(dana)
    words = {"new_password1": "other words in a row", "new_password2": "other words in a row"}
    assert laptop.post("/account/password/", words)["Location"] == "/account/"
    assert is_in(laptop)
    assert not is_in(phone)
    assert Client().post("/sign-in/", {"email": dana.email, "password": PASSWORD}).status_code == 422


def test_deactivation_ends_every_session(dana):
    client = browser(dana)
    dana.is_active = False
    dana.save()
    assert not is_in(client)


@pytest.mark.parametrize("how", ["ended", "changed"])
def test_a_role_taken_away_ends_every_session(dana, how):
    from stepwell.ground.kit import clock

    client = browser(dana)
    membership = Membership.objects.get(user=dana)
    if how == "ended":
        membership.ended_at = clock.now()
        membership.save(update_fields=["ended_at"])
    else:
        membership.role = Role.FRONT_DESK
        membership.save()
    assert not is_in(client)


def test_one_more_role_and_a_visit_end_nothing(dana, clinic):
    from stepwell.ground.kit import clock

    client = browser(dana)
    Membership.objects.create(
        user=dana, organization=clinic.organization, center=clinic.center, role=Role.FACILITATOR
    )
    membership = Membership.objects.filter(user=dana).first()
    assert membership
    membership.last_here_at = clock.now()
    membership.save()
    assert is_in(client)


def test_a_patient_who_joins_the_staff_signs_in_anew(maya, clinic):
    client = browser(maya)
    Membership.objects.create(
        user=maya, organization=clinic.organization, center=clinic.center, role=Role.PEER
    )
    assert not is_in(client)


def test_a_new_key_of_the_server_signs_nobody_out_and_the_list_goes_on(dana, later, settings):
    client = browser(dana)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a key made today", [settings.SECRET_KEY]
    later(minutes=2)
    assert is_in(client)
    assert SignedInBrowser.objects.filter(session_key=client.cookies["sessionid"].value).count() == 1


def test_browsers_whose_session_ran_out_are_forgotten(dana):
    from django.contrib.sessions.models import Session

    from stepwell.trust.accounts.sessions import forget_ended

    browser(dana)
    kept = browser(dana)
    Session.objects.exclude(session_key=kept.cookies["sessionid"].value).delete()
    forget_ended()
    assert SignedInBrowser.objects.get().session_key == kept.cookies["sessionid"].value


def test_one_who_belongs_nowhere_any_more_is_led_nowhere(dana):
    client = browser(dana)
    Membership.objects.filter(user=dana).update(ended_at="2026-11-01T00:00Z")
    assert client.get("/staff/today/").status_code in (302, 403, 404)
