"""Today, read by the people whose Today it is, at the address they would use."""

import re
from datetime import time, timedelta

import pytest
from django.urls import reverse

from stepwell.care.care_plans.testing import in_care, sent
from stepwell.care.episodes.models import Referral
from stepwell.care.level_of_care.models import LevelOfCareAssessment
from stepwell.care.measures import actions as measures
from stepwell.care.measures import library
from stepwell.care.measures.models import Response
from stepwell.care.measures.rules.schedule import DEFAULT, Every
from stepwell.doors.staff.today import my_day
from stepwell.doors.testing import DAYTON, TODAY, alone, at, away, booked, came, links, meets, read
from stepwell.ground.kit import clock
from stepwell.trust import audit
from stepwell.trust.accounts.roles import Role
from stepwell.trust.organizations.models import Closure, OpeningHours

pytestmark = pytest.mark.django_db


TODAYS = "/staff/today/"


# Who gives care


def test_a_counselor_reads_who_needs_them_with_the_reason_and_its_source(clinic, dana, devon, checks_in):
    for days_ago in range(1, 7):
        checks_in(devon, days_ago, 1)
    checks_in(devon, 0, 3, note="Cannot shake it today.")
    page = read(clinic.client(dana), TODAYS)
    assert "Monday, November 23" in page
    assert "Craving strong today, up from a little." in page
    assert "Check-in today 9:00 AM: “Cannot shake it today.”" in page
    assert "tel:+19375550143" in clinic.client(dana).get("/staff/today/").content.decode()


def test_who_came_again_is_not_called_for_the_one_miss_before(clinic, dana, devon, skills):
    away(booked(devon, meets(skills, at(3, 9))))
    assert "no reason yet" in read(clinic.client(dana), TODAYS)
    came(booked(devon, meets(skills, at(1, 9))))
    assert "no reason yet" not in read(clinic.client(dana), TODAYS)


def test_nobody_elses_people_are_there(clinic, dana, maya, rosa, checks_in):
    checks_in(rosa, 0, 4)
    page = read(clinic.client(dana), TODAYS)
    assert "Maya R." in page
    assert "Rosa M." not in page


def test_question_9_of_the_phq9_stands_first_and_opens_the_answers(clinic, dana, maya, devon, checks_in):
    checks_in(devon, 0, 4)
    answers = dict.fromkeys((f"phq9_{n}" for n in range(1, 9)), 1) | {"phq9_9": 1, "phq9_10": 0}
    measures.record(
        maya, "phq9", answers, mode=Response.Mode.STAFF, taken_at=clock.now(), by=dana, at=clock.now()
    )
    page = clinic.client(dana).get("/staff/today/").content.decode()
    first = page[page.index('class="need sel"') :].split("</li>")[0]
    assert "Maya R." in first
    assert reverse("measures:response", args=[Response.objects.get().pk]) in first


def _thinks_of_death(patient, clinic, by):
    asked = measures.ask(patient, "phq9", by=by, at=clock.now() - timedelta(days=3))
    own = clinic.patient_user(patient)
    return measures.answer(
        asked, "phq9_9", 2, was=measures.Unanswered.YET, by=own, at=clock.now() - timedelta(hours=1)
    ).response


def test_an_answer_in_progress_shows_when_it_was_answered_not_when_it_was_asked(clinic, dana, maya):
    response = _thinks_of_death(maya, clinic, dana)
    answered = (clock.now() - timedelta(hours=1)).astimezone(DAYTON)
    assert f"PHQ-9 today {answered:%-I:%M %p}" in read(clinic.client(dana), TODAYS)
    Response.objects.filter(pk=response.pk).update(context={})
    assert "PHQ-9, in progress" in read(clinic.client(dana), TODAYS)


def test_question_9_of_somebody_not_admitted_stands_on_today(clinic, dana, renee, bell, maya):
    applicant = clinic.patient("Noor Haddad", team=(dana,))
    _thinks_of_death(applicant, clinic, dana)
    page = read(clinic.client(dana), TODAYS)
    needs = page[page.index("Who needs me now") : page.index("My day")]
    assert "Noor H." in needs
    assert "Not in care" in needs
    assert "1 of 2." in needs
    assert "Noor H." in read(clinic.client(bell), TODAYS)
    assert "Noor H." not in read(clinic.client(renee), TODAYS)


def test_question_9_of_somebody_discharged_stands_on_today(clinic, bell, dana, maya):
    _thinks_of_death(maya, clinic, dana)
    maya.episodeofcare_set.update(ended_on=TODAY, ended_because="Moved away")
    maya.care_team.update(ended_on=TODAY)
    assert "Maya R." in read(clinic.client(bell), TODAYS)


def test_flags_of_people_not_in_care_ask_no_more_queries(clinic, dana, maya, django_assert_max_num_queries):
    _thinks_of_death(clinic.patient("Noor Haddad", team=(dana,)), clinic, dana)
    client = clinic.client(dana)
    client.get(TODAYS)
    with django_assert_max_num_queries(80) as first:
        client.get(TODAYS)
    for n in range(4):
        _thinks_of_death(clinic.patient(f"Person{n} Tillman", team=(dana,)), clinic, dana)
    with django_assert_max_num_queries(len(first)):
        client.get(TODAYS)


def test_every_link_on_today_leads_to_a_page(clinic, dana, maya, devon, skills, checks_in):
    checks_in(maya, 0, 4)
    away(booked(devon, meets(skills, at(3, 9))))
    came(booked(maya, meets(skills, at(0, 9))), signed=False)
    came(alone(maya, dana, at(3, 14)), signed=False)
    sent(devon, by=dana)
    client = clinic.client(dana)
    for link in {link for link in links(client, TODAYS) if link.startswith("/staff/")}:
        assert client.get(link).status_code == 200, link


def test_the_hours_of_the_week_are_counted_from_signed_attendance(clinic, dana, planned, skills):
    came(booked(planned, meets(skills, at(0, 9))))
    came(alone(planned, dana, at(0, 8)), signed=False)
    assert "3 of 9" in read(clinic.client(dana), TODAYS)
    assert "0.8 unsigned, 5.2 short" in read(clinic.client(dana), "/staff/caseload/")


def test_a_person_short_of_hours_leads_to_their_week(clinic, dana, planned, skills):
    booked(planned, meets(skills, at(-1, 9)))
    assert "Placed for 3 of 9 hours this week." in read(clinic.client(dana), TODAYS)
    assert reverse("scheduling:week", args=[planned.pk]) in links(clinic.client(dana), TODAYS)


def test_a_closed_day_of_this_week_is_named_with_how_many_are_short(clinic, dana, planned):
    Closure.objects.create(center=clinic.center, on=TODAY + timedelta(days=3), reason="Thanksgiving")
    Closure.objects.create(center=clinic.center, on=TODAY + timedelta(days=32), reason="Christmas")
    page = read(clinic.client(dana), TODAYS)
    assert "Closed Thursday for Thanksgiving. 1 person is short of their hours this week." in page
    assert "Christmas" not in page


def test_a_closed_monday_is_named_the_sunday_before(clinic, dana, planned):
    Closure.objects.create(center=clinic.center, on=TODAY + timedelta(days=7), reason="a local holiday")
    client = clinic.client(dana)
    assert "a local holiday" not in read(client, TODAYS)
    with clock.stand_still(at(-6, 9)):
        page = read(clinic.client(dana), TODAYS)
    assert "Closed Monday for a local holiday." in page
    assert "a local holiday. 1 person" not in page


def test_a_week_with_a_closed_day_says_so_beside_the_hours(clinic, dana, planned, skills):
    Closure.objects.create(center=clinic.center, on=TODAY + timedelta(days=3), reason="Thanksgiving")
    booked(planned, meets(skills, at(-1, 9)))
    assert "Placed for 3 of 9 hours this week; closed Thursday." in read(clinic.client(dana), TODAYS)


def test_the_open_time_of_my_day_is_what_the_center_is_open_between_bookings(clinic, dana, maya):
    OpeningHours.objects.filter(center=clinic.center).delete()
    OpeningHours.objects.create(center=clinic.center, weekday=0, opens=time(8), closes=time(17))
    alone(maya, dana, at(0, 14))
    page = read(clinic.client(dana), TODAYS)
    day = page[page.index("My day") : page.index("Due from me")]
    assert "0.8 h booked, 7.2 h open" in day
    assert "9:00 Open, 5 h Until 2:00" in day
    assert "2:50 Open, 2.2 h Until 5:00" in day
    Closure.objects.create(center=clinic.center, on=TODAY, reason="a burst pipe")
    assert "Open, " not in read(clinic.client(dana), TODAYS)


def test_a_level_below_a_safety_rule_waits_for_the_supervisor_and_not_for_who_signed_it(
    clinic, dana, bell, maya
):
    LevelOfCareAssessment.objects.create(
        patient=maya,
        chosen="2.1",
        recommended="2.5",
        override_kind="preference",
        override_because="She asks to stay at home with her son.",
        needs_second_signature=True,
        signed_at=at(1, 15),
        signed_by=dana,
        recorded_by=dana,
    )
    line = "Sign second, Maya R. Level below a safety rule, signed by Dana Whitfield Sun Nov 22 1 day late"
    assert line in read(clinic.client(bell), TODAYS)
    assert "Sign second" not in read(clinic.client(dana), TODAYS)


def test_my_day_holds_my_groups_and_appointments_in_order(clinic, dana, renee, maya, devon, rosa, skills):
    booked(maya, meets(skills, at(0, 9)))
    booked(devon, meets(skills, at(0, 9)))
    alone(devon, dana, at(0, 14))
    alone(rosa, renee, at(0, 15))
    page = read(clinic.client(dana), TODAYS)
    day = page[page.index("My day") :]
    assert day.index("Skills group, 2 expected, Room 2. Ends 12:00") < day.index("Devon T., 1:1")
    assert "Rosa M." not in page
    assert "3.8 h booked" in day


def test_what_the_schedule_leaves_for_a_visit_stands_on_the_line_of_that_visit(clinic, dana):
    james = clinic.patient("James O'Brien-Núñez", team=(dana,))
    in_care(james, by=dana, since=TODAY - timedelta(days=40))
    alone(james, dana, at(0, 15))
    alone(james, dana, at(0, 16))
    page = read(clinic.client(dana), TODAYS)
    assert page.count("BAM-IOP") == 1, "told on the first visit of the day, and nowhere else"
    assert "James O., 1:1 In person. Ends 3:50 Go through together: BAM-IOP Open" in page
    answers = {item.id: item.values[0] for item in library.instrument("bam_iop").items if item.values}
    measures.record(
        james, "bam_iop", answers, mode=Response.Mode.STAFF, taken_at=clock.now(), by=dana, at=clock.now()
    )
    assert "BAM-IOP" not in read(clinic.client(dana), TODAYS)


def test_a_visit_that_is_over_leaves_it_to_the_next_of_the_day(clinic, dana):
    james = clinic.patient("James O'Brien-Núñez", team=(dana,))
    in_care(james, by=dana, since=TODAY - timedelta(days=40))
    came(alone(james, dana, at(0, 7)), signed=False)
    came(alone(james, dana, at(0, 14)))
    alone(james, dana, at(0, 16))
    page = read(clinic.client(dana), TODAYS)
    assert page.count("BAM-IOP") == 1
    assert "Ends 4:50 Go through together: BAM-IOP" in page


def test_of_the_intake_set_a_visit_says_how_much_is_left(clinic, dana):
    eli = clinic.patient("Eli Ward", team=(dana,))
    in_care(eli, by=dana, since=TODAY - timedelta(days=12))
    alone(eli, dana, at(0, 15))
    page = read(clinic.client(dana), TODAYS)
    assert "Ends 3:50 Go through together: BAM-IOP Left of the intake set: 11 measures" in page
    for name in [line.instrument for line in DEFAULT.lines if line.every is Every.INTAKE]:
        definition = library.instrument(name)
        if name not in ("pc_ptsd5", "readiness_ruler", "ahc_hrsn_core"):
            answers = {item.id: item.values[0] for item in definition.items if item.values}
            measures.record(
                eli, name, answers, mode=Response.Mode.STAFF, taken_at=clock.now(), by=dana, at=clock.now()
            )
    page = read(clinic.client(dana), TODAYS)
    assert "Left of the intake set: PC-PTSD-5 and Readiness" in page


def test_who_may_not_ask_a_measure_is_not_told_of_it(clinic, dana):
    sol = clinic.user(Role.PEER, "Sol Becker")
    james = clinic.patient("James O'Brien-Núñez", team=(dana, sol))
    in_care(james, by=dana, since=TODAY - timedelta(days=40))
    alone(james, sol, at(0, 15))
    page = read(clinic.client(sol), TODAYS)
    assert "James O., 1:1 In person. Ends 3:50" in page
    assert "Go through together" not in page


def test_what_is_left_for_the_visits_of_a_day_is_asked_at_once_for_all(
    clinic, dana, django_assert_max_num_queries
):
    now = clock.now().astimezone(DAYTON)

    def visited(name: str, n: int) -> None:
        patient = clinic.patient(name, team=(dana,))
        in_care(patient, by=dana, since=TODAY - timedelta(days=40))
        alone(patient, dana, at(0, 10 + n))

    visited("James Ward", 0)
    with django_assert_max_num_queries(20) as one:
        my_day(dana, now)
    for n in range(1, 5):
        visited(f"Person{n} Tillman", n)
    with django_assert_max_num_queries(len(one)):
        day = my_day(dana, now)
    assert [line.asks for line in day.lines if line.patient_id] == [("Go through together: BAM-IOP",)] * 5


def test_due_from_me_lists_notes_and_plans_oldest_first(clinic, dana, maya, devon, skills):
    for patient in (maya, devon):
        came(booked(patient, meets(skills, at(3, 9))), signed=False)
    came(alone(maya, dana, at(5, 14)), signed=False)
    sent(devon, by=dana)
    due = read(clinic.client(dana), TODAYS)
    due = due[due.index("Due from me") :]
    in_order = [
        "Sign 1 note Individual session, Maya R., Wed Nov 18",
        "Sign 2 notes Skills A, Fri Nov 20",
        "Sign plan, Devon T.",
    ]
    places = [due.index(words) for words in in_order]
    assert places == sorted(places)
    assert "3 days late" in due


def test_nothing_to_do_says_so(clinic, dana, maya):
    page = read(clinic.client(dana), TODAYS)
    assert "Nobody needs you right now" in page
    assert "Nothing is booked for you today." in page
    assert "Nothing is waiting for you." in page


def test_a_counselor_without_people_reads_how_they_will_come(clinic, dana):
    assert "Nobody is on your caseload yet" in read(clinic.client(dana), TODAYS)


def test_a_supervisor_sees_the_whole_program_at_an_address(clinic, bell, maya, rosa):
    client = clinic.client(bell)
    assert "Maya R." not in read(client, TODAYS)
    page = read(client, "/staff/today/?show=whole")
    assert "Maya R." in page
    assert "Rosa M." in page
    assert "Program now" in page
    assert "2 in IOP" in page


def test_a_counselor_cannot_ask_for_the_whole_program(clinic, dana, maya, rosa):
    page = read(clinic.client(dana), "/staff/today/?show=whole")
    assert "Rosa M." not in page
    assert "Program now" not in page


def test_a_director_begins_with_the_whole_program(clinic, maya, rosa):
    page = read(clinic.client(clinic.user(Role.DIRECTOR, "Ellen Park")), TODAYS)
    assert "Maya R." in page
    assert "Rosa M." in page


def test_a_peer_sees_no_medicine(clinic, maya):
    luis = clinic.user(Role.PEER, "Luis Ortega")
    clinic.join(maya, luis)
    page = read(clinic.client(luis), TODAYS)
    assert "Maya R." in page
    assert "Next dose" not in page


# The office


def test_the_front_desk_reads_arrivals_referrals_and_intakes(clinic, dana, maya, skills):
    tess = clinic.user(Role.FRONT_DESK, "Tess Nguyen")
    booked(maya, meets(skills, at(0, 9)))
    lena = clinic.patient("Lena Horvath")
    Referral.objects.create(patient=lena, source="hospital", received_at=at(3, 10), recorded_by=tess)
    alone(lena, dana, at(-1, 13), kind="intake", episode=None)
    page = read(clinic.client(tess), TODAYS)
    assert "9:00 AM 1 person Maya R. Skills A Room 2 Dana Whitfield" in page
    assert "Lena Horvath Hospital or emergency room, Fri Nov 20 3 d" in page
    assert "Tue Nov 24, 1:00 PM" in page
    for word in ("Craving", "BAM", "Caseload", "PHQ"):
        assert word not in page


def test_billing_reads_hours_and_opens_no_chart(clinic, planned, skills):
    sam = clinic.user(Role.BILLER, "Sam Ito")
    came(booked(planned, meets(skills, at(0, 9))))
    client = clinic.client(sam)
    page = read(client, TODAYS)
    assert re.search(r"Maya R\. \w+ 9 3 ", page)
    assert reverse("staff:chart", args=[planned.pk]) not in links(client, TODAYS)
    last_week = read(client, "/staff/today/?week=2026-W47")
    assert "Hours, week of Nov 16" in last_week


@pytest.mark.parametrize("week", ["2026-W99", "x", "", "0000-W01", "9999-W53"])
def test_a_week_that_is_none_is_this_week(clinic, planned, week):
    page = read(clinic.client(clinic.user(Role.BILLER)), f"/staff/today/?week={week}")
    assert "Hours this week" in page or "Hours, week of" in page


def test_compliance_reads_who_has_notes_to_sign_and_reviews_late(clinic, planned, skills):
    plan = planned.careplan_set.get()
    plan.review_due_on = TODAY - timedelta(days=2)
    plan.save()
    came(booked(planned, meets(skills, at(4, 9))), signed=False)
    page = read(clinic.client(clinic.user(Role.COMPLIANCE, "Ruth Adler")), TODAYS)
    assert "Dana Whitfield oldest Thu Nov 19 1" in page
    assert "Maya R. due Nov 21" in page


def test_an_administrator_reads_the_center_and_nobody_in_care(clinic, dana, maya):
    page = read(clinic.client(clinic.user(Role.ADMINISTRATOR, "Noor Haddad")), TODAYS)
    assert "Who works here" in page
    assert "Dana Whitfield Counselor Alder Creek" in page
    assert "(937) 555-0100" in page
    assert "Maya" not in page


# Who may not


def test_a_patient_and_a_visitor_have_no_today_here(clinic, client, maya):
    assert clinic.client(clinic.patient_user(maya)).get("/staff/today/").status_code == 404
    assert client.get("/staff/today/").status_code == 302


# Ranking, in words


def test_how_ranking_works_is_told_from_the_code(clinic, dana):
    page = read(clinic.client(dana), "/staff/rules/")
    assert "question 9 of the PHQ-9 above 0" in page
    assert "8 The plan" not in page
    assert "Stepwell default" in page


# The number of queries


def test_today_asks_the_same_number_of_queries_for_one_person_and_for_eight(
    clinic, dana, maya, skills, checks_in, django_assert_max_num_queries
):
    def has_a_week(patient):
        checks_in(patient, 0, 4)
        away(booked(patient, meets(skills, at(7, 9))))
        came(booked(patient, meets(skills, at(14, 9))))

    has_a_week(maya)
    client = clinic.client(dana)
    client.get("/staff/today/")
    # What is kept of a person holds for a later look, or is read anew: the same for both, so both have one bound, five
    # above what was counted with everybody read anew. Seven more people with a question each would pass it.
    with django_assert_max_num_queries(86):
        client.get("/staff/today/")
    for n in range(7):
        patient = clinic.patient(f"Person{n} Tillman", team=(dana,))
        in_care(patient, by=dana)
        has_a_week(patient)
    with django_assert_max_num_queries(86):
        client.get("/staff/today/")


def test_what_is_asked_of_dana_is_due_from_her_and_a_plan_review_is_told_once(
    clinic, dana, renee, maya, planned
):
    from stepwell.care.care_plans.models import CarePlan
    from stepwell.care.progress.asking import go_round
    from stepwell.care.tasks.testing import asked
    from stepwell.config.testing.fixtures import NOW
    from stepwell.doors.staff.today import due_from_me
    from stepwell.trust.people.models import Practitioner

    CarePlan.objects.update(review_due_on=clinic.today)
    hers = Practitioner.objects.get(user=dana)
    asked(maya, by=dana, to=hers, what="Call the school")
    asked(maya, by=dana, what="For any counselor")
    assert [line.title for line in due_from_me(dana, NOW)].count("Plan review, Maya R.") == 1
    go_round(NOW)
    titles = [line.title for line in due_from_me(dana, NOW)]
    assert sorted(titles) == ["Call the school", "For any counselor", "Review the plan with Maya"]
    assert [line.title for line in due_from_me(renee, NOW)] == ["For any counselor"]


# ---------- one place, one reason ----------


def parts_of(client, address=TODAYS):
    """The words of "Who needs me now" and of "Due from me"."""
    page = read(client, address)
    needs, rest = page.split("Who needs me now", 1)[1].split("My day", 1)
    return needs.split("My caseload", 1)[0], rest.split("Due from me", 1)[1]


@pytest.fixture
def missed_friday(devon, skills):
    """Devon did not come on Friday, and the round asked Dana to reach him."""
    from stepwell.care.progress.asking import go_round
    from stepwell.care.tasks.models import Task

    away(booked(devon, meets(skills, at(3, 9))))
    go_round(clock.now())
    return Task.objects.get(rule="missed_session")


def test_whom_dana_is_to_reach_stands_with_the_person_and_not_again_as_due(
    clinic, dana, devon, missed_friday
):
    needs, due = parts_of(clinic.client(dana))
    assert "Missed Skills A on Friday, no reason yet." in needs
    assert "2 days late Due from you" in needs
    assert "Reach Devon" not in due


def test_tries_stand_on_the_line_and_it_waits_until_it_is_tried_again(clinic, dana, devon, missed_friday):
    from stepwell.care.tasks import actions

    client = clinic.client(dana)
    for _try in range(2):
        actions.note_try(missed_friday, words="No answer", due_on=TODAY, by=dana, at=clock.now())
    needs, due = parts_of(client)
    assert "2 tries, last today 9:00 AM: No answer" in needs
    actions.note_try(
        missed_friday, words="Voicemail", due_on=TODAY + timedelta(days=1), by=dana, at=clock.now()
    )
    needs, due = parts_of(client)
    assert "1 need set aside" in needs
    assert "3 tries, last today 9:00 AM, You. Back on Tue Nov 24, or with the next miss." in needs
    assert "Reach Devon" not in due
    with clock.stand_still(at(-1, 9)):
        needs, due = parts_of(clinic.client(dana))
    assert "1 need set aside" not in needs
    assert "3 tries, last yesterday 9:00 AM: Voicemail" in needs


def test_saying_that_devon_was_reached_quiets_his_line_and_leads_back_to_today(
    clinic, dana, devon, missed_friday
):
    client = clinic.client(dana)
    assert "Devon T." in parts_of(client)[0]
    done = client.post(
        reverse("tasks:completion", args=[missed_friday.pk]), {"done-outcome": "reached", "back": TODAYS}
    )
    assert done["Location"] == TODAYS
    page = client.get(TODAYS).content.decode()
    assert "Reach Devon: Reached them." in page
    needs, due = parts_of(clinic.client(dana))
    assert "Devon T." not in needs and "Devon T." not in due


def test_a_message_left_is_a_try_and_not_the_end(clinic, dana, devon, missed_friday):
    said = clinic.client(dana).post(
        reverse("tasks:completion", args=[missed_friday.pk]), {"done-outcome": "message", "back": TODAYS}
    )
    assert said.status_code == 422
    missed_friday.refresh_from_db()
    assert missed_friday.is_open


def test_a_late_note_is_due_and_not_told_again_above(clinic, dana, maya, skills):
    came(alone(maya, dana, at(4, 14)), signed=False)
    needs, due = parts_of(clinic.client(dana))
    assert "Sign 1 note" in due
    assert "not signed" not in needs


def test_a_colleagues_late_review_stays_with_the_person(clinic, dana, bell, planned):
    from stepwell.care.care_plans.models import CarePlan

    CarePlan.objects.update(review_due_on=clinic.today - timedelta(days=2))
    needs, due = parts_of(clinic.client(dana))
    assert "Plan review, Maya R." in due and "Plan review 2 days late." not in needs
    needs, due = parts_of(clinic.client(bell), f"{TODAYS}?show=whole")
    assert "Plan review 2 days late." in needs and "Plan review, Maya R." not in due


def test_more_than_eight_things_due_are_all_there_at_an_address(clinic, dana, maya):
    from stepwell.care.tasks.testing import asked
    from stepwell.trust.people.models import Practitioner

    for n in range(11):
        asked(maya, by=dana, to=Practitioner.objects.get(user=dana), what=f"Letter {n:02}")
    client = clinic.client(dana)
    _needs, due = parts_of(client)
    assert "3 more" in due and "Letter 10" not in due
    _needs, due = parts_of(client, f"{TODAYS}?due=all")
    assert "Letter 10" in due


# ---------- what colleagues do ----------


def asks_again(client, version, had=""):
    return client.get(
        "/staff/today/changes/",
        {"had": had},
        headers={"HX-Request": "true", "If-None-Match": version},
    )


def opened_today(client):
    page = client.get("/staff/today/").content.decode()
    parts = re.findall(r'data-part="(\w+)" data-v="(\w+)"', page)
    version = re.search(r'data-version="(\w+)"', page)
    assert version and {key for key, _v in parts} == {"needs", "people", "day", "due", "figures"}
    return version[1], ",".join(f"{key}~{v}" for key, v in parts)


def test_while_nobody_does_anything_asking_again_costs_one_question_of_today(
    clinic, dana, maya, django_assert_max_num_queries
):
    client = clinic.client(dana)
    at = opened_today(client)
    with django_assert_max_num_queries(10) as asked:
        answer = asks_again(client, *at)
    assert (answer.status_code, answer.content) == (304, b"")
    assert sum("audit_auditevent" in one["sql"] for one in asked.captured_queries) == 1


def test_what_a_colleague_does_about_my_people_brings_the_parts_it_changes_and_about_others_none(
    clinic, dana, maya
):
    client = clinic.client(dana)
    at = opened_today(client)
    somebody = clinic.patient("Nobody Of Danas")
    audit.record(by=clinic.user(Role.NURSE), did=audit.Did.CHANGED, to=somebody)
    assert asks_again(client, *at).status_code == 304
    audit.record(by=clinic.user(Role.NURSE), did=audit.Did.OPENED, to=maya)
    assert asks_again(client, *at).status_code == 304
    maya.chosen_name = "May"
    maya.save()
    audit.record(by=clinic.user(Role.NURSE), did=audit.Did.CHANGED, to=maya)
    answer = asks_again(client, *at)
    page = answer.content.decode()
    assert answer.status_code == 200 and answer["X-Version"] != at[0]
    assert 'id="part-people"' in page and "May R." in page
    assert 'id="part-due"' not in page


def test_the_changes_asked_for_as_a_page_lead_to_today(clinic, dana):
    assert clinic.client(dana).get("/staff/today/changes/").status_code == 302


def test_what_becomes_due_by_the_clock_alone_comes_to_the_open_page(clinic, dana, devon, missed_friday):
    missed_friday.due_at = clock.now() + timedelta(minutes=2, seconds=30)
    missed_friday.due_on = TODAY
    missed_friday.save()
    client = clinic.client(dana)
    with clock.stand_still(clock.now() + timedelta(minutes=1)):
        version, parts = opened_today(client)
    with clock.stand_still(clock.now() + timedelta(minutes=2)):
        assert asks_again(client, version, parts).status_code == 304
    with clock.stand_still(clock.now() + timedelta(minutes=3)):
        answer = asks_again(client, version, parts)
    assert answer.status_code == 200
    assert "Was due 9:02 AM" in answer.content.decode()


def test_the_clock_alone_shows_nobody_anew(clinic, dana, maya):
    from stepwell.trust.audit.models import AuditEvent

    client = clinic.client(dana)
    with clock.stand_still(clock.now().replace(hour=1)):
        version, parts = opened_today(client)
        looks = AuditEvent.objects.filter(did="listed").count()
    with clock.stand_still(clock.now().replace(hour=1, minute=10)):
        answer = asks_again(client, version, parts)
    assert (answer.status_code, answer.content.strip()) == (200, b"")
    assert AuditEvent.objects.filter(did="listed").count() == looks


def test_the_front_desk_follows_what_colleagues_change_and_reads_what_is_due_from_it(clinic, dana, maya):
    from stepwell.care.tasks import actions as tasks

    tess = clinic.user(Role.FRONT_DESK, "Tess Nguyen")
    client = clinic.client(tess)
    page = client.get(TODAYS).content.decode()
    version = re.search(r'data-version="(\w+)"', page)[1]
    had = ",".join("~".join(pair) for pair in re.findall(r'data-part="(\w+)" data-v="(\w+)"', page))
    assert "Nothing is waiting for you." in page
    assert asks_again(client, version, had).status_code == 304
    tasks.ask_of_the_office(
        *(clinic.center,),
        what="Print the calendar",
        why="The last copies are gone.",
        role=Role.FRONT_DESK,
        to=None,
        due_on=TODAY,
        by=dana,
        at=clock.now(),
    )
    answer = asks_again(client, version, had)
    assert answer.status_code == 200
    fresh = answer.content.decode()
    assert 'id="part-due"' in fresh and "Print the calendar" in fresh
    assert 'id="part-arrivals"' not in fresh, "what has not changed is not sent again"
    for place in ("Take", "Queue: Front desk"):
        assert place in fresh
