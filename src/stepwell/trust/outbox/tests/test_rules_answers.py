"""What an answer to one of our texts means."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stepwell.trust.outbox.rules.answers import Answer, is_spanish, read


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("STOP", Answer.STOP),
        (" stop. ", Answer.STOP),
        ("Stop texting me please", Answer.STOP),
        ("STOPALL", Answer.STOP),
        ("Unsubscribe", Answer.STOP),
        ("opt out", Answer.STOP),
        ("OPT-OUT", Answer.STOP),
        ("revoke", Answer.STOP),
        ("ALTO", Answer.STOP),
        ("Alto, por favor", Answer.STOP),
        ("quit", Answer.STOP),
        ("END", Answer.STOP),
        ("cancel", Answer.STOP),
        ("Cancelar", Answer.STOP),
        ("cancel my visit", Answer.OTHER),
        ("The end is near", Answer.OTHER),
        ("Can you stop by the house tomorrow with the papers", Answer.OTHER),
        ("stop by the house tomorrow with the papers please", Answer.OTHER),
        ("START", Answer.START),
        ("Iniciar", Answer.START),
        ("start over tomorrow", Answer.OTHER),
        ("HELP", Answer.HELP),
        ("help me please", Answer.HELP),
        ("AYUDA", Answer.HELP),
        ("", Answer.OTHER),
        ("😀", Answer.OTHER),
    ],
)
def test_what_an_answer_means(text: str, meant: Answer):
    assert read(text) is meant


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text(max_size=2000))
def test_whatever_comes_in_means_something(text: str):
    assert read(text) in Answer


def test_spanish_is_answered_in_spanish():
    assert is_spanish("ALTO")
    assert not is_spanish("STOP")
