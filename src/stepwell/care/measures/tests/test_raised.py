"""An answer that needs somebody now: who is told, what was tried, and what it takes to close it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from stepwell.care.measures import actions
from stepwell.care.measures.actions import Unanswered
from stepwell.care.measures.actions.schedules import choose_to_be_told
from stepwell.care.measures.models import Response, ToldAtOnce
from stepwell.care.measures.rules.safety import Deed
from stepwell.care.measures.tests.test_views import reads
from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import Refused
from stepwell.trust.accounts.roles import Role
from stepwell.trust.outbox import kinds
from stepwell.trust.outbox.kinds import Kind
from stepwell.trust.outbox.models import Message
from stepwell.trust.people.testing import open_clinic

pytestmark = pytest.mark.django_db


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
def raised(clinic, maya, dana):
    """She answered question 9 of the PHQ-9 with several days, and went on to sleep."""
    asked = actions.ask(maya, "phq9", by=dana, at=clock.now())
    user = clinic.patient_user(maya)
    return actions.answer(asked, "phq9_9", 1, was=Unanswered.YET, by=user, at=clock.now()).response


def told(user) -> int:
    return Message.objects.filter(user=user, kind=Kind.WAITS_FOR_STAFF).count()


def test_who_chose_it_and_may_see_to_it_is_told_once(clinic, maya, dana):
    bell = clinic.user(Role.CLINICAL_SUPERVISOR, "Marcus Bell")
    elsewhere = clinic.user(Role.COUNSELOR, "Not on the team")
    silent = clinic.user(Role.NURSE, "Joel Price")
    clinic.join(maya, silent)
    for user in (dana, bell, elsewhere):
        choose_to_be_told(clinic.center, is_told=True, by=user, at=clock.now())
    asked = actions.ask(maya, "phq9", by=dana, at=clock.now())
    hers = clinic.patient_user(maya)
    answered = actions.answer(asked, "phq9_9", 1, was=Unanswered.YET, by=hers, at=clock.now()).response
    answered = actions.answer(answered, "phq9_1", 0, was=Unanswered.YET, by=hers, at=clock.now()).response
    actions.send(answered, version=answered.version, by=hers, at=clock.now())
    assert [told(user) for user in (dana, bell, elsewhere, silent)] == [1, 1, 0, 0]


def test_the_message_names_nobody_and_nothing():
    said = kinds.as_mail(Kind.WAITS_FOR_STAFF, "en", {"phone": ""})
    assert "Something waits for you in Stepwell." in said
    assert "Told at once" in said


def test_whoever_chose_it_may_choose_otherwise(clinic, dana):
    browser = clinic.client(dana)
    address = reverse("measures:told_at_once")
    browser.post(address, {"center": [str(clinic.center.pk)]})
    browser.post(address, {"center": [str(clinic.center.pk)]})
    assert ToldAtOnce.objects.filter(user=dana, until=None).count() == 1
    assert "checked" in browser.get(address).content.decode()
    browser.post(address, {})
    assert not ToldAtOnce.objects.filter(user=dana, until=None).exists()


def test_a_try_leaves_it_on_the_list_with_the_try_beside_it(clinic, raised, maya, dana):
    browser = clinic.client(dana)
    browser.post(reverse("measures:tries", args=[raised.pk]), {"note": "Rang twice, no answer."})
    assert Response.objects.needing_follow_up().filter(patient=maya).exists()
    page = reads(browser.get(reverse("measures:measures", args=[maya.pk])))
    assert "Dana Whitfield tried, Nov 23, 9:00 AM: Rang twice, no answer." in page


def test_it_is_not_closed_before_somebody_spoke_with_the_person_or_called_help(clinic, raised, dana):
    def close(*deeds):
        return actions.follow_up(raised, note="Done.", deeds=deeds, by=dana, at=clock.now())

    with pytest.raises(Refused, match="Choose what was done"):
        close()
    with pytest.raises(Refused, match="stays until somebody spoke with the person"):
        close(Deed.SUPERVISOR, Deed.PLAN)
    page = clinic.client(dana).post(
        reverse("measures:follow_up", args=[raised.pk]), {"note": "Read the plan.", "deeds": ["plan"]}
    )
    assert page.status_code == 422
    assert "stays until somebody spoke" in reads(page)
    assert "Read the plan." in page.content.decode()
    closed = close(Deed.REACHED, Deed.SCREENED, Deed.PLAN)
    assert closed.followed_up_with == ["reached", "screened", "plan"]


def test_the_page_offers_the_screener_that_fits(clinic, raised, maya, dana):
    browser = clinic.client(dana)
    address = reverse("measures:response", args=[raised.pk])
    assert reverse("measures:new", args=[maya.pk, "cssrs_screener"]) in browser.get(address).content.decode()
    actions.record(
        maya,
        "cssrs_screener",
        {"cssrs_1": 0, "cssrs_2": 0, "cssrs_6": 0},
        mode=Response.Mode.STAFF,
        taken_at=clock.now() - timedelta(days=3),
        by=dana,
        at=clock.now(),
    )
    later = reverse("measures:new", args=[maya.pk, "cssrs_since_last_contact"])
    assert later in browser.get(address).content.decode()


def test_a_session_that_suited_less_is_on_the_list_of_the_care_team(clinic, maya, dana):
    for n, value in enumerate((10, 9, 6)):
        at = clock.now() - timedelta(days=14 - 7 * n)
        answers = {f"sf_{n}": value for n in range(1, 5)}
        response = actions.record(
            maya, "session_feedback", answers, mode=Response.Mode.PAPER, taken_at=at, by=dana, at=clock.now()
        )
        assert response.flags == ([f"sf_{n}:dropped" for n in range(1, 5)] if value == 6 else [])
    page = reads(clinic.client(dana).get(reverse("measures:measures", args=[maya.pk])))
    assert "Session feedback, question 1: “6”, 3 or more below what this person used to answer." in page
    assert "Ask about it next session" in page
