"""A letter that does not go out is told to whoever runs the server."""

import logging

import pytest
from django.core.mail import EmailMessage
from django.test import Client

from stepwell.trust.accounts.testing import posted


@pytest.mark.parametrize("wrong", [ConnectionRefusedError("no server"), ValueError("maya@example.org")])
def test_a_letter_that_cannot_be_sent_is_told_without_a_name(maya, monkeypatch, caplog, wrong):
    def send(letter: EmailMessage) -> int:
        raise wrong

    monkeypatch.setattr(EmailMessage, "send", send)
    monkeypatch.setattr(logging.getLogger("stepwell"), "propagate", True)
    assert Client().post("/sign-in/code/", {"email": maya.email}).status_code == 302
    posted()
    [told] = [one for one in caplog.messages if "could not be sent" in one]
    assert type(wrong).__name__ in told and "maya" not in told
