"""Striking out asks what the kind of record asks, and nothing is struck out by the back door."""

import pytest

from stepwell.care.episodes.models import EpisodeOfCare
from stepwell.care.medication.models import MedicationRequest
from stepwell.trust.accounts.roles import Role


@pytest.fixture
def order(clinic):
    prescriber = clinic.user(Role.PRESCRIBER, "Dr. Amara Osei")
    maya = clinic.patient("Maya Reyes", team=(prescriber, clinic.user(Role.FACILITATOR, "Luis Ortega")))
    episode = EpisodeOfCare.objects.create(
        patient=maya, center=clinic.center, admitted_on=clinic.today, recorded_by=prescriber
    )
    return MedicationRequest.objects.create(
        patient=maya,
        episode=episode,
        medicine="ntx_er",
        dose="380 mg",
        prescriber=clinic.practitioner(Role.PRESCRIBER, "Dr. Amara Osei"),
        starts_on=clinic.today,
        recorded_by=prescriber,
    )


def page(kind, record):
    return f"/staff/records/{kind}/{record.pk}/correction/"


def test_a_prescriber_strikes_out_an_order_with_a_reason(clinic, order):
    prescriber = clinic.client(clinic.user(Role.PRESCRIBER, "Dr. Amara Osei"))
    address = page("medication.medicationrequest", order)
    assert prescriber.get(address).status_code == 200
    missing = prescriber.post(address, {"because": " "})
    assert missing.status_code == 422
    assert "Say why this was entered in error." in missing.content.decode()
    assert prescriber.post(address, {"because": "Wrong person."}).status_code == 302
    order.refresh_from_db()
    assert order.entered_in_error_reason == "Wrong person."
    assert prescriber.post(address, {"because": "Again."}).status_code == 404


def test_a_facilitator_does_not_strike_out_an_order(clinic, order):
    facilitator = clinic.client(clinic.user(Role.FACILITATOR, "Luis Ortega"))
    assert facilitator.post(page("medication.medicationrequest", order), {"because": "No."}).status_code in (
        403,
        404,
    )
    order.refresh_from_db()
    assert order.entered_in_error_at is None


@pytest.mark.parametrize(
    "kind", ["episodes.episodeofcare", "accounts.user", "nothing.at_all", "x", "episodes"]
)
def test_what_is_corrected_elsewhere_or_is_no_record_has_no_such_page(clinic, order, kind):
    prescriber = clinic.client(clinic.user(Role.PRESCRIBER, "Dr. Amara Osei"))
    assert prescriber.get(page(kind, order.episode)).status_code == 404
