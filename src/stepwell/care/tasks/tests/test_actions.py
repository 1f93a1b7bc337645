from datetime import timedelta
from threading import Barrier as Gate
from threading import Thread
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from stepwell.care.tasks import actions, by_rule
from stepwell.care.tasks.models import Task
from stepwell.care.tasks.rules.making import Barrier, RuleId, Wanted
from stepwell.care.tasks.testing import asked, by_a_rule
from stepwell.config.testing.fixtures import FreshDatabase
from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import ChangedMeanwhile, Refused
from stepwell.trust.access import Forbidden
from stepwell.trust.accounts.models import User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit.models import AuditEvent
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.people.models import CareTeamMember, Patient, Practitioner
from stepwell.trust.people.testing import Clinic, open_clinic

NOW = clock.now


def practitioner(user: User) -> Practitioner:
    return Practitioner.objects.get(user=user)


def test_dana_asks_luis_and_he_finds_it(maya: Patient, dana: User, luis: User) -> None:
    task = asked(maya, by=dana, to=practitioner(luis), role=Role.CASE_MANAGER)
    assert list(Task.objects.visible_to(luis)) == [task]
    assert (
        AuditEvent.objects.filter(did="created", to_id=task.pk, by_id=dana.pk, patient_id=maya.pk).count()
        == 1
    )


def test_a_task_says_what_why_and_a_day_to_come(maya: Patient, dana: User) -> None:
    good = {"what": "Call", "why": "She asked.", "role": Role.COUNSELOR, "to": None, "due_on": NOW().date()}
    for wrong, field in (
        ({"what": "  "}, "what"),
        ({"why": ""}, "why"),
        ({"due_on": NOW().date() - timedelta(days=1)}, "due_on"),
        ({"role": Role.PRESCRIBER}, "to"),
        ({"to": practitioner(dana), "role": Role.CASE_MANAGER}, "to"),
    ):
        with pytest.raises(Refused) as refusal:
            actions.ask(maya, **(good | wrong), by=dana, at=NOW())  # type: ignore[arg-type]
        assert refusal.value.field == field
    assert not Task.objects.exists()


def test_a_barrier_goes_to_the_case_manager_once(maya: Patient, dana: User, luis: User) -> None:
    first = actions.ask_for_help(maya, barrier=Barrier.TRANSPORT, by=dana, at=NOW())
    again = actions.ask_for_help(maya, barrier=Barrier.TRANSPORT, by=dana, at=NOW())
    assert first == again
    assert first.assigned_to == practitioner(luis)
    assert first.what == "Help Maya with a ride"
    assert Task.objects.count() == 1


def test_without_a_case_manager_on_the_team_it_lies_in_their_queue(clinic: Clinic, dana: User) -> None:
    rosa = clinic.patient("Rosa Marín", team=(dana,))
    other = clinic.user(Role.CASE_MANAGER, "Ines Cole")
    task = actions.ask_for_help(rosa, barrier=Barrier.CHILDCARE, by=dana, at=NOW())
    assert (task.assigned_to, task.role) == (practitioner(dana), Role.COUNSELOR)
    CareTeamMember.objects.update(ended_on=clinic.today)
    queued = by_a_rule(rosa, RuleId.BARRIER, barrier=Barrier.WORK)
    assert (queued.assigned_to, queued.role) == (None, Role.CASE_MANAGER)
    assert list(Task.objects.visible_to(other)) == [queued]
    taken = actions.take(queued, by=other, at=NOW())
    assert (taken.assigned_to, taken.status) == (practitioner(other), Task.Status.ACCEPTED)
    assert list(Task.objects.visible_to(other)) == [queued]


def test_done_says_what_happened_and_twice_is_harmless(maya: Patient, dana: User) -> None:
    task = asked(maya, by=dana, to=practitioner(dana))
    with pytest.raises(Refused) as refusal:
        actions.complete(task, outcome="", words="x", by=dana, at=NOW())
    assert refusal.value.field == "outcome"
    with pytest.raises(Refused) as refusal:
        actions.complete(task, outcome="done", words=" ", by=dana, at=NOW())
    assert refusal.value.field == "words"
    for _click in range(2):
        actions.complete(task, outcome="reached", words="She comes on Tuesday.", by=dana, at=NOW())
    task.refresh_from_db()
    assert (task.status, task.ended_by, task.outcome) == ("completed", dana, "reached")
    assert AuditEvent.objects.filter(did="ended", to_id=task.pk).count() == 1


def test_the_second_of_two_is_told_who_was_first(maya: Patient, dana: User, luis: User) -> None:
    task = asked(maya, by=dana, to=practitioner(dana))
    actions.complete(task, outcome="reached", words="", by=dana, at=NOW())
    with pytest.raises(ChangedMeanwhile, match="Dana Whitfield ended this task: reached them"):
        actions.complete(task, outcome="message", words="", by=luis, at=NOW())


def test_a_try_keeps_it_open_and_says_when_it_is_tried_again(maya: Patient, dana: User) -> None:
    task = asked(maya, by=dana)
    tomorrow = NOW().date() + timedelta(days=1)
    tried = actions.note_try(task, words="No answer.", due_on=tomorrow, by=dana, at=NOW())
    assert (tried.status, tried.tries, tried.due_on) == (Task.Status.IN_PROGRESS, 1, tomorrow)
    assert tried.assigned_to == practitioner(dana)
    with pytest.raises(Refused):
        actions.note_try(task, words="", due_on=tomorrow, by=dana, at=NOW())


def test_an_end_is_taken_back_by_who_made_it_for_ten_minutes(maya: Patient, dana: User, luis: User) -> None:
    task = asked(maya, by=dana, to=practitioner(dana))
    actions.call_off(task, because="Twice.", by=dana, at=NOW())
    with pytest.raises(Refused, match="Only whoever"):
        actions.take_back(task, by=luis, at=NOW())
    with pytest.raises(Refused, match="10 minutes"):
        actions.take_back(task, by=dana, at=NOW() + timedelta(minutes=11))
    assert actions.take_back(task, by=dana, at=NOW() + timedelta(minutes=9)).is_open


def test_handed_over_with_a_note(maya: Patient, dana: User, luis: User) -> None:
    task = asked(maya, by=dana, to=practitioner(dana))
    with pytest.raises(Refused) as refusal:
        actions.hand_over(task, to=practitioner(luis), role=Role.CASE_MANAGER, note="", by=dana, at=NOW())
    assert refusal.value.field == "note"
    given = actions.hand_over(
        task, to=practitioner(luis), role=Role.CASE_MANAGER, note="The bus again.", by=dana, at=NOW()
    )
    assert (given.assigned_to, given.handed_over_from) == (practitioner(luis), practitioner(dana))
    assert given.status == Task.Status.REQUESTED


def test_whoever_was_not_given_it_and_is_not_on_the_team_may_not(
    clinic: Clinic, maya: Patient, dana: User
) -> None:
    task = asked(maya, by=dana, to=practitioner(dana))
    stranger = clinic.user(Role.NURSE, "Joel")
    assert not Task.objects.visible_to(stranger).exists()
    for act in (
        lambda: actions.take(task, by=stranger, at=NOW()),
        lambda: actions.complete(task, outcome="reached", words="", by=stranger, at=NOW()),
        lambda: actions.call_off(task, because="x", by=stranger, at=NOW()),
    ):
        with pytest.raises(Forbidden):
            act()


def test_a_task_about_nobody_is_seen_by_who_asked_and_who_was_asked(
    clinic: Clinic, dana: User, luis: User
) -> None:
    desk = clinic.user(Role.FRONT_DESK, "Sam")
    task = actions.ask_of_the_office(
        clinic.center,
        what="Order forms",
        why="Ten left.",
        role=Role.FRONT_DESK,
        to=None,
        due_on=NOW().date(),
        by=dana,
        at=NOW(),
    )
    assert list(Task.objects.visible_to(desk)) == [task]
    assert list(Task.objects.visible_to(dana)) == [task]
    assert not Task.objects.visible_to(luis).exists()


def test_an_administrator_is_given_nothing_that_says_who_is_in_care(
    clinic: Clinic, maya: Patient, dana: User
) -> None:
    boss = clinic.user(Role.ADMINISTRATOR, "Noor")
    asked(maya, by=dana, role=Role.ADMINISTRATOR)
    assert not Task.objects.visible_to(boss).exists()


# Rules


def test_a_rule_run_twice_makes_one(maya: Patient, dana: User) -> None:
    task = by_a_rule(maya)
    assert task.assigned_to == practitioner(dana)
    again = Wanted(RuleId.MISSED, "one", "Reach Maya", "Friday.", task.due_on)
    assert by_rule.make(again, patient=maya, center=maya.center, at=NOW()) is None
    actions.complete(task, outcome="reached", words="", by=dana, at=NOW())
    assert by_rule.make(again, patient=maya, center=maya.center, at=NOW()) is None
    assert Task.objects.count() == 1


def test_a_task_is_let_go_with_a_reason_and_a_critical_one_never(maya: Patient, dana: User) -> None:
    task = by_a_rule(maya)
    assert by_rule.let_go(task, because="Maya came on Monday.", at=NOW())
    task.refresh_from_db()
    assert task.ended_words == "Closed by itself: Maya came on Monday."
    critical = by_a_rule(maya, RuleId.CRITICAL_ANSWER, is_urgent=True)
    assert not by_rule.let_go(critical, because="x", at=NOW())
    for row in (critical, asked(maya, by=dana)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Task.objects.filter(pk=row.pk).update(status="cancelled", ended_at=NOW(), ended_words="by itself")


def test_a_critical_answer_is_followed_up_where_the_answers_are(maya: Patient, dana: User) -> None:
    answer = uuid4()
    task = by_a_rule(maya, RuleId.CRITICAL_ANSWER, is_urgent=True, about=answer)
    with pytest.raises(Refused, match="Read the answers"):
        actions.complete(task, outcome="reached", words="", by=dana, at=NOW())
    actions.followed_up(maya, response_id=answer, by=dana, at=NOW())
    task.refresh_from_db()
    assert (task.status, task.outcome, task.ended_by) == ("completed", "followed-up", dana)
    with pytest.raises(Refused):
        actions.take_back(task, by=dana, at=NOW())


def test_a_task_falls_to_the_queue_and_says_so(clinic: Clinic, maya: Patient, dana: User) -> None:
    other = clinic.user(Role.COUNSELOR, "Bell Osei")
    task = by_a_rule(maya)
    assert by_rule.fall_to_the_queue(task, because="Dana is not on the team any more.", at=NOW())
    task.refresh_from_db()
    assert (task.assigned_to, task.handed_over_from, task.handed_over_by) == (None, practitioner(dana), None)
    assert list(Task.objects.visible_to(other)) == [task]


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "completed"},
        {"status": "completed", "ended_at": True, "outcome": "reached"},
        {"status": "accepted", "assigned_to": None},
        {"what": ""},
        {"outcome": "reached"},
        {"occasion": "x"},
        {"handed_over_at": True},
        {"tries": 1},
    ],
)
def test_the_database_refuses_a_task_that_is_half_said(
    maya: Patient, dana: User, wrong: dict[str, object]
) -> None:
    task = asked(maya, by=dana, to=practitioner(dana))
    given = {name: NOW() if value is True else value for name, value in wrong.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.filter(pk=task.pk).update(**given)


def test_two_workers_at_once_make_one(fresh_database: FreshDatabase) -> None:
    with fresh_database():
        with open_clinic() as clinic:
            dana = clinic.user(Role.COUNSELOR, "Dana Whitfield")
            maya = clinic.patient("Maya Reyes", team=(dana,))
            organization = clinic.organization.pk
        gate, made = Gate(2), []

        def run() -> None:
            try:
                with acting_in(organization):
                    wanted = Wanted(RuleId.MISSED, "one", "Reach Maya", "Friday.", NOW().date())
                    patient = Patient.objects.select_related("center").get(pk=maya.pk)
                    gate.wait(10)
                    made.append(by_rule.make(wanted, patient=patient, center=patient.center, at=NOW()))
            finally:
                connection.close()

        threads = [Thread(target=run) for _n in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [one is None for one in made].count(False) == 1
        with acting_in(organization):
            assert Task.objects.count() == 1
