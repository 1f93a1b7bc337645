"""What `/` finds: people, groups and actions, as their reader may see them, and nothing else."""

from datetime import date
from html import unescape

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from stepwell.doors.testing import at, meets
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit.did import Did
from stepwell.trust.audit.models import AuditEvent
from stepwell.trust.organizations.models import Center
from stepwell.trust.people.testing import Clinic, open_clinic

pytestmark = pytest.mark.django_db


def test_a_file_has_who_was_found_and_nobody_else(clinic: Clinic):
    clinic.patient("Maya O'Brien-Núñez")
    clinic.patient("Tom Baker")
    with open_clinic("Elsewhere") as other:
        other.patient("Maya Elsewhere")
    client = clinic.client(clinic.user(Role.FRONT_DESK))
    page = client.get(reverse("staff:find"), {"q": "maya"}).content.decode()
    assert "Download as CSV" in page and "?q=maya&amp;as=csv" in page
    file = client.get(reverse("staff:find"), {"q": "maya", "as": "csv"}).content.decode()
    assert "Maya O'Brien-Núñez" in file
    assert "Tom" not in file and "Elsewhere" not in file


def found(client, typed: str) -> str:
    """What stands under the search box."""
    page = client.get(reverse("staff:find"), {"q": typed}, headers={"HX-Request": "true"})
    assert page.status_code == 200
    words = unescape(strip_tags(page.content.decode()))
    return " ".join(words.split())


@pytest.mark.parametrize(
    "typed",
    ["Nunez", "Obrien", "o'brien-núñez sea", "Seemus", "Jay", "1990 Obrien 3/8/1990", "3/8/1990", "1990-03-08",
     "Mar 8 1990", "8 March 1990", "8.3.90 x" , "(937) 555-0123", "555 0123", "0123"],
)  # fmt: skip
def test_somebody_is_found_in_every_usual_way_of_writing(clinic: Clinic, typed: str):
    seamus = clinic.patient(
        "Séamus O'Brien-Núñez", chosen_name="Jay", born_on=date(1990, 3, 8), phone="+19375550123"
    )
    clinic.patient("Tom Baker", born_on=date(1971, 1, 2), phone="+19375559999")
    client = clinic.client(clinic.user(Role.FRONT_DESK))
    page = found(client, typed)
    if typed in ("1990 Obrien 3/8/1990", "8.3.90 x"):
        assert seamus.name not in page  # Every part must fit.
    else:
        assert seamus.name in page and "Baker" not in page


def test_names_in_either_order_a_slip_of_the_pen_and_my_own_people_first(clinic: Clinic):
    dana = clinic.user(Role.COUNSELOR, "Dana Whitfield")
    clinic.patient("Maya Aaronson")
    clinic.patient("Maya Reyes", team=(dana,))
    client = clinic.client(dana)
    assert "Maya Reyes" in found(client, "reyes maya")
    page = found(client, "maya")
    assert page.index("Maya Reyes") < page.index("Maya Aaronson") and "Yours" in page
    page = found(client, "Mya")
    assert page.index("Maya Reyes") < page.index("Maya Aaronson") and "spelled nearly so" in page


def test_a_former_name_leads_to_the_record_that_stays(clinic: Clinic):
    stays, went = clinic.patient("Ana Cruz"), clinic.patient("Ana Wojciechowska")
    went.merged_into = stays
    went.save()
    page = found(clinic.client(clinic.user(Role.FRONT_DESK)), "wojcie")
    assert "Ana Cruz" in page and "by a former name" in page and "Wojciechowska" not in page


def test_nobody_out_of_sight_is_found_or_counted_or_looked_for(clinic: Clinic):
    hidden = clinic.patient("Maya Reyes", phone="+19375550123", born_on=date(1990, 3, 8))
    hidden.center = Center.objects.create(name="Birch Road", slug="birch-road")
    hidden.save()
    with open_clinic("Elsewhere") as other:
        other.patient("Maya Reyes")
    client = clinic.client(clinic.user(Role.FRONT_DESK))
    nobody = found(client, "qqqq").replace("qqqq", "")
    for typed in ("maya reyes", "mya", "0123", "3/8/1990", hidden.record_number, "note maya"):
        assert found(client, typed).replace(typed, "") == nobody


def test_a_list_of_names_leaves_a_trace_of_those_shown_and_an_empty_one_none(clinic: Clinic):
    maya = clinic.patient("Maya Reyes")
    tess = clinic.user(Role.FRONT_DESK, "Tess Nguyen")
    found(clinic.client(tess), "zzzz")
    assert not AuditEvent.objects.filter(did=Did.LISTED).exists()
    found(clinic.client(tess), "maya")
    assert [event.patients for event in AuditEvent.objects.filter(did=Did.LISTED)] == [[maya.pk]]


def test_groups_and_actions_are_those_that_the_reader_may_open(clinic: Clinic, dana, maya, skills):
    meets(skills, at(0, 16))
    client = clinic.client(dana)
    page = found(client, skills.name[:6])
    assert "Groups" in page and skills.name in page and "Today, 4:00 PM" in page
    assert "Go to Caseload" in found(client, "caseload")
    assert f"Notes of {maya.name}" in found(client, f"note for {maya.first_name}")
    biller = clinic.client(clinic.user(Role.BILLER))
    assert "Caseload" not in found(biller, "caseload")
    assert skills.name not in found(biller, skills.name[:6])
    assert f"Notes of {maya.name}" not in found(biller, f"note {maya.first_name}")


@pytest.mark.parametrize(
    "typed",
    ["", " ", "m", "%", "_", "\\", "';--", "\x00", "<script>alert(1)</script>", "x" * 500, "1/2/3", "99/99/9999",
     "²²²²", "٣٤٥٦", "note", "a b c d e f g h", "+1", "0" * 500],
)  # fmt: skip
def test_hostile_and_huge_text_finds_nobody_and_harms_nothing(clinic: Clinic, typed: str):
    clinic.patient("Quentin Baker", phone="+19375559871")
    client = clinic.client(clinic.user(Role.COUNSELOR))
    for headers in ({}, {"HX-Request": "true"}):
        page = client.get(reverse("staff:find"), {"q": typed}, headers=headers)
        assert page.status_code == 200 and "Quentin" not in page.content.decode()
        assert "<script>alert" not in page.content.decode()


def test_the_questions_of_a_search_do_not_grow_with_who_is_here(
    clinic: Clinic, django_assert_max_num_queries
):
    dana = clinic.user(Role.COUNSELOR, "Dana Whitfield")
    client = clinic.client(dana)
    found(client, "maya")
    for n in range(12):
        clinic.patient(f"Maya Reyes{n}", team=(dana,) if n % 2 else ())
    with django_assert_max_num_queries(32) as asked:
        found(client, "maya reyes")
    few = len(asked)
    for n in range(20):
        clinic.patient(f"Maya Reyes{n}b", team=(dana,) if n % 2 else ())
    with django_assert_max_num_queries(few):
        found(client, "maya reyes")
