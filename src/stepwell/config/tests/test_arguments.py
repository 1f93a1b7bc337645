"""The command line says what it can do in one screen, and what is wrong with a bad argument in one sentence."""

import subprocess
import sys

import pytest

from stepwell.config.cli.arguments import GROUPS, VERBS, overview
from stepwell.config.cli.environment import ROOT


def stepwell(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, ROOT / "stepwell", *words],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )


def test_the_verbs_fit_one_screen():
    lines = overview().splitlines()
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80


def test_every_verb_is_in_the_overview_once():
    assert sorted(name for _title, names in GROUPS for name in names) == sorted(verb.name for verb in VERBS)


def test_alone_it_prints_its_verbs():
    said = stepwell()
    assert said.returncode == 0
    assert "./stepwell VERB" in said.stdout


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["demonstrate"], "'demonstrate' is not one of its verbs"),
        (["demo", "--port", "http"], "argument --port: 'http' is not a port; give a number from 1 to 65535"),
        (["demo", "--port", "70000"], "'70000' is not a port"),
        (["demo", "--patients", "0"], "'0' is not a number from 1 to 2000"),
        (["demo", "--fast"], "unrecognized arguments: --fast"),
        (["shell", "x"], "unrecognized arguments: x"),
        (["makemigrations", "--bogus"], "unrecognized arguments: --bogus"),
        (["backup"], "the following arguments are required: file"),
    ],
)
def test_a_bad_argument_is_named_with_its_reason(words: list[str], sentence: str):
    said = stepwell(*words)
    assert said.returncode == 2
    assert sentence in said.stderr
    assert "Traceback" not in said.stderr
