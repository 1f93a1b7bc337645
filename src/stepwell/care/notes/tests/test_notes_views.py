"""Notes to sign, one note with its addenda, and the notes of one person."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from stepwell.care.encounters import actions as encounters
from stepwell.care.encounters.rules import Mark
from stepwell.care.encounters.testing import group, visit
from stepwell.care.notes.actions import group as actions
from stepwell.care.notes.models import Addendum, Note
from stepwell.care.notes.testing import LINES, SHARED, save
from stepwell.ground.kit import clock
from stepwell.trust.access.rules import Permission, Relation, relations_for
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit.models import AuditEvent
from stepwell.trust.people.actions import mark_in_error
from stepwell.trust.people.models import Practitioner


@pytest.fixture
def signed(written):
    actions.sign_group(written.session, by=written.dana, at=clock.now())
    return written


def note_of(room, name):
    return Note.objects.in_force().get(patient=room.patient(name))


def address(note):
    return reverse("notes:note", args=[note.pk])


# ---------- to sign ----------


def test_the_oldest_stands_first_and_says_how_late_it_is(clinic, room, as_dana):
    save(room, "Aisha", mark="here", line=LINES["Aisha"])
    save(room, "Cole", mark="here")
    old = group(clinic, "Maya Reyes", starts_at=clock.now() - timedelta(days=5))
    save(old, "Maya", mark="here")
    seen = visit(
        room.patient("Aisha"),
        Practitioner.objects.get(user=room.dana),
        starts_at=clock.now() - timedelta(hours=30),
    )
    encounters.mark(seen, Mark.HERE, by=room.dana, at=clock.now())
    html = as_dana.get(reverse("notes:to_sign")).content.decode()
    owed = html.split('id="owed"')[1].split('id="unmarked"')[0]
    places = [owed.index(words) for words in ("3 days late", "5 h late", "Due in 23 h")]
    assert places == sorted(places)
    assert "1 of 2 lines written" in owed
    assert "Individual session, Aisha B." in owed
    # Brianna and Wendell are not marked.
    assert "2 people to mark" in html.split('id="unmarked"')[1]


def test_what_is_signed_is_not_owed(signed, as_dana):
    assert "Nothing to sign" in as_dana.get(reverse("notes:to_sign")).content.decode()


def test_a_session_of_somebody_else_is_not_mine_to_sign(written, clinic):
    renee = clinic.client(clinic.user(Role.COUNSELOR, "Renee Castillo"))
    assert "Riding out cravings" not in renee.get(reverse("notes:to_sign")).content.decode()


@pytest.mark.parametrize("role", [role for role in Role if role.is_staff])
def test_who_has_notes_to_sign(clinic, role):
    expected = 200 if relations_for(Permission.SIGN_NOTE, [role]) else 403
    assert clinic.client(clinic.user(role)).get(reverse("notes:to_sign")).status_code == expected


# ---------- one note ----------


def test_a_note_is_read_as_it_was_signed(signed, as_dana):
    html = as_dana.get(address(note_of(signed, "Aisha"))).content.decode()
    for words in (
        LINES["Aisha"],
        SHARED.topic,
        SHARED.what_we_did,
        "Dana Whitfield, LCDC",
        "Nov 23, 2026, 9:00 AM",
    ):
        assert words in html
    for other in ("Brianna", "Cole", "Wendell"):
        assert other not in html.split("<main")[1]
    assert AuditEvent.objects.filter(did="opened", to_type="notes.Note").count() == 1


@pytest.mark.parametrize("role", [role for role in Role if role.is_staff])
@pytest.mark.parametrize("on_team", [True, False])
def test_who_reads_a_note(signed, clinic, role, on_team):
    reader = clinic.user(role, f"Reader {role.value}")
    if on_team:
        clinic.join(signed.patient("Aisha"), reader)
    stands = {Relation.CENTER, *([Relation.CARE_TEAM] if on_team else [])}
    expected = 200 if relations_for(Permission.SEE_NOTES, [role]) & stands else 404
    client = clinic.client(reader)
    assert client.get(address(note_of(signed, "Aisha"))).status_code == expected
    notes = reverse("notes:notes", args=[signed.patient("Aisha").pk])
    assert client.get(notes).status_code == expected


def test_a_patient_does_not_read_notes_here(signed, clinic):
    client = clinic.client(clinic.patient_user(signed.patient("Aisha")))
    assert client.get(address(note_of(signed, "Aisha"))).status_code == 404
    assert client.get(reverse("notes:notes", args=[signed.patient("Aisha").pk])).status_code == 404


def test_an_author_reads_their_note_after_leaving_the_team(signed, as_dana, clinic):
    signed.patient("Aisha").care_team.update(ended_on=clinic.today)
    assert as_dana.get(address(note_of(signed, "Aisha"))).status_code == 200


def test_a_draft_leads_to_where_it_is_written(written, as_dana):
    response = as_dana.get(address(note_of(written, "Aisha")), follow=True)
    assert response.redirect_chain[-1][0].startswith(reverse("notes:session", args=[written.session.pk]))


# ---------- addenda ----------


def add(client, note, words="Called that evening; reached at home.", because="Learned later"):
    return client.post(address(note), {"words": words, "because": because})


def test_an_addendum_stands_under_the_note_with_who_and_when(signed, as_dana):
    note = note_of(signed, "Aisha")
    assert add(as_dana, note).status_code == 302
    html = as_dana.get(address(note)).content.decode()
    assert "Called that evening; reached at home." in html
    assert "Why: Learned later" in html
    assert "Addendum, Nov 23, 2026, 9:00 AM" in html
    note.refresh_from_db()
    assert note.line == LINES["Aisha"]


def test_the_same_addendum_twice_is_one(signed, as_dana):
    note = note_of(signed, "Aisha")
    for _twice in range(2):
        add(as_dana, note)
    assert Addendum.objects.count() == 1


@pytest.mark.parametrize(
    ("words", "because", "sentence"),
    [
        ("", "Learned later", "Write what you add."),
        ("Called.", " ", "Say why you add it."),
        ("Cole told me so", "Learned later", "Names Cole. Leave other people out of this note."),
        ("Called.", "wendell asked", "Names wendell."),
    ],
)
def test_an_addendum_is_whole_and_names_nobody_else(signed, as_dana, words, because, sentence):
    response = add(as_dana, note_of(signed, "Aisha"), words, because)
    html = response.content.decode()
    assert response.status_code == 422
    assert sentence in html
    assert words in html
    assert not Addendum.objects.exists()


def test_who_may_not_sign_may_not_add(signed, clinic):
    director = clinic.client(clinic.user(Role.DIRECTOR, "Ellen Park"))
    note = note_of(signed, "Aisha")
    assert "Add to this note" not in director.get(address(note)).content.decode()
    assert add(director, note).status_code == 403


def test_an_addendum_never_changes(signed, as_dana):
    add(as_dana, note_of(signed, "Aisha"))
    with pytest.raises(DatabaseError, match="what is signed does not change"), transaction.atomic():
        Addendum.objects.update(words="Other")


# ---------- in the chart ----------


def test_the_chart_lists_the_notes_newest_first(clinic, signed, as_dana):
    aisha = signed.patient("Aisha")
    older = visit(
        aisha, Practitioner.objects.get(user=signed.dana), starts_at=clock.now() - timedelta(days=3)
    )
    encounters.mark(older, Mark.HERE, by=signed.dana, at=clock.now())
    as_dana.post(
        reverse("notes:visit_signature", args=[older.pk]),
        {"seen": "", "mark": "here", "minutes": "60", "line": "Older words"},
    )
    html = as_dana.get(reverse("notes:notes", args=[aisha.pk])).content.decode()
    assert html.index(LINES["Aisha"]) > 0
    assert "Brianna" not in html.split("<main")[1]


def test_what_was_entered_in_error_stays_struck_out(signed, as_dana):
    note = note_of(signed, "Aisha")
    mark_in_error(note, by=signed.dana, at=clock.now(), because="Written about the wrong person.")
    html = as_dana.get(reverse("notes:notes", args=[note.patient_id])).content.decode()
    assert "Entered in error" in html
    html = as_dana.get(address(note)).content.decode()
    assert "Written about the wrong person." in html
    assert "Add to this note" not in html


def test_drafts_are_told_apart(written, as_dana):
    html = as_dana.get(reverse("notes:notes", args=[written.patient("Aisha").pk])).content.decode()
    assert "Not signed yet" in html
    assert "No notes yet" in html


def test_a_group_written_after_an_error_can_be_written_again(clinic, signed, as_dana):
    note = note_of(signed, "Aisha")
    mark_in_error(note, by=signed.dana, at=clock.now(), because="Wrong words.")
    save(signed, "Aisha", mark="here", line="The right words for her")
    (again,) = actions.sign_group(signed.session, by=signed.dana, at=clock.now())
    assert again.line == "The right words for her"
