"""Finding a center: near a place as people type it, with what they need there, and the next open times."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client

from stepwell.doors.public import directory
from stepwell.doors.public.directory import Wanted
from stepwell.ground.kit import clock
from stepwell.trust.organizations.models import OpenTime, Organization, PublishedCenter

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def published() -> None:
    alder, birch = (Organization.objects.create(name=name, slug=name.lower()) for name in ("Alder", "Birch"))
    PublishedCenter.objects.create(
        organization=alder,
        name="Alder Creek",
        slug="alder-creek",
        street="1200 Wayne Avenue",
        city="Dayton",
        state="OH",
        postal_code="45410",
        latitude=39.7474,
        longitude=-84.16,
        phone="+19375550142",
        hours_text="Monday to Friday, 8 AM to 9 PM",
        hours_text_es="De lunes a viernes, de 8 a. m. a 9 p. m.",
        languages=["en", "es"],
        services=["iop", "virtual", "evening", "medication"],
        plans=["medicaid"],
        books_online=True,
        confirmed_on=date(2026, 11, 20),
    )
    PublishedCenter.objects.create(
        organization=birch,
        name="Birch House",
        slug="birch-house",
        city="St. Paul",
        state="MN",
        postal_code="55101-1234",
        latitude=44.95,
        longitude=-93.09,
        time_zone="America/Chicago",
        phone="651 555 0100",
        languages=["en", "hmn"],
        services=["acupuncture"],
        confirmed_on=date(2026, 10, 2),
    )


def names(**asked: str) -> list[str]:
    found = directory.search(Wanted.read(asked), page=1, at=clock.now())
    return [one.center.name for one in found.found]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", ["Alder Creek", "Birch House"]),
        ("45410", ["Alder Creek"]),
        ("454", ["Alder Creek"]),
        ("45202", ["Alder Creek"]),  # Cincinnati is less than an hour away.
        ("45410-0001", ["Alder Creek"]),
        ("dayton", []),  # Three of that name have a center near: asked back.
        ("beavercreek", ["Alder Creek"]),  # Of all of that name, one has a center near.
        ("  Dayton ,  oh ", ["Alder Creek"]),
        ("Dayton OH", ["Alder Creek"]),
        ("kettering, oh", ["Alder Creek"]),
        ("St. Paul MN", ["Birch House"]),
        ("saint paul, mn", ["Birch House"]),
        ("99999", []),
        ("%", []),
        ("'; drop table", []),
    ],
)
def test_a_center_is_found_as_people_type_the_place(typed: str, found: list[str]):
    assert names(near=typed) == found


def test_the_nearest_comes_first_with_its_miles():
    PublishedCenter.objects.filter(slug="birch-house").update(latitude=39.86, longitude=-84.3, state="OH")
    found = directory.search(Wanted.read({"near": "45402"}), page=1, at=clock.now()).found
    assert [one.center.name for one in found] == ["Alder Creek", "Birch House"]
    assert [one.distance for one in found] == ["1.6 miles", "9.2 miles"]


def test_where_nothing_is_near_the_nearest_are_shown_and_said_to_be_far(client: Client):
    page = client.get("/centers/", {"near": "Nome, AK"}).content.decode()
    assert "The nearest to Nome, AK are far away" in page
    assert "Birch House" in page


def test_a_center_by_video_is_found_from_anywhere_in_its_state():
    assert names(near="Toledo, OH") == ["Alder Creek"]
    assert names(near="Toledo, OH", virtual="1") == ["Alder Creek"]
    PublishedCenter.objects.filter(slug="alder-creek").update(services=["iop"])
    found = directory.search(Wanted.read({"near": "Toledo, OH"}), page=1, at=clock.now())
    assert found.is_far


def test_a_name_of_many_towns_is_asked_back(client: Client):
    page = client.get("/centers/", {"near": "Dayton"}).content.decode()
    assert "Which Dayton do you mean?" in page
    assert re.findall(r"\?near=Dayton%2C\+(..)", page) == ["KY", "MN", "OH"]


def test_where_none_of_them_has_a_center_near_all_are_offered(client: Client):
    PublishedCenter.objects.update(state="WY")
    page = client.get("/centers/", {"near": "Springfield"}).content.decode()
    assert "Which Springfield do you mean?" in page
    assert "?near=Springfield%2C+IL" in page


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"level": "iop"}, ["Alder Creek"]),
        ({"level": "inpatient"}, []),
        ({"pay": "medicaid"}, ["Alder Creek"]),
        ({"pay": "medicare"}, []),
        ({"language": "hmn"}, ["Birch House"]),
        ({"evening": "1", "medication": "1"}, ["Alder Creek"]),
        ({"evening": "1", "wheelchair": "1"}, []),
        # What is not on offer narrows nothing.
        ({"level": "'; --", "pay": "x", "language": "<script>", "page": "2"}, ["Alder Creek", "Birch House"]),
    ],
)
def test_a_reader_asks_for_what_they_need(asked: dict[str, str], found: list[str]):
    assert names(**asked) == found


def test_what_was_asked_stands_in_the_address_and_in_the_form(client: Client):
    page = client.get(
        "/centers/", {"near": "Dayton, OH", "level": "iop", "evening": "1", "pay": "medicaid"}
    ).content.decode()
    assert '<option value="iop" selected>' in page
    assert '<option value="medicaid" selected>' in page
    assert 'name="evening" value="1" checked' in page
    assert "<details open>" in page
    assert Wanted.read({"near": "Dayton, OH", "evening": "1"}).address == "near=Dayton%2C+OH&evening=1"


def test_a_center_is_shown_with_what_a_reader_needs(client: Client):
    page = client.get("/centers/", {"near": "Dayton, OH"}).content.decode()
    assert "1 center near Dayton, OH" in page
    assert "1200 Wayne Avenue, Dayton, OH 45410" in page
    assert 'href="tel:+19375550142"' in page
    assert "(937) 555-0142" in page
    assert "Monday to Friday, 8 AM to 9 PM" in page
    assert "Intensive outpatient (IOP)" in page
    assert "English, Español" in page
    assert "Medicaid" in page
    assert "November 20, 2026" in page


def test_a_spanish_reader_gets_spanish_hours_and_dates(client: Client):
    page = client.get("/es/centers/").content.decode()
    assert "De lunes a viernes" in page
    assert "20 de noviembre de 2026" in page.lower()
    assert "2 centros" in page


def test_a_service_or_language_we_have_no_name_for_is_shown_as_written(client: Client):
    page = client.get("/centers/").content.decode()
    assert "acupuncture" in page
    assert "hmn" in page


def test_a_place_that_nobody_knows_gets_a_way_on_and_keeps_what_was_typed(client: Client):
    page = client.get("/centers/", {"near": '<b>"Nowhere"'}).content.decode()
    assert "We do not know a place called “&lt;b&gt;&quot;Nowhere&quot;”" in page
    assert 'value="&lt;b&gt;&quot;Nowhere&quot;"' in page
    assert "1-800-662-4357" in page
    assert "Show all centers" in page


@pytest.mark.parametrize("odd", ["\x00", "x" * 5000, "😀", "١٢٣٤٥", "45410\n45410", ",", " , OH"])
def test_odd_input_is_answered_with_a_page(client: Client, odd: str):
    assert client.get("/centers/", {"near": odd, "page": odd, "level": odd}).status_code == 200


# ---------- open times ----------


@pytest.fixture
def times() -> None:
    """Alder Creek on Monday at nine: two counselors at 1 PM, then 3 PM, tomorrow at 10 and 11; one has passed."""
    alder = PublishedCenter.objects.get(slug="alder-creek")
    for hours, video in ((4, False), (4, False), (6, False), (25, True), (26, False), (-1, False)):
        starts_at = clock.now() + timedelta(hours=hours)
        OpenTime.objects.create(
            id=uuid4(),
            organization=alder.organization,
            center=alder,
            practitioner=uuid4(),
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=1),
            in_person=not video,
            by_video=video,
        )


def test_the_soonest_three_times_are_shown_by_day_each_once(times: None):
    found = directory.search(Wanted(near="Dayton, OH"), page=1, at=clock.now()).found
    said = [(day.name, [slot.clock for slot in day.times]) for day in found[0].days]
    assert said == [
        ("Today, Monday, November 23", ["1:00 PM", "3:00 PM"]),
        ("Tomorrow, Tuesday, November 24", ["10:00 AM"]),
    ]


def test_a_center_that_books_by_phone_shows_no_times(times: None):
    PublishedCenter.objects.update(books_online=False)
    assert directory.search(Wanted(near="Dayton, OH"), page=1, at=clock.now()).found[0].days == ()


def test_the_list_asks_the_database_as_often_for_many_as_for_one(
    times: None, client: Client, django_assert_num_queries: object
):
    with django_assert_num_queries(4):  # type: ignore[operator]
        client.get("/centers/")
    alder = Organization.objects.get(slug="alder")
    PublishedCenter.objects.bulk_create(
        PublishedCenter(
            organization=alder,
            name=f"Center {n:04}",
            slug=f"center-{n}",
            city="Dayton",
            state="OH",
            postal_code="45402",
            latitude=39.7,
            longitude=-84.1,
            phone="+19375550142",
            services=["iop"],
            books_online=True,
            confirmed_on=date(2026, 11, 20),
        )
        for n in range(45)
    )
    with django_assert_num_queries(4):  # type: ignore[operator]
        page = client.get("/centers/").content.decode()
    assert "47 centers" in page
    assert "Page 1 of 5" in page
    assert "Center 0044" in client.get("/centers/", {"page": "5"}).content.decode()
    assert "Page 5 of 5" in client.get("/centers/", {"page": "999"}).content.decode()


# ---------- one center ----------


def test_a_center_has_a_page_with_a_way_there_that_says_what_it_tells(client: Client):
    page = client.get("/centers/alder-creek/").content.decode()
    assert '<h1 class="page">Alder Creek</h1>' in page
    assert 'href="https://www.openstreetmap.org/search?query=1200+Wayne+Avenue%2C+Dayton%2C+OH+45410"' in page
    assert "It can see which address you look up" in page
    # The map is not told whose door it is.
    assert "query=Alder" not in page
    assert client.get("/es/centers/alder-creek/").status_code == 200


@pytest.mark.parametrize("slug", ["nowhere", "alder-creek-2"])
def test_a_center_that_is_not_published_is_not_found(client: Client, slug: str):
    assert client.get(f"/centers/{slug}/").status_code == 404
