"""Who a person is and how to reach them: written by the front desk, who may not open the chart."""

from datetime import date, datetime, time
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import ChangedMeanwhile
from stepwell.trust.access import Forbidden
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit.models import AuditEvent
from stepwell.trust.people.actions.particulars import change_particulars
from stepwell.trust.people.models import Patient, RelatedPerson
from stepwell.trust.people.rules.contact import Channel

SAID = {
    "version": "0",
    "first_name": "Maya",
    "middle_name": "Luz",
    "last_name": "O'Brien-Núñez",
    "chosen_name": "May",
    "pronouns": "she/her",
    "born_on": "1992-03-08",
    "language": "es",
    "needs_interpreter": "on",
    "interpreter_language": "American Sign Language",
    "street": "12 Elm St",
    "city": "Dayton",
    "state": "oh",
    "postal_code": "45402",
    "phone": "(937) 555-0142",
    "safe_to_text": "on",
    "email": "may@example.org",
    "safe_to_email": "on",
    "preferred_channel": "text",
    "call_from": "09:00",
    "call_until": "17:30",
    "time_zone": "America/Chicago",
}
SISTER = {
    "version": "0",
    "name": "Inés O'Brien",
    "relation": "SIS",
    "phone": "937 555 0188",
    "is_emergency_contact": "on",
}
CLINICAL = ("counselor", "prescriber", "treatment", "plan", "medication", "episode", "level of care", "iop")


@pytest.fixture
def maya(clinic):
    dana = clinic.user(Role.COUNSELOR, "Dana Whitfield")
    return clinic.patient("Maya Reyes", team=(dana, clinic.user(Role.PRESCRIBER, "Amara Osei")))


@pytest.fixture
def tess(clinic):
    return clinic.user(Role.FRONT_DESK, "Tess Nguyen")


@pytest.fixture
def desk(clinic, tess):
    return clinic.client(tess)


def page(patient):
    return f"/staff/people/{patient.pk}/particulars/"


def main_of(answer):
    return answer.content.decode().partition("<main")[2].partition("</main>")[0]


def test_the_front_desk_writes_everything_down_and_every_screen_uses_the_chosen_name(desk, maya):
    assert desk.post(page(maya), SAID).status_code == 302
    maya.refresh_from_db()
    assert maya.name == "May O'Brien-Núñez"
    assert maya.legal_name == "Maya Luz O'Brien-Núñez"
    assert (maya.phone, maya.state, maya.version) == ("+19375550142", "OH", 1)
    assert (maya.call_from, maya.call_until, maya.zone.key) == (time(9), time(17, 30), "America/Chicago")
    event = AuditEvent.objects.get(did="changed", patient_id=maya.pk)
    assert "phone" in event.because
    assert "555" not in event.because


def test_the_page_for_the_front_desk_has_no_clinical_word_and_no_way_into_the_chart(desk, maya):
    shown = main_of(desk.get(page(maya)))
    assert [word for word in CLINICAL if word in shown.lower()] == []
    assert f'"/staff/people/{maya.pk}/"' not in shown
    assert "/emergency/" not in shown


def test_for_the_care_team_it_is_a_part_of_the_chart(clinic, maya):
    shown = main_of(clinic.client(clinic.user(Role.COUNSELOR, "Dana Whitfield")).get(page(maya)))
    assert f'"/staff/people/{maya.pk}/"' in shown
    assert 'aria-current="page"' in shown


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"first_name": " "}, "Write a first name."),
        ({"phone": "call me"}, "Write the phone number with its area code"),
        ({"phone": ""}, "Write the number that is safe"),
        ({"email": ""}, "Write the address that is safe"),
        ({"email": "may at home"}, "valid email"),
        ({"born_on": "2031-01-01"}, "that date of birth cannot be right"),
        ({"state": "Ohio"}, "at most 2"),
        ({"postal_code": "4540"}, "Write five digits"),
        ({"call_until": ""}, "Write both hours, or neither."),
        ({"call_until": "08:00"}, "The later hour comes second."),
        ({"safe_to_text": ""}, "Text only where it is safe to text."),
        ({"needs_interpreter": ""}, "Tick this, or leave out the language"),
        ({"time_zone": "Mars/Base"}, "Select a valid choice"),
        ({"first_name": "x" * 101}, "at most 100"),
        ({"version": "99999999999999999999"}, ""),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(desk, maya, change, sentence):
    answer = desk.post(page(maya), SAID | change)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "12 Elm St" in answer.content.decode()
    assert Patient.objects.get().version == 0


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("Ngoc", ""),
        ("李", ""),
        ("Séamus", "O'Brien-Núñez"),
        ("X" * 100, "Ÿ" * 100),
        ("<b>Maya</b>", "{{ x }}"),
    ],
)
def test_any_name_works(desk, maya, first, last):
    changed = SAID | {"first_name": first, "last_name": last, "chosen_name": ""}
    assert desk.post(page(maya), changed).status_code == 302
    maya.refresh_from_db()
    assert maya.name == f"{first} {last}".strip()
    shown = desk.get(page(maya))
    assert shown.status_code == 200
    assert "<b>Maya" not in shown.content.decode()


def test_of_two_people_at_once_the_second_sees_what_the_first_wrote_and_decides(desk, clinic, maya):
    desk.post(page(maya), SAID)
    second = clinic.client(clinic.user(Role.NURSE, "Joel Price"))
    late = SAID | {"phone": "937-555-0199", "city": "Kettering"}
    answer = second.post(page(maya), late)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "Somebody changed this meanwhile." in shown
    assert "+19375550142" in shown
    assert "Kettering" in shown
    assert 'name="version" value="1"' in shown
    assert second.post(page(maya), late | {"version": "1"}).status_code == 302
    maya.refresh_from_db()
    assert (maya.city, maya.version) == ("Kettering", 2)


def test_a_double_click_changes_once(desk, maya):
    for _double_click in range(2):
        assert desk.post(page(maya), SAID).status_code == 302
    assert Patient.objects.get().version == 1
    assert AuditEvent.objects.filter(did="changed").count() == 1


def test_what_it_was_before_stays_in_the_history(desk, maya):
    desk.post(page(maya), SAID)
    history = maya.events.order_by("pgh_id")
    assert [row.phone for row in history] == ["", "+19375550142"]
    assert [row.first_name for row in history] == ["Maya", "Maya"]


def test_a_biller_reads_it_and_does_not_write_it(clinic, maya):
    biller = clinic.user(Role.BILLER, "Sam Ito")
    client = clinic.client(biller)
    shown = main_of(client.get(page(maya)))
    assert "Maya Reyes" in shown
    assert "<input" not in shown
    assert client.post(page(maya), SAID).status_code == 403
    with pytest.raises(Forbidden):
        change_particulars(maya, {"city": "Dayton"}, version=0, by=biller, at=clock.now())


def test_who_may_not_know_that_a_person_is_here_finds_nobody(clinic, maya):
    administrator = clinic.client(clinic.user(Role.ADMINISTRATOR))
    assert administrator.get(page(maya)).status_code == 404
    assert administrator.get(f"/staff/people/{uuid4()}/particulars/").status_code == 404


def test_a_stale_version_is_refused_below_the_page_as_well(clinic, tess, maya):
    change_particulars(maya, {"city": "Dayton"}, version=0, by=tess, at=clock.now())
    with pytest.raises(ChangedMeanwhile):
        change_particulars(maya, {"city": "Kettering"}, version=0, by=tess, at=clock.now())


def test_somebody_close_is_written_down_and_the_page_says_that_it_is_no_consent(desk, maya):
    new = f"/staff/people/{maya.pk}/related/new/"
    assert "That takes a written consent." in desk.get(new).content.decode()
    for _double_click in range(2):
        assert desk.post(new, SISTER).status_code == 302
    sister = RelatedPerson.objects.get()
    assert (sister.phone, sister.relation, sister.knows_of_care) == ("+19375550188", "SIS", False)
    shown = main_of(desk.get(page(maya)))
    assert "Inés O&#x27;Brien" in shown
    assert "Does not know that they come here." in shown
    assert "To tell any of them anything takes a written consent." in shown


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": ""}, "Write their name."),
        ({"relation": "BOSS"}, "Select a valid choice"),
        ({"phone": ""}, "Write a number to call in an emergency."),
        ({"authority": "Guardianship 2026-GI-104"}, "Write the day from which they may decide."),
        ({"authority_from": "2026-01-01"}, "Write what it rests on"),
        (
            {"authority": "x", "authority_from": "2026-02-01", "authority_until": "2026-01-01"},
            "cannot end before it begins",
        ),
    ],
)
def test_what_is_wrong_about_somebody_close_is_said(desk, maya, change, sentence):
    answer = desk.post(f"/staff/people/{maya.pk}/related/new/", SISTER | change)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not RelatedPerson.objects.exists()


def test_a_guardian_decides_from_one_day_until_another(desk, maya):
    desk.post(
        f"/staff/people/{maya.pk}/related/new/",
        SISTER
        | {
            "relation": "GUARD",
            "authority": "Guardianship 2026-GI-104",
            "authority_from": "2026-02-01",
            "authority_until": "2026-12-01",
        },
    )
    guardian = RelatedPerson.objects.get()
    assert not guardian.has_authority_on(date(2026, 1, 31))
    assert guardian.has_authority_on(date(2026, 12, 1))
    assert not guardian.has_authority_on(date(2026, 12, 2))
    assert "Decides for them" in desk.get(page(maya)).content.decode()


def test_somebody_close_is_changed_and_taken_off_and_stays_in_the_record(desk, clinic, maya):
    desk.post(f"/staff/people/{maya.pk}/related/new/", SISTER)
    sister = RelatedPerson.objects.get()
    address = f"/staff/people/{maya.pk}/related/{sister.pk}/"
    assert "Inés" in desk.get(address).content.decode()
    assert desk.post(address, SISTER | {"name": "Inés Núñez"}).status_code == 302
    stale = desk.post(address, SISTER | {"name": "Ines"})
    assert stale.status_code == 422
    assert "Inés Núñez" in stale.content.decode()
    other = clinic.patient("Devon Tate")
    assert desk.get(f"/staff/people/{other.pk}/related/{sister.pk}/").status_code == 404
    assert desk.post(f"/staff/people/{other.pk}/related/{sister.pk}/ending/").status_code == 404
    for _double_click in range(2):
        assert desk.post(f"{address}ending/").status_code == 302
    sister.refresh_from_db()
    assert sister.ended_on == clinic.today
    assert "Inés" not in desk.get(page(maya)).content.decode()
    assert desk.get(address).status_code == 404


def test_how_to_reach_a_person_says_what_is_safe(clinic):
    maya = clinic.patient(
        "Maya Reyes",
        phone="+19375550142",
        safe_to_text=True,
        email="m@example.org",
        preferred_channel="email",
    )
    points = {point.channel: point for point in maya.contact_points()}
    assert next(point.channel for point in maya.contact_points()) is Channel.EMAIL
    assert points[Channel.TEXT].is_safe
    assert not points[Channel.EMAIL].is_safe
    assert not points[Channel.CALL].may_leave_message
    assert clinic.patient("Devon Tate").contact_points() == ()


def test_a_person_is_called_by_their_own_clock(clinic):
    maya = clinic.patient(
        "Maya Reyes", call_from=time(9), call_until=time(17), time_zone="America/Los_Angeles"
    )
    dayton = ZoneInfo("America/New_York")
    assert not maya.may_be_called_at(datetime(2026, 11, 23, 9, tzinfo=dayton))
    assert maya.may_be_called_at(datetime(2026, 11, 23, 12, tzinfo=dayton))
    assert not maya.may_be_called_at(datetime(2026, 11, 23, 20, tzinfo=dayton))
    assert clinic.patient("Devon Tate").may_be_called_at(clock.now())
