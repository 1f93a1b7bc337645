"""What may stand in a cell: never a formula, and never a spoiled number."""

import re
import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from stepwell.trust.access.cells import cell, harmless

SIGNS = "=+-@＝＋－＠﹢﹣﹦﹫\t\r\n \u200b\ufeff\x00'\"0123456789.,%()ABcmd|!"


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.one_of(st.text(max_size=30), st.text(alphabet=SIGNS, max_size=14)))
@example("=1+1")
@example("+1+cmd|' /C calc'!A0")
@example("-2+3")
@example("@SUM(A1)")
@example("＝1+1")
@example("\u200b=1+1")
@example("  =1+1")
@example("\t=1+1")
@example("\x00=1+1")
def test_nothing_that_was_typed_becomes_a_formula(typed: str):
    shown = cell(typed)
    if shown.startswith("'"):
        assert shown.lstrip("'").replace("\x00", "") in typed.replace("\x00", "")
        return
    first = next((each for each in shown if each.isprintable() and not each.isspace()), "")
    if unicodedata.normalize("NFKC", first)[:1] in tuple("=+-@"):
        # What begins with a sign and is left alone is digits: one signed number, or a telephone number in groups.
        assert re.fullmatch(r"-[0-9.]+%?|\+[0-9]+( [0-9]+)+", shown, re.ASCII)
    assert shown[:1] not in ("\t", "\r", "\n", "=", "@")


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text(max_size=30))
def test_what_was_typed_can_be_read_whole(typed: str):
    assert cell(typed).removeprefix("'") in (typed.replace("\x00", ""), typed.replace("\x00", "")[1:])


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.one_of(st.integers(-(10**14), 10**14), st.decimals(-999999, 999999, places=2)))
def test_a_number_stays_a_number(number: int | Decimal):
    assert cell(number) == str(number)
    assert harmless(str(number)) == str(number)


@pytest.mark.parametrize(
    "text", ["+1 937 555 0134", "-4", "-12.5", "-3%", "(937) 555-0134", "2026-11-23", "9.5"]
)
def test_numbers_and_telephone_numbers_stay_as_they_are(text: str):
    assert harmless(text) == text


@pytest.mark.parametrize(
    "text", ["+19375550134", "+1-937-555-0134", "-1+1", "+1 937 555 0134=A1", "-A1", "- 4"]
)
def test_what_a_program_would_reckon_with_does_not(text: str):
    assert harmless(text) == f"'{text}"


def test_days_and_answers_are_written_plainly():
    assert cell(date(2026, 11, 23)) == "2026-11-23"
    assert cell(datetime(2026, 11, 23, 9, 5, tzinfo=UTC)) == "2026-11-23 09:05"
    assert [cell(each) for each in (None, True, False, ["a", "b"])] == ["", "yes", "no", "a b"]
