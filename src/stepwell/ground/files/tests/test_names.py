"""The name that a file came with is shown, and nothing more."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stepwell.ground.files.names import LONGEST, shown_name


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.text(max_size=300))
def test_whatever_a_file_is_called_its_name_can_be_shown(given_name: str):
    name = shown_name(given_name, "pdf")
    assert name.endswith(".pdf") and 5 <= len(name) <= LONGEST
    assert not any(sign in name for sign in '/\\<>:"|?*\r\n\x00')
    assert all(unicodedata.category(sign) not in ("Cc", "Cf") for sign in name)
    assert not name.startswith(".")


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("card.jpeg", "card.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\Users\\maya\\Scan 3.PNG", "Scan 3.jpg"),
        ("\u202egpj.exe", "gpj.jpg"),
        ("<img src=x onerror=alert(1)>.jpg", "img src=x onerror=alert(1).jpg"),
        ("", "document.jpg"),
        ("...", "document.jpg"),
        ("Núñez, tarjeta.jpg", "Núñez, tarjeta.jpg"),
        ("a" * 500 + ".jpg", "a" * 96 + ".jpg"),
    ],
)
def test_a_name_is_cleaned(given_name: str, shown: str):
    assert shown_name(given_name, "jpg") == shown
