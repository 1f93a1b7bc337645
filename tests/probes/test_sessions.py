"""Who somebody is, guessed, stolen or outlived: signing in tells nothing, and what was taken away is gone at once."""

import re
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.contrib.auth import SESSION_KEY
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import Refused
from stepwell.trust.access import Forbidden, Permission, may
from stepwell.trust.access.models import Pace
from stepwell.trust.accounts.models import Membership, User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.people.models import CareTeamMember, Patient, Practitioner
from tests.test_every_address import REFUSED, SEEN, sight, text_of
from tests.test_same_answer import VALUES
from tests.world import Reader, Stands, World, undone

PASSWORD = "a long walk by the creek"


@pytest.fixture
def known(world: World) -> Iterator[User]:
    """A counselor with a password, at work here."""
    with undone():
        user = User.objects.create_user("dana.known@example.org", "Dana Known", PASSWORD)
        Membership.objects.create(user=user, organization=world.alder, center=None, role=Role.COUNSELOR)
        yield user


# ---------- who is there ----------


def _asked(path: str, sent: dict[str, str]) -> tuple[int, str, str, list[str]]:
    client = Client()
    client.get(path)
    with CaptureQueriesContext(connection) as questions:
        response = client.post(path, sent)
    shapes = [VALUES.sub("?", query["sql"].replace("NULL", "?")) for query in questions.captured_queries]
    words = re.sub(r'value="[^"]*"', "", text_of(response)).replace(sent["email"], "…")
    return response.status_code, response.get("Location", ""), words, shapes


@pytest.mark.parametrize("name", ["accounts:sign_in", "accounts:sign_in_code", "accounts:password_forgotten"])
def test_no_page_before_the_door_tells_who_is_known(known: User, name: str) -> None:
    path = reverse(name)
    status, to, words, _work = _asked(path, {"email": known.email, "password": "a wrong guess, long"})
    other = _asked(path, {"email": "nobody.at.all@example.org", "password": "a wrong guess, long"})
    assert (status, to, words) == other[:3]


def test_a_wrong_password_is_the_same_work_for_somebody_and_nobody(known: User) -> None:
    """The password of nobody is hashed, too; the questions to the database are the same."""
    path = reverse("accounts:sign_in")
    known_work = _asked(path, {"email": known.email, "password": "a wrong guess, long"})[3]
    other_work = _asked(path, {"email": "nobody.at.all@example.org", "password": "a wrong guess, long"})[3]
    assert known_work == other_work


def test_the_desk_gets_the_same_answer_for_every_address(world: World, known: User) -> None:
    """Whether somebody signs in with an address is told to nobody but whoever reads the mailbox: at the desk it is the
    same answer, byte for byte, and the same questions to the database."""
    told = []
    for email in (known.email, "nobody.known@example.org"):
        with undone(), world.reader(Role.FRONT_DESK, Stands.SAME_CENTER) as reader:
            with acting_in(world.alder.id):
                patient = Patient.objects.create(
                    center=world.center, record_number="30001", first_name="Ivor", last_name="Lund"
                )
            with CaptureQueriesContext(connection) as questions:
                answer = reader.client.post(reverse("people:sign_in", args=[patient.pk]), {"email": email})
            assert answer.status_code == 200
            said = answer.content.decode().replace(email, "…").replace(str(patient.pk), "…")
            # The token of a form, the link and its picture differ from page to page.
            said = re.sub(r"\b[A-Za-z0-9]{64}\b|/welcome/[\w-]+/|<svg[^>]*qr[^>]*>.*?</svg>", "", said)
            told.append((said.encode(), len(questions)))
    assert told[0] == told[1]


def test_a_guessed_link_is_answered_alike_whoever_it_names(world: World, known: User) -> None:
    from django.utils.http import urlsafe_base64_encode

    told = set()
    for key in (urlsafe_base64_encode(known.pk.bytes), urlsafe_base64_encode(world.patient.pk.bytes), "AAAA"):
        response = Client().get(reverse("accounts:welcome", args=[key, "cabc12-0123456789abcdef"]))
        told.add((response.status_code, text_of(response).replace(key, "…")))
    assert len(told) == 1


# ---------- whose session ----------


def test_a_session_that_was_there_before_signing_in_is_not_the_one_after(world: World, known: User) -> None:
    client = Client()
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before or ""
    response = client.post(reverse("accounts:sign_in"), {"email": known.email, "password": PASSWORD})
    assert response.status_code == 302, text_of(response)
    assert client.cookies["sessionid"].value != before
    stolen = Client()
    stolen.cookies["sessionid"] = before or ""
    assert SESSION_KEY not in stolen.session


def test_a_session_is_dead_once_signed_out(world: World) -> None:
    with world.reader(Role.COUNSELOR, Stands.ON_THE_TEAM) as reader:
        key = reader.client.cookies["sessionid"].value
        reader.client.post(reverse("accounts:sign_out"))
        stolen = Client()
        stolen.cookies["sessionid"] = key
        assert sight(stolen.get("/staff/today/")) == REFUSED


def test_a_made_up_session_is_nobody(world: World) -> None:
    for key in ("a" * 32, "../../etc/passwd", "' OR 1=1 --", ""):
        client = Client()
        client.cookies["sessionid"] = key
        assert sight(client.get("/staff/today/")) == REFUSED


# ---------- what was taken away ----------


def _end_place(reader: Reader) -> None:
    CareTeamMember.objects.filter(practitioner__user=reader.user).update(
        ended_on=clock.today("America/New_York")
    )


def _take_role(reader: Reader) -> None:
    Membership.objects.filter(user=reader.user).update(role=Role.BILLER)


def _end_membership(reader: Reader) -> None:
    Membership.objects.filter(user=reader.user).update(ended_at=clock.now())


def _deactivate(reader: Reader) -> None:
    User.objects.filter(pk=reader.user.pk).update(is_active=False)


def _move_away(reader: Reader) -> None:
    from stepwell.trust.organizations.models import Center

    Membership.objects.filter(user=reader.user).update(center=Center.objects.get(slug="elm-court"))


TAKEN_AWAY: dict[str, Callable[[Reader], None]] = {
    "the place on the care team": _end_place,
    "the role": _take_role,
    "the membership": _end_membership,
    "the sign-in": _deactivate,
    "the center": _move_away,
}


@pytest.mark.parametrize("what", TAKEN_AWAY)
def test_the_next_page_knows_what_was_taken_away(world: World, what: str) -> None:
    with world.reader(Role.COUNSELOR, Stands.ON_THE_TEAM) as reader:
        chart = f"/staff/people/{world.patient.pk}/"
        assert sight(reader.client.get(chart)) == SEEN
        with acting_in(world.alder.id):
            TAKEN_AWAY[what](reader)
        assert sight(reader.client.get(chart)) == REFUSED


def test_an_emergency_is_over_when_its_time_is(world: World) -> None:
    with world.reader(Role.COUNSELOR, Stands.IN_EMERGENCY) as reader:
        chart = f"/staff/people/{world.patient.pk}/"
        assert sight(reader.client.get(chart)) == SEEN
        with clock.stand_still(clock.now() + timedelta(minutes=10)):
            assert sight(reader.client.get(chart)) == SEEN
        with acting_in(world.alder.id):
            user = User.objects.get(pk=reader.user.pk)
            assert may(user, Permission.SEE_CHART, world.patient)
            with clock.stand_still(clock.now() + timedelta(minutes=31)):
                assert not may(user, Permission.SEE_CHART, world.patient)


# ---------- two at once ----------


def test_what_is_taken_away_is_gone_in_the_next_statement_of_another_connection(world: World) -> None:
    """Two connections that really commit: one looks on and on, the other ends the place; no later look succeeds."""
    with acting_in(world.alder.id):
        user = User.objects.create(email="race@example.org", name="Race")
        Membership.objects.create(
            user=user, organization=world.alder, center=world.center, role=Role.COUNSELOR
        )
        practitioner = Practitioner.objects.create(user=user, name="Race")
        member = CareTeamMember.objects.create(
            patient=world.patient,
            practitioner=practitioner,
            role=Role.COUNSELOR,
            started_on=clock.today("America/New_York"),
        )
    begun, ended = threading.Event(), threading.Event()
    wrong: list[str] = []
    looks: list[bool] = []

    def look() -> None:
        try:
            with acting_in(world.alder.id):
                reader = User.objects.get(pk=user.pk)
                for _ in range(2000):
                    was_ended = ended.is_set()
                    seen = (
                        Patient.objects.visible_to(reader, Permission.SEE_CHART)
                        .filter(pk=world.patient.pk)
                        .exists()
                    )
                    looks.append(seen)
                    begun.set()
                    if was_ended:
                        if seen:
                            wrong.append("seen after it was ended")
                        return
        finally:
            connection.close()

    looking = threading.Thread(target=look)
    looking.start()
    assert begun.wait(10)
    with acting_in(world.alder.id):
        CareTeamMember.objects.filter(pk=member.pk).update(ended_on=clock.today("America/New_York"))
    ended.set()
    looking.join(30)
    print(f"\n{looks.count(True)} looks before it was ended, {looks.count(False)} refused after")
    assert wrong == []
    assert (looks[0], looks[-1]) == (True, False)


def test_an_act_begun_while_its_right_is_taken_away_is_done_before_or_refused_after(world: World) -> None:
    from stepwell.care.care_plans.actions import add_step
    from stepwell.care.care_plans.models import Goal, Step
    from stepwell.ground.kit.weeks import Week

    with acting_in(world.alder.id):
        user = User.objects.create(email="race2@example.org", name="Race Two")
        membership = Membership.objects.create(
            user=user, organization=world.alder, center=world.center, role=Role.CLINICAL_SUPERVISOR
        )
        goal = Goal.objects.filter(patient=world.patient, plan__status="active")[0]
    week = Week(clock.now().date() - timedelta(days=clock.now().weekday()))
    both = threading.Barrier(2)
    outcomes: list[str] = []

    def act() -> None:
        try:
            with acting_in(world.alder.id):
                by = User.objects.get(pk=user.pk)
                both.wait(10)
                add_step(goal, words="Walk to the mill", week=week, by=by, at=clock.now())
            outcomes.append("done")
        except (Forbidden, Refused) as refusal:
            outcomes.append(type(refusal).__name__)
        finally:
            connection.close()

    acting = threading.Thread(target=act)
    acting.start()
    both.wait(10)
    Membership.objects.filter(pk=membership.pk).update(ended_at=clock.now())
    acting.join(30)
    with acting_in(world.alder.id):
        kept = Step.objects.filter(words="Walk to the mill").count()
        assert outcomes in (["done"], ["Forbidden"])
        assert kept == (1 if outcomes == ["done"] else 0)
        later = User.objects.get(pk=user.pk)
        with pytest.raises(Forbidden):
            add_step(goal, words="Walk on", week=week, by=later, at=clock.now())


def test_many_at_once_are_each_counted(world: World) -> None:
    """The pace of one asker, kept by several connections at once: none is lost."""
    from stepwell.trust.access.pace import FORMS_OF_AN_ADDRESS, count

    Pace.objects.all().delete()
    together = threading.Barrier(4)

    def ask_ten_times() -> None:
        try:
            together.wait(10)
            for _ in range(10):
                count(FORMS_OF_AN_ADDRESS, "the same")
        finally:
            connection.close()

    askers = [threading.Thread(target=ask_ten_times) for _ in range(4)]
    for one in askers:
        one.start()
    for one in askers:
        one.join(30)
    assert Pace.objects.get().count == 40
