"""Somebody books a first visit themself: in three pages, no account, and nobody learns whether they are known."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from stepwell.care.episodes.models import Referral
from stepwell.care.intake.models import OnlineBooking, SentAnswers
from stepwell.care.scheduling.first_visits import key_of, publish_open_times
from stepwell.care.scheduling.jobs import publish_everywhere
from stepwell.care.scheduling.models import Appointment, Hold
from stepwell.doors.public import sent_answers
from stepwell.doors.public.testing import open_to_the_public
from stepwell.ground.kit import clock
from stepwell.trust.access.models import Pace
from stepwell.trust.accounts.models import User
from stepwell.trust.audit.models import AuditEvent
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.organizations.models import OpenTime, PublishedCenter
from stepwell.trust.outbox.models import Message
from stepwell.trust.people.models import CareTeamMember, Patient, Practitioner
from stepwell.trust.people.testing import Clinic, open_clinic

NADIA = {
    "name": "Nadia O'Brien-Núñez",
    "phone": "(937) 555-0177",
    "safe_to_text": "on",
    "reason": "I want to stop before my son comes home.",
}


@pytest.fixture
def clinic(db: None) -> Iterator[Clinic]:
    with open_clinic() as clinic:
        open_to_the_public(clinic)
        yield clinic


def tomorrow_at(hour: int, clinic: Clinic) -> datetime:
    return datetime.combine(date(2026, 11, 24), time(hour), clinic.center.zone)


def slot(clinic: Clinic, hour: int = 13) -> UUID:
    return key_of(Practitioner.objects.get(name="Dana Whitfield").pk, tomorrow_at(hour, clinic))


def hours(clinic: Clinic) -> list[int]:
    """The open hours of tomorrow, as anybody is shown them."""
    faces = [one.starts_at.astimezone(clinic.center.zone) for one in OpenTime.objects.order_by("starts_at")]
    return [face.hour for face in faces if face.day == 24]


def hidden(page: HttpResponse) -> dict[str, str]:
    """What the form on the page carries along."""
    form = page.content.decode().partition("<main")[2]
    found = re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"', form)
    return {name: value.replace("&#x27;", "'").replace("&quot;", '"') for name, value in found}


class Visitor:
    """Somebody at a browser of their own, who reads for some seconds and presses."""

    def __init__(self, browser: str = "A phone", address: str = "192.0.2.7", prefix: str = "") -> None:
        self.client = Client(headers={"User-Agent": browser}, REMOTE_ADDR=address)
        self.prefix = prefix
        self.page: Any = None

    def presses(
        self, page: str, key: UUID, given: dict[str, str] | None = None, *, after: int = 5
    ) -> "Visitor":
        """`after` so many seconds."""
        with clock.stand_still(clock.now() + timedelta(seconds=after)):
            self.page = self.client.post(f"{self.prefix}/book/alder-creek/{key}/{page}", given or {})
        return self

    def begins(self, key: UUID, given: dict[str, str] | None = None) -> "Visitor":
        return self.presses("", key, given, after=0)

    def books(self, key: UUID, given: dict[str, str] = NADIA) -> "Visitor":
        """All three pages."""
        self.begins(key)
        if self.page.status_code == 200:
            self.presses("details/", key, hidden(self.page) | given)
        if self.page.status_code == 200:
            self.presses("check/", key, hidden(self.page))
        return self

    @property
    def said(self) -> str:
        return str(self.page.content.decode())

    @property
    def is_booked(self) -> bool:
        return self.page.status_code == 302 and "/done/?visit=" in self.page.url

    def reads_done(self) -> str:
        return str(self.client.get(self.page.url).content.decode())


# ---------- the way through ----------


def test_somebody_books_in_three_pages_and_stands_in_the_pipeline(clinic: Clinic):
    me = Visitor()
    me.begins(slot(clinic))
    assert "Who is coming?" in me.said
    assert "Tomorrow, Tuesday, November 24 at 1:00 PM" in me.said
    assert "We keep this time for you until 9:05 AM" in me.said
    me.presses("details/", slot(clinic), hidden(me.page) | NADIA)
    assert "Is this right?" in me.said
    assert "(937) 555-0177. It is safe to text me at this number" in me.said
    me.presses("check/", slot(clinic), hidden(me.page))
    assert me.is_booked
    done = me.reads_done()
    assert "Done. See you then" in done
    assert "A text is on its way" in done
    assert "Nadia" not in done and "0177" not in done

    patient = Patient.objects.get()
    assert (patient.first_name, patient.last_name) == ("Nadia", "O'Brien-Núñez")
    assert (patient.phone, patient.safe_to_text, patient.may_leave_message) == ("+19375550177", True, False)
    referral = Referral.objects.get()
    assert (referral.status, referral.source) == ("booked", "self")
    assert referral.asked_for == NADIA["reason"]
    visit = Appointment.objects.get()
    assert visit.starts_at == tomorrow_at(13, clinic)
    assert visit.room == clinic.room
    assert CareTeamMember.objects.get().practitioner.name == "Dana Whitfield"
    assert 13 not in hours(clinic)
    # It is done by nobody who signs in, and the log says so.
    assert {event.by_id for event in AuditEvent.objects.filter(patient_id=patient.pk)} == {None}
    page = User.objects.get(email="public-page@stepwell.invalid")
    assert not page.is_active and not page.has_usable_password() and not page.memberships.exists()


def test_no_page_sets_a_cookie_or_puts_what_was_typed_into_an_address(clinic: Clinic):
    me = Visitor()
    me.books(slot(clinic))
    assert me.is_booked
    assert not me.client.cookies
    for part in ("Nadia", "555", "stop"):
        assert part not in me.page.url
    with clock.stand_still(clock.now()):
        assert me.client.get(f"/book/alder-creek/{slot(clinic, 14)}/")["Cache-Control"].count("no-store") == 1


def test_the_calendar_file_names_neither_the_center_nor_care(clinic: Clinic):
    me = Visitor()
    me.books(slot(clinic))
    file = me.client.get(f"{me.page.url}&file=calendar")
    assert file["Content-Type"].startswith("text/calendar")
    lines = file.content.decode().split("\r\n")
    assert "SUMMARY:Your visit" in lines
    assert "DTSTART:20261124T180000Z" in lines
    assert "Alder" not in file.content.decode()


def test_a_link_that_is_only_opened_keeps_nothing(clinic: Clinic):
    me = Visitor()
    page = me.client.get(f"/book/alder-creek/{slot(clinic)}/")
    assert "Book this time" in page.content.decode()
    assert not Hold.objects.exists()
    assert 13 in hours(clinic)


def test_a_time_that_never_was_gets_the_next_ones(clinic: Clinic):
    me = Visitor().begins(UUID(int=5))
    assert me.page.status_code == 409
    assert "Here are the next times" in me.said
    assert Visitor().client.post(f"/book/nowhere/{UUID(int=5)}/").status_code == 404


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": "", "phone": "937 555 0177"}, "Write a name for us to use."),
        ({"name": "Nadia"}, "Write a phone number or an e-mail address"),
        ({"name": "Nadia", "phone": "12"}, "Write the phone number with its area code"),
        ({"name": "Nadia", "email": "nadia@"}, "Write the whole address"),
        ({"name": "Nadia", "email": "n@example.org", "safe_to_text": "on"}, "Write the number that is safe"),
        (
            {"name": "Nadia", "phone": "937 555 0177", "more": "http://spam.example"},
            "We could not tell that you are a person",
        ),
        ({"name": "<b>x</b>" * 50, "phone": "937 555 0177"}, "at most 100"),
    ],
)
def test_what_cannot_be_used_is_said_beside_it_and_kept(clinic: Clinic, given: dict[str, str], said: str):
    me = Visitor().begins(slot(clinic))
    me.presses("details/", slot(clinic), hidden(me.page) | {"reason": "My <words>"} | given)
    assert me.page.status_code == 422
    assert said in me.said
    assert "My &lt;words&gt;" in me.said
    assert "<b>x" not in me.said


def test_somebody_changes_what_they_wrote_and_the_language_and_loses_nothing(clinic: Clinic):
    me = Visitor().begins(slot(clinic))
    me.presses("details/", slot(clinic), hidden(me.page) | NADIA)
    me.presses("details/", slot(clinic), hidden(me.page) | {"keep": "1"})
    assert "I want to stop before my son comes home." in me.said
    me.prefix = "/es"
    me.presses("details/", slot(clinic), hidden(me.page) | NADIA | {"keep": "1"})
    assert '<html lang="es">' in me.said
    assert "Nadia O&#x27;Brien-Núñez" in me.said
    me.presses("details/", slot(clinic), hidden(me.page) | NADIA)
    me.presses("check/", slot(clinic), hidden(me.page))
    assert me.is_booked
    assert Patient.objects.get().language == "es"


def test_pressing_twice_books_once_and_answers_the_same(clinic: Clinic):
    me = Visitor().begins(slot(clinic))
    me.presses("details/", slot(clinic), hidden(me.page) | NADIA)
    form = hidden(me.page)
    assert me.presses("check/", slot(clinic), form).is_booked
    assert me.presses("check/", slot(clinic), form).is_booked
    assert (
        Appointment.objects.count()
        == Patient.objects.count()
        == Message.objects.filter(kind__startswith="visit").count()
        == 1
    )


# ---------- a time is held, and given once ----------


def test_a_time_is_kept_for_five_minutes_and_comes_back_by_itself(clinic: Clinic):
    Visitor().begins(slot(clinic))
    assert 13 not in hours(clinic)
    other = Visitor("Another phone").begins(slot(clinic))
    assert other.page.status_code == 409
    assert "2:00 PM" in other.said
    with clock.stand_still(clock.now() + timedelta(minutes=5)):
        publish_open_times(clinic.center, at=clock.now())
        assert 13 in hours(clinic)
        assert other.begins(slot(clinic)).page.status_code == 200


def test_nothing_is_kept_of_a_visitor_once_the_time_is_over(clinic: Clinic):
    Visitor().begins(slot(clinic))
    assert Hold.objects.exclude(visitor="").exists()
    with clock.stand_still(clock.now() + timedelta(minutes=6)):
        publish_everywhere()
    assert not Hold.objects.exclude(visitor="").exists()


def test_the_front_desk_does_not_take_a_time_that_is_being_booked(clinic: Clinic):
    from stepwell.care.scheduling import actions, holding

    Visitor().begins(slot(clinic))
    with pytest.raises(holding.AlreadyTaken) as refusal:
        actions.book(
            clinic.patient("Maya Reyes"),
            kind=Appointment.Kind.INDIVIDUAL,
            practitioner=Practitioner.objects.get(name="Dana Whitfield"),
            starts_at=tomorrow_at(13, clinic),
            minutes=60,
            by=clinic.users["Tess Nguyen"],
            at=clock.now(),
        )
    assert "is kept on Tue, Nov 24, 1:00 PM to 2:00 PM for somebody who books online" in refusal.value.because


def test_coming_back_to_a_time_is_still_the_same_time(clinic: Clinic):
    me = Visitor().begins(slot(clinic))
    assert me.begins(slot(clinic)).page.status_code == 200
    assert Hold.objects.filter(of="practitioner").count() == 1


def test_one_visitor_keeps_three_times_at_most(clinic: Clinic):
    me = Visitor()
    for hour in (10, 11, 12, 13, 14):
        assert me.begins(slot(clinic, hour)).page.status_code == 200
    publish_open_times(clinic.center, at=clock.now())
    assert hours(clinic) == [9, 10, 11, 15, 16]


def test_somebody_slow_books_all_the_same_while_nobody_took_the_time(clinic: Clinic):
    me = Visitor().begins(slot(clinic))
    form = hidden(me.page) | NADIA
    with clock.stand_still(clock.now() + timedelta(minutes=20)):
        publish_open_times(clinic.center, at=clock.now())
        me.presses("details/", slot(clinic), form)
        me.presses("check/", slot(clinic), hidden(me.page))
        assert me.is_booked


def test_of_fifty_people_at_the_same_instant_one_is_booked_and_all_are_answered_kindly(
    committed_clinic: Clinic,
):
    clinic = committed_clinic
    with acting_in(clinic.organization.pk):
        open_to_the_public(clinic)
        key = slot(clinic)
    people = [Visitor(f"Phone {n}", f"198.51.100.{n}") for n in range(50)]
    forms = []
    for person in people:
        # Each has read the page and been called away: nobody's five minutes last any more.
        with clock.stand_still(clock.now() - timedelta(minutes=30)):
            with acting_in(clinic.organization.pk):
                Hold.objects.all().update(released_at=clock.now())
                publish_open_times(clinic.center, at=clock.now())
            forms.append(hidden(person.begins(key).page))
    with acting_in(clinic.organization.pk):
        Hold.objects.all().update(released_at=clock.now())
        publish_open_times(clinic.center, at=clock.now())
    together = Barrier(50, timeout=60)

    def presses(n: int) -> Visitor:
        try:
            together.wait()
            given = forms[n] | NADIA | {"name": f"Person {n}", "phone": f"(937) 555-01{n:02}"}
            return people[n].presses("check/", key, given, after=0)
        finally:
            connection.close()

    with ThreadPoolExecutor(50) as crowd:
        answered = list(crowd.map(presses, range(50)))
    assert sum(one.is_booked for one in answered) == 1
    late = [one for one in answered if not one.is_booked]
    assert {one.page.status_code for one in late} == {409}
    for n, one in enumerate(answered):
        if not one.is_booked:
            assert "Here are the next times" in one.said
            assert "2:00 PM" in one.said
            assert f'value="Person {n}"' in one.said
    with acting_in(clinic.organization.pk):
        assert Appointment.objects.booked().count() == 1
        assert Patient.objects.count() == Referral.objects.count() == 1


# ---------- nobody learns whether somebody is known ----------


def shape(page: str) -> str:
    """The page without what differs for everybody: times, and what we signed."""
    page = re.sub(r"visit=[^\"&]+", "", page)
    return re.sub(r"\d{1,2}:\d\d [AP]M", "", page)


def test_a_number_with_a_visit_ahead_keeps_that_one_and_the_page_says_the_same(clinic: Clinic):
    first = Visitor().books(slot(clinic, 10))
    assert first.is_booked
    stranger = Visitor("A stranger", "203.0.113.9").books(slot(clinic, 13), NADIA | {"name": "Somebody Else"})
    nobody = Visitor("Nobody", "203.0.113.10").books(
        slot(clinic, 15), NADIA | {"name": "Somebody Else", "phone": "937 555 0199"}
    )
    assert stranger.is_booked and nobody.is_booked
    assert shape(stranger.reads_done()) == shape(nobody.reads_done())
    assert {visit.starts_at for visit in Appointment.objects.booked()} == {
        tomorrow_at(10, clinic),
        tomorrow_at(15, clinic),
    }
    # The stranger looks whether the time came back, and learns nothing from that either.
    publish_open_times(clinic.center, at=clock.now())
    assert 13 not in hours(clinic) and 15 not in hours(clinic)
    # Whose number it is, is told which visit stands.
    told = Message.objects.filter(patient__first_name="Nadia").order_by("recorded_at")
    assert sorted(one.kind for one in told) == [
        "appointment booked",
        "appointment reminder",
        "visit booked by themselves",
    ]
    with clock.stand_still(clock.now() + timedelta(days=1, minutes=1)):
        assert not Hold.objects.standing().filter(appointment=None).exists()


def test_somebody_known_books_like_anybody_and_the_front_desk_is_shown_who_it_may_be(clinic: Clinic):
    known = clinic.patient("Nadia O'Brien-Núñez", phone="+19375550177")
    me = Visitor().books(slot(clinic))
    assert me.is_booked
    assert Patient.objects.count() == 2
    referral = Referral.objects.get()
    assert referral.patient != known
    desk = clinic.client(clinic.users["Tess Nguyen"])
    page = desk.get(f"/staff/referrals/{referral.pk}/").content.decode()
    assert "Booked online" in page
    assert "May be the same person" in page
    assert known.record_number in page
    assert "same phone number" in page.lower()


# ---------- programs ----------


def test_whoever_is_too_fast_is_asked_to_look_once_more(clinic: Clinic):
    me = Visitor().begins(slot(clinic))
    me.presses("details/", slot(clinic), hidden(me.page) | NADIA, after=0)
    me.presses("check/", slot(clinic), hidden(me.page), after=1)
    assert "That was very fast" in me.said
    assert not Appointment.objects.exists()
    assert me.presses("check/", slot(clinic), hidden(me.page), after=6).is_booked


@pytest.mark.parametrize("began", ["", "x", "eyJhdCI6IjIwMjAifQ:1:x"])
def test_whoever_never_saw_the_first_page_is_not_booked(clinic: Clinic, began: str):
    me = Visitor()
    me.presses("check/", slot(clinic), NADIA | {"began": began})
    assert not me.is_booked
    assert not Appointment.objects.exists()


def test_from_one_address_a_dozen_are_booked_in_an_hour_and_then_the_telephone_is_named(clinic: Clinic):
    Pace.objects.create(key=_booked_key(), ends_at=clock.now() + timedelta(hours=1), count=12)
    me = Visitor().books(slot(clinic))
    assert me.page.status_code == 429
    assert "Please book by phone" in me.said
    assert "(937) 555-0100" in me.said
    assert not Patient.objects.exists()


def _booked_key() -> str:
    from django.test import RequestFactory

    from stepwell.trust.access import pace

    request = RequestFactory(REMOTE_ADDR="192.0.2.7").get("/")
    return f"{pace.BOOKED_FROM_AN_ADDRESS.kind}: {pace.address_of(request)}"


def test_another_site_cannot_book_for_its_readers(clinic: Clinic):
    me = Visitor()
    for page in ("", "details/", "check/"):
        answer = me.client.post(
            f"/book/alder-creek/{slot(clinic)}/{page}", headers={"Sec-Fetch-Site": "cross-site"}
        )
        assert answer.status_code == 403
    assert not Hold.objects.exists()


# ---------- answers of the private check ----------

ANSWERS = [("How often do you drink?", "Most days"), ("Is home safe?", "Yes <b>")]


def test_answers_are_stored_only_where_the_person_ticks_it(clinic: Clinic):
    packed = sent_answers.pack(ANSWERS, source="Private check, 2026-11", result="Intensive outpatient")
    for ticked, hour in ((False, 10), (True, 13)):
        me = Visitor(f"Phone {hour}").begins(slot(clinic, hour), {"answers": packed})
        assert "Send my answers with my booking" in me.said
        given = NADIA | {"phone": f"937 555 01{hour}"} | ({"send_answers": "on"} if ticked else {})
        me.presses("details/", slot(clinic, hour), hidden(me.page) | given)
        assert ("Sent with the booking" in me.said) == ticked
        assert me.presses("check/", slot(clinic, hour), hidden(me.page)).is_booked
    kept = SentAnswers.objects.get()
    assert kept.patient.phone == "+19375550113"
    assert (kept.source, kept.answers, kept.result) == (
        "Private check, 2026-11",
        [list(pair) for pair in ANSWERS],
        "Intensive outpatient",
    )
    dana = clinic.client(clinic.users["Dana Whitfield"])
    page = dana.get(f"/staff/referrals/{kept.referral_id}/").content.decode()
    assert "How often do you drink?" in page
    assert "Yes &lt;b&gt;" in page
    desk = clinic.client(clinic.users["Tess Nguyen"])
    assert "How often do you drink?" not in desk.get(f"/staff/referrals/{kept.referral_id}/").content.decode()


@pytest.mark.parametrize("forged", ["", "x", "eyJhbnN3ZXJzIjpbXX0:1:abc", "y" * 20_000])
def test_answers_that_we_did_not_sign_are_as_if_there_were_none(clinic: Clinic, forged: str):
    me = Visitor().begins(slot(clinic), {"answers": forged})
    assert "Send my answers" not in me.said
    assert sent_answers.unpack(forged) is None


# ---------- by link ----------


def link_of(phone: str = "+19375550177") -> str:
    """The address in the message that stands, to whoever booked with that number."""
    messages = Message.objects.filter(kind="visit booked by themselves", patient__phone=phone)
    return "/v/" + messages.exclude(state="cancelled").get().context["link"].partition("/v/")[2]


def booked(clinic: Clinic) -> Client:
    me = Visitor().books(slot(clinic))
    assert me.is_booked
    return me.client


def test_a_link_shows_a_time_and_a_center_and_nothing_else(clinic: Clinic):
    client = booked(clinic)
    page = client.get(link_of()).content.decode()
    main = page.partition("<main")[2].partition("</main>")[0]
    assert "Tomorrow, Tuesday, November 24 at 1:00 PM" in main
    assert "Alder Creek" in main
    for word in ("Nadia", "0177", "Dana", "stop before", "intake", "Intake"):
        assert word not in main


def test_a_visit_is_cancelled_by_its_link_once_and_waits_in_the_pipeline_again(clinic: Clinic):
    client, link = booked(clinic), link_of()
    assert "Your visit is cancelled" in client.post(link).content.decode()
    assert not Appointment.objects.booked().exists()
    assert Referral.objects.get().status == "received"
    assert OnlineBooking.objects.get().cancelled_at == clock.now()
    for again in (client.get(link), client.post(link), client.post(f"{link}{slot(clinic, 15)}/")):
        assert again.status_code == 410
        assert "This link does not work any more" in again.content.decode()
    publish_open_times(clinic.center, at=clock.now())
    assert 13 in hours(clinic)
    assert Message.objects.filter(kind="appointment cancelled").count() == 1


def test_a_visit_is_moved_by_its_link_and_the_old_link_dies(clinic: Clinic):
    client, old = booked(clinic), link_of()
    moved = client.post(f"{old}{slot(clinic, 15)}/")
    assert "Your visit is moved" in moved.content.decode()
    assert [one.starts_at for one in Appointment.objects.booked()] == [tomorrow_at(15, clinic)]
    assert Referral.objects.get().status == "booked"
    assert client.get(old).status_code == 410
    new = link_of()
    assert new != old
    assert "3:00 PM" in client.get(new).content.decode()
    assert client.post(new).status_code == 200
    assert not Appointment.objects.booked().exists()


def test_a_visit_is_not_moved_to_a_time_that_was_just_taken(clinic: Clinic):
    client = booked(clinic)
    Visitor("Another phone").books(slot(clinic, 15), NADIA | {"phone": "937 555 0199"})
    answer = client.post(f"{link_of()}{slot(clinic, 15)}/")
    assert answer.status_code == 409
    assert "Your visit stands as it was" in answer.content.decode()
    assert tomorrow_at(13, clinic) in {one.starts_at for one in Appointment.objects.booked()}


def test_a_link_is_over_when_the_visit_begins_or_staff_called_it_off(clinic: Clinic):
    client, link = booked(clinic), link_of()
    with clock.stand_still(tomorrow_at(13, clinic)):
        assert client.get(link).status_code == 410
    from stepwell.care.scheduling.actions import cancel

    cancel(Appointment.objects.get(), because="Dana is ill.", by=clinic.users["Tess Nguyen"], at=clock.now())
    assert client.get(link).status_code == 410


@pytest.mark.parametrize("word", ["x", "AAAAAAAAAAAAAAAA", "%00", "é" * 40])
def test_a_guessed_link_opens_nothing(clinic: Clinic, word: str):
    assert Client().get(f"/v/{word}/").status_code == 410


def test_an_entry_without_online_booking_books_nothing(clinic: Clinic):
    key = slot(clinic)
    PublishedCenter.objects.update(books_online=False)
    assert Visitor().begins(key).page.status_code == 409
    assert not Hold.objects.exists()
