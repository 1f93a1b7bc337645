"""The overview of one chart: what it says, to whom, and the trace that opening it leaves."""

import re
from datetime import time, timedelta

import pytest
from django.urls import reverse

from stepwell.care.admission.actions import record_naloxone
from stepwell.care.admission.rules.naloxone import Outcome
from stepwell.care.medication.models import (
    DrugTest,
    DrugTestResult,
    MedicationAdministration,
    MedicationRequest,
)
from stepwell.doors.testing import TODAY, at, away, booked, came, links, meets, read
from stepwell.ground.kit import clock
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit.models import AuditEvent
from stepwell.trust.consent.testing import signed
from stepwell.trust.people.actions.emergencies import open_in_emergency
from stepwell.trust.people.models import EmergencyAccess, Practitioner

pytestmark = pytest.mark.django_db


def chart(patient, ask=""):
    return reverse("staff:chart", args=[patient.pk]) + ask


@pytest.fixture
def desk(clinic, dana):
    return clinic.client(dana)


@pytest.fixture
def shot(maya, dana):
    """Maya's first monthly shot, 27 days ago."""
    dana_gives = Practitioner.objects.get(user=dana)
    request = MedicationRequest.objects.create(
        patient=maya,
        episode=maya.episodeofcare_set.get(),
        medicine="bup_er",
        dose="300 mg",
        every_days=28,
        prescriber=dana_gives,
        starts_on=TODAY - timedelta(days=27),
        recorded_by=dana,
    )
    return MedicationAdministration.objects.create(
        patient=maya, request=request, given_at=at(27, 10), dose="300 mg", days_supplied=28, recorded_by=dana
    )


def test_the_head_says_who_this_is_and_how_to_reach_them(desk, maya):
    page = read(desk, chart(maya))
    assert "Maya R. she/her, 34, born Mar 8 1992 English IOP (2.1), day 35" in page
    assert f"Record {maya.record_number} Counselor Dana Whitfield (937) 555-0142, leave no message" in page
    assert "tel:+19375550142" in desk.get(chart(maya)).content.decode()


def test_opening_a_chart_is_said_and_recorded(desk, dana, maya):
    assert "42 CFR Part 2 record. Opening it was logged at 9:00 AM for treatment." in read(desk, chart(maya))
    event = AuditEvent.objects.get(did="opened")
    assert (event.by_id, event.patient_id, event.at) == (dana.pk, maya.pk, clock.now())


def test_a_chart_out_of_sight_is_not_found(clinic, renee, maya):
    for role in (Role.FRONT_DESK, Role.BILLER, Role.ADMINISTRATOR):
        assert clinic.client(clinic.user(role)).get(chart(maya)).status_code == 404
    assert clinic.client(renee).get(chart(maya)).status_code == 404
    assert not AuditEvent.objects.filter(did="opened").exists()


def test_the_sentence_and_the_picture_say_how_craving_moved(desk, maya, skills, checks_in):
    for days_ago, craving in ((33, 3), (32, 3), (31, 4), (20, 2), (3, 1), (2, 3), (1, 1), (0, 1)):
        checks_in(maya, days_ago, craving)
    away(booked(maya, meets(skills, at(28, 9))))
    page = read(desk, chart(maya))
    assert "Craving is down from strong to a little in 5 weeks." in page
    assert "Saturday was strong, and it passed. 1 missed group, in week 1." in page
    assert "Show as a table" in page


def test_the_timeline_tells_what_happened_newest_first(desk, maya, dana, skills, shot, checks_in):
    checks_in(maya, 0, 1, mood=3, used=False, note="Told Ana.")
    came(booked(maya, meets(skills, at(4, 9))))
    away(booked(maya, meets(skills, at(20, 9))))
    page = read(desk, chart(maya, "?weeks=7"))
    day = page[page.index("Timeline") : page.index("Since day 1")]
    told = [
        "Today, November 23 9:00 Check-in: craving a little “Told Ana.” Mood good, no use",
        "Last week Thu Skills A, 180 min Signed",
        "November 2 to 8, 1 entry Tue 11/3 Did not come: Skills A No reason yet",
        "October 26 to November 1, 1 entry Tue 10/27 Buprenorphine ER, monthly shot 300 mg",
        "Admitted to IOP",
    ]
    places = [day.index(words) for words in told]
    assert places == sorted(places)


def test_this_weeks_hours_open_to_their_minutes(desk, planned, skills):
    came(booked(planned, meets(skills, at(0, 9))))
    page = read(desk, chart(planned))
    assert "3 of 9 hours signed" in page
    assert "6 h short" in page
    assert "Mon Skills A 180" in page


def test_the_plan_stands_in_their_words(desk, planned):
    page = read(desk, chart(planned))
    assert "Signed by both, Nov 23" in page
    assert "“Be at every one of Leo's games, and remember them.”" in page
    assert "Group, Individual session" in page


def test_the_next_dose_is_told_to_those_who_may_see_medicine(clinic, desk, maya, shot):
    page = read(desk, chart(maya))
    assert "Due tomorrow" in page
    assert "Next due Tuesday, Nov 24" in page
    luis = clinic.user(Role.PEER, "Luis Ortega")
    clinic.join(maya, luis)
    page = read(clinic.client(luis), chart(maya))
    assert "Maya R." in page
    for word in ("Buprenorphine", "Medication", "Drug tests", "Notes"):
        assert word not in page


def test_naloxone_stands_on_the_overview_and_silence_is_no_box_at_home(desk, maya, dana):
    assert "Naloxone All offers No offer is written down" in read(desk, chart(maya))
    record_naloxone(maya, outcome=Outcome.HAS_IT, on=TODAY, by=dana, at=clock.now())
    assert "Has it Has it already, Nov 23, 2026. Dana" in read(desk, chart(maya))


def test_a_drug_test_says_whether_it_was_expected(desk, maya, dana):
    test = DrugTest.objects.create(
        patient=maya,
        episode=maya.episodeofcare_set.get(),
        collected_at=at(7, 10),
        collected_by=Practitioner.objects.get(user=dana),
        recorded_by=dana,
    )
    DrugTestResult.objects.create(
        patient=maya, test=test, substance="fentanyl", result="positive", as_expected=False, recorded_by=dana
    )
    page = read(desk, chart(maya))
    assert "Drug test: not expected" in page
    for word in ("dirty", "clean", "failed"):
        assert word not in page.lower()


def test_who_may_see_the_record_is_named_each_with_the_reason(clinic, desk, maya, bell):
    clinic.join(maya, clinic.user(Role.PEER, "Luis Ortega"))
    clinic.user(Role.FRONT_DESK, "Tess Nguyen")
    page = read(desk, chart(maya))
    who = page[page.index("Who may see this record") : page.index("42 CFR Part 2 record")]
    assert "Dana Whitfield on the care team since Nov 23 Counselor" in who
    assert "Luis Ortega on the care team since Nov 23, not notes or medicine Peer supporter" in who
    assert "Marcus Bell sees every chart of the center Clinical supervisor" in who
    assert "None. Nothing may be told to anybody outside." in who
    assert "not the chart: counselor, group facilitator, nurse, prescriber, front desk," in who
    assert "Tess Nguyen" not in who
    assert "Who looked" not in who
    assert "Who looked" in read(clinic.client(bell), chart(maya))


def test_who_is_let_in_by_an_emergency_is_named_for_that_hour(clinic, desk, maya):
    clinic.user(Role.NURSE, "Joel Price")
    open_in_emergency(
        maya,
        reason=next(iter(EmergencyAccess.Reason)),
        words="Found not breathing.",
        by=clinic.users["Joel Price"],
        at=clock.now(),
    )
    assert "Joel Price let in by an emergency until 10:00 AM Nurse" in read(desk, chart(maya))
    with clock.stand_still(clock.now() + timedelta(minutes=61)):
        assert "Joel Price" not in read(clinic.client(clinic.users["Dana Whitfield"]), chart(maya))


def test_who_is_told_outside_stands_with_what_and_until_when(clinic, desk, maya, dana):
    clinic.patient_user(maya)
    signed(maya, by=dana)
    page = read(desk, chart(maya))
    assert "Elena Reyes Attendance to Feb 21, 2027" in page


def test_somebody_who_left_is_not_among_those_who_see(clinic, desk, maya):
    luis = clinic.user(Role.PEER, "Luis Ortega")
    clinic.join(maya, luis)
    luis.is_active = False
    luis.save()
    assert "Luis Ortega" not in read(desk, chart(maya))


def test_somebody_not_admitted_has_a_chart_that_says_so(clinic, dana, desk):
    lena = clinic.patient("Lena Horvath", team=(dana,))
    page = read(desk, chart(lena))
    assert "Not admitted yet" in page
    assert reverse("intake:admission", args=[lena.pk]) in links(desk, chart(lena))


def test_a_chart_after_care_still_tells_its_story(desk, maya, dana):
    episode = maya.episodeofcare_set.get()
    episode.levels.update(ends_on=TODAY)
    episode.ended_on, episode.ended_because = TODAY - timedelta(days=1), "Finished the program"
    episode.save()
    page = read(desk, chart(maya))
    assert "Not in care" in page
    assert "Care ended Finished the program" in page


def test_every_tab_leads_to_a_page(desk, planned):
    for link in {link for link in links(desk, chart(planned)) if str(planned.pk) in link}:
        assert desk.get(link).status_code == 200, link


def test_the_timeline_shows_three_weeks_and_earlier_ones_when_asked(desk, maya, skills):
    for weeks_ago in range(5):
        came(booked(maya, meets(skills, at(7 * weeks_ago, 8))))
    page = read(desk, chart(maya))
    assert "November 9 to 15, 1 entry Mon 11/9 Skills A" in page
    assert "November 2 to 8" not in page
    assert "Show earlier" in page
    [earlier] = re.findall(r'href="(\?weeks=\d+)#timeline"', desk.get(chart(maya)).content.decode())
    page = read(desk, chart(maya, earlier))
    assert "November 2 to 8" in page
    assert "Admitted to IOP" in page
    assert "Show earlier" not in page


def test_the_timeline_is_narrowed_by_its_address(desk, maya, skills, checks_in):
    checks_in(maya, 0, 1)
    came(booked(maya, meets(skills, at(14, 9))))
    page = read(desk, chart(maya, "?kind=sessions&weeks=7"))
    story = page[page.index("Timeline") : page.index("Since day 1")]
    assert "Skills A" in story
    assert "Check-in:" not in story
    assert "Admitted" not in story
    assert "Nothing of this kind yet." in read(desk, chart(maya, "?kind=medical&weeks=7"))


@pytest.mark.parametrize(
    "ask", ["?weeks=x", "?weeks=-1", "?weeks=" + "9" * 400, "?weeks=٣", "?kind=%00", "?kind=no"]
)
def test_an_address_that_was_played_with_shows_the_timeline(desk, maya, ask):
    assert "Timeline" in read(desk, chart(maya, ask))


def test_the_timeline_of_somebody_whose_care_ended_begins_where_it_ended(desk, maya, skills):
    came(booked(maya, meets(skills, at(21, 9))))
    episode = maya.episodeofcare_set.get()
    ended_on = TODAY - timedelta(days=20)
    episode.levels.update(ends_on=ended_on + timedelta(days=1))
    episode.ended_on, episode.ended_because = ended_on, "Finished the program"
    episode.save()
    page = read(desk, chart(maya))
    assert "Care ended" in page
    assert "Skills A, 180 min" in page


def test_outside_the_hours_they_asked_for_nobody_is_offered_to_call(clinic, desk, maya):
    maya.call_from, maya.call_until = time(12), time(17)
    maya.save()
    page = desk.get(chart(maya)).content.decode()
    assert "tel:+1937" not in page
    assert "Call 12:00 PM to 5:00 PM, not now" in read(desk, chart(maya))
    with clock.stand_still(clock.now() + timedelta(hours=4)):
        page = clinic.client(clinic.users["Dana Whitfield"]).get(chart(maya)).content.decode()
        assert "tel:+19375550142" in page


def test_a_page_of_the_chart_printed_as_it_is_carries_the_notice(desk, maya):
    assert (
        "42 CFR part 2 prohibits unauthorized use or disclosure of these records. Maya Reyes, record "
        f"{maya.record_number}. Printed from the screen by Dana Whitfield, Nov 23, 2026, 9:00 AM."
    ) in read(desk, chart(maya))


def test_the_number_of_queries_does_not_grow(desk, maya, skills, checks_in, django_assert_max_num_queries):
    desk.get(chart(maya))
    with django_assert_max_num_queries(42) as first:
        desk.get(chart(maya))
    for weeks_ago in range(1, 5):
        came(booked(maya, meets(skills, at(7 * weeks_ago, 9))))
    for days_ago in range(20):
        checks_in(maya, days_ago, 2)
    with django_assert_max_num_queries(len(first) + 2):
        desk.get(chart(maya))
