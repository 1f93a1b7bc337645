"""Two people at once, with connections of their own."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from stepwell.care.encounters.models import Absence, Encounter
from stepwell.care.encounters.testing import Group, group
from stepwell.care.notes.actions import group as actions
from stepwell.care.notes.models import Note
from stepwell.care.notes.room import RowText
from stepwell.care.notes.testing import LINES, seat, written
from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import ChangedMeanwhile
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.people.testing import Clinic, at_once


@pytest.fixture
def room(committed_clinic: Clinic) -> Group:
    """A group that is written, in a database that really commits."""
    with acting_in(committed_clinic.organization.pk):
        return written(group(committed_clinic))


def saves(room: Group, name: str, row: RowText, seen: str) -> Callable[[], Any]:
    return lambda: actions.save_row(
        room.session, room.place(name), row, seen=seen, by=room.dana, at=clock.now()
    )


def test_of_two_who_write_one_row_the_second_is_told(room: Group) -> None:
    with acting_in(room.clinic.organization.pk):
        now = seat(room, "Aisha").text
    first, second = replace(now, line="What one wrote"), replace(now, line="What the other wrote")
    answers = at_once(
        room.clinic, saves(room, "Aisha", first, now.seen), saves(room, "Aisha", second, now.seen)
    )
    assert sum(isinstance(answer, ChangedMeanwhile) for answer in answers) == 1
    with acting_in(room.clinic.organization.pk):
        kept = seat(room, "Aisha").text.line
    winner = answers.index(next(answer for answer in answers if not isinstance(answer, ChangedMeanwhile)))
    assert kept == (first, second)[winner].line


def test_two_who_write_two_rows_do_not_wait_for_each_other(room: Group) -> None:
    with acting_in(room.clinic.organization.pk):
        aisha, cole = seat(room, "Aisha").text, seat(room, "Cole").text
    answers = at_once(
        room.clinic,
        saves(room, "Aisha", replace(aisha, line="About Sunday"), aisha.seen),
        saves(room, "Cole", replace(cole, line="About the truck"), cole.seen),
    )
    assert not [answer for answer in answers if isinstance(answer, Exception)]


def test_of_two_marks_at_once_one_stands(room: Group) -> None:
    with acting_in(room.clinic.organization.pk):
        actions.unmark(room.session, room.place("Wendell"), by=room.dana, at=clock.now())
        seen = seat(room, "Wendell").text.seen
    at_once(
        room.clinic,
        saves(room, "Wendell", RowText(mark="here"), seen),
        saves(room, "Wendell", RowText(mark="absent"), seen),
    )
    with acting_in(room.clinic.organization.pk):
        place = room.place("Wendell")
        came = Encounter.objects.in_force().filter(appointment=place).count()
        away = Absence.objects.in_force().filter(appointment=place).count()
    assert came + away == 1


def test_two_signatures_at_once_sign_once(room: Group) -> None:
    def signs() -> Any:
        return actions.sign_group(room.session, by=room.dana, at=clock.now())

    answers = at_once(room.clinic, signs, signs)
    assert sorted(len(answer) for answer in answers) == [0, len(LINES)]
    with acting_in(room.clinic.organization.pk):
        assert Note.objects.signed().count() == len(LINES)


def test_a_row_saved_while_it_is_signed_is_in_the_note_or_refused(room: Group) -> None:
    with acting_in(room.clinic.organization.pk):
        now = seat(room, "Aisha").text
    changed = replace(now, line="Changed at the last moment")
    saved, signed = at_once(
        room.clinic,
        saves(room, "Aisha", changed, now.seen),
        lambda: actions.sign_group(room.session, by=room.dana, at=clock.now()),
    )
    assert len(signed) == len(LINES)
    with acting_in(room.clinic.organization.pk):
        note = Note.objects.get(patient=room.patient("Aisha"))
    assert note.signed_at is not None
    assert note.line == (now.line if isinstance(saved, Exception) else changed.line)
