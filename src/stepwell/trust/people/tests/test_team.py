"""Who is on a care team, by whose word: the chart opens to them and shuts behind them."""

from datetime import timedelta

import pytest

from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import Refused
from stepwell.trust.access import Forbidden, Permission, may
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit.models import AuditEvent
from stepwell.trust.organizations.models import Center
from stepwell.trust.people.actions import team as acts
from stepwell.trust.people.models import CareTeamMember


@pytest.fixture
def dana(clinic):
    return clinic.user(Role.COUNSELOR, "Dana Whitfield")


@pytest.fixture
def marcus(clinic):
    return clinic.user(Role.CLINICAL_SUPERVISOR, "Marcus Bell")


@pytest.fixture
def maya(clinic, dana):
    return clinic.patient("Maya Reyes", team=(dana,))


def page(patient):
    return f"/staff/people/{patient.pk}/team/"


def joins(clinic, role, name):
    one = clinic.practitioner(role, name)
    return one, {"practitioner": str(one.pk), "role": role.value, "because": "Covers until Friday."}


def test_a_supervisor_adds_a_nurse_and_the_chart_opens_to_them(clinic, maya, marcus):
    nurse, said = joins(clinic, Role.NURSE, "Joel Price")
    assert not may(nurse.user, Permission.SEE_CHART, maya)
    for _double_click in range(2):
        assert clinic.client(marcus).post(page(maya), said).status_code == 302
    member = CareTeamMember.objects.get(practitioner=nurse)
    assert (member.given_by, member.because) == (marcus, "Covers until Friday.")
    assert may(nurse.user, Permission.SEE_CHART, maya)
    assert AuditEvent.objects.filter(did="created", patient_id=maya.pk, by_name="Marcus Bell").count() == 1
    shown = clinic.client(nurse.user).get(page(maya)).content.decode()
    assert "Marcus Bell" in shown
    assert "Covers until Friday." in shown


def test_a_counselor_adds_a_peer_and_no_prescriber(clinic, maya, dana):
    counselor = clinic.client(dana)
    _peer, said = joins(clinic, Role.PEER, "Luis Ortega")
    assert counselor.post(page(maya), said).status_code == 302
    _doctor, said = joins(clinic, Role.PRESCRIBER, "Amara Osei")
    refused = counselor.post(page(maya), said)
    assert refused.status_code == 422
    assert not CareTeamMember.objects.filter(role=Role.PRESCRIBER).exists()
    with pytest.raises(Refused, match="may not give that part"):
        acts.put_on_team(maya, _doctor, Role.PRESCRIBER, because="Because.", by=dana, at=clock.now())


def test_nobody_puts_themselves_on_a_care_team(clinic, maya, marcus):
    oneself, said = joins(clinic, Role.CLINICAL_SUPERVISOR, "Marcus Bell")
    answer = clinic.client(marcus).post(page(maya), said)
    assert answer.status_code == 422
    with pytest.raises(Refused, match="Nobody puts themselves"):
        acts.put_on_team(maya, oneself, Role.CLINICAL_SUPERVISOR, because="Me.", by=marcus, at=clock.now())


def test_a_counselor_of_others_neither_sees_nor_changes_the_team(clinic, maya):
    renee = clinic.user(Role.COUNSELOR, "Renee Castillo")
    _peer, said = joins(clinic, Role.PEER, "Luis Ortega")
    assert clinic.client(renee).post(page(maya), said).status_code == 404
    with pytest.raises(Forbidden):
        acts.put_on_team(maya, _peer, Role.PEER, because="Mine.", by=renee, at=clock.now())


def test_only_who_works_there_in_that_part_joins(clinic, maya, marcus):
    nurse = clinic.practitioner(Role.NURSE, "Joel Price")
    with pytest.raises(Refused, match="do not work in that part"):
        acts.put_on_team(maya, nurse, Role.PRESCRIBER, because="x", by=marcus, at=clock.now())
    nurse.user.memberships.update(center=Center.objects.create(name="Birch Road", slug="birch-road"))
    with pytest.raises(Refused, match="do not work in that part"):
        acts.put_on_team(maya, nurse, Role.NURSE, because="x", by=marcus, at=clock.now())
    assert "Joel Price" not in clinic.client(marcus).get(page(maya)).content.decode()


def test_who_is_taken_off_finds_the_chart_shut_at_once(clinic, maya, dana, marcus):
    member = CareTeamMember.objects.get(practitioner__user=dana)
    counselor, supervisor = clinic.client(dana), clinic.client(marcus)
    assert counselor.get(page(maya)).status_code == 200
    address = f"{page(maya)}{member.pk}/ending/"
    assert supervisor.post(address, {"because": ""}).status_code == 422
    assert supervisor.post(address, {"because": "Moves to Columbus."}).status_code == 302
    assert counselor.get(page(maya)).status_code == 404
    member.refresh_from_db()
    assert (member.ended_on, member.ended_because) == (clinic.today, "Moves to Columbus.")
    assert "Moves to Columbus." in supervisor.get(page(maya)).content.decode()
    assert supervisor.get(address).status_code == 404
    acts.take_off_team(member, because="Again.", by=marcus, at=clock.now())
    member.refresh_from_db()
    assert member.ended_because == "Moves to Columbus."


def test_a_counselor_takes_off_a_peer_and_nobody_else(clinic, maya, dana):
    peer = clinic.join(maya, clinic.user(Role.PEER, "Luis Ortega"))
    nurse = clinic.join(maya, clinic.user(Role.NURSE, "Joel Price"))
    acts.take_off_team(peer, because="Done.", by=dana, at=clock.now())
    with pytest.raises(Refused, match="clinical supervisor"):
        acts.take_off_team(nurse, because="Done.", by=dana, at=clock.now())


def test_a_reason_is_asked_below_the_page_as_well(clinic, maya, marcus):
    nurse = clinic.practitioner(Role.NURSE, "Joel Price")
    with pytest.raises(Refused, match="why they join"):
        acts.put_on_team(maya, nurse, Role.NURSE, because=" ", by=marcus, at=clock.now())


def test_a_place_that_has_run_out_is_told_as_past(clinic, maya, marcus, dana):
    CareTeamMember.objects.update(expires_at=clock.now() + timedelta(hours=1))
    assert "until Nov 23" in clinic.client(marcus).get(page(maya)).content.decode()
    with clock.stand_still(clock.now() + timedelta(hours=2)):
        assert "Nobody is on this care team." in clinic.client(marcus).get(page(maya)).content.decode()


def test_what_somebody_is_at_another_center_gives_no_part_here(clinic, maya, dana):
    far = Center.objects.create(name="Birch Road", slug="birch-road")
    dana.memberships.create(organization=clinic.organization, center=far, role=Role.CLINICAL_SUPERVISOR)
    nurse = clinic.user(Role.NURSE, "Joel Price")
    place = clinic.join(maya, nurse)
    with pytest.raises(Refused, match="A clinical supervisor or the director ends this place"):
        acts.take_off_team(place, because="x", by=dana, at=clock.now())
    doctor, said = joins(clinic, Role.PRESCRIBER, "Amara Osei")
    with pytest.raises(Refused, match="may not give that part"):
        acts.put_on_team(maya, doctor, Role.PRESCRIBER, because="x", by=dana, at=clock.now())
    assert clinic.client(dana).post(page(maya), said).status_code == 422
