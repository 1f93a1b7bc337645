"""Finding a center by what people type."""

from datetime import date

import pytest
from django.test import Client

from stepwell.doors.public import directory
from stepwell.trust.organizations.models import Organization, PublishedCenter

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
        phone="+19375550142",
        hours_text="Monday to Friday, 8 AM to 9 PM",
        hours_text_es="De lunes a viernes, de 8 a. m. a 9 p. m.",
        languages=["en", "es"],
        services=["iop", "virtual"],
        confirmed_on=date(2026, 11, 20),
    )
    PublishedCenter.objects.create(
        organization=birch,
        name="Birch House",
        slug="birch-house",
        city="St. Paul",
        state="MN",
        postal_code="55101-1234",
        phone="651 555 0100",
        languages=["en", "hmn"],
        services=["acupuncture"],
        confirmed_on=date(2026, 10, 2),
    )


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", ["Alder Creek", "Birch House"]),
        ("45410", ["Alder Creek"]),
        ("454", ["Alder Creek"]),
        ("45431", ["Alder Creek"]),  # The same sorting area.
        ("45410-0001", ["Alder Creek"]),
        ("dayton", ["Alder Creek"]),
        ("  Dayton ,  oh ", ["Alder Creek"]),
        ("Dayton OH", ["Alder Creek"]),
        ("Dayton, MN", []),
        ("St. Paul", ["Birch House"]),
        ("99999", []),
        ("%", []),
        ("'; drop table", []),
    ],
)
def test_a_center_is_found_as_people_type_it(typed: str, found: list[str]):
    assert [center.name for center in directory.centers_near(typed)] == found


def test_a_center_is_shown_with_what_a_caller_needs(client: Client):
    page = client.get("/centers/", {"near": "Dayton"}).content.decode()
    assert "1 center near “Dayton”" in page
    assert "1200 Wayne Avenue, Dayton, OH 45410" in page
    assert 'href="tel:+19375550142"' in page
    assert "(937) 555-0142" in page
    assert "Monday to Friday, 8 AM to 9 PM" in page
    assert "Intensive outpatient (IOP)" in page
    assert "English, Español" in page
    assert "November 20, 2026" in page
    assert "Call the front desk to book a first visit" in page


def test_a_spanish_reader_gets_spanish_hours_and_dates(client: Client):
    page = client.get("/es/centers/").content.decode()
    assert "De lunes a viernes" in page
    assert "20 de noviembre de 2026" in page.lower()
    assert "2 centros" in page


def test_a_service_or_language_we_have_no_name_for_is_shown_as_written(client: Client):
    page = client.get("/centers/").content.decode()
    assert "acupuncture" in page
    assert "hmn" in page


def test_a_place_without_a_center_gets_a_way_on_and_keeps_what_was_typed(client: Client):
    page = client.get("/centers/", {"near": '<b>"Nome"'}).content.decode()
    assert "No center near “&lt;b&gt;&quot;Nome&quot;” is in our list" in page
    assert 'value="&lt;b&gt;&quot;Nome&quot;"' in page
    assert "1-800-662-4357" in page
    assert "Show all centers" in page


@pytest.mark.parametrize("odd", ["\x00", "x" * 5000, "😀", "١٢٣٤٥", "45410\n45410"])
def test_odd_input_is_answered_with_a_page(client: Client, odd: str):
    assert client.get("/centers/", {"near": odd}).status_code == 200


def test_the_list_asks_the_database_once(client: Client, django_assert_num_queries: object):
    with django_assert_num_queries(1):  # type: ignore[operator]
        client.get("/centers/")
