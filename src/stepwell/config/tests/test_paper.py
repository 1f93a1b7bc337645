"""The libraries that draw PDFs are found or brought; without them there is a sentence, never a skipped test."""

import pytest

from stepwell.config import paper
from stepwell.config.postgres.places import Unusable


class Machine:
    def __init__(self, *, has_them: bool, brings_them: bool) -> None:
        self.has_them, self.brings_them = has_them, brings_them
        self.asked: list[str] = []

    def install(self, *packages: str, say: object) -> bool:
        self.asked += packages
        self.has_them = self.brings_them
        return self.brings_them


def machine(monkeypatch: pytest.MonkeyPatch, *, has_them: bool = False, brings_them: bool = False) -> Machine:
    made = Machine(has_them=has_them, brings_them=brings_them)
    monkeypatch.setattr(paper, "can_be_made", lambda: made.has_them)
    monkeypatch.setattr(paper.debian, "install", made.install)
    return made


def test_what_is_there_is_not_brought(monkeypatch: pytest.MonkeyPatch):
    here = machine(monkeypatch, has_them=True)
    paper.need()
    assert here.asked == []


def test_what_is_lacking_is_brought(monkeypatch: pytest.MonkeyPatch):
    here = machine(monkeypatch, brings_them=True)
    paper.need()
    assert here.asked == list(paper.PACKAGES)


def test_with_none_the_command_to_type_is_said(monkeypatch: pytest.MonkeyPatch):
    machine(monkeypatch)
    assert not paper.bring()
    with pytest.raises(Unusable, match="sudo apt-get install libpango"):
        paper.need()


def test_this_machine_is_asked_in_a_process_of_its_own():
    assert paper.can_be_made()
