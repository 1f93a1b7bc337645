"""A session alone with one person, through its address."""

from datetime import timedelta

import pytest
from django.urls import reverse

from stepwell.care.care_plans.testing import in_care, signed_by_both
from stepwell.care.encounters.models import Absence, Encounter
from stepwell.care.encounters.testing import group, leaders, visit
from stepwell.care.notes.models import Note
from stepwell.care.notes.visit import visit_of
from stepwell.ground.kit import clock
from stepwell.trust.access.rules import Permission, relations_for
from stepwell.trust.accounts.roles import Role
from stepwell.trust.people.models import Practitioner


@pytest.fixture
def dana(clinic):
    return leaders(clinic)[0]


@pytest.fixture
def maya(clinic, dana):
    patient = clinic.patient("Maya Reyes", team=(dana,))
    in_care(patient, by=dana)
    return patient


@pytest.fixture
def appointment(maya, dana):
    return visit(maya, Practitioner.objects.get(user=dana))


@pytest.fixture
def as_dana(clinic, dana):
    return clinic.client(dana)


def page(appointment):
    return reverse("notes:encounter", args=[appointment.pk])


def signature(appointment):
    return reverse("notes:visit_signature", args=[appointment.pk])


def told(appointment, **changes):
    text = visit_of(appointment).text
    data = {
        "seen": text.seen,
        "mark": text.row.mark,
        "minutes": text.row.minutes,
        "goal": text.row.goal,
        "reason": text.row.reason,
        "line": text.row.line,
        "response": text.response,
        "plan": text.plan,
    } | changes
    return {name: "" if value is None else str(value) for name, value in data.items()}


CAME = {
    "mark": "here",
    "minutes": 50,
    "line": "Talked through Thursday.",
    "response": "Relieved.",
    "plan": "Call.",
}


def test_a_draft_is_saved_and_signed_later(as_dana, appointment):
    assert as_dana.post(page(appointment), told(appointment, **CAME)).status_code == 302
    note = Note.objects.get()
    assert (note.line, note.response, note.plan, note.signed_at) == (
        "Talked through Thursday.",
        "Relieved.",
        "Call.",
        None,
    )
    assert "Talked through Thursday." in as_dana.get(page(appointment)).content.decode()
    response = as_dana.post(signature(appointment), told(appointment), follow=True)
    assert "Note signed." in response.content.decode()
    note.refresh_from_db()
    assert note.signature == "Dana Whitfield, LCDC"
    assert Encounter.objects.get().signed_at == clock.now()
    assert Encounter.objects.get().minutes == 50


def test_signing_at_once_saves_first(as_dana, appointment):
    as_dana.post(signature(appointment), told(appointment, **CAME))
    assert Note.objects.signed().count() == 1


def test_signing_twice_is_harmless(as_dana, appointment):
    data = told(appointment, **CAME)
    as_dana.post(signature(appointment), data)
    again = as_dana.post(signature(appointment), data, follow=True).content.decode()
    assert "Already signed at 9:00 AM, Mon Nov 23 by Dana Whitfield, LCDC." in again
    assert Note.objects.count() == 1


def test_the_goal_of_the_plan_goes_into_the_note(clinic, as_dana, dana, maya, appointment):
    clinic.patient_user(maya)
    goal = signed_by_both(maya, by=dana).goals.get()
    as_dana.post(signature(appointment), told(appointment, **CAME, goal=goal.pk))
    assert Note.objects.get().goal_words == goal.words


def test_somebody_who_did_not_come_has_an_absence_and_no_note(as_dana, appointment):
    as_dana.post(page(appointment), told(appointment, mark="absent", reason="work", line="typed by mistake"))
    assert Absence.objects.get().reason == "work"
    assert not Note.objects.exists()
    response = as_dana.post(signature(appointment), told(appointment))
    assert response.status_code == 422
    assert "did not come, so there is no note to sign" in response.content.decode()


def test_words_come_back_when_absent_was_a_mistake(as_dana, appointment):
    as_dana.post(page(appointment), told(appointment, **CAME))
    as_dana.post(page(appointment), told(appointment, mark="absent"))
    assert not Note.objects.in_force().exists()
    as_dana.post(page(appointment), told(appointment, mark="here", reason=""))
    assert Note.objects.in_force().get().plan == "Call."


def test_a_mark_can_be_taken_back(as_dana, appointment):
    as_dana.post(page(appointment), told(appointment, **CAME))
    as_dana.post(page(appointment), told(appointment) | {"do": "unmark"})
    assert visit_of(appointment).encounter is None


@pytest.mark.parametrize(
    ("changes", "sentence", "field"),
    [
        ({"line": "Words"}, "Say whether Maya came.", "mark"),
        ({"mark": "here", "minutes": 75, "line": "Words"}, "The session had 60 minutes.", "minutes"),
        ({"mark": "late", "minutes": "", "line": "Words"}, "Maya came late.", "minutes"),
        ({"mark": "here", "minutes": "abc"}, "whole number", "minutes"),
        ({"mark": "here", "line": "  . "}, "Write what Maya said and did.", "line"),
    ],
)
def test_what_is_refused_stands_beside_its_field_and_is_kept(as_dana, appointment, changes, sentence, field):
    response = as_dana.post(signature(appointment), told(appointment, **changes))
    html = response.content.decode()
    assert response.status_code == 422
    assert html.count(sentence) >= 2
    assert f'id="id_{field}_error"' in html
    assert "<title>Error:" in html
    if "Words" in changes.get("line", ""):
        assert "Words" in html
    assert not Note.objects.signed().exists()


def test_a_session_that_went_on_longer_says_so(as_dana, appointment):
    as_dana.post(signature(appointment), told(appointment, **{**CAME, "minutes": 75}, overran="on"))
    assert Encounter.objects.get().minutes == 75


def test_nothing_is_signed_before_it_is_over(clinic, as_dana, dana, maya):
    now = visit(maya, Practitioner.objects.get(user=dana), starts_at=clock.now() - timedelta(minutes=10))
    response = as_dana.post(signature(now), told(now, **{**CAME, "minutes": 60}))
    assert "The session goes until 9:50 AM." in response.content.decode()
    assert Note.objects.get().signed_at is None
    # What was saved is what the page stands on now: the next try is no conflict.
    assert as_dana.post(page(now), told(now, plan="Call on Friday")).status_code == 302


def test_the_second_is_told_and_sees_both(as_dana, appointment):
    as_dana.post(page(appointment), told(appointment, **CAME))
    opened = told(appointment, line="What Dana typed")
    as_dana.post(page(appointment), told(appointment, line="Saved meanwhile"))
    response = as_dana.post(page(appointment), opened)
    html = response.content.decode()
    assert response.status_code == 409
    assert "Saved meanwhile" in html
    assert "What Dana typed" in html
    assert Note.objects.get().line == "Saved meanwhile"


def test_an_intake_has_a_note_and_does_not_count(as_dana, dana, maya):
    intake = visit(maya, Practitioner.objects.get(user=dana), kind="intake")
    as_dana.post(signature(intake), told(intake, **CAME))
    assert Note.objects.signed().count() == 1
    assert not Encounter.objects.get().is_clinical


def test_who_holds_the_visit_writes_without_being_on_the_team(clinic, maya):
    renee = clinic.practitioner(Role.COUNSELOR, "Renee Castillo")
    appointment = visit(maya, renee)
    client = clinic.client(renee.user)
    assert "What was said and done" in client.get(page(appointment)).content.decode()
    client.post(signature(appointment), told(appointment, **CAME))
    assert Note.objects.get().signature == "Renee Castillo"


def test_who_neither_holds_it_nor_knows_the_person_only_marks(clinic, as_dana, appointment):
    as_dana.post(page(appointment), told(appointment, **CAME))
    nurse = clinic.client(clinic.user(Role.NURSE, "Joel Price"))
    html = nurse.get(page(appointment)).content.decode()
    assert "Talked through Thursday." not in html
    assert "What was said and done" not in html
    assert nurse.post(signature(appointment), told(appointment)).status_code == 403
    text = visit_of(appointment).text
    data = {"seen": text.seen, "mark": "here", "minutes": "45"}
    assert nurse.post(page(appointment), data).status_code == 302
    assert Encounter.objects.get().minutes == 45
    assert Note.objects.get().line == "Talked through Thursday."


@pytest.mark.parametrize("role", [role for role in Role if role.is_staff])
def test_who_may_open_it(clinic, appointment, role):
    reader = clinic.client(clinic.user(role, f"Reader {role.value}"))
    expected = 200 if relations_for(Permission.MARK_ATTENDANCE, [role]) else 404
    assert reader.get(page(appointment)).status_code == expected


def test_a_place_in_a_group_leads_to_its_room(clinic):
    room = group(clinic, "Aisha Bell")
    response = clinic.client(room.dana).get(page(room.place("Aisha")))
    assert response["Location"].startswith(reverse("notes:session", args=[room.session.pk]))


def test_a_cancelled_appointment_takes_nothing(as_dana, appointment):
    type(appointment).objects.update(status="cancelled", cancelled_because="Moved")
    assert "This appointment was cancelled" in as_dana.get(page(appointment)).content.decode()
    response = as_dana.post(page(appointment), told(appointment, **CAME))
    assert response.status_code == 422
    assert not Encounter.objects.exists()


def test_a_visit_that_is_not_open_yet_says_when(as_dana, dana, maya):
    later = visit(maya, Practitioner.objects.get(user=dana), starts_at=clock.now() + timedelta(hours=2))
    assert "Mon Nov 23, 10:30 AM" in as_dana.get(page(later)).content.decode()
