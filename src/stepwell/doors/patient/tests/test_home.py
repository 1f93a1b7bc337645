"""A person's own pages, on their own phone. Monday, November 23, at nine."""

from datetime import timedelta

import pytest
from django.urls import reverse

from stepwell.care.care_plans import actions as plans
from stepwell.care.care_plans.testing import sent
from stepwell.care.measures import actions as measures
from stepwell.care.measures.models import CheckIn
from stepwell.care.medication.models import MedicationAdministration, MedicationRequest
from stepwell.doors.testing import TODAY, alone, at, away, booked, came, links, meets, read
from stepwell.ground.kit import clock
from stepwell.ground.kit.weeks import Week
from stepwell.trust.accounts.roles import Role
from stepwell.trust.organizations.models import Closure
from stepwell.trust.people.models import Practitioner

pytestmark = pytest.mark.django_db

HOME = "/me/"


@pytest.fixture
def phone(clinic, maya):
    """Maya's phone, signed in."""
    return clinic.client(clinic.patient_user(maya))


@pytest.fixture
def in_spanish(clinic, maya):
    return clinic.client(clinic.patient_user(maya, language="es"))


# Now


def test_what_comes_next_today_stands_first(phone, maya, skills):
    booked(maya, meets(skills, at(0, 9)))
    page = read(phone, HOME)
    assert "Good morning, Maya Monday, November 23" in page
    assert "Today, 9:00 AM to 12:00 PM Your group Room 2, Alder Creek. With Dana." in page
    assert "tel:+19375550100" in phone.get(HOME).content.decode()


def test_an_empty_day_has_one_small_thing_and_what_comes_next(phone, maya, dana):
    alone(maya, dana, at(-1, 13))
    page = read(phone, HOME)
    assert "Nothing planned today" in page
    assert "One small thing:" in page
    assert "Next: Your time alone with your counselor, tomorrow, 1:00 PM" in page


def test_a_video_visit_says_so(phone, maya, dana):
    alone(maya, dana, at(0, 13), modality="video")
    assert "By video. With Dana." in read(phone, HOME)


def test_what_was_cancelled_is_not_there(phone, maya, skills):
    gone = booked(maya, meets(skills, at(0, 9)))
    gone.status, gone.cancelled_because = "cancelled", "Snow"
    gone.save()
    assert "Your group" not in read(phone, HOME)


# Check-in


def test_the_first_question_of_the_check_in_is_there_and_nothing_is_chosen(phone, maya):
    page = phone.get(HOME).content.decode()
    assert "How strong are cravings right now?" in page
    assert "checked" not in page
    response = phone.post(reverse("measures:check_in"), {"craving": "1", "then": "continue"})
    assert response.status_code == 302
    assert CheckIn.objects.get(patient=maya).craving == 1
    assert "Done today" in read(phone, HOME)


# Week


def test_my_week_says_hours_days_and_what_is_closed(clinic, phone, maya, dana, skills):
    booked(maya, meets(skills, at(0, 9)))
    booked(maya, meets(skills, at(-2, 9)))
    alone(maya, dana, at(-1, 10), kind="medical", ends_at=at(-1, 10, 20))
    Closure.objects.create(center=clinic.center, on=TODAY + timedelta(days=3), reason="Thanksgiving")
    page = read(phone, HOME)
    assert "6 hours planned: Monday and Wednesday. A short visit: Tuesday." in page
    assert "We are closed Thursday. 988 answers day and night." in page


def test_the_week_page_tells_each_day_and_leads_to_the_next(clinic, phone, maya, skills):
    came(booked(maya, meets(skills, at(0, 9))))
    away(booked(maya, meets(skills, at(7, 9))))
    booked(maya, meets(skills, at(-7, 9)))
    Closure.objects.create(center=clinic.center, on=TODAY + timedelta(days=3), reason="Thanksgiving")
    page = read(phone, "/me/week/")
    assert "Monday, November 23 Today 9:00 AM to 12:00 PM Your group" in page
    assert "You were there" in page
    assert "Thursday, November 26 We are closed." in page
    after = phone.get("/me/week/?week=2026-W49").content.decode()
    assert "November 30" in after
    assert "You were away" in read(phone, "/me/week/?week=2026-W47")


@pytest.mark.parametrize("week", ["x", "2026-W99", "9999-W53", "0001-W01", "%00"])
def test_a_week_that_is_none_is_this_week(phone, week):
    assert "November 23" in read(phone, f"/me/week/?week={week}")


def test_nobody_elses_name_stands_on_any_of_my_pages(clinic, phone, maya, devon, skills):
    for patient in (maya, devon):
        booked(patient, meets(skills, at(0, 9)))
    for address in (HOME, "/me/week/", "/me/privacy/", "/me/rough/"):
        page = phone.get(address).content.decode()
        assert "Devon" not in page
        assert "Thackery" not in page


# Goal, dose, questions


def test_my_goal_stands_in_my_words_with_this_weeks_step(phone, planned, dana):
    goal = planned.careplan_set.get().goals.get()
    step = plans.add_step(
        goal, words="Tell my sister my plan for Thursday", week=Week.of(TODAY), by=dana, at=clock.now()
    )
    assert "“Be at every one of Leo's games, and remember them.”" in read(phone, HOME)
    assert "This week: Tell my sister my plan for Thursday" in read(phone, HOME)
    done = phone.post(reverse("care_plans:my_step", args=[step.pk]), {"done": "1", "next": HOME})
    assert done["Location"] == HOME
    assert 'aria-pressed="true"' in phone.get(HOME).content.decode()


def test_a_plan_to_sign_is_named(phone, maya, dana):
    sent(maya, by=dana)
    assert "Your plan is ready to read" in read(phone, HOME)
    assert reverse("care_plans:my_plan") in links(phone, HOME)


def test_the_next_shot_says_when(phone, maya, dana):
    gives = Practitioner.objects.get(user=dana)
    request = MedicationRequest.objects.create(
        patient=maya,
        episode=maya.episodeofcare_set.get(),
        medicine="bup_er",
        dose="300 mg",
        every_days=28,
        prescriber=gives,
        starts_on=TODAY - timedelta(days=27),
        recorded_by=dana,
    )
    MedicationAdministration.objects.create(
        patient=maya, request=request, given_at=at(27, 10), dose="300 mg", days_supplied=28, recorded_by=dana
    )
    assert "Next shot: by tomorrow" in read(phone, HOME)
    alone(maya, dana, at(-1, 10, 40), kind="medical", ends_at=at(-1, 11))
    assert "Next shot: tomorrow, 10:40 AM with Dana" in read(phone, HOME)


def test_questions_that_wait_are_on_the_page_and_in_the_dock(phone, maya, dana):
    assert "Questions" not in read(phone, HOME)
    asked = measures.ask(maya, "phq9", by=dana, at=clock.now(), due_on=TODAY + timedelta(days=2))
    page = read(phone, HOME)
    assert "questions for you About" in page
    assert "by Wednesday" in page
    assert "Questions" in page
    assert links(phone, HOME).count(reverse("measures:start", args=[asked.pk])) == 2


def test_cravings_are_told_in_words(phone, maya, checks_in):
    for days_ago, craving in ((20, 3), (19, 3), (18, 3), (10, 2), (3, 1), (2, 3), (1, 1), (0, 1)):
        checks_in(maya, days_ago, craving)
    page = read(phone, HOME)
    assert "From strong to a little. Saturday was hard, and it passed." in page


def test_use_is_never_called_a_day_that_passed(phone, maya, checks_in):
    for days_ago, craving in ((20, 2), (19, 2), (3, 1), (2, 4), (1, 1), (0, 1)):
        checks_in(maya, days_ago, craving, used=days_ago == 2)
    assert "it passed" not in read(phone, HOME)


# Privacy, help


def test_who_can_see_my_record_is_told_by_name(clinic, phone, maya):
    clinic.join(maya, clinic.user(Role.NURSE, "Joel Price"))
    assert "2 people on your care team" in read(phone, HOME)
    page = read(phone, "/me/privacy/")
    assert "Dana Whitfield Your counselor" in page
    assert "Joel Price Your nurse" in page
    assert "The director, who answers for the center" in page


def test_a_hard_day_has_people_to_call(phone, maya):
    page = phone.get("/me/rough/").content.decode()
    for number in ("tel:988", "tel:911", "tel:+19375550100"):
        assert number in page
    assert reverse("public:overdose") in page


# For everybody, and nobody else


@pytest.mark.parametrize("address", [HOME, "/me/week/", "/me/privacy/", "/me/rough/"])
def test_titles_are_neutral_and_staff_have_no_such_page(clinic, phone, dana, client, address):
    title = phone.get(address).content.decode().split("<title>")[1].split("</title>")[0]
    assert title in ("My day", "My week", "My privacy", "Help now")
    assert clinic.client(dana).get(address).status_code == 404
    assert client.get(address).status_code == 302


@pytest.mark.parametrize("address", [HOME, "/me/week/", "/me/privacy/", "/me/rough/"])
def test_every_link_leads_to_a_page(phone, planned, address):
    for link in set(links(phone, address)):
        if link.startswith(("/me/", "/help/")):
            assert phone.get(link).status_code == 200, link


def test_somebody_not_admitted_yet_has_a_day_too(clinic):
    lena = clinic.patient("Lena Horvath")
    page = read(clinic.client(clinic.patient_user(lena)), HOME)
    assert "Nothing planned today" in page
    assert "0 people on your care team" in page


# In Spanish


def test_my_pages_speak_spanish(clinic, in_spanish, maya, dana, skills, checks_in):
    booked(maya, meets(skills, at(0, 9)))
    booked(maya, meets(skills, at(-2, 9)))
    Closure.objects.create(center=clinic.center, on=TODAY + timedelta(days=3), reason="Thanksgiving")
    page = read(in_spanish, HOME)
    assert "Buenos días, Maya" in page
    assert "Hoy, 9:00 a. m. a 12:00 p. m. Su grupo Room 2, Alder Creek. Con Dana." in page
    assert "6 horas planeadas: lunes y miércoles." in page
    assert "Cerramos el jueves." in page
    assert "Quién puede ver mi expediente" in page


ENGLISH = (" the ", " your ", " you ", " week", " today", " with ", "Nothing", "Call ", " and ")


@pytest.mark.parametrize("address", [HOME, "/me/week/", "/me/privacy/", "/me/rough/"])
def test_no_english_is_left_on_a_spanish_page(clinic, in_spanish, maya, dana, skills, checks_in, address):
    came(booked(maya, meets(skills, at(0, 9))))
    away(booked(maya, meets(skills, at(7, 9))))
    alone(maya, dana, at(-1, 13), modality="video")
    for days_ago in range(6):
        checks_in(maya, days_ago, 2)
    Closure.objects.create(center=clinic.center, on=TODAY + timedelta(days=3), reason="Thanksgiving")
    page = read(in_spanish, address).replace("Alder Creek", "").replace("Room 2", "")
    assert [word for word in ENGLISH if word in page] == []


# The number of queries


def test_home_asks_a_bounded_number_of_queries(
    phone, planned, dana, skills, checks_in, django_assert_max_num_queries
):
    for n in range(4):
        booked(planned, meets(skills, at(-7 * n, 9)))
    for n in range(20):
        checks_in(planned, n, 2)
    phone.get(HOME)
    with django_assert_max_num_queries(24):
        phone.get(HOME)
