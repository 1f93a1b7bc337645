"""Screening as a counselor does it: rate, read why, sign, and what is told when it cannot be done."""

import html
import re
from datetime import timedelta

import pytest
from django.urls import reverse

from stepwell.care.level_of_care import rules
from stepwell.care.level_of_care.models import EditionInUse, LevelOfCareAssessment
from stepwell.care.measures import actions
from stepwell.care.measures.models import Response
from stepwell.ground.kit import clock
from stepwell.trust.accounts.roles import Role
from stepwell.trust.people.testing import open_clinic

pytestmark = pytest.mark.django_db

STEADY = {"withdrawal": "1", "physical": "1", "mental": "1", "danger": "1", "living": "1", "edition": "4"}
REASON = "Lives with her sister and has asked to start from home."


@pytest.fixture
def clinic():
    with open_clinic() as clinic:
        yield clinic


@pytest.fixture
def dana(clinic):
    return clinic.user(Role.COUNSELOR, "Dana Whitfield")


@pytest.fixture
def maya(clinic, dana):
    return clinic.patient("Maya Reyes", team=(dana,))


@pytest.fixture
def desk(clinic, dana):
    return clinic.client(dana)


@pytest.fixture
def marcus(clinic):
    """The clinical supervisor's browser."""
    return clinic.client(clinic.user(Role.CLINICAL_SUPERVISOR, "Marcus Bell"))


def screen(desk, maya, **changes):
    return desk.post(reverse("level_of_care:new", args=[maya.pk]), STEADY | changes)


def screened(desk, maya, **changes):
    """The address of a finished screening."""
    answer = screen(desk, maya, **changes)
    assert answer.status_code == 302, reads(answer)
    return answer.url


def sign(desk, address, **given):
    version = version_shown(desk.get(address))
    return desk.post(f"{address}signature/", {"version": version} | given, follow=True)


def version_shown(page):
    """The version a form carries, to notice when somebody else was first."""
    [shown] = re.findall(r'name="version" value="(\d+)"', page.content.decode())
    return shown


def reads(page):
    text = re.sub(r"<(script|style|svg).*?</\1>", " ", page.content.decode(), flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


DANGER = {"danger": "2", "danger_because": "Used twice this week."}
SERIOUS = {"danger": "3", "danger_need": "daily_program", "danger_because": "Used every day this week."}


def test_the_result_says_the_level_why_and_why_not_less_or_more(desk, maya):
    page = desk.get(screened(desk, maya, **DANGER))
    assert "Intensive outpatient (2.1) 9 to 19 hours a week" in reads(page)
    assert "Danger in the coming days is rated 2. I1, basis D" in reads(page)
    assert "Why not less" in reads(page)
    assert "High intensity outpatient (2.5) takes a rating of 3 that needs a program every day (N2)" in reads(
        page
    )
    assert "With danger in the coming days rated 1 instead of 2: outpatient (1.5), without I1." in reads(page)
    assert "not a validated instrument" in reads(page)
    assert "ASAM" not in page.content.decode()


def test_a_three_without_its_need_and_a_two_without_evidence_are_asked_beside_the_field(desk, maya):
    page = screen(desk, maya, danger="3", mental="2")
    assert page.status_code == 422
    assert "Danger in the coming days: a rating of 3 says what is needed." in reads(page)
    assert "Mental health: say what you saw and heard." in reads(page)
    assert re.search(r'name="danger" value="3"[^>]*checked', page.content.decode())
    assert not LevelOfCareAssessment.objects.exists()


def test_an_emergency_replaces_the_level_and_is_closed_by_what_came_of_it(desk, maya):
    address = screened(desk, maya, seizure_today="yes", suicide_plan_or_intent_now="yes")
    page = desk.get(address)
    assert "Emergency: act now, before any level of care" in reads(page)
    assert "Hospital now: call 911." in reads(page)
    assert "Do not leave the person alone." in reads(page)
    assert "These needs support" not in reads(page)
    assert "in at least 20 letters" in reads(sign(desk, address, disposition="Gone."))
    closed = sign(desk, address, disposition="Taken by ambulance to Miami Valley; admitted.")
    assert "Signed by Dana Whitfield" in reads(closed)


def test_what_is_not_rated_is_named_and_never_taken_as_zero(desk, maya):
    page = desk.get(screened(desk, maya, living="", **DANGER))
    assert "So far these needs support at least (fourth edition) Intensive outpatient (2.1)" in reads(page)
    assert "Missing: the rating of living situation and support." in reads(page)


def test_an_unknown_fact_that_withdrawal_turns_on_is_named(desk, maya):
    page = desk.get(screened(desk, maya, in_withdrawal_from=["alcohol"], ciwa_ar="6"))
    assert "PAWSS" in reads(page)
    assert "PAWSS, whether a visit every day is possible, a safe person at home" in reads(page)


def test_a_child_at_risk_is_a_duty_beside_any_level(desk, maya):
    assert "Report to child protection." in reads(desk.get(screened(desk, maya, minor_at_risk="yes")))


def test_the_recommended_level_is_signed_and_then_stays(desk, maya):
    address = screened(desk, maya, **DANGER)
    page = sign(desk, address, chosen="2.1")
    assert "Signed by Dana Whitfield, Nov 23 2026, 9:00 AM" in reads(page)
    assert "What is signed does not change." in reads(page)
    assert desk.get(f"{address}ratings/").url == address


def test_another_level_without_a_reason_keeps_what_was_chosen_and_says_so(desk, maya):
    page = sign(
        desk,
        screened(desk, maya, **DANGER),
        chosen="2.5",
        override_kind="preference",
        override_because="Safer.",
    )
    assert "Say why, in at least 20 letters." in reads(page)
    assert "Safer." in page.content.decode()
    assert re.search(r'value="2.5"[^>]*selected', page.content.decode())


def test_below_a_safety_rule_a_second_clinician_signs_on_the_same_page(desk, marcus, maya):
    address = screened(desk, maya, **SERIOUS)
    page = sign(desk, address, chosen="2.1", override_kind="preference", override_because=REASON)
    assert "Waits for a second signature" in reads(page)
    assert "N2: This calls for a program every day" in reads(page).split("Waits for a second signature")[1]
    assert "second-signature" not in page.content.decode()  # not hers to give
    assert "Sign second" in reads(marcus.get(address))
    agreed = marcus.post(f"{address}second-signature/", follow=True)
    assert "Signed second by Marcus Bell" in reads(agreed)


def test_ratings_are_changed_before_signing_and_shown_as_they_stood(desk, maya):
    address = screened(desk, maya, substances=["alcohol"], heart_rate="88", **DANGER)
    page = desk.get(f"{address}ratings/")
    assert re.search(r'name="danger" value="2"[^>]*checked', page.content.decode())
    assert 'value="88' in page.content.decode()
    changed = desk.post(f"{address}ratings/", STEADY | {"version": "1"})
    assert changed.url == address
    assert "Outpatient (1.5)" in reads(desk.get(address))


def test_two_who_rate_at_once_the_second_is_told_and_keeps_what_was_typed(desk, marcus, maya):
    address = screened(desk, maya, **DANGER)
    marcus.post(f"{address}ratings/", STEADY | {"version": "1"})
    page = desk.post(f"{address}ratings/", STEADY | SERIOUS | {"version": "1"})
    assert page.status_code == 409
    assert "Somebody else changed this first." in reads(page)
    assert "Used every day this week." in page.content.decode()
    assert LevelOfCareAssessment.objects.get().recommended == "1.5"
    shown = version_shown(page)
    assert desk.post(f"{address}ratings/", STEADY | SERIOUS | {"version": shown}).url == address
    assert LevelOfCareAssessment.objects.get().recommended == "2.5"


def test_a_number_outside_its_scale_is_said_beside_it(desk, maya):
    page = screen(desk, maya, ciwa_ar="70", heart_rate="fast")
    assert page.status_code == 422
    assert "less than or equal to 67" in reads(page)
    assert "Enter a number." in reads(page)


def measured(maya, dana, instrument, hours_ago=1, **answers):
    now = clock.now()
    taken = now - timedelta(hours=hours_ago)
    actions.record(maya, instrument, answers, mode=Response.Mode.STAFF, taken_at=taken, by=dana, at=now)


CALM = {f"ciwa_{n}": 0 for n in range(1, 11)}
HIGH = {f"cssrs_{n}": 1 for n in range(1, 7)} | {"cssrs_6a": 1}


def test_what_a_measure_has_settled_is_not_asked_again_and_says_where_it_comes_from(desk, maya, dana):
    measured(maya, dana, "ciwa_ar", **CALM | {"ciwa_1": 3, "ciwa_2": 4})
    measured(maya, dana, "cssrs_screener", hours_ago=48, **HIGH)
    page = desk.get(reverse("level_of_care:new", args=[maya.pk]))
    assert re.search(r'name="ciwa_ar" value="7"', page.content.decode())
    assert re.search(r'value="HIGH"[^>]*selected', page.content.decode())
    assert "From CIWA-Ar, Nov 23, 8:00 AM" in reads(page)
    assert "From C-SSRS" in reads(page)


def test_a_score_of_yesterday_answers_for_no_withdrawal_of_today(desk, maya, dana):
    measured(maya, dana, "ciwa_ar", hours_ago=25, **CALM | {"ciwa_1": 3})
    measured(maya, dana, "cssrs_screener", hours_ago=24 * 8, **HIGH)
    page = desk.get(reverse("level_of_care:new", args=[maya.pk])).content.decode()
    assert 'name="ciwa_ar" value' not in page
    assert not re.search(r'value="HIGH"[^>]*selected', page)
    assert "CIWA-Ar" in page  # it still stands beside the rating, with its day


def test_a_new_screening_stands_beside_the_last_one(clinic, desk, maya, dana):
    sign(desk, screened(desk, maya, home_unsafe="no", **DANGER), chosen="2.1")
    with clock.stand_still(clock.now() + timedelta(days=14)):
        desk = clinic.client(dana)  # a new day
        form = desk.get(reverse("level_of_care:new", args=[maya.pk]))
        assert "Last time 2 Used twice this week." in reads(form)
        page = desk.get(screened(desk, maya, home_unsafe="yes", mental="2", mental_because="Sleeps badly."))
    assert "Since last time" in reads(page)
    assert "Then Intensive outpatient (2.1) Now Intensive outpatient (2.1)" in reads(page)
    assert "2 Now better" in reads(page)
    assert "1 Now worse" in reads(page)
    assert "Home is not safe: No then , Yes now" in reads(page)


def test_the_facts_a_level_came_from_are_on_its_page(desk, maya):
    page = desk.get(
        screened(desk, maya, heart_rate="88", substances=["alcohol", "opioid"], pregnant="no", **DANGER)
    )
    assert "Pregnant No Uses Alcohol, Opioid Heart rate, a minute 88" in reads(page)


def test_an_override_says_its_kind(desk, maya):
    address = screened(desk, maya, **DANGER)
    assert "Say what kind of reason it is." in reads(
        sign(desk, address, chosen="2.5", override_because=REASON)
    )
    page = sign(desk, address, chosen="2.5", override_kind="not_available", override_because=REASON)
    assert f"Cannot be had within 72 hours {REASON}" in reads(page)


def test_a_screening_by_the_first_table_still_explains_itself(desk, maya, dana):
    case = {"ratings": {name: {"value": 1} for name in STEADY if name != "edition"}, "facts": {}}
    case["ratings"]["danger"] = {"value": 2}
    before = rules.decide(rules.read_case(case), rules.ruleset("stepwell-needs 1"))
    old = LevelOfCareAssessment.objects.create(
        patient=maya,
        ratings=case["ratings"],
        ruleset="stepwell-needs 1",
        result=before.to_dict() | {"age": None},
        recommended="2.1",
        chosen="2.5",
        override_because=REASON,
        signed_by=dana,
        signed_at=clock.now(),
        recorded_by=dana,
    )
    page = desk.get(reverse("level_of_care:assessment", args=[old.pk]))
    assert page.status_code == 200
    assert "stepwell-needs 1" in reads(page)
    assert "Danger in the coming days is rated 2." in reads(page)


def test_earlier_screenings_are_listed_and_the_last_one_stands_beside(desk, maya):
    sign(desk, screened(desk, maya, **DANGER), chosen="2.1")
    page = desk.get(reverse("level_of_care:assessments", args=[maya.pk]))
    assert "IOP (2.1)" in reads(page)
    assert "Screen again" in reads(page)


def test_who_may_not_screen_reads_and_does_not_sign(clinic, desk, maya):
    address = screened(desk, maya, **DANGER)
    director = clinic.client(clinic.user(Role.DIRECTOR))
    assert "Not signed yet." in reads(director.get(address))
    assert director.get(reverse("level_of_care:new", args=[maya.pk])).status_code == 404
    assert director.post(f"{address}signature/", {"chosen": "2.1"}).status_code == 403


def test_a_chart_out_of_sight_is_not_found(clinic, desk, maya):
    address = screened(desk, maya, **DANGER)
    other = clinic.client(clinic.user(Role.COUNSELOR, "Renee Castillo"))
    assert other.get(address).status_code == 404
    assert other.get(reverse("level_of_care:assessments", args=[maya.pk])).status_code == 404


# The edition of a center


@pytest.fixture
def noor(clinic):
    return clinic.client(clinic.user(Role.ADMINISTRATOR, "Noor Haddad"))


def test_a_center_that_writes_the_third_edition_begins_with_it(clinic, desk, maya, noor):
    address = reverse("level_of_care:edition", args=[clinic.center.pk])
    assert re.search(r'value="4"[^>]*checked', noor.get(address).content.decode())
    before = screened(desk, maya)
    saved = noor.post(address, {"edition": "3"}, follow=True)
    assert "What was assessed before keeps its labels." in reads(saved)
    noor.post(address, {"edition": "3"})  # twice
    assert EditionInUse.objects.get().edition == "3"
    form = desk.get(reverse("level_of_care:new", args=[maya.pk])).content.decode()
    assert re.search(r'name="edition" value="3"[^>]*checked', form)
    after = screened(desk, maya, edition="3", starting_medication="yes")
    assert "(third edition) Medical outpatient (1)" in reads(desk.get(after))
    assert "(fourth edition) Outpatient (1.5)" in reads(desk.get(before))


def test_an_edition_that_is_none_is_said_beside_the_choice(clinic, noor):
    page = noor.post(reverse("level_of_care:edition", args=[clinic.center.pk]), {"edition": "5"})
    assert page.status_code == 422
    assert not EditionInUse.objects.exists()


def test_a_counselor_does_not_choose_the_edition(clinic, desk):
    address = reverse("level_of_care:edition", args=[clinic.center.pk])
    assert desk.post(address, {"edition": "3"}).status_code == 403
