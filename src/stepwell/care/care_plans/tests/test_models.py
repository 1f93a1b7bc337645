"""The database keeps the promises, whoever asks and however."""

import pytest
from django.db import DatabaseError, transaction

from stepwell.care.care_plans.models import CarePlan, Goal, Intervention
from stepwell.care.care_plans.rules.life_cycle import Status
from stepwell.care.care_plans.testing import draft, sent, signed_by_both
from stepwell.ground.kit import clock


def refuses(change):
    with pytest.raises(DatabaseError), transaction.atomic():
        change()


@pytest.mark.parametrize("stage", [sent, signed_by_both])
def test_the_words_of_a_plan_that_left_its_draft_do_not_change(maya, dana, stage):
    plan = stage(maya, by=dana)
    goal = plan.goals.get()
    refuses(lambda: Goal.objects.filter(plan=plan).update(words="Other words."))
    refuses(lambda: Intervention.objects.filter(goal=goal).update(minutes_a_week=0))
    refuses(lambda: CarePlan.objects.filter(pk=plan.pk).update(minutes_a_week=60))
    refuses(
        lambda: Goal.objects.create(
            patient=maya, plan=plan, words="One more.", label="More", recorded_by=dana
        )
    )
    refuses(
        lambda: Intervention.objects.create(
            patient=maya, goal=goal, kind=Intervention.Kind.PEER, description="Calls", recorded_by=dana
        )
    )


def test_a_signature_in_force_stays(maya, dana):
    plan = signed_by_both(maya, by=dana)
    signed = CarePlan.objects.filter(pk=plan.pk)
    refuses(lambda: signed.update(signed_by_clinician=maya.user))
    refuses(lambda: signed.update(signed_by_patient=None, signed_by_patient_at=None))


@pytest.mark.parametrize("status", [Status.DRAFT, Status.AWAITING_SIGNATURES])
def test_a_plan_in_force_does_not_go_back(maya, dana, status):
    plan = signed_by_both(maya, by=dana)
    refuses(lambda: CarePlan.objects.filter(pk=plan.pk).update(status=status))


def test_no_plan_is_in_force_without_both_signatures(maya, dana):
    plan = sent(maya, by=dana)
    waiting = CarePlan.objects.filter(pk=plan.pk)
    refuses(lambda: waiting.update(status=Status.ACTIVE))
    refuses(
        lambda: waiting.update(
            status=Status.ACTIVE, signed_by_patient=maya.user, signed_by_patient_at=clock.now()
        )
    )


def test_nobody_signs_a_draft(maya, dana):
    plan = draft(maya, by=dana)
    refuses(
        lambda: CarePlan.objects.filter(pk=plan.pk).update(
            signed_by_clinician=dana, signed_by_clinician_at=clock.now()
        )
    )


def test_one_plan_is_in_force_and_one_is_being_written(maya, dana):
    plan = signed_by_both(maya, by=dana)
    twin = {"patient": maya, "episode": plan.episode, "recorded_by": dana}
    CarePlan.objects.create(number=2, **twin)
    refuses(lambda: CarePlan.objects.create(number=3, **twin))


def test_a_plan_is_not_deleted(maya, dana):
    plan = draft(maya, by=dana)
    refuses(lambda: CarePlan.objects.filter(pk=plan.pk).delete())
