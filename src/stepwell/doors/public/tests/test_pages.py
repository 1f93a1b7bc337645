"""The public pages, as anyone who asks would read them."""

import re

import pytest
from django.test import Client

from stepwell.doors.public.levels import KINDS
from stepwell.ground.web import words
from stepwell.trust.accounts.models import User

ADDRESSES = [
    "/",
    "/levels/",
    *(f"/levels/{kind.slug}/" for kind in KINDS),
    "/first-visit/",
    "/medicine/",
    "/families/",
    "/cost/",
    "/privacy/",
    "/help/overdose/",
    "/help/withdrawal/",
    "/check/",
    "/check/1/",
    "/check/answers/",
]
IN_BOTH = [*ADDRESSES, *(f"/es{address}" for address in ADDRESSES)]

# Everything here but the directory must work with no database at all: none is marked, so a query would fail.


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("address", IN_BOTH)
def test_a_page_has_one_heading_its_landmarks_and_a_title_of_its_own(client: Client, address: str):
    page = read(client, address)
    assert page.count("<h1") == 1
    for landmark in ("<main", "<header", "<footer", "<nav", "<aside"):
        assert landmark in page
    assert re.search(r"<title>.{5,} – Stepwell</title>", page)
    assert 'href="#main"' in page
    assert re.findall(r' id="([^"]+)"', page) == list(dict.fromkeys(re.findall(r' id="([^"]+)"', page)))


@pytest.mark.parametrize("address", IN_BOTH)
def test_help_is_on_every_page_without_a_click(client: Client, address: str):
    page = read(client, address)
    prefix = "/es" if address.startswith("/es") else ""
    assert 'href="tel:988"' in page
    assert f'href="{prefix}/help/overdose/"' in page
    assert 'class="exit" href="https://www.weather.gov" rel="noreferrer"' in page


@pytest.mark.parametrize("address", IN_BOTH)
def test_a_page_sets_no_cookie_and_brings_no_script_but_ours(client: Client, address: str):
    answer = client.get(address)
    assert not answer.cookies
    page = answer.content.decode()
    assert re.findall(r"<script[^>]*>", page) == ['<script src="/static/stepwell/stepwell.js" defer>']
    assert " style=" not in page
    assert "<style" not in page
    loaded = re.findall(r'<(?:link|script|img)[^>]+(?:href|src)="(https?://[^"]+)"', page)
    assert all(address.startswith("http://testserver/") for address in loaded)


@pytest.mark.parametrize("address", ADDRESSES)
def test_both_languages_name_each_other(client: Client, address: str):
    for page in (read(client, address), read(client, f"/es{address}")):
        assert f'<link rel="alternate" hreflang="en" href="http://testserver{address}">' in page
        assert f'<link rel="alternate" hreflang="es" href="http://testserver/es{address}">' in page
    assert '<html lang="en">' in read(client, address)
    assert '<html lang="es">' in read(client, f"/es{address}")


@pytest.mark.django_db
def test_every_link_leads_to_a_page_in_the_same_language(client: Client):
    pages = {address: read(client, address) for address in (*IN_BOTH, "/centers/", "/es/centers/")}
    for address, page in list(pages.items()):
        for target in sorted(set(re.findall(r'<a [^>]*href="([^"]+)"', page))):
            path, _hash, fragment = target.partition("#")
            if path.startswith(("tel:", "sms:", "https://www.weather.gov")):
                continue
            if path and path not in pages:
                pages[path] = client.get(path, follow=True).content.decode()
                assert client.get(path, follow=True).status_code == 200, path
            assert not path or path.startswith("/es/") == address.startswith("/es/") or path == "/sign-in/", (
                path
            )
            assert not fragment or f'id="{fragment}"' in pages[path or address], (path, fragment)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_reads_at_sixth_grade_or_below(client: Client, address: str):
    texts = words.blocks(read(client, address))
    assert words.grade(texts) <= 6
    assert [s for s in words.sentences_of(texts) if len(s.split()) > 20] == []


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_spanish_page_is_easy_to_read(client: Client, address: str):
    texts = words.blocks(read(client, f"/es{address}"))
    assert words.ease_in_spanish(texts) >= 65
    assert [s for s in words.sentences_of(texts) if len(s.split()) > 24] == []


@pytest.mark.parametrize("address", IN_BOTH)
def test_no_page_uses_a_word_that_harms_or_shouts(client: Client, address: str):
    said = words.everything_said(read(client, address))
    assert [str(found) for found in words.harmful(said, "es" if address.startswith("/es") else "en")] == []
    assert "!" not in said


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_english_is_left_on_a_spanish_page(client: Client, address: str):
    english = set(words.blocks(read(client, address)))
    spanish = set(words.blocks(read(client, f"/es{address}")))
    the_same_in_both = {text for text in english & spanish if re.search(r"[a-z]{3}", text)}
    assert the_same_in_both <= {"Stepwell", "Alcohol", "IOP", "Medicaid", "Medicare"}


def test_an_overdose_is_answered_before_anything_else(client: Client):
    steps = read(client, "/help/overdose/")
    order = [
        steps.index(words) for words in ("Call 911", "Try to wake them", "Give naloxone", "Help them breathe")
    ]
    assert order == sorted(order)
    assert 'href="tel:911"' in steps


def test_the_page_on_stopping_names_what_can_kill_and_who_to_call(client: Client):
    page = read(client, "/help/withdrawal/")
    for said in (
        "Has a seizure",
        "do not stop all at once",
        "call or text 988",
        "Keep naloxone close",
        "pregnant",
    ):
        assert said in page


def test_spanish_readers_are_told_how_988_speaks_spanish(client: Client):
    page = read(client, "/es/help/withdrawal/")
    assert "oprima 2" in page
    assert "AYUDA" in page


@pytest.mark.django_db
def test_a_page_only_answers_a_reader(client: Client):
    assert client.post("/levels/").status_code == 405
    assert client.head("/levels/").status_code == 200


@pytest.mark.django_db
def test_a_public_page_looks_the_same_to_whoever_is_signed_in(client: Client):
    before = read(client, "/levels/")
    client.force_login(
        User.objects.create_user(email="rosa@alder.example", name="Rosa Molina", password="a long enough one")
    )
    assert read(client, "/levels/") == before
