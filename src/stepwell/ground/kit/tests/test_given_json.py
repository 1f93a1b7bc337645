"""A file somebody gave: what it says is read, and what is wrong in it is not hidden."""

import pytest

from stepwell.ground.kit import given_json
from stepwell.ground.kit.given_json import GivenTwice, Unreadable


def test_a_name_given_twice_is_no_value_at_all():
    assert given_json.read(b'{"a": 1, "a": 2, "a": 2}') == {"a": GivenTwice((1, 2, 2))}
    assert given_json.shown(GivenTwice((1, True))) == "1 and True, given twice,"


def test_a_number_that_is_none_comes_back_as_its_text():
    assert given_json.read(b"[NaN, -Infinity, 1e999, 1.5, 2]") == ["NaN", "-Infinity", "1e999", 1.5, 2]
    assert given_json.read(b"9" * 5000) == "9" * 5000


def test_a_mark_of_the_byte_order_is_no_matter():
    assert given_json.read(b'\xef\xbb\xbf{"a": "\xc3\xb1"}') == {"a": "ñ"}


@pytest.mark.parametrize(
    ("content", "because"),
    [
        (b"", "it is empty"),
        (b"\n ", "it is empty"),
        (b"{]", "it is not JSON"),
        (b"\xff", "it is not text in UTF-8"),
        (b"[" * 100_000 + b"]" * 100_000, "too deep"),
    ],
)
def test_a_file_that_is_no_json_says_why(content, because):
    with pytest.raises(Unreadable, match=because):
        given_json.read(content)


def test_a_value_is_shown_short_and_without_its_effects():
    assert len(given_json.shown("x" * 10_000)) <= 62
    assert given_json.shown("\x1b[2J\n\ud800") == "'\\x1b[2J\\n\\ud800'"
