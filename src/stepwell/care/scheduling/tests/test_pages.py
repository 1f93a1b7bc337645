"""The pages of the week, by the addresses people use."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.utils.html import escape

from stepwell.care.care_plans.testing import in_care, signed_by_both
from stepwell.care.scheduling import actions
from stepwell.care.scheduling.models import Appointment, Enrollment, GroupSeries, GroupSession
from stepwell.care.scheduling.testing import weekly_group
from stepwell.ground.kit import clock
from stepwell.trust.accounts.roles import Role
from stepwell.trust.organizations.models import Closure
from stepwell.trust.people.models import Practitioner
from stepwell.trust.people.testing import Clinic

DAYTON = ZoneInfo("America/New_York")
MONDAY, TUESDAY, THANKSGIVING = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 26)


@pytest.fixture
def tess(clinic: Clinic):
    return clinic.user(Role.FRONT_DESK, "Tess Nguyen")


@pytest.fixture
def dana(clinic: Clinic):
    return clinic.user(Role.COUNSELOR, "Dana Whitfield")


@pytest.fixture
def maya(clinic: Clinic, dana):
    maya = clinic.patient("Maya Reyes", team=(dana,))
    in_care(maya, by=dana)
    return maya


@pytest.fixture
def skills(clinic: Clinic, dana, tess):
    return weekly_group(clinic, leader=dana, by=tess)


def read(client, address, **query) -> str:
    response = client.get(address, query)
    assert response.status_code == 200
    return response.content.decode()


def week_of(patient) -> str:
    return f"/staff/people/{patient.pk}/week/"


def place(client, patient, series, starts_on="2026-11-23"):
    return client.post(
        f"{week_of(patient)}places/", {"series": series.pk, "starts_on": starts_on}, follow=True
    )


# ---------- the board ----------


def test_todays_groups_stand_before_the_week(clinic: Clinic, tess, skills, maya):
    actions.place_in_group(maya, skills, starts_on=MONDAY, by=tess, at=clock.now())
    page = read(clinic.client(tess), "/staff/groups/")
    assert page.index("Today, Monday, November 23") < page.index("Week of November 23")
    assert "1 person expected" in page
    assert "1/12" in page


def test_a_week_ahead_has_its_own_address(clinic: Clinic, tess, skills):
    page = read(clinic.client(tess), "/staff/groups/", week="2026-W53")
    assert "Week of December 28" in page
    assert "not laid down yet" in page
    assert "Today" not in page.split("<main")[1]


@pytest.mark.parametrize("week", ["2026-W99", "x", "0000-W01"])
def test_an_address_of_no_week_shows_this_one(clinic: Clinic, tess, skills, week):
    assert "Week of November 23" in read(clinic.client(tess), "/staff/groups/", week=week)


def test_a_closed_day_says_why(clinic: Clinic, tess, skills):
    Closure.objects.create(center=clinic.center, on=THANKSGIVING, reason="Thanksgiving")
    assert "Closed<br>Thanksgiving" in read(clinic.client(tess), "/staff/groups/")


def test_the_board_asks_the_database_no_more_for_more_groups(
    clinic: Clinic, dana, tess, skills, django_assert_max_num_queries
):
    for hour in (8, 12, 14, 16):
        weekly_group(clinic, leader=dana, by=tess, name=f"Group {hour}", starts=time(hour))
    client = clinic.client(tess)
    read(client, "/staff/groups/")
    with django_assert_max_num_queries(15):
        read(client, "/staff/groups/")


def test_a_patient_does_not_see_the_week_of_the_center(clinic: Clinic, maya, skills):
    assert clinic.client(clinic.patient_user(maya)).get("/staff/groups/").status_code == 404


def test_a_biller_does_not_see_the_groups(clinic: Clinic, skills):
    client = clinic.client(clinic.user(Role.BILLER, "Sam Ito"))
    assert client.get("/staff/groups/").status_code == 403
    assert client.get(f"/staff/groups/series/{skills.pk}/").status_code == 404


def test_a_group_shows_its_places_and_the_sessions_ahead(clinic: Clinic, tess, maya, skills):
    actions.place_in_group(maya, skills, starts_on=MONDAY, by=tess, at=clock.now())
    page = read(clinic.client(tess), f"/staff/groups/series/{skills.pk}/")
    assert "1 of 12 seats taken" in page
    assert "Maya R." in page and "Reyes" not in page
    assert "Mon, Dec 14" in page


GROUP = {
    "name": "Process B",
    "kind": "process",
    "weekday": "1",
    "starts": "17:30",
    "minutes": "90",
    "modality": "in_person",
    "seats": "10",
    "language": "en",
    "is_clinical": "on",
    "starts_on": "2026-11-24",
}


def test_the_front_desk_begins_a_group(clinic: Clinic, dana, tess):
    given = GROUP | {"room": clinic.room.pk, "leader": Practitioner.objects.get(user=dana).pk}
    response = clinic.client(tess).post("/staff/groups/series/new/", given, follow=True)
    begun = GroupSeries.objects.get(name="Process B")
    assert response.redirect_chain == [(f"/staff/groups/series/{begun.pk}/", 302)]
    assert begun.sessions.count() == 4
    assert begun.sessions.earliest("starts_at").starts_at == datetime(2026, 11, 24, 17, 30, tzinfo=DAYTON)


def test_a_leader_who_is_taken_is_named_beside_the_field_and_what_was_typed_stays(
    clinic: Clinic, dana, tess, skills
):
    given = GROUP | {
        "room": "",
        "modality": "video",
        "weekday": "0",
        "starts": "10:00",
        "leader": Practitioner.objects.get(user=dana).pk,
    }
    response = clinic.client(tess).post("/staff/groups/series/new/", given)
    page = response.content.decode()
    assert response.status_code == 422
    assert "Dana Whitfield leads Skills A on Mon, Nov 30, 10:00 AM to 11:30 AM." in page
    assert 'value="Process B"' in page
    assert not GroupSeries.objects.filter(name="Process B").exists()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": ""}, "Give the group a name."),
        ({"minutes": "5"}, "Write 15 to 480 minutes."),
        ({"seats": "0"}, "A group needs one seat at least."),
        ({"starts": "half five"}, "Write the time, such as 5:30 PM."),
        ({"leader": ""}, "Choose who leads it."),
        ({"starts_on": "2026-11-01"}, "Choose today or a later day."),
    ],
)
def test_a_group_is_refused_in_words(clinic: Clinic, dana, tess, change, sentence):
    given = GROUP | {"room": clinic.room.pk, "leader": Practitioner.objects.get(user=dana).pk} | change
    response = clinic.client(tess).post("/staff/groups/series/new/", given)
    assert response.status_code == 422
    assert escape(sentence) in response.content.decode()
    assert not GroupSeries.objects.exists()


def test_a_facilitator_begins_no_group(clinic: Clinic):
    client = clinic.client(clinic.user(Role.FACILITATOR, "Kemi Bello"))
    assert client.get("/staff/groups/series/new/").status_code == 403


def test_a_session_is_called_off_with_a_reason(clinic: Clinic, tess, maya, skills):
    actions.place_in_group(maya, skills, starts_on=MONDAY, by=tess, at=clock.now())
    session = skills.sessions.earliest("starts_at")
    client = clinic.client(tess)
    address = f"/staff/groups/{session.pk}/cancellation/"
    assert "1 person is expected" in read(client, address)
    assert client.post(address, {"because": ""}).status_code == 422
    page = client.post(address, {"because": "Dana is ill"}, follow=True).content.decode()
    assert "Dana is ill" in page
    assert GroupSession.objects.get(pk=session.pk).status == "cancelled"


# ---------- one person's week ----------


def test_the_week_says_how_many_hours_are_planned_of_those_the_plan_asks(
    clinic: Clinic, dana, tess, maya, skills
):
    clinic.patient_user(maya)
    signed_by_both(maya, by=dana)
    actions.place_in_group(maya, skills, starts_on=MONDAY, by=tess, at=clock.now())
    page = read(clinic.client(dana), week_of(maya))
    assert "1.5 of 9 hours planned" in page
    assert "7.5 hours short of the plan." in page
    assert "Planned: Monday 1.5 hours." in page


def test_the_front_desk_sees_the_week_and_not_what_the_plan_asks(clinic: Clinic, dana, tess, maya, skills):
    clinic.patient_user(maya)
    signed_by_both(maya, by=dana)
    page = read(clinic.client(tess), week_of(maya))
    assert "Place in a group" in page
    assert "hours planned" not in page and "short of the plan" not in page


def test_a_person_is_placed_in_a_group_that_fits(clinic: Clinic, tess, maya, skills):
    page = place(clinic.client(tess), maya, skills).content.decode()
    assert "Maya has a place in Skills A." in page
    assert "Take out" in page
    assert Enrollment.objects.filter(patient=maya, series=skills).exists()


def test_pressing_place_twice_is_harmless(clinic: Clinic, tess, maya, skills):
    client = clinic.client(tess)
    place(client, maya, skills)
    assert place(client, maya, skills).status_code == 200
    assert Appointment.objects.booked().filter(patient=maya).count() == 4


def test_groups_that_do_not_fit_are_named_with_the_reason(clinic: Clinic, dana, tess, maya, skills):
    renee = clinic.user(Role.COUNSELOR, "Renee Castillo")
    devon = clinic.patient("Devon Tate")
    in_care(devon, by=dana)
    video = {"leader": renee, "by": tess, "room": None, "modality": "video"}
    weekly_group(clinic, **video, name="Habilidades", weekday=1, language="es")
    full = weekly_group(clinic, **video, name="Process A", weekday=2, seats=1)
    actions.place_in_group(devon, full, starts_on=MONDAY, by=tess, at=clock.now())
    weekly_group(clinic, **video, name="Process B", starts=time(11))
    actions.place_in_group(maya, skills, starts_on=MONDAY, by=tess, at=clock.now())
    page = read(clinic.client(tess), week_of(maya))
    assert "3 groups do not fit, and why" in page
    assert "It speaks another language." in page
    assert "No seat is left." in page
    assert "Maya is in Skills A on Mon, Nov 23, 10:00 AM to 11:30 AM." in page
    assert "Devon" not in page


def test_a_group_that_filled_up_meanwhile_is_refused_in_words(clinic: Clinic, dana, tess, maya):
    small = weekly_group(clinic, leader=dana, by=tess, seats=1)
    devon = clinic.patient("Devon Tate")
    in_care(devon, by=dana)
    actions.place_in_group(devon, small, starts_on=MONDAY, by=tess, at=clock.now())
    response = place(clinic.client(tess), maya, small)
    assert response.status_code == 422
    assert "Skills A is full: all 1 seats are taken." in response.content.decode()


@pytest.mark.parametrize(
    "given", [{"series": "x"}, {"series": ""}, {"starts_on": "soon"}, {"starts_on": "2026-11-01"}]
)
def test_nonsense_places_nobody(clinic: Clinic, tess, maya, skills, given):
    response = clinic.client(tess).post(
        f"{week_of(maya)}places/", {"series": skills.pk, "starts_on": "2026-11-23"} | given
    )
    assert response.status_code == 422
    assert not Enrollment.objects.exists()


def test_a_nurse_sees_the_week_and_places_nobody(clinic: Clinic, maya, skills):
    client = clinic.client(clinic.user(Role.NURSE, "Joel Price"))
    assert "Place in a group" not in read(client, week_of(maya))
    assert place(client, maya, skills).status_code == 404


def test_somebody_is_taken_out_with_a_reason(clinic: Clinic, tess, maya, skills):
    enrollment = actions.place_in_group(maya, skills, starts_on=MONDAY, by=tess, at=clock.now())
    client = clinic.client(tess)
    address = f"/staff/places/{enrollment.pk}/ending/"
    assert "Take Maya out of Skills A" in read(client, address)
    assert client.post(address, {"ends_on": "2026-11-30", "because": " "}).status_code == 422
    page = client.post(
        address, {"ends_on": "2026-11-30", "because": "Works Mondays"}, follow=True
    ).content.decode()
    assert "Maya is out of Skills A." in page
    assert "until Nov 30" in page


def test_a_stranger_to_the_center_finds_no_week(clinic: Clinic, maya):
    assert clinic.client(clinic.user(Role.BILLER, "Sam Ito")).get(week_of(maya)).status_code == 404


# ---------- a time with somebody ----------


def times_of(page: str) -> list[str]:
    return [part.split('"')[0] for part in page.split('name="time" value="')[1:]]


def test_an_individual_session_is_booked_in_an_open_time(clinic: Clinic, dana, tess, maya):
    client = clinic.client(tess)
    who = Practitioner.objects.get(user=dana)
    address = f"{week_of(maya)}session/?practitioner={who.pk}&kind=individual&minutes=50&from_day=2026-11-24"
    page = read(client, address)
    assert "Tuesday, November 24" in page
    response = client.post(address, {"time": times_of(page)[0], "modality": "in_person"}, follow=True)
    assert "Booked with Dana Whitfield." in response.content.decode()
    booked = Appointment.objects.get()
    assert (booked.starts_at, booked.minutes) == (datetime(2026, 11, 24, 9, tzinfo=DAYTON), 50)
    assert (booked.room, booked.practitioner) == (clinic.room, who)


def test_a_persons_own_counselor_is_offered_first(clinic: Clinic, dana, tess, maya):
    clinic.user(Role.COUNSELOR, "Alma Ruiz")
    page = read(clinic.client(tess), f"{week_of(maya)}session/")
    whose = {value.split(" ")[0] for value in times_of(page)}
    assert whose == {str(Practitioner.objects.get(user=dana).pk)}


def test_a_medical_visit_is_with_those_who_give_it(clinic: Clinic, dana, tess, maya):
    joel = clinic.practitioner(Role.NURSE, "Joel Price")
    page = read(clinic.client(tess), f"{week_of(maya)}session/", kind="medical")
    assert {value.split(" ")[0] for value in times_of(page)} == {str(joel.pk)}


def test_neither_the_clinicians_nor_the_persons_own_time_is_offered(clinic: Clinic, dana, tess, maya, skills):
    actions.place_in_group(maya, skills, starts_on=MONDAY, by=tess, at=clock.now())
    renee = clinic.practitioner(Role.COUNSELOR, "Renee Castillo")
    page = read(clinic.client(tess), f"{week_of(maya)}session/", practitioner=renee.pk, minutes="60")
    monday = [value for value in times_of(page) if "2026-11-23" in value]
    assert [value[-6:] for value in monday][:3] == ["14:00Z", "16:30Z", "17:00Z"]


def test_a_closed_day_is_shown_as_closed(clinic: Clinic, dana, tess, maya):
    Closure.objects.create(center=clinic.center, on=THANKSGIVING, reason="Thanksgiving")
    page = read(clinic.client(tess), f"{week_of(maya)}session/", from_day="2026-11-26")
    assert "Closed: Thanksgiving" in page
    assert not any("2026-11-26" in value for value in times_of(page))


def test_the_second_of_two_is_told_and_shown_the_next_times(clinic: Clinic, dana, tess, maya):
    client = clinic.client(tess)
    who = Practitioner.objects.get(user=dana)
    address = f"{week_of(maya)}session/?practitioner={who.pk}&minutes=60&from_day=2026-11-24"
    seen = times_of(read(client, address))
    devon = clinic.patient("Devon Tate")
    actions.book(
        devon,
        kind=Appointment.Kind.INDIVIDUAL,
        practitioner=who,
        starts_at=datetime(2026, 11, 24, 9, tzinfo=DAYTON),
        minutes=60,
        by=tess,
        at=clock.now(),
    )
    response = client.post(address, {"time": seen[0], "modality": "video"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "Dana Whitfield has an appointment on Tue, Nov 24, 9:00 AM to 10:00 AM." in page
    assert seen[0] not in times_of(page) and times_of(page)
    assert "Devon" not in page
    assert not Appointment.objects.filter(patient=maya).exists()


def test_a_double_click_books_once_though_only_one_room_is_there(clinic: Clinic, dana, tess, maya):
    client = clinic.client(tess)
    address = f"{week_of(maya)}session/?from_day=2026-11-24"
    given = {"time": times_of(read(client, address))[0], "modality": "in_person"}
    assert client.post(address, given).status_code == 302
    assert client.post(address, given).status_code == 302
    assert Appointment.objects.count() == 1


@pytest.mark.parametrize(
    "when", ["", "soon", "x 2026-11-24T14:00Z", "2026-11-24T08:00Z", "2026-11-28T15:00Z", "9999-12-31T23:59Z"]
)
def test_a_time_that_was_never_offered_is_refused(clinic: Clinic, dana, tess, maya, when):
    who = Practitioner.objects.get(user=dana)
    response = clinic.client(tess).post(
        f"{week_of(maya)}session/", {"time": f"{who.pk} {when}" if when else "", "modality": "video"}
    )
    assert response.status_code == 422
    assert not Appointment.objects.exists()


def test_an_appointment_is_cancelled_with_a_reason(clinic: Clinic, dana, tess, maya):
    appointment = actions.book(
        maya,
        kind=Appointment.Kind.INDIVIDUAL,
        practitioner=Practitioner.objects.get(user=dana),
        starts_at=datetime(2026, 11, 24, 9, tzinfo=DAYTON),
        minutes=60,
        by=tess,
        at=clock.now(),
    )
    client = clinic.client(tess)
    address = f"/staff/appointments/{appointment.pk}/cancellation/"
    assert "Cancel the time with Dana Whitfield on Tuesday, November 24, 9:00 AM" in read(client, address)
    page = client.post(address, {"because": "Car broke down"}, follow=True).content.decode()
    assert "Cancelled. The time is free again." in page
    assert client.post(address, {"because": "Car broke down"}, follow=True).status_code == 200


def test_a_peer_cancels_nothing(clinic: Clinic, dana, tess, maya, skills):
    actions.place_in_group(maya, skills, starts_on=MONDAY, by=tess, at=clock.now())
    peer = clinic.user(Role.PEER, "Luis Ortega")
    clinic.join(maya, peer)
    appointment = Appointment.objects.earliest("starts_at")
    address = f"/staff/appointments/{appointment.pk}/cancellation/"
    assert clinic.client(peer).post(address, {"because": "x"}).status_code == 404
