"""What a person finds of their own answers on their phone."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from stepwell.care.measures import actions, library, own
from stepwell.care.measures.models import LicensedText, Response
from stepwell.care.measures.rules import asking
from stepwell.care.measures.tests.test_views import reads
from stepwell.ground.kit import clock
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit.did import Did, Purpose
from stepwell.trust.audit.models import AuditEvent

pytestmark = pytest.mark.django_db
MINE = "/me/progress/"


@pytest.fixture
def dana(clinic):
    return clinic.user(Role.COUNSELOR, "Dana Whitfield")


@pytest.fixture
def maya(clinic, dana):
    return clinic.patient("Maya O'Brien-Núñez", team=(dana,))


@pytest.fixture
def phone(clinic, maya):
    return clinic.client(clinic.patient_user(maya))


def answered(patient, dana, instrument: str, value: int, *, days_ago: int, mode=Response.Mode.PAPER):
    """Every question answered alike, some days ago."""
    definition = library.instrument(instrument)
    answers = {item.id: value if value in item.values else 0 for item in asking.questions(definition)}
    now = clock.now()
    return actions.record(
        patient,
        instrument,
        asking.kept(definition, answers),
        mode=mode,
        taken_at=now - timedelta(days=days_ago),
        by=dana,
        at=now,
    )


def phq9(patient, dana, total: int, *, days_ago: int, last: int = 0, **more) -> Response:
    answers = dict.fromkeys([f"phq9_{n}" for n in range(1, 10)], 0)
    for n in range(1, 9):
        answers[f"phq9_{n}"] = min(3, max(0, total - last - 3 * (n - 1)))
    answers["phq9_9"] = last
    now = clock.now()
    mode = more.pop("mode", Response.Mode.PAPER)
    taken = now - timedelta(days=days_ago)
    return actions.record(patient, "phq9", answers, mode=mode, taken_at=taken, by=dana, at=now)


def test_a_trend_says_which_way_it_went_and_whether_that_is_more_than_ups_and_downs(phone, maya, dana):
    phq9(maya, dana, 14, days_ago=28)
    phq9(maya, dana, 6, days_ago=1)
    page = phone.get(MINE)
    words = reads(page)
    assert "From 14 on Oct 26 to 6 on Nov 22. Better, and more than the usual ups and downs." in words
    assert "This is between the easiest range and the hardest." in words
    assert "0 to 27, lower is easier" in words
    assert "<svg" in page.content.decode()
    assert "Show as a table" in words


def test_a_harder_stretch_is_said_without_a_name_for_the_person(phone, maya, dana):
    phq9(maya, dana, 6, days_ago=28)
    phq9(maya, dana, 22, days_ago=1)
    page = phone.get(MINE)
    assert "Tell us what would help." in reads(page)
    assert "You do not have to carry it alone." in reads(page)
    for label in ("Severe", "Mild", "PHQ", "Moderate"):
        assert label not in page.content.decode()


def test_no_label_of_any_measure_stands_on_the_page(clinic, phone, maya, dana):
    for instrument in ("gad7", "bam_iop", "barc10", "audit_c", "core10", "k6", "pc_ptsd5", "phq2"):
        answered(maya, dana, instrument, 3, days_ago=9)
    body = phone.get(MINE).content.decode()
    for definition in library.instruments().values():
        for band in definition.bands:
            if len(band.label) > 8:
                assert band.label not in body, (definition.id, band.label)


def test_the_numbers_are_those_the_counselor_reads(clinic, phone, maya, dana):
    phq9(maya, dana, 14, days_ago=28)
    phq9(maya, dana, 6, days_ago=1)
    chart = reads(clinic.client(dana).get(reverse("measures:measures", args=[maya.pk])))
    assert "went from 14" in chart
    assert "to 6" in chart
    assert "From 14 on" in reads(phone.get(MINE))


def test_what_was_answered_one_time_can_be_read_again(phone, maya, dana):
    response = phq9(maya, dana, 6, days_ago=1)
    assert f"{MINE}{response.pk}/" in phone.get(MINE).content.decode()
    page = reads(phone.get(f"{MINE}{response.pk}/"))
    definition = library.instrument("phq9")
    assert definition.items[0].text in page
    assert definition.items[0].answers[3].label in page
    assert "Mood, sleep and energy 6" in page


def test_thoughts_of_death_among_the_answers_stand_beside_someone_to_call(clinic, phone, maya, dana):
    clinic.center.phone = "+19375550142"
    clinic.center.save()
    response = phq9(maya, dana, 6, days_ago=1, last=1)
    body = phone.get(f"{MINE}{response.pk}/").content.decode()
    main = body[body.index("<h1") :]
    assert 'href="tel:988"' in main
    assert 'href="tel:+19375550142"' in main


def test_what_staff_rate_and_safety_at_home_are_not_there(phone, maya, dana):
    withdrawal = answered(maya, dana, "cows", 0, days_ago=1, mode=Response.Mode.STAFF)
    assert "Nothing yet." in reads(phone.get(MINE))
    assert phone.get(f"{MINE}{withdrawal.pk}/").status_code == 404


def test_neither_address_nor_title_says_what_it_is_about(phone, maya, dana):
    response = phq9(maya, dana, 6, days_ago=1)
    for address in (MINE, f"{MINE}{response.pk}/"):
        [title] = re.findall("<title>(.*?)</title>", phone.get(address).content.decode())
        assert title.startswith("How it is going")
        assert "phq" not in address


def test_in_spanish_every_word_of_ours_is_spanish(clinic, maya, dana):
    phq9(maya, dana, 14, days_ago=28)
    phq9(maya, dana, 6, days_ago=1)
    response = Response.objects.filter(patient=maya).latest("taken_at")
    phone = clinic.client(clinic.patient_user(maya, language="es"))
    words = reads(phone.get(MINE))
    assert "De 14 el 26 oct a 6 el 22 nov." in words.replace("Oct", "oct").replace("Nov", "nov")
    assert "Mejor, y más que los altibajos de siempre." in words
    assert "Ánimo, sueño y energía" in words
    answers = reads(phone.get(f"{MINE}{response.pk}/"))
    assert "These questions are shown in English" not in answers
    assert "Lo que suma" in answers


def test_one_done_alone_and_one_with_staff_are_compared_with_care(phone, maya, dana):
    phq9(maya, dana, 14, days_ago=28, mode=Response.Mode.STAFF)
    phq9(maya, dana, 6, days_ago=1)
    assert "so compare with care" in reads(phone.get(MINE))


def test_answers_that_give_no_number_are_kept_and_say_so(phone, maya, dana):
    now = clock.now()
    actions.record(
        maya,
        "gad7",
        {"gad7_1": 1},
        mode=Response.Mode.PAPER,
        taken_at=now - timedelta(days=1),
        by=dana,
        at=now,
    )
    assert "so there is no number" in reads(phone.get(MINE))


def test_a_measure_of_many_parts_is_a_list(phone, maya, dana):
    answered(maya, dana, "taps", 0, days_ago=3)
    page = phone.get(MINE)
    assert "Cannabis" in reads(page)
    assert 'class="chart' not in page.content.decode()


def test_a_licensed_questionnaire_is_called_as_the_site_calls_it(clinic, phone, maya, dana):
    LicensedText.objects.create(
        instrument="sows_structure",
        language="en",
        title="How my body feels",
        entered_by=dana,
        entered_at=clock.now(),
    )
    definition = library.instrument("sows_structure")
    Response.objects.create(
        patient=maya,
        instrument=definition.id,
        instrument_version=definition.version,
        mode="self",
        status="completed",
        answers={},
        result={"total": 12},
        taken_at=clock.now(),
        completed_at=clock.now(),
        answered_by=dana,
        recorded_by=dana,
    )
    assert "How my body feels" in reads(phone.get(MINE))
    chart = clinic.client(dana).get(reverse("measures:measures", args=[maya.pk]))
    assert "How my body feels" in reads(chart)


def test_nobody_reads_anothers(clinic, maya, dana):
    response = phq9(maya, dana, 6, days_ago=1)
    other = clinic.client(clinic.patient_user(clinic.patient("Devon Tate")))
    assert other.get(f"{MINE}{response.pk}/").status_code == 404
    assert clinic.client(dana).get(MINE).status_code == 404
    assert clinic.client(dana).get(f"{MINE}{response.pk}/").status_code == 404


def test_looking_leaves_a_trace_as_ones_own(phone, maya, dana):
    response = phq9(maya, dana, 6, days_ago=1)
    phone.get(f"{MINE}{response.pk}/")
    own_looks = AuditEvent.objects.filter(did=Did.OPENED, purpose=Purpose.OWN, patient_id=maya.pk)
    assert own_looks.count() == 1


def test_every_measure_on_phones_and_every_part_of_it_has_a_name_of_ours():
    for definition in library.instruments().values():
        if not own.own.is_shown(definition) or definition.is_withheld:
            continue
        assert own.has_own_name(definition), definition.id
        for score in definition.scores:
            assert own.is_whole(definition, score.id) or score.id in own.PARTS, (definition.id, score.id)
