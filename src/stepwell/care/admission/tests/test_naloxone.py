"""Naloxone is offered, and what came of it stands in the chart. Monday, November 23."""

import html
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from stepwell.care.admission import actions
from stepwell.care.admission.models import NaloxoneOffer
from stepwell.care.admission.rules.naloxone import Outcome
from stepwell.ground.kit import clock
from stepwell.trust.access import Forbidden
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit.models import AuditEvent

pytestmark = pytest.mark.django_db

GIVEN = {"outcome": "given", "on": "2026-11-23", "expires_on": "2028-05-31", "because": ""}


@pytest.fixture
def nurse(clinic):
    return clinic.user(Role.NURSE, "Joel Price")


@pytest.fixture
def nadia(clinic, nurse):
    return clinic.patient("Nadia O'Brien-Núñez", team=(nurse,))


def page_of(patient):
    return reverse("admission:naloxone", args=[patient.pk])


def read(client, address):
    return html.unescape(client.get(address).content.decode())


def test_a_box_given_stands_in_the_chart_with_who_gave_it(clinic, nurse, nadia):
    client = clinic.client(nurse)
    assert "Nobody has written down an offer yet." in read(client, page_of(nadia))
    assert client.post(page_of(nadia), GIVEN).status_code == 302
    assert client.post(page_of(nadia), GIVEN).status_code == 302  # Pressed twice.
    offer = NaloxoneOffer.objects.get()
    assert (offer.outcome, offer.recorded_by) == ("given", nurse)
    assert "Given here" in read(client, page_of(nadia))
    assert "expires May 31, 2028" in read(client, page_of(nadia))
    assert AuditEvent.objects.filter(did="created", patient_id=nadia.pk).count() == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"outcome": ""}, "Choose what came of it."),
        ({"on": "2026-11-24"}, "That day has not come yet."),
        ({"on": "soon"}, "Write a day."),
        ({"outcome": "not_offered", "expires_on": ""}, "Say why it was not offered."),
        ({"outcome": "declined"}, "Only a box in their hands has a date."),
        ({"because": "x" * 301}, "at most 300"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field_and_nothing_is_kept(clinic, nurse, nadia, change, said):
    response = clinic.client(nurse).post(page_of(nadia), GIVEN | change)
    assert response.status_code == 422
    assert said in html.unescape(response.content.decode())
    assert not NaloxoneOffer.objects.exists()


def test_hostile_words_stay_words(clinic, nurse, nadia):
    client = clinic.client(nurse)
    typed = "<script>alert(1)</script>"
    client.post(page_of(nadia), {"outcome": "not_offered", "on": "2026-11-23", "because": typed})
    assert typed not in client.get(page_of(nadia)).content.decode()
    assert typed in read(client, page_of(nadia))


def test_the_front_desk_neither_reads_nor_writes_it(clinic, nadia):
    desk = clinic.user(Role.FRONT_DESK)
    assert clinic.client(desk).get(page_of(nadia)).status_code == 404
    with pytest.raises(Forbidden):
        actions.record_naloxone(nadia, outcome=Outcome.GIVEN, on=clinic.today, by=desk, at=clock.now())


def test_one_entered_in_error_is_as_if_it_was_never_offered(clinic, nurse, nadia):
    client = clinic.client(nurse)
    client.post(page_of(nadia), GIVEN)
    struck = reverse("people:correction", args=["admission.naloxoneoffer", NaloxoneOffer.objects.get().pk])
    assert struck in client.get(page_of(nadia)).content.decode()
    assert client.post(struck, {"because": "Another person's box."}).status_code == 302
    assert NaloxoneOffer.objects.last_for(nadia) is None
    assert "Nobody has written down an offer yet." in read(client, page_of(nadia))


def test_a_later_offer_holds_and_the_earlier_one_does_not_change(clinic, nurse, nadia):
    first = actions.record_naloxone(nadia, outcome=Outcome.GIVEN, on=clinic.today, by=nurse, at=clock.now())
    earlier = clinic.today - timedelta(days=3)
    actions.record_naloxone(nadia, outcome=Outcome.DECLINED, on=earlier, by=nurse, at=clock.now())
    assert NaloxoneOffer.objects.last_for(nadia) == first
    with pytest.raises(IntegrityError), transaction.atomic():
        NaloxoneOffer.objects.update(outcome="declined")
