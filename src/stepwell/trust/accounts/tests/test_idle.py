"""A staff session that nobody uses is covered, and nothing typed is lost; several tabs and polls agree on it."""

from datetime import timedelta

import pytest
from django.test import Client

from stepwell.trust.accounts.testing import PASSWORD, browser
from stepwell.trust.accounts.tests.test_step_up import hidden_fields
from stepwell.trust.people.models import Patient

POLL = {"HX-Request": "true"}
DATA = {"Accept": "application/json"}
NEW = "/staff/referrals/new/"


def test_after_fifteen_minutes_a_page_is_covered_and_opens_with_the_password(dana, later):
    client = browser(dana)
    later(minutes=14)
    assert client.get("/staff/today/").status_code == 200
    later(minutes=29)
    covered = client.get("/staff/today/?day=2026-11-20")
    assert covered.status_code == 401
    assert "You are signed in as Dana Whitfield." in covered.content.decode()
    assert "no-store" in covered["Cache-Control"]
    wrong = client.post("/staff/today/?day=2026-11-20", {"proof-then-go": "1", "proof-password": "wrong"})
    assert wrong.status_code == 422
    opened = client.post("/staff/today/?day=2026-11-20", {"proof-then-go": "1", "proof-password": PASSWORD})
    assert opened["Location"] == "/staff/today/?day=2026-11-20"
    assert client.get("/staff/today/").status_code == 200


def test_what_is_sent_too_late_is_carried_and_done_after_the_proof(dana, clinic, later):
    client = browser(dana)
    later(minutes=16)
    typed = {"first_name": "Núñez-O'Brien", "last_name": "<i>x</i>", "words": "line one\r\nline two"}
    covered = client.post(NEW, typed)
    assert covered.status_code == 401
    assert Patient.objects.count() == 0
    carried = {k: v for k, v in hidden_fields(covered.content.decode()).items() if "proof" not in k}
    del carried["csrfmiddlewaretoken"]
    assert carried == {name: [value] for name, value in typed.items()}
    done = client.post(NEW, {**carried, "proof-password": PASSWORD})
    # The page itself answers what was typed: here, with what it lacks, and the words in their fields.
    assert done.status_code in (302, 422)
    if done.status_code == 422:
        assert "Núñez-O&#x27;Brien" in done.content.decode()


def test_only_the_same_person_can_send_it_on(dana, clinic, later, maya):
    client = browser(dana)
    later(minutes=16)
    client.post("/sign-out/")
    answer = client.post(NEW, {"first_name": "x", "proof-password": PASSWORD})
    assert answer["Location"].startswith("/sign-in/")


def test_nothing_typed_waits_on_the_server(dana, later):
    client = browser(dana)
    later(minutes=16)
    client.post(NEW, {"words": "nobody else reads this"})
    assert "nobody else reads this" not in str(dict(client.session))


def test_a_file_is_asked_for_again(dana, later):
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = browser(dana)
    later(minutes=16)
    covered = client.post(NEW, {"words": "x", "scan": SimpleUploadedFile("card.png", b"x")})
    assert "Choose the file again" in covered.content.decode()


def test_a_poll_is_no_use_of_the_session(dana, later):
    client = browser(dana)
    for minutes in range(1, 16):
        later(minutes=minutes)
        answer = client.get("/staff/today/", headers=POLL)
    assert answer.status_code == 401
    assert answer.content == b""
    assert answer["HX-Trigger"] == "stepwell:covered"
    assert client.get("/staff/today/").status_code == 401


def test_a_poll_of_somebody_signed_out_is_told_so_and_not_led_to_a_page(dana):
    client = browser(dana)
    client.post("/sign-out/")
    answer = client.get("/staff/today/", headers=POLL)
    assert answer.status_code == 401
    assert "HX-Trigger" in answer


def test_a_poll_with_a_key_from_before_takes_no_cookie_away(dana):
    client = Client()
    client.cookies["sessionid"] = "a-key-from-before"
    answer = client.get("/staff/today/", headers=POLL)
    assert "sessionid" not in answer.cookies
    page = client.get("/staff/today/")
    assert page.cookies["sessionid"].value == ""


def test_asking_how_long_is_no_use_and_staying_is(dana, later):
    client = browser(dana)
    later(minutes=13, seconds=30)
    assert client.get("/sign-in/time-left/").json() == {"seconds": 90, "whole": False}
    assert client.get("/sign-in/time-left/").json()["seconds"] == 90
    assert client.post("/sign-in/time-left/").json()["seconds"] == 900
    later(minutes=28)
    assert client.get("/staff/today/").status_code == 200


def test_staying_opens_nothing_that_is_covered(dana, later):
    client = browser(dana)
    later(minutes=15)
    assert client.post("/sign-in/time-left/").json()["seconds"] == 0
    assert client.get("/staff/today/").status_code == 401


def test_the_page_that_covered_itself_opens_without_leaving(dana, later):
    client = browser(dana)
    later(minutes=16)
    wrong = client.post("/sign-in/again/", {"proof-password": "wrong"}, headers=DATA)
    assert wrong.status_code == 422
    assert wrong.json() == {"error": "That is not right. Check it and try again."}
    right = client.post("/sign-in/again/", {"proof-password": PASSWORD}, headers=DATA)
    assert right.json() == {"seconds": 900, "whole": False}
    assert client.get("/staff/today/").status_code == 200


def test_without_a_script_the_same_form_leads_home(dana, later):
    client = browser(dana)
    later(minutes=16)
    assert client.get("/sign-in/again/").status_code == 401
    assert client.post("/sign-in/again/", {"proof-password": PASSWORD})["Location"] == "/home/"


def test_two_tabs_have_one_clock(dana, later):
    one = browser(dana)
    other = Client()
    other.cookies["sessionid"] = one.cookies["sessionid"].value
    later(minutes=10)
    one.get("/staff/today/")
    later(minutes=20)
    assert other.get("/sign-in/time-left/").json()["seconds"] == 300
    later(minutes=25)
    assert one.get("/staff/today/").status_code == other.get("/staff/today/").status_code == 401


def test_a_day_of_work_ends_after_twelve_hours_in_use(dana, later):
    client = browser(dana)
    for quarter in range(1, 48):
        later(minutes=quarter * 14)
        assert client.get("/staff/today/").status_code == 200
    later(hours=12)
    covered = client.get("/staff/today/")
    assert covered.status_code == 401
    assert "A sign-in lasts 12 hours." in covered.content.decode()
    assert client.post("/staff/today/", {"proof-then-go": "1", "proof-password": PASSWORD}).status_code == 302
    assert client.get("/sign-in/time-left/").json() == {"seconds": 900, "whole": False}


def test_the_time_is_the_centers_choice(dana, later, settings):
    settings.STEPWELL_IDLE = timedelta(minutes=5)
    client = browser(dana)
    assert 'data-idle="300"' in client.get("/staff/today/").content.decode()
    later(minutes=5)
    assert client.get("/staff/today/").status_code == 401


@pytest.mark.parametrize("address", ["/staff/today/", "/account/"])
def test_every_staff_page_carries_its_cover(dana, address):
    page = browser(dana).get(address).content.decode()
    assert 'id="idle-cover"' in page
    assert "accounts/idle.js" in page


def test_a_patients_page_carries_none(maya, later):
    client = browser(maya)
    assert "idle-cover" not in client.get("/me/").content.decode()
    later(hours=13)
    assert client.get("/me/").status_code == 200


def test_public_pages_are_not_covered(dana, later):
    client = browser(dana)
    later(minutes=16)
    answer = client.get("/levels/")
    assert answer.status_code == 200
    assert "sessionid" not in answer.cookies


def test_a_session_made_elsewhere_says_nothing_of_itself_and_is_covered(dana):
    client = browser(dana)
    session = client.session
    for name in ("began_at", "active_at", "proven_at"):
        del session[name]
    session.save()
    assert client.get("/staff/today/").status_code == 401
