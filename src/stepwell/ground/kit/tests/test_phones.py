"""A number is typed in any way, and shown as people dial it."""

import pytest

from stepwell.ground.kit import phones


@pytest.mark.parametrize("typed", ["937-555-0100", "(937) 555 0100", "+1 937.555.0100", "19375550100"])
def test_however_it_is_typed_it_is_one_number(typed: str):
    assert phones.to_dial(typed) == "+19375550100"
    assert phones.as_printed(typed) == "(937) 555-0100"


def test_a_number_of_another_country_keeps_its_code():
    assert phones.as_printed("+525555550134") == "+52 55 5555 0134"


def test_what_is_none_is_shown_as_written():
    assert phones.as_printed("ask at the desk") == "ask at the desk"
    assert phones.to_dial("call 555") == "555"


@pytest.mark.parametrize("typed", ["", "12", "call me", "\x00", "9" * 400])
def test_what_cannot_be_a_number_is_none(typed: str):
    assert phones.read(typed) is None
