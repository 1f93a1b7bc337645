"""Medication and drug tests, through the addresses a person would use."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from stepwell.care.medication.models import DrugTest
from stepwell.care.medication.testing import give, prescribe
from stepwell.care.medication.vocabulary import Medicine
from stepwell.ground.kit import clock
from stepwell.trust.accounts.roles import Role
from stepwell.trust.people.actions import mark_in_error

DAYTON = ZoneInfo("America/New_York")
OCT_27 = datetime(2026, 10, 27, 10, 40, tzinfo=DAYTON)
TYPED = {
    "specimen": "urine",
    "date": "2026-11-23",
    "time": "08:00",
    "why": "random",
    "note": "Says she took a friend's pill on Saturday.",
    "buprenorphine": "positive",
    "fentanyl": "positive",
    "cocaine": "negative",
    "do": "save",
}


@pytest.fixture
def page(clinic, joel):
    client = clinic.client(joel)

    def get(patient, name):
        return client.get(f"/staff/people/{patient.id}/{name}/")

    return get


@pytest.fixture
def post(clinic, joel):
    client = clinic.client(joel)

    def send(patient, **typed):
        return client.post(f"/staff/people/{patient.id}/tests/new/", {**TYPED, **typed})

    return send


def words(response):
    return " ".join(response.content.decode().split())


def test_the_next_shot_is_counted_from_the_last(maya, joel, page):
    shot = prescribe(
        maya, Medicine.BUPRENORPHINE_ER, by=joel, starts_on=OCT_27.date(), dose="300 mg", every_days=28
    )
    give(shot, by=joel, at=OCT_27)
    told = words(page(maya, "medication"))
    assert "Buprenorphine ER, monthly shot" in told
    assert "Due tomorrow" in told
    assert "Last given Oct 27, 300 mg. Next due Tuesday, Nov 24." in told
    assert "Not before Nov 22." in told


def test_a_long_gap_calls_for_a_prescriber(maya, joel, page):
    shot = prescribe(
        maya, Medicine.NALTREXONE_ER, by=joel, starts_on=OCT_27.date(), dose="380 mg", every_days=28
    )
    give(shot, by=joel, at=OCT_27 - timedelta(days=20))
    assert "A prescriber looks first" in words(page(maya, "medication"))


def test_a_supply_says_how_long_it_lasts(maya, joel, page):
    film = prescribe(
        maya, Medicine.BUPRENORPHINE_NALOXONE, by=joel, starts_on=OCT_27.date(), dose="16 mg a day"
    )
    give(film, by=joel, at=clock.now() - timedelta(days=2), days=7)
    told = words(page(maya, "medication"))
    assert "Lasts 4 more days" in told
    assert "7 days handed out Nov 21, 16 mg a day, through Friday, Nov 27." in told


def test_naloxone_is_on_hand_until_it_expires(maya, joel, page):
    spray = prescribe(maya, Medicine.NALOXONE_SPRAY, by=joel, starts_on=OCT_27.date(), dose="4 mg spray")
    give(spray, by=joel, at=OCT_27, days=730)
    told = words(page(maya, "medication"))
    assert "On hand" in told
    assert "Given Oct 27, 2026, 4 mg spray, good through Oct 2028. Replace it after use." in told


def test_a_medicine_that_ended_stands_apart(maya, joel, page):
    prescribe(
        maya,
        Medicine.ACAMPROSATE,
        by=joel,
        starts_on=OCT_27.date(),
        ends_on=OCT_27.date() + timedelta(days=5),
    )
    told = words(page(maya, "medication"))
    assert "No medicine is prescribed here now." in told
    assert "Oct 27, 2026 to Nov 1, 2026" in told


def test_a_test_is_recorded_and_told_in_plain_words(maya, joel, page, post):
    prescribe(maya, Medicine.BUPRENORPHINE_ER, by=joel, starts_on=OCT_27.date(), every_days=28)
    response = post(maya)
    assert (response.status_code, response.url) == (302, f"/staff/people/{maya.id}/tests/")
    told = words(page(maya, "tests"))
    assert "Not expected" in told
    assert "Positive for fentanyl, not prescribed. Positive for buprenorphine (prescribed)." in told
    assert "friend&#x27;s pill" in told
    assert "Mon, Nov 23, 2026, 8:00 AM" in told
    assert "clean" not in told.lower()
    assert "dirty" not in told.lower()


def test_only_what_was_marked_is_kept(maya, post):
    post(maya)
    assert {each.substance for each in DrugTest.objects.get().results.all()} == {
        "buprenorphine",
        "fentanyl",
        "cocaine",
    }


def test_a_second_click_is_harmless(maya, post):
    assert post(maya).status_code == post(maya).status_code == 302
    assert DrugTest.objects.count() == 1


def test_nothing_is_marked_when_the_page_opens(maya, page):
    form = page(maya, "tests/new").context["form"]
    assert {bound.value() for bound in form.substances} == {""}


def test_the_rest_is_marked_negative_and_nothing_is_saved_yet(maya, post):
    response = post(maya, do="rest-negative")
    form = response.context["form"]
    assert response.status_code == 200
    assert form["fentanyl"].value() == "positive"
    assert form["oxycodone"].value() == "negative"
    assert form["note"].value() == TYPED["note"]
    assert not DrugTest.objects.exists()


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"date": "2026-11-24"}, "This time is in the future"),
        ({"date": "2026-10-01"}, "This is before admission on 10/20/2026"),
        ({"date": "soon"}, "Write the date as month/day/year"),
        ({"buprenorphine": "", "fentanyl": "", "cocaine": ""}, "Mark at least one result"),
        ({"why": ""}, "Say why the test was taken"),
        ({"fentanyl": "maybe"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(maya, post, typed, told):
    response = post(maya, **typed)
    assert response.status_code == 422
    assert told in words(response)
    assert "friend&#x27;s pill" in words(response)
    assert not DrugTest.objects.exists()


def test_a_struck_test_is_told_apart(maya, joel, page, post):
    post(maya)
    mark_in_error(DrugTest.objects.get(), by=joel, at=clock.now(), because="Wrong person")
    told = words(page(maya, "tests"))
    assert "No test is on record." in told
    assert "Joel Price: Wrong person" in told


def test_a_peer_on_the_team_does_not_see_medication(clinic, maya):
    luis = clinic.user(Role.PEER, "Luis Ortega")
    clinic.join(maya, luis)
    for name in ("medication", "tests", "tests/new"):
        assert clinic.client(luis).get(f"/staff/people/{maya.id}/{name}/").status_code == 404


def test_a_director_sees_tests_and_records_none(clinic, maya):
    ellen = clinic.user(Role.DIRECTOR, "Ellen Park")
    client = clinic.client(ellen)
    assert "Record a test" not in words(client.get(f"/staff/people/{maya.id}/tests/"))
    assert client.get(f"/staff/people/{maya.id}/tests/new/").status_code == 403


def test_the_list_asks_the_same_number_of_questions_for_one_test_as_for_many(
    maya, page, post, django_assert_max_num_queries
):
    for hour in range(1, 8):
        post(maya, time=f"0{hour}:00")
    with django_assert_max_num_queries(23):
        page(maya, "tests")
