"""A diagnosis with its criteria: written down, read in the chart, found anew, struck out."""

import re
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.db.utils import ProgrammingError

from stepwell.care.record.actions import UseDisorder, diagnose
from stepwell.care.record.models import Condition
from stepwell.care.record.rules.use_disorder import Criterion, Substance
from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import Refused
from stepwell.trust.access import Forbidden
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit.models import AuditEvent
from stepwell.trust.people.actions import mark_in_error

EVERY = list(Criterion)


def met(count, of=EVERY):
    return {each: number < count for number, each in enumerate(of)}


def found(patient, by, later=0, **more):
    finding = UseDisorder(**{"substance": Substance.OPIOID, "criteria": met(6)} | more)
    return diagnose(patient, finding, by=by, at=clock.now() + timedelta(minutes=later))


def words(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def address(maya):
    return f"/staff/people/{maya.id}/conditions/"


def typed(count, **more):
    answers = {each.value: "yes" if is_met else "no" for each, is_met in met(count).items()}
    return {"substance": "alcohol"} | answers | more


def test_what_is_recorded_stands_in_the_chart_with_its_code(clinic, maya, dana, address):
    client = clinic.client(dana)
    done = client.post(address + "new/", typed(5), follow=True)
    told = words(done)
    assert "Recorded: Alcohol use disorder, moderate, F10.20." in told
    assert "5 criteria met. Found Nov 23, 2026 by Dana Whitfield." in told
    assert "Strong urges to use" in told
    assert AuditEvent.objects.filter(did="created", to_id=Condition.objects.get().pk).count() == 1


def test_a_double_click_is_one_diagnosis(maya, dana):
    assert found(maya, dana) == found(maya, dana)
    assert Condition.objects.count() == 1


def test_found_anew_it_is_another_one_and_the_first_stays_below(clinic, maya, dana, address):
    found(maya, dana, criteria=met(3))
    found(maya, dana, later=5, criteria=met(7), free_since=clock.now().date() - timedelta(days=120))
    told = words(clinic.client(dana).get(address))
    now, before = told.split("Found before")
    assert "Opioid use disorder, severe, in early remission" in now
    assert "F11.21" in now
    assert "Opioid use disorder, mild, F11.10" in before


def test_too_few_answers_are_not_made_into_a_severity(clinic, dana, maya, address):
    half = typed(5) | {"tolerance": "", "withdrawal": ""}
    refused = clinic.client(dana).post(address + "new/", half)
    assert refused.status_code == 422
    assert "2 criteria were not asked" in words(refused)
    assert len(re.findall('value="yes"[^>]*checked', words(refused))) == 5
    assert not Condition.objects.exists()


def test_fewer_than_two_criteria_are_no_diagnosis(maya, dana):
    with pytest.raises(Refused, match="no use disorder"):
        found(maya, dana, criteria=met(1))


@pytest.mark.parametrize(
    ("said", "beside"),
    [
        ({"substance": Substance.ALCOHOL, "only_as_prescribed": True}, "only_as_prescribed"),
        ({"substance": Substance.INHALANT, "criteria": dict.fromkeys(EVERY, True)}, Criterion.WITHDRAWAL),
        ({"free_since": date(2027, 1, 1)}, "free_since"),
        ({"free_since": date(2026, 11, 1), "in_controlled_environment": True}, "in_controlled_environment"),
        ({"on_maintenance_therapy": True}, "on_maintenance_therapy"),
        (
            {"substance": Substance.COCAINE, "free_since": date(2026, 1, 1), "on_maintenance_therapy": True},
            "on_maintenance_therapy",
        ),
    ],
)
def test_what_cannot_be_said_of_it_is_refused_beside_its_field(maya, dana, said, beside):
    with pytest.raises(Refused) as refused:
        found(maya, dana, **said)
    assert refused.value.field == beside


def test_a_nurse_reads_it_and_does_not_write_it(clinic, maya, dana, address):
    nurse = clinic.user(Role.NURSE, "Joel Price")
    clinic.join(maya, nurse)
    found(maya, dana)
    client = clinic.client(nurse)
    assert "Record a diagnosis" not in words(client.get(address))
    assert client.get(address + "new/").status_code == 404
    with pytest.raises(Forbidden):
        found(maya, nurse)


def test_it_is_struck_out_with_a_reason_and_never_changed(clinic, maya, dana, address):
    condition = found(maya, dana)
    with pytest.raises((InternalError, ProgrammingError, IntegrityError)), transaction.atomic():
        Condition.objects.filter(pk=condition.pk).update(code="F10.10")
    assert (
        clinic.client(dana).get(f"/staff/records/record.condition/{condition.pk}/correction/").status_code
        == 200
    )
    mark_in_error(condition, because="Another person's chart.", by=dana, at=clock.now())
    told = words(clinic.client(dana).get(address))
    assert "None is on record here. That does not say that there is none." in told
    assert "Another person&#x27;s chart." in told


def test_many_findings_ask_no_more_of_the_database(
    clinic, maya, dana, address, django_assert_max_num_queries
):
    client = clinic.client(dana)
    for count in range(2, 11):
        found(maya, dana, criteria=met(count))
    with django_assert_max_num_queries(25):
        client.get(address)
