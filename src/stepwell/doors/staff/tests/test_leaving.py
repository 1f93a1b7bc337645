"""Dana leaves: what she holds goes to Renee and the others, and nothing is left with nobody."""

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from stepwell.care.encounters.models import Encounter
from stepwell.care.scheduling.actions import book, place_in_group
from stepwell.care.scheduling.models import Appointment, GroupSession, Hold
from stepwell.care.scheduling.testing import weekly_group
from stepwell.care.tasks.models import Task
from stepwell.care.tasks.testing import asked
from stepwell.doors.staff.office import late_notes
from stepwell.doors.staff.people_now import Scope, people_in, read
from stepwell.doors.testing import alone, at, came
from stepwell.ground.kit import clock
from stepwell.trust.accounts.models import Membership, User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit.models import AuditEvent
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.people.models import CareTeamMember, Patient, Practitioner
from stepwell.trust.people.testing import Clinic, open_clinic

TUESDAY_AT_10 = datetime(2026, 11, 24, 10, tzinfo=ZoneInfo("America/New_York"))


@pytest.fixture
def ellen(clinic: Clinic) -> User:
    """The director: she may see who is in care."""
    user = clinic.user(Role.DIRECTOR, "Ellen Park")
    Membership.objects.filter(user=user).update(center=None)
    return User.objects.get(pk=user.pk)


@pytest.fixture
def noor(clinic: Clinic) -> User:
    """The administrator: she may not."""
    user = clinic.user(Role.ADMINISTRATOR, "Noor Haddad")
    Membership.objects.filter(user=user).update(center=None)
    return User.objects.get(pk=user.pk)


def of(user: User) -> Practitioner:
    return Practitioner.objects.get(user=user)


def address(user: User) -> str:
    return reverse("staff:leaving", args=[user.pk])


def fields(page: Client, user: User) -> list[str]:
    """What the page asks about, by the names of its fields."""
    return re.findall(r'<select name="(to_[^"]+)"', page.get(address(user)).content.decode())


def everything_to(page: Client, user: User, colleague: User, **more: Any) -> dict[str, Any]:
    return {name: str(of(colleague).pk) for name in fields(page, user)} | more


def messages_of(response: Any) -> str:
    return response.content.decode()


def test_what_somebody_holds_is_shown_and_blocks_until_it_is_chosen(
    clinic: Clinic, ellen: User, dana: User, renee: User, maya: Patient, devon: Patient
):
    page = clinic.client(ellen)
    words = page.get(address(dana)).content.decode()
    assert "Dana Whitfield leaves" in words
    assert "Maya Reyes" in words
    assert "Devon Thackery" in words
    response = page.post(address(dana), {"go": "1"})
    assert response.status_code == 422
    assert "Choose who takes over Maya Reyes, Counselor." in messages_of(response)
    assert Membership.objects.current().filter(user=dana).exists()
    assert CareTeamMember.objects.current().filter(practitioner=of(dana)).count() == 2


def test_people_go_to_several_colleagues_and_dana_sees_no_chart_any_more(
    clinic: Clinic, ellen: User, dana: User, renee: User, bell: User, maya: Patient, devon: Patient
):
    Membership.objects.create(
        user=bell, organization=clinic.organization, center=clinic.center, role=Role.COUNSELOR
    )
    page, hers = clinic.client(ellen), clinic.client(dana)
    assert hers.get(reverse("staff:chart", args=[maya.pk])).status_code == 200
    place = CareTeamMember.objects.get(patient=maya, practitioner=of(dana))
    response = page.post(
        address(dana),
        {"all_caseload": str(of(renee).pk), f"to_caseload_{place.pk}": str(of(bell).pk)},
        follow=True,
    )
    assert "Dana Whitfield is deactivated, and nothing is left with nobody." in messages_of(response)
    now = CareTeamMember.objects.current()
    assert [one.practitioner.name for one in now.filter(patient=maya)] == ["Marcus Bell"]
    assert [one.practitioner.name for one in now.filter(patient=devon)] == ["Renee Castillo"]
    place.refresh_from_db()
    assert (place.ended_on, place.ended_because) == (clinic.today, "handed over to Marcus Bell")
    assert clinic.client(renee).get(reverse("staff:chart", args=[devon.pk])).status_code == 200
    assert clinic.client(renee).get(reverse("staff:chart", args=[maya.pk])).status_code == 404
    assert hers.get(reverse("staff:chart", args=[maya.pk])).status_code == 302
    trail = list(AuditEvent.objects.filter(did="handed over").values_list("because", flat=True))
    assert sorted(trail) == [
        "Counselor: Dana Whitfield → Marcus Bell",
        "Counselor: Dana Whitfield → Renee Castillo",
    ]
    assert AuditEvent.objects.get(did="deactivated").because == (
        "Dana Whitfield: Counselor (Alder Creek) → none"
    )


def test_who_may_not_see_who_is_in_care_hands_over_by_record_number(
    clinic: Clinic, noor: User, dana: User, renee: User, maya: Patient
):
    clinic.user(Role.ADMINISTRATOR, "Marta Ruiz")
    page = clinic.client(noor)
    words = page.get(address(dana)).content.decode()
    assert "Maya" not in words
    assert f"Record {maya.record_number}" in words
    page.post(address(dana), everything_to(page, dana, renee))
    assert CareTeamMember.objects.current().filter(patient=maya, practitioner=of(renee)).exists()


def test_a_colleague_takes_only_the_part_they_play(clinic: Clinic, ellen: User, dana: User, maya: Patient):
    joel = clinic.user(Role.NURSE, "Joel Price")
    page = clinic.client(ellen)
    [name] = fields(page, dana)
    response = page.post(address(dana), {name: str(of(joel).pk)})
    assert response.status_code == 422
    assert "Choose somebody from the list." in messages_of(response)
    response = page.post(address(dana), {name: "end"})
    assert "Say why it ends without a colleague." in messages_of(response)
    page.post(address(dana), {name: "end", "because_caseload": "Nobody else counsels here this month."})
    ended = CareTeamMember.objects.get(patient=maya)
    assert ended.ended_because == "Nobody else counsels here this month."
    assert not Membership.objects.current().filter(user=dana).exists()


def test_groups_get_their_new_leader_from_now_on(
    clinic: Clinic, ellen: User, dana: User, renee: User, maya: Patient
):
    group = weekly_group(clinic, leader=dana, by=dana)
    place_in_group(maya, group, starts_on=clinic.today, by=dana, at=clock.now())
    page = clinic.client(ellen)
    page.post(address(dana), everything_to(page, dana, renee))
    group.refresh_from_db()
    assert group.leader == of(renee)
    ahead = GroupSession.objects.filter(series=group, starts_at__gt=clock.now())
    assert ahead.count() == 4
    assert {one.leader for one in ahead} == {of(renee)}
    held = Hold.objects.standing().filter(session__in=ahead, of="practitioner")
    assert {one.taken for one in held} == {of(renee).pk}
    parts = CareTeamMember.objects.current().filter(patient=maya, practitioner=of(renee))
    assert {one.role for one in parts} == {"counselor", "facilitator"}


def test_a_colleague_who_is_busy_then_is_named_with_the_session_and_the_choice_is_kept(
    clinic: Clinic, ellen: User, dana: User, renee: User, maya: Patient
):
    weekly_group(clinic, leader=dana, by=dana)
    weekly_group(clinic, leader=renee, by=renee, name="Skills B", room=None, modality="video")
    page = clinic.client(ellen)
    response = page.post(address(dana), everything_to(page, dana, renee))
    assert response.status_code == 422
    words = messages_of(response)
    assert "Renee Castillo leads Skills B on Mon, Nov 23, 10:00 AM to 11:30 AM." in words
    assert words.count(f'value="{of(renee).pk}" selected') == 2
    assert Membership.objects.current().filter(user=dana).exists()
    assert CareTeamMember.objects.current().get(patient=maya).practitioner == of(dana)


def test_a_group_whose_co_leader_leaves_goes_on_without_one(
    clinic: Clinic, ellen: User, dana: User, renee: User
):
    group = weekly_group(clinic, leader=dana, by=dana, co_leader=of(renee))
    page = clinic.client(ellen)
    [name] = fields(page, renee)
    assert f'value="{of(dana).pk}"' not in page.get(address(renee)).content.decode()
    page.post(address(renee), {name: "end", "because_groups": "One leader is enough."})
    group.refresh_from_db()
    assert (group.leader, group.co_leader) == (of(dana), None)
    assert not Hold.objects.standing().filter(taken=of(renee).pk).exists()
    assert Hold.objects.standing().filter(taken=of(dana).pk).count() == 4


def test_a_group_nobody_takes_ends_and_its_sessions_are_called_off(
    clinic: Clinic, ellen: User, dana: User, maya: Patient
):
    clinic.user(Role.COUNSELOR, "Renee Castillo")
    group = weekly_group(clinic, leader=dana, by=dana)
    place_in_group(maya, group, starts_on=clinic.today, by=dana, at=clock.now())
    page = clinic.client(ellen)
    renee = User.objects.get(name="Renee Castillo")
    given = everything_to(page, dana, renee)
    given[f"to_groups_series-{group.pk}"] = "end"
    page.post(address(dana), given | {"because_groups": "Nobody else leads it."})
    group.refresh_from_db()
    assert group.ends_on == clinic.today
    assert not group.sessions.meeting().filter(starts_at__gt=clock.now()).exists()
    assert not Appointment.objects.booked().filter(session__series=group).exists()


def test_appointments_keep_their_time_with_the_colleague(
    clinic: Clinic, ellen: User, dana: User, renee: User, maya: Patient
):
    visit = book(
        maya,
        kind=Appointment.Kind.INDIVIDUAL,
        practitioner=of(dana),
        starts_at=TUESDAY_AT_10,
        minutes=50,
        by=dana,
        at=clock.now(),
    )
    page = clinic.client(ellen)
    assert "Individual session · Tue, Nov 24, 10:00 AM" in page.get(address(dana)).content.decode()
    page.post(address(dana), everything_to(page, dana, renee))
    visit.refresh_from_db()
    assert (visit.practitioner, visit.starts_at, visit.status) == (of(renee), TUESDAY_AT_10, "booked")
    assert Hold.objects.standing().get(appointment=visit, of="practitioner").taken == of(renee).pk


def test_a_note_not_signed_is_signed_or_passed_on(
    clinic: Clinic, ellen: User, dana: User, renee: User, maya: Patient
):
    held = came(alone(maya, dana, at(1, 10)), signed=False)
    page = clinic.client(ellen)
    given = everything_to(page, dana, renee)
    assert f"to_notes_{held.pk}" in given
    assert "end" not in re.findall(
        r'<option value="(\w*)"',
        page.get(address(dana)).content.decode().split(f'name="to_notes_{held.pk}"')[1].split("</select>")[0],
    )
    page.post(address(dana), given)
    held.refresh_from_db()
    assert (held.practitioner, held.to_be_written_by) == (of(dana), of(renee))
    assert list(Encounter.objects.owed_by(renee)) == [held]
    assert not Encounter.objects.owed_by(dana).exists()
    assert "Maya R." in clinic.client(renee).get(reverse("notes:to_sign")).content.decode()
    assert clinic.client(renee).get(reverse("notes:encounter", args=[held.appointment_id])).status_code == 200


def test_a_note_taken_over_is_asked_of_whoever_took_it_over(
    clinic: Clinic, ellen: User, dana: User, renee: User, maya: Patient
):
    came(alone(maya, dana, at(4, 10)), signed=False)
    page = clinic.client(ellen)
    page.post(address(dana), everything_to(page, dana, renee))
    (hers,) = read(people_in(Scope.MINE, renee), reader=renee, now=clock.now())
    assert "Your note on the individual session Thursday is not signed." in [
        need.reason for need in hers.needs
    ]
    ruth = clinic.user(Role.COMPLIANCE, "Ruth Adler")
    assert [late.who for late in late_notes(ruth, clock.now())] == ["Renee Castillo"]


def test_every_session_ends_and_other_organizations_keep_theirs(clinic: Clinic, ellen: User, dana: User):
    with open_clinic("Birch Road") as other:
        Membership.objects.create(
            user=dana, organization=other.organization, center=other.center, role=Role.NURSE
        )
    first, second = clinic.client(dana), clinic.client(dana)
    with acting_in(clinic.organization.pk):
        page = clinic.client(ellen)
        sessions = Session.objects.count()
        page.post(address(dana), {"go": "1"})
    assert Session.objects.count() == sessions - 2
    for client in (first, second):
        assert client.get(reverse("staff:today")).status_code == 302
    again = clinic.client(User.objects.get(pk=dana.pk))
    assert "Birch Road" in again.get(reverse("setup:organization")).content.decode()
    assert {one.organization.name for one in Membership.objects.current().filter(user=dana)} == {"Birch Road"}
    assert Membership.objects.filter(user=dana).count() == 2


def test_nobody_deactivates_themself(clinic: Clinic, ellen: User):
    response = clinic.client(ellen).post(address(ellen), {"go": "1"})
    assert "You cannot deactivate yourself." in messages_of(response)
    assert Membership.objects.current().filter(user=ellen).exists()


def test_a_counselor_may_not(clinic: Clinic, dana: User, renee: User):
    assert clinic.client(dana).get(address(renee)).status_code == 403
    assert clinic.client(dana).post(address(renee), {"go": "1"}).status_code == 403


def test_pressing_twice_is_harmless(clinic: Clinic, ellen: User, dana: User):
    page = clinic.client(ellen)
    for _time in range(2):
        assert page.post(address(dana), {"go": "1"}).status_code == 302
    assert AuditEvent.objects.filter(did="deactivated").count() == 1


def test_what_is_gone_meanwhile_is_not_handed_over(
    clinic: Clinic, ellen: User, dana: User, renee: User, maya: Patient
):
    page = clinic.client(ellen)
    given = everything_to(page, dana, renee)
    CareTeamMember.objects.filter(patient=maya, practitioner=of(dana)).update(ended_on=clinic.today)
    assert page.post(address(dana), given).status_code == 302
    assert not CareTeamMember.objects.current().filter(patient=maya).exists()


def test_her_tasks_go_to_a_colleague_or_to_the_queue_and_none_is_lost(
    clinic: Clinic, ellen: User, dana: User, renee: User, maya: Patient
):
    def task(what: str) -> Task:
        return asked(maya, by=dana, to=of(dana), what=what)

    first, second = task("Call about Tuesday"), task("Send the letter")
    page = clinic.client(ellen)
    assert "Call about Tuesday" in messages_of(page.get(address(dana)))
    given = everything_to(page, dana, renee) | {
        f"to_tasks_{second.pk}": "end",
        "because_tasks": "Any counselor can do this.",
    }
    page.post(address(dana), given)
    assert not Membership.objects.current().filter(user=dana).exists()
    assert Task.objects.get(pk=first.pk).assigned_to == of(renee)
    queued = Task.objects.get(pk=second.pk)
    assert (queued.assigned_to, queued.role, queued.is_open) == (None, Role.COUNSELOR, True)
    assert queued.handed_over_note == "Dana Whitfield: Any counselor can do this."
    assert set(Task.objects.visible_to(renee)) == {first, queued}


def test_the_administrator_reads_no_name_in_the_tasks_of_one_who_leaves(
    clinic: Clinic, noor: User, dana: User, maya: Patient
):
    asked(maya, by=dana, to=of(dana), what="Drive Maya to court")
    words = messages_of(clinic.client(noor).get(address(dana)))
    assert "Drive Maya" not in words
    assert f"A task, record {maya.record_number}" in words
