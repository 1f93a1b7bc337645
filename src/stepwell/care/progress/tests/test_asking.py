"""The hourly round: what it asks for, what it lets go, and what falls to the queue."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from stepwell.care.care_plans.models import CarePlan
from stepwell.care.care_plans.testing import in_care, signed_by_both
from stepwell.care.encounters import testing
from stepwell.care.encounters.actions import mark, mark_all_here, unmark
from stepwell.care.encounters.models import Absence
from stepwell.care.encounters.rules import Mark, Reason
from stepwell.care.measures.actions import Unanswered, answer, ask, follow_up
from stepwell.care.measures.models import Response
from stepwell.care.measures.rules.safety import Deed
from stepwell.care.notes.actions.visit import save_visit, sign_visit
from stepwell.care.notes.visit import visit_of
from stepwell.care.progress.asking import Round, go_round
from stepwell.care.scheduling.models import Appointment
from stepwell.care.tasks.actions import complete
from stepwell.care.tasks.models import Task
from stepwell.config.testing.fixtures import NOW
from stepwell.ground.kit import clock
from stepwell.trust.accounts.models import Membership, User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.people.actions import mark_in_error
from stepwell.trust.people.actions.team import take_off_team
from stepwell.trust.people.models import CareTeamMember, Patient, Practitioner
from stepwell.trust.people.testing import Clinic
from stepwell.trust.setup.models import License

DAYTON = ZoneInfo("America/New_York")
FRIDAY = datetime(2026, 11, 20, 13, tzinfo=DAYTON)


@pytest.fixture
def dana(clinic: Clinic) -> User:
    return clinic.user(Role.COUNSELOR, "Dana Whitfield")


@pytest.fixture
def devon(clinic: Clinic, dana: User) -> Patient:
    patient = clinic.patient("Devon Thackery", team=(dana,))
    in_care(patient, by=dana)
    return patient


def visit(patient: Patient, by: User, at: datetime) -> Appointment:
    return testing.visit(patient, Practitioner.objects.get(user=by), starts_at=at)


def missed(patient: Patient, by: User, at: datetime = FRIDAY, reason: Reason = Reason.UNKNOWN) -> Absence:
    done = mark(visit(patient, by, at), Mark.ABSENT, reason=reason, by=by, at=at + timedelta(minutes=20))
    assert isinstance(done, Absence)
    return done


def test_a_miss_is_asked_about_once_and_not_again_when_it_is_done(devon: Patient, dana: User) -> None:
    missed(devon, dana)
    assert go_round(NOW).made == 1
    task = Task.objects.get()
    assert (task.what, task.assigned_to, task.due_at) == (
        "Reach Devon",
        Practitioner.objects.get(user=dana),
        FRIDAY + timedelta(hours=24),
    )
    assert go_round(NOW).made == 0
    complete(task, outcome="reached", words="", by=dana, at=clock.now())
    assert go_round(NOW).made == 0


def test_two_misses_make_one_task(devon: Patient, dana: User) -> None:
    missed(devon, dana)
    missed(devon, dana, FRIDAY + timedelta(hours=3))
    assert go_round(NOW).made == 1


def test_to_reach_them_is_over_the_moment_they_come_or_the_absence_is_taken_back(
    clinic: Clinic, devon: Patient, dana: User
) -> None:
    missed(devon, dana)
    go_round(NOW)
    mark(visit(devon, dana, NOW - timedelta(hours=1)), Mark.HERE, by=dana, at=NOW)
    assert Task.objects.get().ended_words == "Closed by itself: Devon came on Mon Nov 23."
    rosa = clinic.patient("Rosa Marín", team=(dana,))
    in_care(rosa, by=dana)
    absence = missed(rosa, dana, FRIDAY + timedelta(hours=5))
    go_round(NOW)
    unmark(absence.appointment, by=dana, at=NOW)
    assert "corrected" in Task.objects.get(patient=rosa).ended_words
    assert go_round(NOW).let_go == 0


def test_marking_a_whole_group_here_ends_the_calls_to_those_who_are_in_it(
    clinic: Clinic, devon: Patient, dana: User
) -> None:
    missed(devon, dana)
    away = clinic.patient("Rosa Marín", team=(dana,))
    in_care(away, by=dana)
    missed(away, dana, FRIDAY + timedelta(hours=3))
    go_round(NOW)
    group = testing.session(clinic, starts_at=NOW - timedelta(hours=1))
    testing.place(group, devon, by=dana)
    mark_all_here(group, by=group.leader.user, at=NOW)
    assert [task.patient for task in Task.objects.open()] == [away]


def test_who_was_marked_here_by_a_slip_is_still_to_be_reached(devon: Patient, dana: User) -> None:
    missed(devon, dana)
    go_round(NOW)
    slip = visit(devon, dana, NOW - timedelta(hours=1))
    for correct in (
        lambda: mark(slip, Mark.ABSENT, by=dana, at=NOW + timedelta(minutes=2)),
        lambda: unmark(slip, by=dana, at=NOW + timedelta(minutes=2)),
    ):
        mark(slip, Mark.HERE, by=dana, at=NOW)
        assert not Task.objects.open().exists()
        correct()
        task = Task.objects.open().get()
        assert (task.status, task.ended_words) == ("requested", "")
    assert go_round(NOW + timedelta(minutes=5)).made == 0


def test_a_signed_note_that_was_about_somebody_else_brings_the_call_back(devon: Patient, dana: User) -> None:
    missed(devon, dana)
    go_round(NOW)
    held = visit(devon, dana, NOW - timedelta(hours=1))
    mark(held, Mark.HERE, by=dana, at=NOW)
    stored = visit_of(held).text
    written = replace(stored, row=replace(stored.row, line="He took the bus and was on time."))
    save_visit(held, written, seen=stored.seen, by=dana, at=NOW)
    note = sign_visit(held, by=dana, at=NOW)
    assert note is not None and not Task.objects.open().exists()
    mark_in_error(note, by=dana, at=NOW + timedelta(hours=2), because="It was Devin who came.")
    assert Task.objects.open().get().patient == devon


def test_a_slip_brings_nothing_back_for_who_was_seen_besides(devon: Patient, dana: User) -> None:
    missed(devon, dana)
    go_round(NOW)
    mark(visit(devon, dana, NOW - timedelta(hours=3)), Mark.HERE, by=dana, at=NOW)
    slip = visit(devon, dana, NOW - timedelta(hours=1))
    mark(slip, Mark.HERE, by=dana, at=NOW)
    unmark(slip, by=dana, at=NOW)
    assert not Task.objects.open().exists()


def test_an_excused_absence_asks_for_nothing(devon: Patient, dana: User) -> None:
    absence = missed(devon, dana, reason=Reason.ILL)
    assert absence.excused
    assert go_round(NOW).made == 0


def test_no_ride_is_a_task_in_the_moment_it_is_said(clinic: Clinic, devon: Patient, dana: User) -> None:
    luis = clinic.user(Role.CASE_MANAGER, "Luis")
    clinic.join(devon, luis)
    absence = missed(devon, dana, reason=Reason.TRANSPORT)
    task = Task.objects.get()
    assert (task.what, task.assigned_to) == ("Help Devon with a ride", Practitioner.objects.get(user=luis))
    mark(absence.appointment, Mark.ABSENT, reason=Reason.ILL, by=dana, at=NOW)
    go_round(NOW)
    task.refresh_from_db()
    assert task.ended_words == "Closed by itself: the absence or its reason was corrected."


def test_somebody_new_is_to_be_reached_until_they_are_seen(clinic: Clinic, dana: User) -> None:
    hannah = clinic.patient("Hannah Voss", team=(dana,))
    in_care(hannah, by=dana, since=FRIDAY.date())
    assert go_round(NOW).made == 1
    assert Task.objects.get().due_on == NOW.date()
    mark(visit(hannah, dana, NOW - timedelta(hours=1)), Mark.HERE, by=dana, at=NOW)
    assert not Task.objects.open().exists()


def test_a_critical_answer_stays_until_it_is_followed_up_and_a_worse_one_asks_again(
    clinic: Clinic, devon: Patient, dana: User
) -> None:
    his = clinic.patient_user(devon)
    asked = ask(devon, "phq9", by=dana, at=clock.now())
    begun = answer(asked, "phq9_9", 1, was=Unanswered.YET, by=his, at=clock.now()).response
    assert go_round(NOW).made == 1
    task = Task.objects.get()
    assert (task.is_urgent, task.about) == (True, asked.pk)
    assert go_round(NOW + timedelta(days=30)) == Round(0, 0, 0)
    follow_up(begun, note="Talked with Devon.", deeds=[Deed.REACHED], by=dana, at=clock.now())
    task.refresh_from_db()
    assert (task.status, task.outcome, task.ended_words) == ("completed", "followed-up", "")
    assert go_round(NOW).made == 0
    again = Response.objects.get(pk=asked.pk)
    answer(again, "phq9_9", 3, was=1, by=his, at=clock.now())
    assert go_round(NOW).made == 1
    assert Task.objects.open().get().about == asked.pk


def test_a_plan_review_is_a_task_until_the_plan_is_replaced(
    clinic: Clinic, devon: Patient, dana: User
) -> None:
    clinic.patient_user(devon)
    plan = signed_by_both(devon, by=dana)
    CarePlan.objects.filter(pk=plan.pk).update(review_due_on=NOW.date() + timedelta(days=7))
    assert go_round(NOW).made == 1
    CarePlan.objects.filter(pk=plan.pk).update(review_due_on=NOW.date() + timedelta(days=40))
    assert go_round(NOW).let_go == 1


def test_a_license_that_runs_out_is_for_the_administrator(clinic: Clinic, dana: User) -> None:
    noor = clinic.user(Role.ADMINISTRATOR, "Noor")
    one = License.objects.create(
        practitioner=Practitioner.objects.get(user=dana),
        kind="LCDC",
        number="1",
        state="OH",
        expires_on=NOW.date() + timedelta(days=20),
    )
    assert go_round(NOW).made == 1
    assert [task.what for task in Task.objects.visible_to(noor)] == ["Renew the license of Dana Whitfield"]
    License.objects.filter(pk=one.pk).update(expires_on=NOW.date() + timedelta(days=400))
    assert go_round(NOW).let_go == 1


def test_a_task_falls_to_the_queue_when_its_holder_leaves_the_team(
    clinic: Clinic, devon: Patient, dana: User
) -> None:
    renee = clinic.user(Role.COUNSELOR, "Renee Castillo")
    missed(devon, dana)
    go_round(NOW)
    CareTeamMember.objects.filter(patient=devon).update(expires_at=NOW + timedelta(hours=1))
    assert go_round(NOW).fallen == 0
    assert go_round(NOW + timedelta(hours=2)).fallen == 1
    task = Task.objects.get()
    assert task.handed_over_note == "Dana Whitfield is not on the care team any more."
    assert (task.assigned_to, task.role) == (None, Role.COUNSELOR)
    assert list(Task.objects.visible_to(renee)) == [task]


def test_a_task_falls_to_those_who_answer_for_the_center_when_the_last_in_a_part_goes(
    clinic: Clinic, devon: Patient, dana: User
) -> None:
    bell = clinic.user(Role.CLINICAL_SUPERVISOR, "Marcus Bell")
    missed(devon, dana)
    go_round(NOW)
    Membership.objects.filter(user=dana).update(ended_at=NOW)
    assert go_round(NOW + timedelta(hours=1)).fallen == 1
    task = Task.objects.get()
    assert (task.assigned_to, task.role) == (None, Role.CLINICAL_SUPERVISOR)
    assert list(Task.objects.visible_to(bell)) == [task]


def test_a_rule_never_gives_a_task_to_somebody_who_has_left(
    clinic: Clinic, devon: Patient, dana: User
) -> None:
    clinic.user(Role.COUNSELOR, "Renee Castillo")
    missed(devon, dana)
    Membership.objects.filter(user=dana).update(ended_at=NOW)
    assert go_round(NOW).made == 1
    task = Task.objects.get()
    assert (task.assigned_to, task.role) == (None, Role.COUNSELOR)


def test_a_task_falls_to_the_queue_in_the_act_that_takes_its_holder_off_the_team(
    clinic: Clinic, devon: Patient, dana: User
) -> None:
    clinic.user(Role.COUNSELOR, "Renee Castillo")
    bell = clinic.user(Role.CLINICAL_SUPERVISOR, "Marcus Bell")
    missed(devon, dana)
    go_round(NOW)
    place = CareTeamMember.objects.get(patient=devon, practitioner__user=dana)
    assert Task.objects.get().assigned_to == place.practitioner
    CareTeamMember.objects.filter(pk=place.pk).update(started_on=place.started_on - timedelta(days=3))
    take_off_team(place, because="Works in the evening now", by=bell, at=clock.now())
    task = Task.objects.get()
    assert task.assigned_to is None
    assert task.handed_over_note == "Dana Whitfield is not on the care team any more."
