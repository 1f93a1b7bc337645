"""Which language a page speaks, and how a reader changes it."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from stepwell.ground.web.language import twin
from stepwell.trust.accounts.models import User

pytestmark = pytest.mark.django_db
IN_SPANISH = {"HTTP_ACCEPT_LANGUAGE": "es-MX,es;q=0.9"}


def spoken(client: Client, address: str, **headers: str) -> str:
    return client.get(address, **headers).headers["Content-Language"]  # type: ignore[arg-type]


def test_a_public_address_says_its_language_whatever_the_browser_asks(client: Client):
    assert spoken(client, "/levels/", **IN_SPANISH) == "en"
    assert spoken(client, "/es/levels/") == "es"


def test_sign_in_speaks_as_the_browser_asks(client: Client):
    assert spoken(client, "/sign-in/") == "en"
    assert spoken(client, "/sign-in/", **IN_SPANISH) == "es"
    assert spoken(client, "/sign-in/", HTTP_ACCEPT_LANGUAGE="vi") == "en"


def test_a_choice_is_remembered_before_the_browser_is_asked(client: Client):
    client.post("/language/", {"language": "es", "next": "/sign-in/"})
    assert spoken(client, "/sign-in/", HTTP_ACCEPT_LANGUAGE="en") == "es"


def test_a_link_is_made_in_the_language_that_is_spoken():
    assert reverse("public:levels") == "/levels/"
    with translation.override("es"):
        assert reverse("public:levels") == "/es/levels/"


@pytest.mark.parametrize(
    ("path", "english", "spanish"), [("/", "/", "/es/"), ("/es/levels/", "/levels/", "/es/levels/")]
)
def test_a_page_has_a_twin(path: str, english: str, spanish: str):
    assert twin(path, "en") == english
    assert twin(path, "es") == spanish


def test_the_switch_keeps_a_reader_on_the_page(client: Client):
    there = client.post("/language/", {"language": "es", "next": "/centers/?near=Dayton"})
    assert there.headers["Location"] == "/es/centers/?near=Dayton"
    back = client.post("/language/", {"language": "en", "next": "/es/centers/?near=Dayton"})
    assert back.headers["Location"] == "/centers/?near=Dayton"
    plain = client.post("/language/", {"language": "es", "next": "/sign-in/"})
    assert plain.headers["Location"] == "/sign-in/"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "abc",
        "accounts:home",
        "",
    ],
)
def test_the_switch_leads_nowhere_else(client: Client, elsewhere: str):
    assert client.post("/language/", {"language": "es", "next": elsewhere}).headers["Location"] in {
        "/",
        "/es/",
    }


def test_leaving_spanish_does_not_turn_a_path_into_another_site(client: Client):
    answer = client.post("/language/", {"language": "en", "next": "/es//evil.example/"})
    assert answer.headers["Location"] == "/"


def test_a_language_we_do_not_speak_changes_nothing(client: Client):
    answer = client.post("/language/", {"language": "xx", "next": "/levels/"})
    assert answer.headers["Location"] == "/levels/"
    assert not answer.cookies


def test_another_site_cannot_switch_the_language(client: Client):
    answer = client.post("/language/", {"language": "es", "next": "/"}, HTTP_SEC_FETCH_SITE="cross-site")
    assert answer.status_code == 403


def test_whoever_is_signed_in_keeps_their_choice(client: Client):
    user = User.objects.create_user(
        email="rosa@alder.example", name="Rosa Molina", password="a long enough one"
    )
    client.force_login(user)
    client.post("/language/", {"language": "es", "next": "/styleguide/"})
    user.refresh_from_db()
    assert user.language == "es"
    client.cookies.pop("django_language")
    assert spoken(client, "/sign-in/", HTTP_ACCEPT_LANGUAGE="en") == "es"


def test_a_page_that_is_not_there_speaks_the_language_of_its_address(client: Client):
    answer = client.get("/es/nada/")
    assert answer.status_code == 404
    assert "No encontramos esa página" in answer.content.decode()
