"""A need on Today is set aside until a day, with a reason that the team reads; it comes back by itself."""

import html
import re
from datetime import timedelta

import pytest
from django.urls import reverse

from stepwell.care.measures import actions as measures
from stepwell.care.measures.models import Response
from stepwell.care.progress.models import SetAside
from stepwell.doors.testing import TODAY, at, booked, meets, read
from stepwell.ground.kit import clock
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit.models import AuditEvent

pytestmark = pytest.mark.django_db

TODAYS = "/staff/today/"
WHY = "O'Brien-Núñez <b>drives</b> her on Thursday"


@pytest.fixture
def short(planned, skills):
    """Maya, placed for 3 of her 9 hours."""
    booked(planned, meets(skills, at(-1, 9)))
    return planned


def sets_aside(client, patient, *, days=3, rule="hours", because=WHY):
    said = {"rule": rule, "because": because, "until": (TODAY + timedelta(days=days)).isoformat()}
    return client.post(reverse("staff:set_aside", args=[patient.pk]), said)


def ranked(client):
    page = client.get(TODAYS).content.decode()
    return page[
        page.index("Who needs me now") : page.index("need set aside")
        if "need set aside" in page
        else page.index("My day")
    ]


def test_what_is_set_aside_leaves_the_list_and_the_team_reads_why(clinic, dana, bell, short):
    client = clinic.client(dana)
    assert "Placed for 3 of 9 hours" in read(client, TODAYS)
    assert f"{reverse('staff:set_aside', args=[short.pk])}?rule=hours" in client.get(TODAYS).content.decode()
    assert sets_aside(client, short).url == TODAYS
    assert "Placed for" not in ranked(client)
    line = f"Set aside until Thu Nov 26 because {WHY}, Dana Whitfield"
    assert line in read(clinic.client(bell), f"{TODAYS}?show=whole")
    assert "<b>drives" not in client.get(TODAYS).content.decode()
    assert AuditEvent.objects.filter(did="created", to_id=str(SetAside.objects.get().pk)).count() == 1


def test_it_comes_back_on_its_day(clinic, dana, short):
    sets_aside(clinic.client(dana), short, days=1)
    with clock.stand_still(at(-1, 8)):
        assert "Placed for" in ranked(clinic.client(dana))


def test_it_is_brought_back_by_hand_and_twice_does_no_harm(clinic, dana, short):
    client = clinic.client(dana)
    sets_aside(client, short)
    for _click in range(2):
        client.post(reverse("staff:set_aside", args=[short.pk]), {"do": "bring_back", "rule": "hours"})
    assert "Placed for" in ranked(client)
    assert SetAside.objects.get().ended_by == dana


def test_a_second_click_sets_aside_once_and_a_second_thought_replaces(clinic, dana, short):
    client = clinic.client(dana)
    sets_aside(client, short)
    sets_aside(client, short)
    assert SetAside.objects.count() == 1
    sets_aside(client, short, days=7)
    assert SetAside.objects.standing().get().until == TODAY + timedelta(days=7)


def test_an_answer_not_followed_up_is_never_set_aside(clinic, dana, short):
    answers = dict.fromkeys((f"phq9_{n}" for n in range(1, 9)), 1) | {"phq9_9": 1, "phq9_10": 0}
    measures.record(
        short, "phq9", answers, mode=Response.Mode.STAFF, taken_at=clock.now(), by=dana, at=clock.now()
    )
    client = clinic.client(dana)
    assert sets_aside(client, short, rule="safety_answer").status_code == 422
    assert not SetAside.objects.exists()
    sets_aside(client, short)
    assert "Not followed up yet" in ranked(client)


@pytest.mark.parametrize(
    ("days", "because", "says"),
    [
        (0, WHY, "Choose a day from tomorrow to December 7."),
        (15, WHY, "Choose a day from tomorrow to December 7."),
        (3, "  ", "Say why, in a few words."),
        (3, "x" * 301, "at most 300"),
    ],
)
def test_without_a_reason_or_with_a_day_too_far_it_says_so_and_keeps_what_was_typed(
    clinic, dana, short, days, because, says
):
    answer = sets_aside(clinic.client(dana), short, days=days, because=because)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert because.strip().replace("'", "&#x27;").split("<")[0] in answer.content.decode()
    assert not SetAside.objects.exists()


def test_who_may_not_treat_may_not_set_aside(clinic, dana, short):
    clinic.join(short, clinic.user(Role.PEER, "Luis Ortega"))
    compliance = clinic.user(Role.COMPLIANCE, "Ruth Adler")
    assert sets_aside(clinic.client(compliance), short).status_code == 403
    assert not SetAside.objects.exists()


def test_setting_aside_is_undone_from_where_it_is_said(clinic, dana, bell, short):
    client = clinic.client(dana)
    sets_aside(client, short)
    page = client.get(TODAYS).content.decode()
    assert "Maya R. waits until Thu Nov 26: Placed for 3 of 9 hours" in page
    undoing = html.unescape(re.search(r'action="([^"]*set-aside/\?of=[^"]*)"', page)[1])
    assert clinic.client(bell).post(undoing).url == TODAYS
    assert "Placed for" not in ranked(client), "only whoever did it is offered to undo it"
    assert client.post(undoing).url == TODAYS
    assert "Placed for" in ranked(client)


def test_ten_minutes_later_it_is_brought_back_from_the_list_only(clinic, dana, short):
    client = clinic.client(dana)
    sets_aside(client, short)
    page = client.get(TODAYS).content.decode()
    undoing = html.unescape(re.search(r'action="([^"]*set-aside/\?of=[^"]*)"', page)[1])
    with clock.stand_still(clock.now() + timedelta(minutes=10)):
        said = clinic.client(dana).post(undoing, follow=True).content.decode()
    assert "It is too late to undo this here." in said
    assert SetAside.objects.standing().exists()
