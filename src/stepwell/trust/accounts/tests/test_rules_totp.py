"""The codes of an authenticator app, against the table of RFC 6238 (appendix B, SHA-1, its last six digits)."""

import base64

import pytest

from stepwell.trust.accounts import totp

SECRET = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_codes_are_those_of_the_standard(seconds, code):
    assert totp.code_of(SECRET, totp.step_at(seconds)) == code
    assert totp.step_of(SECRET, code, seconds=seconds, after=0) == totp.step_at(seconds)


def test_a_phone_may_be_one_step_off_and_no_more():
    now = 1234567890
    for away, known in ((-2, False), (-1, True), (0, True), (1, True), (2, False)):
        code = totp.code_of(SECRET, totp.step_at(now) + away)
        assert (totp.step_of(SECRET, code, seconds=now, after=0) is not None) is known


def test_no_code_of_a_step_that_was_used_or_of_one_before():
    now = 1234567890
    step = totp.step_at(now)
    assert totp.step_of(SECRET, totp.code_of(SECRET, step), seconds=now, after=step) is None
    assert totp.step_of(SECRET, totp.code_of(SECRET, step - 1), seconds=now, after=step) is None
    assert totp.step_of(SECRET, totp.code_of(SECRET, step + 1), seconds=now, after=step) == step + 1


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２３４５６", "\x00", "9" * 5000])
def test_whatever_is_typed_is_simply_wrong(typed):
    assert totp.step_of(SECRET, typed, seconds=1234567890, after=0) is None


def test_the_picture_says_whose_and_from_whom():
    said = totp.address(SECRET, account="dana+iop@example.org", issuer="Stepwell")
    assert said.startswith("otpauth://totp/Stepwell:dana%2Biop@example.org?")
    assert f"secret={SECRET}" in said
    assert "issuer=Stepwell" in said
