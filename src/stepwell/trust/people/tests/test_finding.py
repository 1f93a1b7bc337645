"""People are found by what is like them, quickly, and only by those who may know that they are there."""

from datetime import date
from time import perf_counter

import pytest
from django.db import connection

from stepwell.trust.access import Permission
from stepwell.trust.accounts.roles import Role
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.organizations.models import Center
from stepwell.trust.people.finding import people_alike, people_called
from stepwell.trust.people.models import Patient
from stepwell.trust.people.rules.likeness import Described, plain
from stepwell.trust.people.testing import open_clinic

BORN = date(1992, 3, 8)


@pytest.fixture
def desk(clinic):
    return clinic.user(Role.FRONT_DESK, "Tess Nguyen")


@pytest.mark.parametrize(
    ("known", "asked"),
    [
        ({"name": "Séamus O'Brien-Núñez"}, Described("Seamus", "OBrien Nunez")),
        ({"name": "William Carter"}, Described("Bill", "Carter")),
        ({"name": "Robert Lee", "chosen_name": "Robin"}, Described("Robin", "Lee")),
        ({"name": "Reyes Maya"}, Described("Maya", "Reyes")),
        ({"name": "李"}, Described("李")),
        ({"name": "Ngoc"}, Described("ngoc")),
        ({"name": "Maya Reyes", "born_on": BORN}, Described("Maya", "Okafor", born_on=BORN)),
        ({"name": "Maya Reyes", "born_on": BORN}, Described("Maya", "Reyes", born_on=date(1992, 8, 3))),
        ({"name": "Maya Reyes", "phone": "+19375550101"}, Described("Ana", "Cruz", phone="+19375550101")),
        ({"name": "Maya Reyes", "email": "M@example.org"}, Described("Ana", "Cruz", email="m@example.ORG")),
        (
            {"name": "Wolfeschlegelsteinhausenbergerdorff " * 2 + "Sr"},
            Described("Wolfeschlegelsteinhausenbergerdorff", "Wolfeschlegelsteinhausenbergerdorff Sr"),
        ),
    ],
)
def test_who_may_be_the_same_is_found(clinic, desk, known, asked):
    patient = clinic.patient(**known)
    clinic.patient("Devon Tate")
    assert [match.patient for match in people_alike(asked, desk)] == [patient]


def test_somebody_at_another_center_is_not_found_by_who_may_not_see_them(clinic, desk):
    elsewhere = clinic.patient("Maya Reyes")
    Patient.objects.update(center=Center.objects.create(name="Birch Road", slug="birch-road"))
    assert people_alike(Described("Maya", "Reyes"), desk) == []
    assert people_called("maya", desk) == []
    assert elsewhere not in Patient.objects.visible_to(desk, Permission.SEE_DIRECTORY)


def test_nobody_of_another_organization_is_found_and_without_one_there_is_nobody(clinic, desk):
    with open_clinic("Birch") as other:
        other.patient("Maya Reyes")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM stepwell_people_alike(ARRAY['maya reyes'], '{}', '', '', 9)")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT set_config('stepwell.organization', '', true)")
        clinic_wide = "SELECT count(*) FROM stepwell_people_called('%%', '%%', '{}', NULL, '{}', 9)"
        cursor.execute(clinic_wide)
        assert cursor.fetchone() == (0,)
    with acting_in(other.organization.pk), connection.cursor() as cursor:
        cursor.execute(clinic_wide)
        assert cursor.fetchone() == (1,)


def test_every_typed_word_must_be_part_of_the_name(clinic, desk):
    seamus, maya = clinic.patient("Séamus O'Brien-Núñez"), clinic.patient("Maya Reyes", chosen_name="May")
    assert people_called("nunez sea", desk) == [seamus]
    assert people_called("o'brien", desk) == [seamus]
    assert people_called("MAY rey", desk) == [maya]
    assert people_called(maya.record_number.upper(), desk) == [maya]
    for nothing in ("", "  ", "%", "_", "'; drop table", "maya tate"):
        assert people_called(nothing, desk) == []


def test_the_database_writes_a_name_as_plainly_as_the_rules_do(clinic):
    for name in ("Séamus O'Brien-Núñez", "Łuczak", "李 明", "D’Angelo Jr.", "MARÍA  josé", "Åsa Øst"):
        with connection.cursor() as cursor:
            cursor.execute("SELECT stepwell_plain(%s)", [name])
            assert cursor.fetchone()[0] == " ".join(plain(name)), name


#: Twenty thousand people with names as alike as real ones are, written by the database itself.
CROWD = """
INSERT INTO people_patient (id, organization_id, center_id, record_number, first_name, last_name, born_on, middle_name,
    chosen_name, pronouns, language, needs_interpreter, interpreter_language, street, city, state, postal_code, phone,
    email, safe_to_text, safe_to_email, may_leave_message, preferred_channel, time_zone, version)
SELECT gen_random_uuid(), %s, %s, 'n' || n,
    (ARRAY['Maya','Devon','Rosa','William','Ana','Luis','Grace','Omar','Ngoc','Séamus'])[n %% 10 + 1]
        || chr(97 + n %% 23),
    (ARRAY['Reyes','Tate','Mendez','Carter','Cruz','Okafor','Nguyen','O''Brien','Miller','García'])[n / 10 %% 10 + 1]
        || chr(97 + n / 100 %% 26) || n / 2600,
    date '1950-01-01' + n, '', '', '', 'en', false, '', '', '', '', '', '', '', false, false, false, '', '', 0
FROM generate_series(1, 20000) AS n
"""


WITHOUT_THE_INDEX = """
SELECT max(similarity(stepwell_plain(first_name || ' ' || last_name || ' ' || chosen_name), %s)) FROM people_patient
"""


def test_among_twenty_thousand_people_the_answer_comes_at_once(clinic, desk):
    with connection.cursor() as cursor:
        cursor.execute(CROWD, [clinic.organization.pk, clinic.center.pk])
    wanted = clinic.patient("Katherine Wojciechowska", born_on=BORN, phone="+19375550101")
    asked = Described("Kate", "Wojciechowska", born_on=date(1992, 8, 3), phone="+19375550101")
    took, scans = [], []
    for _again in range(3):
        before = perf_counter()
        assert people_alike(asked, desk)[0].patient == wanted
        took.append(perf_counter() - before)
        before = perf_counter()
        with connection.cursor() as cursor:
            cursor.execute(WITHOUT_THE_INDEX, ["katherine wojciechowska"])
        scans.append(perf_counter() - before)
    assert people_called("wojcie", desk) == [wanted]
    searching = 0.0
    for typed in (
        "wojcie",
        "maya",
        "ma",
        "Wojcehowska",
        "Mya",
        "reyes maya",
        "937-555-0101",
        "3/8/1992",
        "zzzzzz",
    ):
        before = perf_counter()
        people_called(typed, desk)
        one = perf_counter() - before
        print(f"{typed}: {one * 1000:.0f} ms")
        searching = max(searching, one)
    print(
        f"\n20,001 people: alike {min(took) * 1000:.0f} ms, the slowest search {searching * 1000:.0f} ms,"
        f" one look through them all {min(scans) * 1000:.0f} ms"
    )
    # The promise is 100 ms. On a machine that others use as well, seconds say little: thirteen forms of a name are
    # looked for in less time than four looks through them all would take.
    assert min(took) < 4 * min(scans)
