"""What a browser may do with our pages."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from stepwell.trust.accounts.models import User

STATIC = Path(__file__).parents[1] / "static" / "stepwell"


def test_a_page_may_load_nothing_from_anywhere_else(client: Client):
    answer = client.get("/")
    policy = dict(
        part.strip().split(" ", 1)
        for part in answer.headers["Content-Security-Policy"].split(";")
        if part.strip()
    )
    assert policy["default-src"] == "'none'"
    for what in ("script-src", "style-src", "img-src", "connect-src", "form-action", "manifest-src"):
        assert policy[what] == "'self'"
    for what in ("base-uri", "frame-ancestors", "object-src", "font-src"):
        assert policy[what] == "'none'"


def test_other_sites_learn_nothing(client: Client):
    headers = client.get("/").headers
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert "camera=()" in headers["Permissions-Policy"]


@pytest.mark.django_db
def test_a_signed_in_page_is_kept_by_no_cache(client: Client):
    client.force_login(
        User.objects.create_user(email="rosa@alder.example", name="Rosa Molina", password="a long enough one")
    )
    assert client.get(reverse("accounts:home")).headers["Cache-Control"] == "private, no-store"


def test_our_own_files_name_no_other_site_and_no_color_outside_the_tokens():
    for file in STATIC.iterdir():
        text = file.read_text()
        assert not re.search(r"url\(|@import", text), file.name
        assert set(re.findall(r"https?://[^\"' )]+", text)) <= {"http://www.w3.org/2000/svg"}, file.name
    components = (STATIC / "app.css").read_text()
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b", components) == []


def test_dark_is_the_same_by_device_and_by_choice():
    tokens = (STATIC / "tokens.css").read_text()
    by_device = re.search(r":root:not\(\[data-theme=\"light\"\]\) \{(.*?)\}", tokens, re.DOTALL)
    by_choice = re.search(r":root\[data-theme=\"dark\"\] \{(.*?)\}", tokens, re.DOTALL)
    assert by_device
    assert by_choice
    assert by_device[1].split() == by_choice[1].split()


def test_every_token_that_is_used_exists():
    tokens = (STATIC / "tokens.css").read_text()
    components = (STATIC / "app.css").read_text()
    known = set(re.findall(r"(--[\w-]+)\s*:", tokens)) | {"--gap"}
    assert set(re.findall(r"var\((--[\w-]+)", components + tokens)) <= known


def test_our_script_is_small():
    import gzip

    assert len(gzip.compress((STATIC / "stepwell.js").read_bytes())) < 4096
