"""A plan goes from a draft to signed by both, and each step checks, changes and leaves a trace together."""

from dataclasses import replace
from datetime import date

import pytest

from stepwell.care.care_plans import actions
from stepwell.care.care_plans.drafts import text_of
from stepwell.care.care_plans.models import CarePlan, Goal, Intervention, Step
from stepwell.care.care_plans.rules.completeness import Lack
from stepwell.care.care_plans.rules.life_cycle import Status
from stepwell.care.care_plans.testing import (
    FIRST_PLAN,
    LEOS_GAMES,
    ONE_TO_ONE,
    draft,
    reread,
    sent,
    signed_by_both,
)
from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import ChangedMeanwhile, Refused
from stepwell.ground.kit.weeks import Week
from stepwell.trust.access import Forbidden
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit.models import AuditEvent

NOW = clock.now
THIS_WEEK = Week(date(2026, 11, 23))
SLEEP = replace(
    FIRST_PLAN.goals[0], words="Sleep without a drink.", label="Sleep", interventions=(ONE_TO_ONE,)
)


def test_a_draft_says_what_was_written(maya, dana):
    assert text_of(draft(maya, by=dana)) == FIRST_PLAN


def test_a_plan_is_begun_once(maya, dana):
    assert actions.begin_plan(maya, by=dana, at=NOW()) == actions.begin_plan(maya, by=dana, at=NOW())
    assert AuditEvent.objects.filter(did="created", patient_id=maya.id).count() == 1


def test_somebody_not_in_care_has_no_plan(clinic, dana):
    wendell = clinic.patient("Wendell Price", team=(dana,))
    with pytest.raises(Refused, match="Wendell is not in care now"):
        actions.begin_plan(wendell, by=dana, at=NOW())


def test_who_is_not_on_the_care_team_writes_no_plan(clinic, maya):
    renee = clinic.user(Role.COUNSELOR, "Renee Castillo")
    with pytest.raises(Forbidden):
        actions.begin_plan(maya, by=renee, at=NOW())


def test_a_row_taken_out_of_a_draft_stays_in_the_record_struck_out(maya, dana):
    plan = draft(maya, by=dana, text=replace(FIRST_PLAN, goals=(*FIRST_PLAN.goals, SLEEP)))
    kept = replace(text_of(plan), goals=text_of(plan).goals[:1])
    plan = actions.save_draft(plan, kept, version=plan.version, by=dana, at=NOW())
    assert [goal.label for goal in plan.goals.all()] == ["Leo's games"]
    taken_out = Goal.objects.get(label="Sleep")
    assert taken_out.entered_in_error_reason == "Taken out of the draft."
    assert Intervention.objects.filter(goal=taken_out).get().entered_in_error_at


def test_the_second_writer_is_told_and_nothing_of_the_first_is_lost(maya, dana):
    plan = draft(maya, by=dana)
    seen = plan.version
    actions.save_draft(plan, replace(text_of(plan), minutes_a_week=600), version=seen, by=dana, at=NOW())
    with pytest.raises(ChangedMeanwhile):
        actions.save_draft(plan, replace(text_of(plan), minutes_a_week=480), version=seen, by=dana, at=NOW())
    assert reread(plan).minutes_a_week == 600


def test_saving_the_same_twice_is_harmless(maya, dana):
    plan = draft(maya, by=dana)
    actions.save_draft(plan, text_of(plan), version=plan.version - 1, by=dana, at=NOW())
    assert reread(plan).version == plan.version


def test_a_draft_that_lacks_something_is_not_sent(maya, dana):
    plan = actions.begin_plan(maya, by=dana, at=NOW())
    with pytest.raises(actions.NotReady, match="Add at least one goal, in their own words") as refusal:
        actions.send_for_signatures(plan, version=plan.version, by=dana, at=NOW())
    assert [each.lack for each in refusal.value.lacking] == [Lack.NO_GOAL]
    assert reread(plan).status == Status.DRAFT


def test_a_plan_sent_for_signatures_is_not_written_in(maya, dana):
    plan = sent(maya, by=dana)
    with pytest.raises(Refused, match="Take it back before you change it"):
        actions.save_draft(plan, FIRST_PLAN, version=plan.version, by=dana, at=NOW())


@pytest.mark.parametrize("patient_first", [True, False])
def test_both_sign_in_either_order_and_the_plan_is_in_force(maya, dana, patient_first):
    plan = sent(maya, by=dana)
    assert CarePlan.objects.active_for(maya) is None
    signatures = [
        lambda: actions.sign_as_clinician(plan, version=plan.version, by=dana, at=NOW()),
        lambda: actions.sign_as_patient(plan, version=plan.version, by=maya.user, at=NOW()),
    ]
    for sign in reversed(signatures) if patient_first else signatures:
        sign()
    in_force = CarePlan.objects.active_for(maya)
    assert in_force == plan
    assert (in_force.signed_by_patient, in_force.signed_by_clinician) == (maya.user, dana)
    assert in_force.review_due_on == date(2026, 12, 23)  # Day 34 of care: the clock is 30 days.


def test_signing_twice_is_harmless(maya, dana):
    plan = sent(maya, by=dana)
    for _again in range(2):
        actions.sign_as_patient(plan, version=plan.version, by=maya.user, at=NOW())
    assert AuditEvent.objects.filter(did="signed", to_id=plan.id).count() == 1


def test_what_is_signed_is_what_was_seen(maya, dana):
    plan = sent(maya, by=dana)
    seen = plan.version
    actions.return_to_draft(plan, by=dana, at=NOW())
    plan = actions.save_draft(
        plan, replace(text_of(plan), minutes_a_week=600), version=seen, by=dana, at=NOW()
    )
    actions.send_for_signatures(plan, version=plan.version, by=dana, at=NOW())
    with pytest.raises(ChangedMeanwhile):
        actions.sign_as_patient(plan, version=seen, by=maya.user, at=NOW())


def test_the_patient_does_not_sign_as_the_clinician(clinic, maya, dana):
    plan = sent(maya, by=dana)
    with pytest.raises(Forbidden):
        actions.sign_as_clinician(plan, version=plan.version, by=maya.user, at=NOW())
    with pytest.raises(Forbidden):
        actions.sign_as_patient(plan, version=plan.version, by=dana, at=NOW())


def test_a_wish_for_change_goes_back_to_the_draft_with_the_persons_words(maya, dana):
    plan = sent(maya, by=dana)
    actions.sign_as_clinician(plan, version=plan.version, by=dana, at=NOW())
    for _again in range(2):
        actions.ask_to_change(plan, words="Not Thursdays, I work.", by=maya.user, at=NOW())
    plan = reread(plan)
    assert plan.status == Status.DRAFT
    assert plan.signed_by_clinician is None
    assert [wish.words for wish in plan.change_wishes.all()] == ["Not Thursdays, I work."]


def test_a_wish_without_words_is_asked_for(maya, dana):
    with pytest.raises(Refused, match="Tell us what you want to change") as refusal:
        actions.ask_to_change(sent(maya, by=dana), words=" ", by=maya.user, at=NOW())
    assert refusal.value.field == "words"


def test_a_new_version_copies_the_goals_and_replaces_the_old_one_when_both_have_signed(maya, dana):
    first = signed_by_both(maya, by=dana)
    second = reread(actions.begin_plan(maya, by=dana, at=NOW()))
    assert (second.number, text_of(second)) == (2, FIRST_PLAN)
    assert second.goals.get().continues == first.goals.get()
    actions.send_for_signatures(second, version=second.version, by=dana, at=NOW())
    actions.sign_as_patient(second, version=second.version, by=maya.user, at=NOW())
    assert CarePlan.objects.active_for(maya) == first
    actions.sign_as_clinician(second, version=second.version, by=dana, at=NOW())
    assert CarePlan.objects.active_for(maya) == second
    assert reread(first).status == Status.REPLACED


def test_the_steps_of_this_week_go_on_under_the_same_goal_of_the_new_version(maya, dana):
    first = signed_by_both(maya, by=dana)
    last_week = actions.add_step(
        first.goals.get(), words="Tell Ana", week=THIS_WEEK.before, by=dana, at=NOW()
    )
    step = actions.add_step(first.goals.get(), words="Tell Ana", week=THIS_WEEK, by=dana, at=NOW())
    second = signed_by_both(maya, by=dana, text=text_of(reread(actions.begin_plan(maya, by=dana, at=NOW()))))
    step.refresh_from_db()
    last_week.refresh_from_db()
    assert step.goal == second.goals.get()
    assert last_week.goal == first.goals.get()


def test_the_same_step_twice_is_one_step(maya, dana):
    goal = signed_by_both(maya, by=dana).goals.get()
    for _again in range(2):
        actions.add_step(goal, words="Tell Ana the plan for Thursday", week=THIS_WEEK, by=dana, at=NOW())
    assert Step.objects.count() == 1


def test_a_step_belongs_to_a_plan_in_force(maya, dana):
    goal = draft(maya, by=dana).goals.get()
    with pytest.raises(Refused, match="not in force"):
        actions.add_step(goal, words="Tell Ana", week=THIS_WEEK, by=dana, at=NOW())


def test_the_person_checks_a_step_off_and_on(maya, dana):
    goal = signed_by_both(maya, by=dana).goals.get()
    step = actions.add_step(goal, words="Tell Ana", week=THIS_WEEK, by=dana, at=NOW())
    actions.check_off(step, done=True, by=maya.user, at=NOW())
    step.refresh_from_db()
    assert step.done_on == date(2026, 11, 23)
    actions.check_off(step, done=False, by=maya.user, at=NOW())
    step.refresh_from_db()
    assert step.done_on is None
    with pytest.raises(Forbidden):
        actions.check_off(step, done=True, by=dana, at=NOW())


def test_the_goal_keeps_the_persons_own_words(maya, dana):
    assert str(signed_by_both(maya, by=dana).goals.get()) == LEOS_GAMES
