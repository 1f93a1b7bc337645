"""The caseload: sorted and narrowed by its address."""

import re

import pytest

from stepwell.care.care_plans.testing import in_care
from stepwell.care.episodes.levels import LevelOfCare
from stepwell.doors.testing import at, away, booked, came, meets, read
from stepwell.trust.accounts.roles import Role
from stepwell.trust.people.models import Practitioner

pytestmark = pytest.mark.django_db


def names(client, address="/staff/caseload/"):
    page = client.get(address).content.decode()
    return re.findall(r'<th scope="row"><a class="plain" href="[^"]+">([^<]+)</a>', page)


@pytest.fixture
def two(clinic, dana, maya, devon):
    return clinic.client(dana)


def test_by_name_and_by_craving(two, devon, maya, checks_in):
    checks_in(maya, 0, 4)
    checks_in(devon, 0, 1)
    assert names(two, "/staff/caseload/?sort=name") == ["Devon T.", "Maya R."]
    assert names(two, "/staff/caseload/?sort=craving") == ["Maya R.", "Devon T."]
    assert names(two) == ["Maya R.", "Devon T."]


def test_by_missed_sessions(two, devon, skills):
    away(booked(devon, meets(skills, at(7, 9))))
    assert names(two, "/staff/caseload/?sort=missed")[0] == "Devon T."


@pytest.mark.parametrize("column", ["level", "hours", "use", "risk", "dose", "contact", "counselor", "x"])
def test_every_order_shows_everyone(two, column):
    assert sorted(names(two, f"/staff/caseload/?sort={column}")) == ["Devon T.", "Maya R."]


def test_a_person_is_found_by_part_of_a_name_or_by_record_number(two, devon):
    assert names(two, "/staff/caseload/?q=thack") == ["Devon T."]
    assert names(two, f"/staff/caseload/?q={devon.record_number}") == ["Devon T."]
    page = read(two, "/staff/caseload/?q=nobody")
    assert "Nobody fits" in page
    assert "“nobody”" in page


def test_a_supervisor_finds_anyone_from_any_page(clinic, bell, maya, rosa):
    client = clinic.client(bell)
    assert names(client) == []
    assert names(client, "/staff/caseload/?q=rosa") == ["Rosa M."]
    assert names(client, "/staff/caseload/?q=rosa&show=mine") == []


def test_one_level_at_a_time(clinic, dana, two):
    james = clinic.patient("James Okafor", team=(dana,))
    in_care(james, by=dana, level=LevelOfCare.OUTPATIENT)
    assert names(two, "/staff/caseload/?level=1.5") == ["James O."]
    assert len(names(two, "/staff/caseload/?level=9.9")) == 3


def test_a_long_list_has_pages(two, maya, devon, monkeypatch):
    monkeypatch.setattr("stepwell.doors.staff.caseload.PAGE", 1)
    assert names(two, "/staff/caseload/?sort=name") == ["Devon T."]
    assert names(two, "/staff/caseload/?sort=name&page=2") == ["Maya R."]
    for beyond in ("0", "-1", "99", "x", "99999999999999999999"):
        assert len(names(two, f"/staff/caseload/?page={beyond}")) == 1
    assert "sort=name&amp;page=2" in two.get("/staff/caseload/?sort=name").content.decode()


def test_those_short_of_their_hours(clinic, two, planned):
    assert names(two, "/staff/caseload/?short=1") == ["Maya R."]


def test_what_is_typed_into_the_address_is_shown_as_words(two):
    page = two.get("/staff/caseload/?q=<script>alert(1)</script>").content.decode()
    assert "<script>alert" not in page


@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.BILLER, Role.ADMINISTRATOR])
def test_roles_that_open_no_chart_have_no_caseload(clinic, role):
    assert clinic.client(clinic.user(role)).get("/staff/caseload/").status_code == 403


def test_the_number_of_queries_does_not_grow(
    clinic, dana, maya, skills, checks_in, django_assert_max_num_queries
):
    client = clinic.client(dana)
    client.get("/staff/caseload/")
    with django_assert_max_num_queries(66) as first:
        client.get("/staff/caseload/")
    for n in range(6):
        patient = clinic.patient(f"Person{n} Tillman", team=(dana,))
        in_care(patient, by=dana)
        checks_in(patient, 1, 2)
        came(booked(patient, meets(skills, at(7, 9))))
    with django_assert_max_num_queries(len(first)):
        client.get("/staff/caseload/")


def sorted_by(client, address):
    page = client.get(address).content.decode()
    return re.findall(
        r'<th scope="col"[^>]* aria-sort="(\w+)"><a class="plain" href="([^"]+)">([^<]+?) <', page
    )


def test_a_second_press_on_a_heading_turns_the_order_round(two, maya, devon, checks_in):
    checks_in(maya, 0, 4)
    checks_in(devon, 0, 1)
    [(way, link, heading)] = sorted_by(two, "/staff/caseload/?sort=craving")
    assert (way, heading) == ("descending", "Craving, 14 days")
    assert names(two, link) == ["Devon T.", "Maya R."]
    assert sorted_by(two, link)[0][0] == "ascending"
    assert sorted_by(two, "/staff/caseload/?sort=name")[0][0] == "ascending"
    assert sorted_by(two, "/staff/caseload/") == []


@pytest.mark.parametrize("column", ["craving", "-craving", "risk", "-risk", "dose", "-dose"])
def test_who_has_no_value_stands_last_whichever_way(clinic, dana, two, maya, checks_in, column):
    checks_in(maya, 0, 2)
    found = names(two, f"/staff/caseload/?sort={column}")
    assert len(found) == 2
    if "craving" in column:
        assert found == ["Maya R.", "Devon T."]


def test_a_supervisor_looks_over_a_counselors_caseload_at_an_address(
    clinic, bell, dana, renee, maya, devon, rosa
):
    client = clinic.client(bell)
    danas = Practitioner.objects.get(user=dana)
    address = f"/staff/caseload/?counselor={danas.pk}"
    assert sorted(names(client, address)) == ["Devon T.", "Maya R."]
    page = read(client, address)
    assert "Caseload of Dana Whitfield" in page
    assert "2 of 3 people" in page
    assert names(client, f"{address}&sort=name&q=devon") == ["Devon T."]
    assert names(client, "/staff/caseload/?show=whole&counselor=nobody") == ["Devon T.", "Maya R.", "Rosa M."]


def test_a_counselor_cannot_look_at_a_colleagues_people(clinic, dana, renee, maya, rosa):
    renees = Practitioner.objects.get(user=renee)
    page = read(clinic.client(dana), f"/staff/caseload/?counselor={renees.pk}")
    assert "Rosa M." not in page
    assert "Renee" not in page


def test_by_language_and_center(clinic, dana, two, maya):
    maya.language = "es"
    maya.save()
    assert names(two, "/staff/caseload/?language=es") == ["Maya R."]
    assert names(two, f"/staff/caseload/?center={clinic.center.pk}&sort=name") == ["Devon T.", "Maya R."]
    assert names(two, f"/staff/caseload/?center={maya.pk}") == []


def test_whom_nobody_has_seen_for_days(clinic, two, maya, devon, skills):
    came(booked(maya, meets(skills, at(2, 9))))
    came(booked(devon, meets(skills, at(7, 9))))
    assert names(two, "/staff/caseload/?quiet=7") == ["Devon T."]
    assert names(two, "/staff/caseload/?quiet=14") == []
    assert len(names(two, "/staff/caseload/?quiet=8")) == 2


def test_those_who_need_something_now(two, maya, checks_in):
    checks_in(maya, 0, 4)
    assert names(two, "/staff/caseload/?needs=1") == ["Maya R."]


def test_the_file_holds_the_view_of_the_address(two, maya, devon, checks_in):
    checks_in(devon, 0, 4)
    rows = two.get("/staff/caseload/?needs=1&sort=-name&as=csv").content.decode().splitlines()
    assert "Devon T." in rows[1]
    assert len(rows) == 2
