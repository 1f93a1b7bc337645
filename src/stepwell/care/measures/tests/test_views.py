"""What a person reads and does, at the address they would use."""

import html
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from stepwell.care.measures import actions
from stepwell.care.measures.library import instrument
from stepwell.care.measures.models import CheckIn, Response
from stepwell.ground.kit import clock
from stepwell.trust.accounts.roles import Role
from stepwell.trust.people.testing import open_clinic

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic():
    with open_clinic() as clinic:
        clinic.center.phone = "+19375550142"
        clinic.center.save()
        yield clinic


@pytest.fixture
def dana(clinic):
    return clinic.user(Role.COUNSELOR, "Dana Whitfield")


@pytest.fixture
def maya(clinic, dana):
    return clinic.patient("Maya Reyes", team=(dana,))


@pytest.fixture
def phone(clinic, maya):
    """Maya's phone, signed in."""
    return clinic.client(clinic.patient_user(maya))


@pytest.fixture
def desk(clinic, dana):
    """Dana's browser, signed in."""
    return clinic.client(dana)


@pytest.fixture
def asked(maya, dana):
    return actions.ask(maya, "phq9", by=dana, at=clock.now())


def question(response, number):
    return reverse("measures:question", args=[response.pk, number])


def version_shown(page):
    """The version a form carries, to notice when somebody else was first."""
    [shown] = re.findall(r'name="version" value="(\d+)"', page.content.decode())
    return shown


def reads(page):
    """The words of a page, as a person sees them."""
    text = re.sub(r"<(script|style|svg).*?</\1>", " ", page.content.decode(), flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def say(phone, response, number, answer="", then="continue", was=""):
    return phone.post(question(response, number), {"answer": answer, "was": was, "then": then})


# On the phone


def test_length_and_who_sees_it_are_told_first(phone, asked):
    page = phone.get(reverse("measures:start", args=[asked.pk]))
    assert "Up to 10 questions, about 1 minute" in reads(page)
    assert "Only your care team sees your answers." in reads(page)
    assert "PHQ" not in page.content.decode().split("</title>")[0]


def test_a_question_shows_its_published_words_and_nothing_is_chosen(phone, asked):
    page = phone.get(question(asked, 1))
    body = page.content.decode()
    assert instrument("phq9").items[0].text in reads(page)
    assert "data-verbatim" in body
    assert "checked" not in body
    assert "Question 1 of 10" in reads(page)


def test_an_answer_is_saved_and_the_next_question_comes(phone, asked):
    assert say(phone, asked, 1, "2").url == question(asked, 2)
    asked.refresh_from_db()
    assert asked.answers == {"phq9_1": 2}


def test_continue_without_an_answer_says_what_to_do_beside_the_question(phone, asked):
    page = say(phone, asked, 1)
    assert page.status_code == 422
    assert reads(page).count("Choose an answer, or choose “Skip this question”.") == 2
    assert "<title>Error:" in page.content.decode()


def test_back_shows_the_answer_given_and_keeps_the_one_on_the_screen(phone, asked):
    say(phone, asked, 1, "2")
    assert say(phone, asked, 2, "3", then="back").url == question(asked, 1)
    assert re.search(r'value="2"[^>]*checked', phone.get(question(asked, 1)).content.decode())
    assert re.search(r'value="3"[^>]*checked', phone.get(question(asked, 2)).content.decode())


def test_skipping_goes_on_and_is_shown_as_skipped(phone, asked):
    assert say(phone, asked, 1, then="skip").url == question(asked, 2)
    say(phone, asked, 2, "1")
    assert "Skipped" in reads(phone.get(reverse("measures:review", args=[asked.pk])))


def test_coming_back_later_goes_on_at_the_first_open_question(phone, asked):
    say(phone, asked, 1, "2")
    page = phone.get(reverse("measures:start", args=[asked.pk]))
    assert "Go on where you stopped" in reads(page)
    assert question(asked, 2) in page.content.decode()


def test_thoughts_of_death_are_met_at_once_with_help_and_a_way_on(phone, asked):
    answered = say(phone, asked, 9, "1")
    assert answered.url == reverse("measures:help", args=[asked.pk, 9])
    page = phone.get(answered.url)
    for offered in ('href="tel:988"', 'href="sms:988"', 'href="tel:911"', 'href="tel:+19375550142"'):
        assert offered in page.content.decode()
    assert "Stay with someone you trust" in reads(page)
    assert "They may not see it right away." in reads(page)
    assert question(asked, 10) in page.content.decode()


def test_two_screens_the_second_is_told_and_both_answers_are_shown(phone, asked):
    say(phone, asked, 1, "1")
    page = say(phone, asked, 1, "3")
    assert page.status_code == 409
    assert "another screen" in reads(page)
    assert "Kept so far: Several days." in reads(page)
    assert re.search(r'value="3"[^>]*checked', page.content.decode())
    assert say(phone, asked, 1, "3", was="1").url == question(asked, 2)


def test_a_question_not_called_for_is_passed_by(phone, maya, dana):
    asked = actions.ask(maya, "bam_iop", by=dana, at=clock.now())
    say(phone, asked, 4, "0")
    assert phone.get(question(asked, 5)).url == question(asked, 6)


def test_a_whole_walk_from_the_first_question_to_the_thanks(phone, asked):
    address = question(asked, 1)
    for _ in range(20):
        if address.endswith("/answers/"):
            break
        number = int(address.rstrip("/").rsplit("/", 1)[1])
        address = say(phone, asked, number, "1" if number < 9 else "0").url
    sent = phone.post(address, {"version": Response.objects.get(pk=asked.pk).version})
    assert sent.url == reverse("measures:done", args=[asked.pk])
    assert "Your answers are with your care team." in reads(phone.get(sent.url))
    asked.refresh_from_db()
    assert (asked.total, asked.result["total_band"]) == (8, "Mild")
    assert phone.get(question(asked, 1)).url == sent.url


@pytest.mark.parametrize("language", ["en", "es"])
def test_after_thoughts_of_death_the_thanks_lead_with_help_and_not_with_the_next_visit(
    clinic, maya, asked, language
):
    phone = clinic.client(clinic.patient_user(maya, language=language))
    say(phone, asked, 9, "2")
    say(phone, asked, 9, "0", was="2")
    held = Response.objects.get(pk=asked.pk)
    sent = phone.post(reverse("measures:review", args=[asked.pk]), {"version": held.version})
    page = phone.get(sent.url)
    body = page.content.decode()
    assert "next visit" not in reads(page)
    assert "próxima visita" not in reads(page)
    for offered in ('href="tel:988"', 'href="tel:+19375550142"'):
        assert offered in body
    main = body[body.index("<h1") :]
    assert main.index("p-now") < main.index("<p>")


def test_sending_an_old_view_of_the_answers_shows_the_new_ones_first(phone, asked):
    say(phone, asked, 1, "1")
    page = phone.post(reverse("measures:review", args=[asked.pk]), {"version": "1"})
    assert page.status_code == 422
    assert "Look at them again" in reads(page)


def test_nobody_opens_anothers_questions(clinic, asked):
    other = clinic.client(clinic.patient_user(clinic.patient("Devon Tate")))
    for name in ("start", "review", "done"):
        assert other.get(reverse(f"measures:{name}", args=[asked.pk])).status_code == 404
    assert other.get(question(asked, 1)).status_code == 404


def test_in_spanish_everything_but_the_published_words_is_spanish(clinic, maya, asked):
    user = clinic.patient_user(maya, language="es")
    phone = clinic.client(user)
    page = phone.get(question(asked, 1))
    assert "Omitir esta pregunta" in reads(page)
    assert "no lo traducimos por nuestra cuenta" in reads(page)
    assert instrument("phq9").items[0].text in reads(page)
    assert 'lang="es"' in page.content.decode()
    told = phone.get(say(phone, asked, 9, "1").url)
    assert "Gracias por decirnos" in reads(told)
    assert "Oprima 2 para español" in reads(told)


# The daily check-in


def test_a_check_in_is_four_short_pages_each_skippable(phone, maya):
    assert phone.post(reverse("measures:check_in"), {"craving": "3"}).url == reverse(
        "measures:check_in_page", args=[2]
    )
    assert phone.post(reverse("measures:check_in_page", args=[2]), {"then": "skip"}).url.endswith("/3/")
    assert phone.post(reverse("measures:check_in_page", args=[3]), {"slept_hours": "6"}).url.endswith("/4/")
    done = phone.post(reverse("measures:check_in_page", args=[4]), {"used": "no", "note": "Ana called."})
    assert "Today's check-in is saved." in reads(phone.get(done.url))
    kept = CheckIn.objects.get(patient=maya)
    assert (kept.craving, kept.mood, kept.slept_hours, kept.used, kept.note) == (
        3,
        None,
        6,
        False,
        "Ana called.",
    )


def test_nothing_is_chosen_before_the_person_chooses_and_today_can_be_changed(phone, maya):
    assert "checked" not in phone.get(reverse("measures:check_in")).content.decode()
    phone.post(reverse("measures:check_in"), {"craving": "3"})
    assert re.search(r'value="3"[^>]*checked', phone.get(reverse("measures:check_in")).content.decode())
    phone.post(reverse("measures:check_in"), {"craving": "1"})
    assert CheckIn.objects.get(patient=maya).craving == 1


def test_saying_that_one_used_opens_help_and_never_a_reproach(phone):
    phone.post(reverse("measures:check_in_page", args=[4]), {"used": "yes"})
    page = phone.get(reverse("measures:checked_in"))
    assert "There is still a place for you here." in reads(page)
    assert "naloxone" in reads(page)
    assert 'href="tel:+19375550142"' in page.content.decode()


def test_a_check_in_without_a_choice_says_so(phone, maya):
    page = phone.post(reverse("measures:check_in"), {})
    assert page.status_code == 422
    assert "Choose one, or choose “Skip”." in reads(page)
    assert not CheckIn.objects.filter(patient=maya).exists()


def test_staff_have_no_check_in_of_their_own(desk):
    assert desk.get(reverse("measures:check_in")).status_code == 404


# On the staff side


def rate(desk, maya, instrument_id="cows", **answers):
    given = {"taken_at": "2026-11-23T08:30"} | answers
    return desk.post(reverse("measures:new", args=[maya.pk, instrument_id]), given)


COWS = {f"cows_{number}": "0" for number in range(1, 12)}


def test_a_rating_gives_its_total_band_and_time(desk, maya):
    rated = rate(desk, maya, **COWS | {"cows_4": "5", "cows_11": "3", "remark": "Before the first dose"})
    page = desk.get(rated.url)
    assert "8 Mild 0 to 48, lower is better" in reads(page)
    assert "8:30 AM" in reads(page)
    assert "Before the first dose" in reads(page)


def test_a_counted_pulse_answers_the_first_question(desk, maya):
    rated = rate(desk, maya, **{item: value for item, value in COWS.items() if item != "cows_1"}, pulse="110")
    response = Response.objects.get(patient=maya)
    assert rated.status_code == 302
    assert (response.answers["cows_1"], response.context) == (2, {"pulse": 110})


def test_a_pulse_against_the_answer_is_said_and_what_was_chosen_stays(desk, maya):
    page = rate(desk, maya, **COWS | {"pulse": "110"})
    assert page.status_code == 422
    assert "A pulse of 110 belongs to “Pulse rate 101 - 120”." in reads(page)
    assert page.content.decode().partition('<dialog id="keys"')[0].count("checked") == 11
    assert not Response.objects.filter(patient=maya).exists()


def test_every_open_question_is_named_and_nothing_is_half_saved(desk, maya):
    page = rate(desk, maya, cows_2="1")
    assert page.status_code == 422
    assert "Question 11: choose an answer, or “Not answered”." in reads(page)
    assert not Response.objects.filter(patient=maya).exists()


def test_not_answered_gives_bounds_in_place_of_a_score(desk, maya):
    page = desk.get(rate(desk, maya, **COWS | {"cows_4": "-"}).url)
    assert "Incomplete: no score" in reads(page)
    assert "0–5" in reads(page)


def test_a_time_to_come_is_refused_beside_the_time(desk, maya):
    page = rate(desk, maya, **COWS | {"taken_at": "2026-11-23T10:00"})
    assert "This time has not come yet." in reads(page)


def test_a_measure_read_aloud_skips_what_is_not_called_for(desk, maya):
    week = {f"bam_iop_{number}": "0" for number in (1, 2, 3, 4, 6, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17)}
    rated = rate(desk, maya, "bam_iop", **week, mode="paper")
    assert rated.status_code == 302
    response = Response.objects.get(patient=maya)
    assert (response.mode, response.result["use_band"]) == (Response.Mode.PAPER, "No use reported")


def test_a_contradiction_is_said_on_the_result(desk, maya):
    week = {f"bam_iop_{number}": "1" for number in (1, 2, 3, 4, 6, 8, 9, 10, 11, 12, 13, 15, 16, 17)}
    week |= {"bam_iop_5": "3", "bam_iop_14": "4"} | {f"bam_iop_7{letter}": "0" for letter in "abcdefg"}
    page = desk.get(rate(desk, maya, "bam_iop", **week, mode="staff").url)
    assert "Question 5 counts more days than question 4." in reads(page)


def test_a_critical_answer_stands_first_with_its_reason_until_it_is_followed_up(desk, phone, asked, maya):
    say(phone, asked, 9, "1")
    page = desk.get(reverse("measures:measures", args=[maya.pk]))
    assert "PHQ-9, question 9: “Several days”." in reads(page)
    assert "not finished" in reads(page)
    desk.post(
        reverse("measures:follow_up", args=[asked.pk]),
        {"note": "Called; safe tonight with her sister.", "deeds": ["reached", "plan"]},
    )
    page = desk.get(reverse("measures:measures", args=[maya.pk]))
    assert "question 9" not in reads(page)


def test_follow_up_without_a_word_is_refused(desk, phone, asked):
    say(phone, asked, 9, "1")
    page = desk.post(reverse("measures:follow_up", args=[asked.pk]), {"note": ""}, follow=True)
    assert "Say what was done." in reads(page)


def test_asking_puts_it_on_the_phone_and_asking_twice_is_told(desk, maya):
    address = reverse("measures:measures", args=[maya.pk])
    assert "GAD-7 is on Maya's phone." in reads(desk.post(address, {"instrument": "gad7"}, follow=True))
    page = desk.post(address, {"instrument": "gad7"})
    assert page.status_code == 422
    assert "already asked and not finished" in reads(page)


def test_staff_and_the_person_at_once_both_answers_are_shown(desk, phone, asked):
    address = reverse("measures:answers", args=[asked.pk])
    form = {f"phq9_{number}": "0" for number in range(1, 10)} | {
        "version": "1",
        "taken_at": "2026-11-23T08:59",
        "mode": "staff",
    }
    say(phone, asked, 1, "3")
    page = desk.post(address, form)
    assert page.status_code == 409
    assert "answered some of this on the phone in the meantime" in reads(page)
    assert "Question 1: on the phone “Nearly every day”" in reads(page)
    shown = version_shown(page)
    assert desk.post(address, form | {"version": shown}).status_code == 302


def test_a_trend_says_whether_a_change_is_real(desk, maya, dana):
    for days, value in ((34, 2), (1, 0)):
        actions.record(
            maya,
            "phq9",
            {f"phq9_{number}": value for number in range(1, 10)},
            mode=Response.Mode.PAPER,
            taken_at=clock.now() - timedelta(days=days),
            by=dana,
            at=clock.now(),
        )
    page = desk.get(reverse("measures:measures", args=[maya.pk]))
    assert (
        "PHQ-9 went from 18 (moderately severe) on Oct 20 to 0 (none-minimal) on Nov 22, in five weeks: a real"
        in reads(page)
    )
    assert 'role="img"' in page.content.decode()
    assert "Show as a table" in reads(page)


def test_struck_out_stays_and_no_longer_counts(desk, maya):
    rated = rate(desk, maya, **COWS)
    response = Response.objects.get(patient=maya)
    desk.post(
        reverse("people:correction", args=["measures.response", response.pk]), {"because": "Wrong person."}
    )
    assert "Entered in error: this no longer counts." in reads(desk.get(rated.url))
    assert "No measure is finished yet" in reads(desk.get(reverse("measures:measures", args=[maya.pk])))


def test_more_measures_ask_no_more_of_the_database(desk, maya):
    address = reverse("measures:measures", args=[maya.pk])

    def queries():
        with CaptureQueriesContext(connection) as asked:
            desk.get(address)
        return len(asked)

    rate(desk, maya, **COWS)
    few = queries()
    for _ in range(6):
        rate(desk, maya, **COWS)
    assert queries() == few


def test_what_was_answered_once_stands_in_one_line_below_what_was_answered_often(desk, maya, dana):
    now = clock.now()
    once = {
        "cssrs_screener": {"cssrs_1": 0, "cssrs_2": 0, "cssrs_6": 0},
        "overdose_risk_checklist": {"od_opioid_use": 1, "od_mix_benzo": 1},
        "phq2": {"phq2_1": 1, "phq2_2": 1},
    }
    for instrument_id, answers in once.items():
        actions.record(maya, instrument_id, answers, mode=Response.Mode.STAFF, taken_at=now, by=dana, at=now)
    for days in (7, 0):
        at = now - timedelta(days=days)
        actions.record(
            maya, "gad2", {"gad2_1": 1, "gad2_2": 1}, mode=Response.Mode.STAFF, taken_at=at, by=dana, at=now
        )
    page = reads(desk.get(reverse("measures:measures", args=[maya.pk])))
    series, below = page.split("Answered once")
    assert "GAD-2 unchanged" in series
    assert "Patient Health Questionnaire-2 2 (negative screen)" in below
    assert "Overdose risk and naloxone checklist Alert" in below
    assert "C-SSRS Screener" in below
