"""The style guide shows every component, and only where fictional people live."""

import re

import pytest
from django.test import Client, override_settings

from stepwell.ground.web.icons import ICONS


@override_settings(STEPWELL_DEMO=False)
def test_the_style_guide_is_not_there_in_production(client: Client):
    assert client.get("/styleguide/").status_code == 404


@override_settings(STEPWELL_DEMO=True)
@pytest.mark.parametrize("theme", ["", "light", "dark"])
def test_the_style_guide_shows_every_component(client: Client, theme: str):
    page = client.get("/styleguide/", {"theme": theme}).content.decode()
    assert (f'data-theme="{theme}"' in page) == bool(theme)
    for shown in (
        "error-summary",
        "notice urgent",
        "empty",
        "skel",
        "toast",
        "tile",
        "seg",
        "scale",
        "week",
        "dots",
        "meter",
    ):
        assert f'class="{shown}' in page, shown
    assert page.count('role="img"') > 10
    assert page.count('class="guide-icons"') == 1
    assert len(re.findall(r'<span class="meta">[a-z]+</span></div>', page)) == len(ICONS)
    assert " style=" not in page
    assert page.count("<h1") == 1


@override_settings(STEPWELL_DEMO=True)
def test_a_theme_that_is_none_is_not_written_into_the_page(client: Client):
    assert "data-theme" not in client.get("/styleguide/", {"theme": '"><b>'}).content.decode()
