"""A risky act asks for proof that is not older than ten minutes, and keeps what was typed."""

import re

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from stepwell.config import urls as all_urls
from stepwell.trust.accounts.models import User
from stepwell.trust.accounts.step_up import step_up
from stepwell.trust.accounts.testing import PASSWORD, browser
from stepwell.trust.audit import Did
from stepwell.trust.audit.models import SignInEvent


@step_up
def risky(request):
    return HttpResponse(f"done with {sorted(request.POST.lists())}")


urlpatterns = [*all_urls.urlpatterns, path("staff/risky/", risky, name="risky")]
handler404 = all_urls.handler404

TYPED = {"reason": 'Left the team on Friday.\r\n<b>Núñez</b> knows "why"', "rooms": ["1", "2"], "empty": ""}


@pytest.fixture(autouse=True)
def with_a_risky_page(settings) -> None:
    settings.ROOT_URLCONF = __name__


def hidden_fields(page: str) -> dict[str, list[str]]:
    from html import unescape

    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page):
        found.setdefault(name, []).append(unescape(value))
    del found["next"]  # Of the language switch.
    return found


def test_whoever_signed_in_just_now_is_not_asked(dana):
    assert browser(dana).post("/staff/risky/", {"reason": "x"}).content == b"done with [('reason', ['x'])]"


def test_after_ten_minutes_it_asks_and_sends_on_what_was_typed(dana, later):
    client = browser(dana)
    later(minutes=11)
    asked = client.post("/staff/risky/", TYPED)
    assert asked.status_code == 401
    page = asked.content.decode()
    assert "What you typed is kept" in page
    assert "<b>Núñez" not in page
    carried = {k: v for k, v in hidden_fields(page).items() if not k.startswith(("csrf", "proof"))}
    assert carried == {"reason": [TYPED["reason"]], "rooms": ["1", "2"], "empty": [""]}
    done = client.post("/staff/risky/", {**carried, "proof-password": PASSWORD, "proof-passkey": ""})
    assert done.content.decode() == f"done with {sorted(carried.items())}"
    assert client.post("/staff/risky/", {"reason": "again"}).status_code == 200


def test_a_page_that_was_only_asked_for_is_shown_after_the_proof(dana, later):
    client = browser(dana)
    later(minutes=11)
    asked = client.get("/staff/risky/?of=dana")
    assert asked.status_code == 401
    assert 'action="/staff/risky/?of=dana"' in asked.content.decode()
    answer = client.post("/staff/risky/?of=dana", {"proof-then-go": "1", "proof-password": PASSWORD})
    assert answer.status_code == 302
    assert answer["Location"] == "/staff/risky/?of=dana"
    assert client.get("/staff/risky/?of=dana").status_code == 200


def test_a_wrong_password_keeps_everything_and_says_so(dana, later):
    client = browser(dana)
    later(minutes=11)
    answer = client.post("/staff/risky/", {"reason": "kept", "proof-password": "wrong"})
    assert answer.status_code == 422
    assert hidden_fields(answer.content.decode())["reason"] == ["kept"]
    assert "That is not right." in answer.content.decode()
    assert PASSWORD not in answer.content.decode()
    assert SignInEvent.objects.filter(did=Did.FAILED_TO_SIGN_IN).count() == 1


def test_another_persons_password_proves_nothing(dana, maya, later):
    maya.set_password("another walk by the creek")
    maya.save()
    client = browser(dana)
    later(minutes=11)
    assert client.post("/staff/risky/", {"proof-password": "another walk by the creek"}).status_code == 422


def test_guessing_is_shut_out_as_at_the_door(dana, later):
    client = browser(dana)
    later(minutes=11)
    answers = [client.post("/staff/risky/", {"proof-password": f"guess {n}"}).status_code for n in range(6)]
    assert answers[0] == 422
    assert answers[-1] == 429
    assert client.post("/staff/risky/", {"proof-password": PASSWORD}).status_code == 429


def test_the_session_goes_on_under_a_new_key(dana, later):
    client = browser(dana)
    before = client.cookies["sessionid"].value
    later(minutes=11)
    client.post("/staff/risky/", {"proof-password": PASSWORD})
    after = client.cookies["sessionid"].value
    assert after != before
    thief = Client()
    thief.cookies["sessionid"] = before
    assert thief.get("/home/").status_code == 302
    assert dana.browsers.get().session_key == after


def test_a_part_of_a_page_gives_way_to_the_whole_question(dana, later):
    client = browser(dana)
    later(minutes=11)
    answer = client.post("/staff/risky/", {"reason": "kept"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer["HX-Retarget"] == "body"
    assert "Is it you?" in answer.content.decode()


def test_a_proof_is_no_field_of_the_page(dana):
    answer = browser(dana).post("/staff/risky/", {"reason": "x", "proof-password": "typed twice"})
    assert answer.content == b"done with [('reason', ['x'])]"


def test_every_test_client_and_bench_counts_as_fresh(dana, clinic):
    from stepwell.trust.accounts.sessions import session_for

    assert clinic.client(dana).post("/staff/risky/").status_code == 200
    client = Client()
    client.cookies["sessionid"] = session_for(User.objects.get(pk=dana.pk))
    assert client.post("/staff/risky/").status_code == 200
