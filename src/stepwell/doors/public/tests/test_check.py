"""The private check, as somebody goes through it: one question a page, and nothing left behind."""

import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.core import signing
from django.core.cache import caches
from django.db import connection
from django.test import Client

from stepwell.care.intake.check.rules import BY_ID, QUESTIONS, Asked, Danger, read
from stepwell.care.intake.check.words import CARDS
from stepwell.care.intake.check.words import QUESTIONS as WORDS
from stepwell.doors.public import sent_answers
from stepwell.doors.public.check import state
from stepwell.ground.kit import clock
from stepwell.ground.web import words
from stepwell.trust.organizations.models import OpenTime, Organization, PublishedCenter

# None is marked for a database but those that look into it: a page of the check that asked it would fail.

ANA = {
    "now": ["none"],
    "use": ["alcohol"],
    "often": ["most"],
    "stopping": ["shaky"],
    "health": ["none"],
    "mood": ["some_days"],
    "home": ["safe_with_someone"],
    "week": ["work", "care", "medicine"],
}
LIVES = [
    ANA,
    {},
    ANA | {"often": ["monthly"], "stopping": ["fine"]},
    ANA | {"use": ["opioid", "benzodiazepine"], "stopping": ["very_sick"], "health": ["inject", "overdose"]},
    ANA | {"stopping": ["seizure_before"], "home": ["unsafe"], "week": ["far", "room"]},
    ANA | {"use": ["cannabis"], "health": ["pregnant", "leaving"], "mood": ["cannot"], "home": ["no_place"]},
    ANA | {"use": [], "stopping": ["never_without"], "home": ["use_around"]},
]


class Visitor:
    """Somebody at the check: what stands in the page before them, and the buttons they press."""

    def __init__(self, client: Client, language: str = "") -> None:
        self.client, self.language = client, language
        self.answer: Any = client.get(f"{language}/check/1/")
        self.addresses: list[str] = []

    @property
    def page(self) -> str:
        return unescape(self.answer.content.decode())

    @property
    def state(self) -> str:
        return re.search(r'name="state" value="([^"]+)"', self.page)[1]

    def sends(self, address: str, **fields: object) -> "Visitor":
        self.answer = self.client.post(address, {"state": self.state} | fields, follow=True)
        self.addresses += [address, *(where for where, _status in self.answer.redirect_chain)]
        return self

    def presses(self, then: str, **fields: object) -> "Visitor":
        """The buttons of a question's page."""
        onward = re.search(r'<form id="check"[^>]* action="([^"]+)"', self.page)[1]
        back = re.search(r'value="back" formaction="([^"]+)"', self.page)[1]
        of = re.search(r'name="of" value="([^"]+)"', self.page)[1]
        to = re.search(r'name="back_to" value="([^"]+)"', self.page)
        held = {"back_to": to[1]} if to else {}
        return self.sends(back if then == "back" else onward, of=of, then=then, **held, **fields)

    def chooses(self, *answers: str) -> "Visitor":
        return self.presses("continue", answer=list(answers))

    def answers(self, life: dict[str, list[str]]) -> "Visitor":
        for question in QUESTIONS:
            said = life.get(question.id, [])
            if said:
                self.chooses(*said)
            else:
                self.presses("skip")
        return self

    def result(self, life: dict[str, list[str]]) -> "Visitor":
        return self.answers(life).sends(f"{self.language}/check/result/")


@pytest.fixture
def visitor(client: Client) -> Visitor:
    return Visitor(client)


# Going through it


def test_eight_questions_lead_to_the_answers_and_then_to_a_result(visitor: Visitor):
    for number, question in enumerate(QUESTIONS, 1):
        assert f"Question {number} of 8" in visitor.page
        assert str(WORDS[question.id].asks) in visitor.page
        assert f"Why we ask: {WORDS[question.id].because}" in visitor.page
        visitor.chooses(*ANA[question.id])
    assert "Your answers" in visitor.page
    assert "I shake, sweat or feel sick" in visitor.page
    visitor.sends("/check/result/")
    assert "Intensive outpatient looks like a good place to start" in visitor.page
    first = visitor.page.index("Do this first: talk to a nurse or doctor before you stop")
    assert first < visitor.page.index("Open times near you")
    assert "Weekly visits are often too little for this." in visitor.page
    assert "you used on 1 to 3 days a week, and a day without it went well enough" in visitor.page


def test_back_keeps_what_was_said_and_what_was_just_chosen(visitor: Visitor):
    visitor.chooses("none").chooses("alcohol").presses("back", answer=["monthly"])
    assert "Question 2 of 8" in visitor.page
    assert re.search(r'value="alcohol"[^>]* checked', visitor.page)
    visitor.chooses("alcohol")
    assert re.search(r'value="monthly"[^>]* checked', visitor.page)


def test_back_from_the_first_question_leads_to_what_it_is_and_loses_nothing(visitor: Visitor):
    visitor.chooses("none").presses("back").presses("back")
    assert "Go on with the check" in visitor.page
    visitor.sends("/check/1/")
    assert re.search(r'value="none"[^>]* checked', visitor.page)


def test_to_go_on_without_an_answer_asks_for_one_or_a_skip_and_moves_nobody(visitor: Visitor):
    visitor.chooses("none").presses("continue")
    assert visitor.addresses[-1] == "/check/2/"
    assert "Question 2 of 8" in visitor.page
    assert "There is a problem" in visitor.page
    assert "Choose an answer, or skip this question." in visitor.page
    assert "<title>Error: Question 2 of 8" in visitor.page
    visitor.presses("skip")
    assert "Question 3 of 8" in visitor.page


@pytest.mark.parametrize("from_page", ["answers", "result"])
def test_an_answer_is_changed_and_leads_back_to_where_it_was_changed(visitor: Visitor, from_page: str):
    visitor.answers(ANA)
    if from_page == "result":
        visitor.sends("/check/result/")
    visitor.sends("/check/3/", back_to=from_page)
    assert "How often do you use?" in visitor.page
    visitor.chooses("monthly")
    assert visitor.addresses[-1] == f"/check/{from_page}/"
    assert "1 to 3 days a month" in visitor.page


def test_a_skip_takes_an_answer_back(visitor: Visitor):
    visitor.result(ANA).sends("/check/6/", back_to="result").presses("skip")
    assert "Intensive outpatient or more, from what you told us" in visitor.page
    assert "Skipped does not mean no" in visitor.page
    assert "How have you felt in the last 2 weeks?" in visitor.page


def test_everything_skipped_is_said_to_be_unknown_and_not_to_be_well(visitor: Visitor):
    visitor.result({})
    assert "We cannot tell yet what may fit" in visitor.page
    assert "talk to a nurse or doctor before you stop" in visitor.page
    assert "looks like a good place to start" not in visitor.page


def test_the_other_language_keeps_the_page_and_the_answers(visitor: Visitor):
    visitor.chooses("none").chooses("alcohol")
    twin = re.search(r'<form method="post" action="([^"]+)"><input type="hidden" name="state"', visitor.page)
    visitor.sends(twin[1])
    assert "Pregunta 3 de 8" in visitor.page
    visitor.presses("back")
    assert visitor.addresses[-1] == "/es/check/2/"
    assert re.search(r'value="alcohol"[^>]* checked', visitor.page)


# What cannot wait


@pytest.mark.parametrize("danger", [each for each in Danger if each is not Danger.PREGNANT_AND_SICK])
def test_a_danger_is_answered_at_once_and_in_place_of_a_result(visitor: Visitor, danger: Danger):
    visitor.chooses(danger.value)
    assert visitor.addresses[-1] == "/check/result/"
    assert str(CARDS[danger].title) in visitor.page
    assert ('href="tel:911"' in visitor.page) == danger.calls_911
    assert "good place to start" not in visitor.page
    assert "What would change this" not in visitor.page


def test_thoughts_of_ending_life_lead_to_988_and_988_speaks_spanish(client: Client):
    visitor = Visitor(client).chooses("life")
    assert "<h1" in visitor.page
    assert "Call or text 988 now" in visitor.page
    assert 'href="tel:988"' in visitor.page
    assert 'href="sms:988"' in visitor.page
    en_espanol = Visitor(client, "/es").chooses("life")
    assert "oprima 2" in en_espanol.page
    assert "AYUDA" in en_espanol.page


def test_pregnant_and_sick_without_it_is_sent_to_a_hospital_and_may_change_it(visitor: Visitor):
    visitor.chooses("none").chooses("opioid").chooses("daily").chooses("shaky").chooses("pregnant")
    assert "Get care at a hospital today" in visitor.page
    visitor.sends(re.search(r'<form id="check"[^>]* action="([^"]+)"', visitor.page)[1], then="back")
    assert "Question 5 of 8" in visitor.page


def test_a_mistake_is_put_right_and_the_check_goes_on(visitor: Visitor):
    visitor.chooses("seizure")
    visitor.sends(re.search(r'<form id="check"[^>]* action="([^"]+)"', visitor.page)[1], then="back")
    assert "Question 1 of 8" in visitor.page
    visitor.chooses("none")
    assert "Question 2 of 8" in visitor.page


@pytest.mark.parametrize(
    ("health", "said"),
    [("pregnant", "Say that you are pregnant when you call"), ("inject", "Say that you inject drugs")],
)
def test_pregnant_people_and_people_who_inject_read_that_they_are_seen_first(
    visitor: Visitor, health: str, said: str
):
    visitor.result(ANA | {"stopping": ["fine"], "health": [health]})
    assert "You are seen first" in visitor.page
    assert said in visitor.page


# What is not ours is met kindly


def test_a_page_opened_by_its_address_begins_again_kindly(client: Client):
    for address in ("/check/2/", "/check/8/", "/check/9/", "/check/0/", "/check/answers/", "/check/result/"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert "You did nothing wrong" in answer.content.decode()


TAMPERED = [
    "",
    "x",
    "x" * 100_000,
    "😀\x00",
    signing.dumps({"v": "1", "at": 0, "said": {"now": ["none"]}}, salt="somewhere else"),
]


@pytest.mark.parametrize("held", TAMPERED, ids=["none", "short", "huge", "odd", "another salt"])
def test_what_is_not_ours_begins_again_kindly(client: Client, held: str):
    for address in ("/check/2/", "/check/answers/", "/check/result/"):
        answer = client.post(address, {"state": held, "of": "now", "then": "continue", "answer": "none"})
        assert answer.status_code == 200
        assert "You did nothing wrong" in answer.content.decode()


def test_a_changed_answer_in_the_page_is_not_read(visitor: Visitor):
    visitor.chooses("none")
    body, *rest = visitor.state.split(":")
    changed = ":".join([body[:-2] + ("AA" if body[-2:] != "AA" else "BB"), *rest])
    answer = visitor.client.post("/check/2/", {"state": changed})
    assert "You did nothing wrong" in answer.content.decode()


def test_answers_of_yesterday_are_not_read(visitor: Visitor):
    visitor.answers(ANA)
    held = visitor.state
    with clock.stand_still(clock.now() + state.LASTS + timedelta(seconds=1)):
        assert (
            "You did nothing wrong" in visitor.client.post("/check/result/", {"state": held}).content.decode()
        )


@pytest.mark.parametrize("said", [{"age": ["44"]}, {"mood": ["sad"]}, {"mood": "fine"}, [], None, 7])
def test_signed_answers_to_other_questions_are_not_read(client: Client, said: object):
    held = signing.dumps({"v": "1", "at": clock.now().timestamp(), "said": said}, salt=state.SALT)
    assert "You did nothing wrong" in client.post("/check/result/", {"state": held}).content.decode()


def test_another_site_cannot_send_somebody_through_it(visitor: Visitor):
    answer = visitor.client.post(
        "/check/result/", {"state": visitor.state}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert "You did nothing wrong" in answer.content.decode()


@pytest.mark.parametrize("answer", [["none", "life", "x"], ["<script>"], ["none"] * 500, ["x" * 5000]])
def test_odd_answers_are_asked_again(visitor: Visitor, answer: list[str]):
    visitor.chooses(*answer)
    assert visitor.answer.status_code == 200
    assert "<script>" not in visitor.page
    assert "Question 1 of 8" in visitor.page or "Question 2 of 8" in visitor.page


# Words


@pytest.mark.parametrize("life", LIVES)
def test_a_result_reads_at_sixth_grade_and_easily_in_spanish(client: Client, life: dict[str, list[str]]):
    english, spanish = Visitor(client).result(life).page, Visitor(client, "/es").result(life).page
    assert words.grade(words.blocks(english)) <= 6
    assert words.ease_in_spanish(words.blocks(spanish)) >= 65
    for page, language in ((english, "en"), (spanish, "es")):
        said = words.everything_said(page)
        assert [str(found) for found in words.harmful(said, language)] == []
        assert "!" not in said
        assert page.count("<h1") == 1


@pytest.mark.parametrize("danger", [each for each in Danger if each is not Danger.PREGNANT_AND_SICK])
def test_a_card_is_easy_to_read_for_somebody_who_is_afraid(client: Client, danger: Danger):
    english, spanish = Visitor(client).chooses(danger.value), Visitor(client, "/es").chooses(danger.value)
    assert words.grade(words.blocks(english.page)) <= 5
    assert words.ease_in_spanish(words.blocks(spanish.page)) >= 65
    for page, language in ((english.page, "en"), (spanish.page, "es")):
        assert list(words.harmful(words.everything_said(page), language)) == []


def test_every_question_is_easy_in_both_languages(client: Client):
    english, spanish = Visitor(client), Visitor(client, "/es")
    for _question in QUESTIONS:
        assert words.grade(words.blocks(english.page)) <= 6
        assert words.ease_in_spanish(words.blocks(spanish.page)) >= 65
        assert list(words.harmful(words.everything_said(english.page), "en")) == []
        assert list(words.harmful(words.everything_said(spanish.page), "es")) == []
        english.presses("skip")
        spanish.presses("skip")


def test_no_english_is_left_in_a_spanish_result(client: Client):
    for life in LIVES:
        english = set(words.blocks(Visitor(client).result(life).page))
        spanish = set(words.blocks(Visitor(client, "/es").result(life).page))
        same = {text for text in english & spanish if re.search(r"[a-z]{3}", text)}
        assert same <= {"Stepwell", "Alcohol", "IOP"}


def test_everything_that_can_be_answered_has_its_words():
    for question in QUESTIONS:
        assert set(WORDS[question.id].choices) == {option.id for option in question.options}
    assert set(CARDS) == set(Danger)


# Open times near them


@pytest.fixture
def near_dayton(db: None) -> None:
    alder = Organization.objects.create(name="Alder", slug="alder")
    places = {
        "Alder Creek": ("Dayton", 39.7474, -84.16, ["iop"], 30),
        "Miami House": ("Kettering", 39.6895, -84.1688, ["iop"], 3),
        "Far Field": ("Cincinnati", 39.1031, -84.512, ["inpatient"], 1),
    }
    for name, (city, latitude, longitude, services, hours) in places.items():
        center = PublishedCenter.objects.create(
            organization=alder,
            name=name,
            slug=name.lower().replace(" ", "-"),
            city=city,
            state="OH",
            postal_code="45410",
            latitude=latitude,
            longitude=longitude,
            phone="+19375550142",
            services=services,
            books_online=True,
            confirmed_on=clock.now().date(),
        )
        starts = clock.now() + timedelta(hours=hours)
        OpenTime.objects.create(
            id=uuid4(),
            organization=alder,
            center=center,
            practitioner=uuid4(),
            starts_at=starts,
            ends_at=starts + timedelta(hours=1),
        )


def test_a_result_shows_the_soonest_open_times_near_a_place_that_stands_in_no_address(
    visitor: Visitor, near_dayton: None
):
    visitor.result(ANA).sends("/check/result/", near="45410")
    assert visitor.page.index("Miami House") < visitor.page.index("Alder Creek")
    assert "Far Field" not in visitor.page  # It has another kind of care.
    assert "Near you: Today" in visitor.page
    assert not any("45410" in address for address in visitor.addresses)
    assert "Intensive outpatient looks like" in visitor.page


def test_where_no_center_has_that_kind_of_care_the_near_ones_are_shown_and_said_to_be_others(
    visitor: Visitor, near_dayton: None
):
    visitor.result(ANA | {"mood": ["cannot"]}).sends("/check/result/", near="Dayton, OH")
    assert "No center near you says that it has this kind of care" in visitor.page
    assert "Alder Creek" in visitor.page


def test_what_was_said_goes_along_to_a_booking_as_it_was_read_and_nothing_that_was_skipped(
    visitor: Visitor, near_dayton: None
):
    visitor.result(ANA | {"mood": []}).sends("/check/result/", near="45410")
    book = re.search(
        r'<form method="post" action="(/book/[^"]+)"><input type="hidden" name="answers" value="([^"]+)"',
        visitor.page,
    )
    sent = sent_answers.unpack(book[2])
    assert sent is not None
    assert ("What do you use?", "Alcohol") in sent.answers
    assert "How have you felt in the last 2 weeks?" not in dict(sent.answers)
    assert sent.source == "Private check 1"
    assert sent.result == "Intensive outpatient or more, from what you told us"
    assert "only if you tick" in visitor.page


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["Xyzzyville", "<b>'; drop", "\x00", "x" * 5000, "٠١٢٣٤"])
def test_a_place_that_nobody_knows_is_said_to_be(visitor: Visitor, typed: str):
    visitor.result(ANA).sends("/check/result/", near=typed)
    assert visitor.answer.status_code == 200
    assert "<b>'" not in visitor.answer.content.decode()
    if typed.strip("\x00"):
        assert "We found no center near" in visitor.page


# Nothing is kept


@pytest.fixture
def everything_logged() -> Iterator[list[str]]:
    """Whatever any logger is told, at any level at which we let it speak."""
    told: list[str] = []

    class Keeps(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            told.append(self.format(record) + repr(record.__dict__))

    handler, root = Keeps(level=0), logging.getLogger()
    loggers = [root, *(logging.getLogger(name) for name in ("django", "stepwell", "axes", "django.request"))]
    levels = [each.level for each in loggers]
    for each in loggers:
        each.addHandler(handler)
        each.setLevel(1)
    yield told
    for each, level in zip(loggers, levels, strict=True):
        each.removeHandler(handler)
        each.setLevel(level)


def tables() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        names = [name for (name,) in cursor.fetchall()]
        counted = {}
        for name in names:
            cursor.execute(f'SELECT count(*) FROM "{name}"')
            counted[name] = cursor.fetchone()[0]
    return counted


def found_in_text(*marks: str) -> list[str]:
    """Every table in which a row, written out as text, holds one of these."""
    found = []
    with connection.cursor() as cursor:
        for name in tables():
            for mark in marks:
                cursor.execute(f'SELECT count(*) FROM "{name}" AS row WHERE row::text LIKE %s', [f"%{mark}%"])
                if cursor.fetchone()[0]:
                    found.append(f"{name}: {mark}")
    return found


@pytest.mark.django_db
def test_nothing_is_left_in_the_database_the_address_the_log_a_cookie_or_a_cache(
    client: Client, everything_logged: list[str], monkeypatch: pytest.MonkeyPatch
):
    kept_in_caches: list[object] = []
    for name in ("set", "add", "set_many", "get_or_set"):
        monkeypatch.setattr(type(caches["default"]), name, lambda *given, **_: kept_in_caches.append(given))
    before = tables()
    marked = ANA | {"use": ["ghb", "benzodiazepine"], "home": ["no_place"], "health": ["inject"]}
    visitor = Visitor(client)
    held = [visitor.state]
    for question in QUESTIONS:
        visitor.chooses(*marked[question.id])
        held.append(visitor.state)
    visitor.sends("/check/result/")
    held.append(visitor.state)
    assert "Your result" in visitor.page
    visitor.sends("/check/1/").chooses("life")  # And once more, to where it cannot wait.
    assert "988" in visitor.page

    assert tables() == before
    assert found_in_text("ghb", "no_place", "inject", *(one[:24] for one in held)) == []
    assert {re.sub(r"/\d+/", "/n/", address) for address in visitor.addresses} == {
        "/check/n/",
        "/check/answers/",
        "/check/result/",
    }
    assert not any("?" in address for address in visitor.addresses)
    assert not client.cookies
    log = "\n".join(everything_logged)
    assert [mark for mark in ("ghb", "no_place", "inject", *held) if mark in log] == []
    assert kept_in_caches == []


def test_no_page_of_it_is_stored_by_a_browser_or_on_the_way(client: Client):
    visitor = Visitor(client)
    for answer in (
        client.get("/check/"),
        visitor.answer,
        visitor.chooses("none").answer,
        visitor.sends("/check/answers/").answer,
        visitor.sends("/check/result/").answer,
        client.get("/check/result/"),
        client.post("/check/2/", {"state": visitor.state, "of": "now", "then": "continue"}),  # Sent on.
    ):
        assert "no-store" in answer.headers["Cache-Control"]
        assert not answer.cookies
        assert "ETag" not in answer.headers


def test_a_fault_in_the_middle_tells_nobody_what_was_said(
    client: Client, everything_logged: list[str], monkeypatch: pytest.MonkeyPatch, settings: object
):
    visitor = Visitor(client).chooses("none").chooses("ghb")
    held = visitor.state

    def breaks(*_given: object) -> None:
        raise RuntimeError("out of order")

    monkeypatch.setattr("stepwell.doors.public.check.views.result_of", breaks)
    client.raise_request_exception = False
    answer = client.post("/check/result/", {"state": held})
    assert answer.status_code == 500
    log = "\n".join(everything_logged)
    assert "out of order" in log
    assert held not in log
    assert "ghb" not in log
    assert held not in answer.content.decode()


def test_the_first_question_and_the_result_are_small(client: Client):
    visitor = Visitor(client).result(ANA)
    answer = client.post("/check/result/", {"state": visitor.state}, headers={"Accept-Encoding": "gzip"})
    assert len(answer.content) < 12_000


def test_what_rides_in_the_page_is_what_was_said():
    answers = read(ANA)
    assert answers is not None
    assert state.opened(state.sealed(answers)) == answers
    assert state.opened(state.sealed({})) == {}
    assert answers[Asked.WEEK] == {"work", "care", "medicine"}
    assert BY_ID[Asked.WEEK].many
