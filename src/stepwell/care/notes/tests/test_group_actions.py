"""Rows, the shared note, and one signature for everybody."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from stepwell.care.care_plans.testing import LEOS_GAMES, in_care, signed_by_both
from stepwell.care.encounters.actions import sign_attendance
from stepwell.care.encounters.ledger import hours_of
from stepwell.care.encounters.models import Absence, Encounter
from stepwell.care.encounters.testing import group, place
from stepwell.care.notes.actions import group as actions
from stepwell.care.notes.models import GroupNote, Note
from stepwell.care.notes.room import RowText, room_of
from stepwell.care.notes.rules.readiness import Lacks, SharedText
from stepwell.care.notes.testing import LINES, SHARED, save, save_shared, seat
from stepwell.care.notes.testing import written as write_all
from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import ChangedMeanwhile, Refused
from stepwell.ground.kit.weeks import Week
from stepwell.trust.access import Forbidden
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit.models import AuditEvent


def sign(room, *, by=None, at=None):
    return actions.sign_group(room.session, by=by or room.dana, at=at or clock.now())


def lacking(room, **more):
    with pytest.raises(actions.NotReady) as refusal:
        sign(room, **more)
    return {(each.lacks, str(each.field)) for each in refusal.value.obstacles}


# ---------- rows ----------


def test_a_row_is_marked_and_written_at_once(room):
    now = save(room, "Aisha", mark="here", line="  Named Sunday night.\r\nRode it out. ")
    assert now.text.minutes == 90
    assert now.note.line == "Named Sunday night.\nRode it out."
    assert now.note.signed_at is None
    assert now.note.author.user == room.dana


def test_a_row_that_did_not_change_writes_nothing(written):
    before = AuditEvent.objects.count()
    for name in LINES:
        save(written, name)
    assert AuditEvent.objects.count() == before


def test_words_before_a_mark_are_refused_beside_the_mark(room):
    with pytest.raises(Refused, match="Mark Aisha") as refusal:
        save(room, "Aisha", line="Named Sunday night")
    assert refusal.value.field == "mark"


def test_minutes_follow_the_mark_unless_they_are_touched(clinic):
    room = group(clinic, starts_at=clock.now() - timedelta(minutes=25))
    assert save(room, "Aisha", mark="here").text.minutes == 90
    assert save(room, "Aisha", mark="late").text.minutes == 65
    assert save(room, "Aisha", mark="here").text.minutes == 90
    assert save(room, "Aisha", mark="here", minutes=40).text.minutes == 40


def test_the_draft_of_somebody_marked_absent_is_struck_out_and_comes_back(written):
    save(written, "Aisha", mark="absent")
    assert not Note.objects.in_force().filter(patient=written.patient("Aisha")).exists()
    assert Absence.objects.in_force().filter(patient=written.patient("Aisha")).exists()
    back = save(written, "Aisha", mark="here")
    assert back.note.line == LINES["Aisha"]
    assert Note.objects.filter(patient=written.patient("Aisha")).count() == 2


def test_the_draft_of_somebody_unmarked_comes_back_with_the_mark(written):
    actions.unmark(written.session, written.place("Aisha"), by=written.dana, at=clock.now())
    assert seat(written, "Aisha").text == RowText()
    assert save(written, "Aisha", mark="video").note.line == LINES["Aisha"]


def test_the_second_who_saves_a_row_is_told(written):
    seen = seat(written, "Aisha").text.seen
    save(written, "Aisha", line="What Dana wrote")
    with pytest.raises(ChangedMeanwhile):
        save(written, "Aisha", line="What somebody else wrote", seen=seen)
    assert seat(written, "Aisha").note.line == "What Dana wrote"


def test_who_changed_nothing_is_not_told(written):
    before = seat(written, "Aisha")
    save(written, "Aisha", line="What Dana wrote")
    actions.save_row(
        written.session,
        before.appointment,
        before.text,
        seen=before.text.seen,
        by=written.dana,
        at=clock.now(),
    )
    assert seat(written, "Aisha").note.line == "What Dana wrote"


def test_two_who_save_the_same_are_not_told(written):
    seen = seat(written, "Aisha").text.seen
    save(written, "Aisha", line="The same")
    save(written, "Aisha", line="The same", seen=seen)


def test_a_first_mark_sent_twice_is_harmless(clinic):
    room = group(clinic, "Maya Reyes")
    clinic.patient_user(room.patient("Maya"))
    signed_by_both(room.patient("Maya"), by=room.dana)
    seen = seat(room, "Maya").text.seen
    for _twice in range(2):
        actions.save_row(
            room.session, room.place("Maya"), RowText(mark="here"), seen=seen, by=room.dana, at=clock.now()
        )
    assert Encounter.objects.count() == 1
    assert seat(room, "Maya").encounter.goal.words == LEOS_GAMES


def test_one_who_may_only_mark_keeps_the_words_of_the_other(written):
    before = seat(written, "Aisha")
    actions.save_row(
        written.session,
        before.appointment,
        replace(before.text, took_part=3),
        seen=before.text.seen_by(writes=False),
        by=written.luis,
        at=clock.now(),
    )
    now = seat(written, "Aisha")
    assert (now.text.took_part, now.text.line) == (3, LINES["Aisha"])


def test_who_does_not_lead_writes_nothing(room, clinic):
    renee = clinic.user(Role.COUNSELOR, "Renee Castillo")
    for act in (
        lambda: save(room, "Aisha", mark="here", by=renee),
        lambda: save_shared(room, by=renee),
        lambda: sign(room, by=renee),
    ):
        with pytest.raises(Forbidden):
            act()


def test_a_peer_who_leads_along_neither_writes_the_shared_note_nor_signs(written):
    with pytest.raises(Forbidden):
        save_shared(written, SharedText(topic="Mine"), by=written.luis)
    with pytest.raises(Forbidden):
        sign(written, by=written.luis)


# ---------- the shared note ----------


def test_the_second_who_saves_the_shared_note_is_told(room):
    save_shared(room)
    with pytest.raises(ChangedMeanwhile):
        actions.save_shared(
            room.session, SharedText(topic="Other"), seen="an older one", by=room.dana, at=clock.now()
        )
    assert GroupNote.objects.get().topic == SHARED.topic


def test_the_shared_note_stays_once_it_is_in_a_signed_note(written):
    sign(written)
    with pytest.raises(Refused, match="signed notes"):
        save_shared(written, replace(SHARED, topic="Another topic"))


# ---------- signing ----------


def test_everybody_who_came_has_a_signed_note_of_their_own(clinic, room):
    maya = clinic.patient("Maya Reyes", team=(room.dana,))
    in_care(maya, by=room.dana)
    clinic.patient_user(maya)
    signed_by_both(maya, by=room.dana)
    room.places["Maya Reyes"] = place(room.session, maya, by=room.dana)
    write_all(room)
    save(room, "Maya", line="Shared Saturday's dinner: it passed")
    save(room, "Wendell", mark="absent")
    save(room, "Cole", mark="late", minutes=65)

    signed = sign(room)
    assert {note.patient.first_name for note in signed} == {"Aisha", "Brianna", "Cole", "Maya"}
    note = Note.objects.get(patient=maya)
    assert note.line == "Shared Saturday's dinner: it passed"
    assert (note.topic, note.what_we_did, note.method, note.safety) == (
        SHARED.topic,
        SHARED.what_we_did,
        SHARED.method,
        SHARED.safety,
    )
    assert note.goal_words == LEOS_GAMES
    assert note.group_size == 4
    assert note.signature == "Dana Whitfield, LCDC"
    assert (note.signed_by, note.signed_at) == (room.dana, clock.now())
    assert not Note.objects.filter(patient=room.patient("Wendell"), signed_at__isnull=False).exists()

    encounters = Encounter.objects.in_force()
    assert all(each.signed_by == room.dana for each in encounters)
    assert encounters.get(patient=room.patient("Cole")).minutes == 65
    week = Week.of(clinic.today)
    assert hours_of(room.patient("Cole"), week).signed == 65
    assert hours_of(room.patient("Wendell"), week).signed == 0


def test_nobodys_name_stands_in_anothers_note(written):
    sign(written)
    names = {name.split()[0] for name in written.places}
    for note in Note.objects.all():
        text = " ".join([note.line, note.topic, note.what_we_did, note.method, note.goal_words, note.plan])
        assert not names - {note.patient.first_name} & set(text.split())


def test_every_signature_leaves_a_trace_in_each_chart(written):
    sign(written)
    events = AuditEvent.objects.filter(did="signed", to_type="notes.Note")
    assert {event.patient_id for event in events} == {place.patient_id for place in written.places.values()}


def test_signing_again_is_harmless(written):
    sign(written)
    before = AuditEvent.objects.count()
    assert sign(written, at=clock.now() + timedelta(minutes=5)) == []
    assert AuditEvent.objects.count() == before
    assert {note.signed_at for note in Note.objects.all()} == {clock.now()}


def test_everything_that_is_lacking_is_said_at_once(room):
    save(room, "Aisha", mark="here", line="Told brianna about it")
    save(room, "Brianna", mark="here", line="Wrote a plan")
    save(room, "Cole", mark="here", line="wrote a plan.")
    assert lacking(room) == {
        (Lacks.NAMES_SOMEBODY, "line"),
        (Lacks.SAME_WORDS, "line"),
        (Lacks.UNMARKED, "mark"),
        (Lacks.NO_TOPIC, "topic"),
        (Lacks.NO_ACCOUNT, "what_we_did"),
        (Lacks.NO_SAFETY, "safety"),
    }
    assert not Note.objects.signed().exists()
    assert not Encounter.objects.filter(signed_at__isnull=False).exists()


def test_a_chosen_name_is_a_secret_too(written):
    cole = written.patient("Cole")
    cole.chosen_name = "Sunny"
    cole.save()
    save(written, "Aisha", line="Sunny made her laugh")
    assert lacking(written) == {(Lacks.NAMES_SOMEBODY, "line")}
    save(written, "Aisha", line="A sunny walk helped her")
    assert sign(written)


def test_nothing_is_signed_before_the_minutes_are_over(clinic):
    room = write_all(group(clinic, starts_at=clock.now() - timedelta(minutes=80)))
    assert lacking(room) == {(Lacks.NOT_OVER, "minutes")}
    assert sign(room, at=clock.now() + timedelta(minutes=10))


def test_all_or_nothing(written, monkeypatch):
    """Whatever happens between two notes, neither is signed."""
    real, calls = actions.sign, []

    def breaks_at_the_third(*args, **kwargs):
        calls.append(args)
        if len(calls) == 3:
            raise RuntimeError("the power went out")
        real(*args, **kwargs)

    monkeypatch.setattr(actions, "sign", breaks_at_the_third)
    with pytest.raises(RuntimeError), transaction.atomic():
        sign(written)
    assert len(calls) == 3
    assert not Note.objects.signed().exists()
    assert not Encounter.objects.filter(signed_at__isnull=False).exists()
    assert not AuditEvent.objects.filter(did="signed", to_type="notes.Note").exists()


def test_somebody_marked_after_the_signature_is_signed_alone(written):
    save(written, "Wendell", mark="absent")
    assert len(sign(written)) == 3
    save(written, "Wendell", mark="late", minutes=30)
    assert seat(written, "Wendell").note.line == LINES["Wendell"]
    (note,) = sign(written)
    assert note.patient == written.patient("Wendell")
    assert note.topic == SHARED.topic


def test_attendance_signed_before_its_note_is_left_as_it_is(written):
    earlier = clock.now() - timedelta(minutes=30)
    for encounter in Encounter.objects.all():
        sign_attendance(encounter, by=written.dana, at=earlier)
    save(written, "Aisha", line="Changed her line afterwards")
    with pytest.raises(Refused, match="signed"):
        save(written, "Aisha", mark="absent")
    assert len(sign(written)) == 4
    assert {encounter.signed_at for encounter in Encounter.objects.all()} == {earlier}


def test_a_supervisor_may_sign_and_it_is_their_name(written, clinic):
    marcus = clinic.user(Role.CLINICAL_SUPERVISOR, "Marcus Bell")
    assert {note.signature for note in sign(written, by=marcus)} == {"Marcus Bell"}
    assert {note.author.name for note in Note.objects.all()} == {"Marcus Bell"}


@pytest.mark.parametrize("change", [{"line": "x"}, {"topic": "x"}, {"signature": "x"}, {"group_size": 2}])
def test_not_even_the_database_changes_a_signed_note(written, change):
    sign(written)
    with pytest.raises(DatabaseError, match="what is signed does not change"), transaction.atomic():
        Note.objects.update(**change)


@pytest.mark.parametrize("size", [2, 12])
def test_the_room_is_read_in_as_many_queries_for_two_as_for_twelve(clinic, size, django_assert_num_queries):
    room = group(clinic, *(f"Person{n} Known" for n in range(size)))
    with django_assert_num_queries(6):
        room_of(room.session)
