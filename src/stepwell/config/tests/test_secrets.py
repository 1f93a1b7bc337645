"""A secret in the repository is found, wherever it stands and whatever it is called."""

import base64
import random
import subprocess

import pytest

from stepwell.config.checks import secrets
from stepwell.config.cli.environment import ROOT

LUCK = random.Random(7)


def by_chance(count: int) -> str:
    return base64.b64encode(LUCK.randbytes(count)).decode()


# Put together here, so that this file holds none.
SECRETS = {
    "a private key": "-----BEGIN RSA PRIVATE " + "KEY-----",
    "a key of AWS": "aws = 'AKIA" + "Q3EGRIFWTV7HZB2N'",
    "a token of GitHub": "token: ghp" + "_" + "a1B2" * 9,
    "a key of Stripe": "sk" + "_live_" + "4eC39HqLyjWDarjtT1zdp7dc",
    "a signed token": "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0NTY3ODkwIn0" + ".dozjgNryP4J3jVmNHl0w5N",
    "a password in an address": "postgresql://stepwell:" + "Tr0ub4dor3" + "@db.example.org/stepwell",
}


@pytest.mark.parametrize("what", SECRETS)
def test_a_secret_of_a_known_form_is_found(what):
    assert what in list(secrets.found_in(SECRETS[what]))


def test_a_secret_made_by_chance_is_found_under_any_name():
    for _ in range(20):
        assert list(secrets.found_in(f'colour = "{by_chance(36)}"'))


@pytest.mark.parametrize(
    "line",
    [
        "stepwell.trust.organizations.separation.separated_models",
        "test_a_secret_made_by_chance_is_found_under_any_name",
        "https://www.ecfr.gov/current/title-42/chapter-I/subchapter-A/part-2/section-2.31",
        "6f1c2a9e-2b1d-4c59-9a55-0a7d3f7f1b11",
        "sha256:d2a84f4b8b650937ec8f73cd8be2c74add5a911ba64df27458ed8229da804a26",
        "postgresql://stepwell_app:...@host/stepwell",
    ],
)
def test_what_is_no_secret_is_let_be(line):
    assert list(secrets.found_in(line)) == []


def test_one_put_into_a_repository_is_named_with_its_line_and_not_repeated(tmp_path):
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    secret = by_chance(36)
    (tmp_path / "settings.py").write_text(f'NAME = "Stepwell"\nKEY = "{secret}"\n')
    [fault] = secrets.faults(tmp_path)
    assert fault.startswith("settings.py:2: 48 characters")
    assert secret not in fault


def test_there_is_none_in_ours():
    assert list(secrets.faults(ROOT)) == []
