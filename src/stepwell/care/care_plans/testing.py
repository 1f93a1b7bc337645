"""A person in care, and a plan at any point of its life, for tests of this room and of those above it."""

from datetime import date, datetime, timedelta

from stepwell.care.care_plans import actions
from stepwell.care.care_plans.drafts import GoalText, InterventionText, PlanText
from stepwell.care.care_plans.models import CarePlan, Intervention
from stepwell.care.episodes.levels import LevelOfCare
from stepwell.care.episodes.models import EpisodeOfCare, LevelOfCarePeriod
from stepwell.ground.kit import clock
from stepwell.trust.accounts.models import User
from stepwell.trust.people.models import Patient

LEOS_GAMES = "Be at every one of Leo's games, and remember them."

SKILLS = InterventionText(Intervention.Kind.GROUP, "Skills group, Monday and Wednesday", 480)
ONE_TO_ONE = InterventionText(Intervention.Kind.INDIVIDUAL, "Session with Dana", 60)
FIRST_PLAN = PlanText(540, (GoalText(LEOS_GAMES, "Leo's games", (SKILLS, ONE_TO_ONE)),))


def in_care(
    patient: Patient,
    *,
    by: User,
    since: date | None = None,
    level: LevelOfCare = LevelOfCare.INTENSIVE_OUTPATIENT,
) -> EpisodeOfCare:
    """An open episode of care at one level; admitted 34 days ago, unless said otherwise."""
    since = since or clock.today(patient.center.time_zone) - timedelta(days=34)
    episode = EpisodeOfCare.objects.create(
        patient=patient, center=patient.center, admitted_on=since, recorded_by=by
    )
    LevelOfCarePeriod.objects.create(
        patient=patient, episode=episode, level=level, starts_on=since, because="Needs", recorded_by=by
    )
    return episode


def draft(patient: Patient, *, by: User, text: PlanText = FIRST_PLAN) -> CarePlan:
    plan = actions.begin_plan(patient, by=by, at=clock.now())
    return actions.save_draft(plan, text, version=plan.version, by=by, at=clock.now())


def sent(patient: Patient, *, by: User, text: PlanText = FIRST_PLAN) -> CarePlan:
    plan = draft(patient, by=by, text=text)
    actions.send_for_signatures(plan, version=plan.version, by=by, at=clock.now())
    return reread(plan)


def signed_by_both(
    patient: Patient, *, by: User, text: PlanText = FIRST_PLAN, at: datetime | None = None
) -> CarePlan:
    """A plan in force. The patient needs a sign-in of their own."""
    plan = sent(patient, by=by, text=text)
    assert patient.user is not None
    actions.sign_as_clinician(plan, version=plan.version, by=by, at=at or clock.now())
    actions.sign_as_patient(plan, version=plan.version, by=patient.user, at=at or clock.now())
    return reread(plan)


def reread(plan: CarePlan) -> CarePlan:
    return CarePlan.objects.whole().get(pk=plan.pk)
