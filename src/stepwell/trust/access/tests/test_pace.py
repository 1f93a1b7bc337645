"""Whoever asks faster than a person does is asked to wait, and nobody else is."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from stepwell.ground.kit import clock
from stepwell.trust.access import pace
from stepwell.trust.access.jobs import forget_paces
from stepwell.trust.access.models import Pace
from stepwell.trust.accounts.roles import Role

SIGN_IN = {"email": "nobody@example.org", "password": "x"}


@pytest.fixture
def few(monkeypatch):
    """The same limits, lower, so that a test need not ask three hundred times."""
    for name in [name for name in vars(pace) if isinstance(vars(pace)[name], pace.Limit)]:
        limit = vars(pace)[name]
        monkeypatch.setattr(pace, name, pace.Limit(limit.kind, 3, limit.within))


def test_forms_from_one_address_are_counted_together_and_from_another_apart(clinic, few):
    reset = reverse("web:language")
    answers = [Client().post(reset, {"language": "es", "next": "/"}).status_code for _ in range(4)]
    assert answers == [302, 302, 302, 429]
    assert Client(REMOTE_ADDR="203.0.113.9").post(reset, {"language": "es"}).status_code == 302


def test_a_person_is_counted_wherever_they_sit_and_another_at_the_same_address_is_not(clinic, few):
    dana, luis = clinic.user(Role.COUNSELOR, "Dana"), clinic.user(Role.COUNSELOR, "Luis")
    first = clinic.client(dana)
    address = reverse("web:language")
    assert [first.post(address, {"language": "en"}).status_code for _ in range(4)][-1] == 429
    assert clinic.client(dana).post(address, {"language": "en"}).status_code == 429
    assert clinic.client(luis).post(address, {"language": "en"}).status_code == 302


def test_the_page_is_kind_says_when_and_is_kept_by_nobody(clinic, few):
    client = Client(headers={"Accept-Language": "es"})
    for _ in range(4):
        answer = client.post(reverse("web:language"), {"language": "es"})
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "600"
    page = answer.content.decode()
    assert "Espere 10 minutos" in page
    assert "988" in page


def test_after_the_window_the_count_begins_anew(clinic, few):
    client = Client()
    for _ in range(4):
        client.post(reverse("web:language"))
    with clock.stand_still(clock.now() + timedelta(minutes=11)):
        assert client.post(reverse("web:language")).status_code == 302


def test_plain_reading_is_never_counted(clinic, few):
    client = clinic.client(clinic.user(Role.COUNSELOR))
    assert [client.get(reverse("staff:today")).status_code for _ in range(6)] == [200] * 6
    assert not Pace.objects.exists()


def test_searches_are_counted(clinic, few):
    client = clinic.client(clinic.user(Role.COUNSELOR))
    answers = [client.get(reverse("staff:caseload"), {"q": "ma"}).status_code for _ in range(4)]
    assert answers == [200, 200, 200, 429]


def test_no_address_and_no_name_is_kept(clinic):
    Client(REMOTE_ADDR="203.0.113.9").post(reverse("web:language"))
    assert "203.0.113.9" not in str(list(Pace.objects.values()))


def test_what_is_over_is_forgotten(clinic):
    Client().post(reverse("web:language"))
    assert forget_paces(timestamp=0) == 0
    with clock.stand_still(clock.now() + timedelta(hours=1)):
        assert forget_paces(timestamp=0) == 1
