"""What is done with a plan: begun, written, sent, signed by both, sent back with a wish; and its small steps."""

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from stepwell.care.care_plans import words as in_words
from stepwell.care.care_plans.drafts import GoalText, InterventionText, PlanText, facts_of, text_of
from stepwell.care.care_plans.models import CarePlan, ChangeWish, Goal, Intervention, Step
from stepwell.care.care_plans.rules import life_cycle, reviews
from stepwell.care.care_plans.rules.completeness import Lacking, what_is_lacking
from stepwell.care.care_plans.rules.life_cycle import NotNow, Signer
from stepwell.care.episodes.models import EpisodeOfCare
from stepwell.care.tasks import by_rule
from stepwell.ground.kit.refusals import ChangedMeanwhile, Refused
from stepwell.ground.kit.weeks import Week
from stepwell.trust import audit
from stepwell.trust.access import Permission, require
from stepwell.trust.accounts.models import User
from stepwell.trust.people.models import Patient


class NotReady(Refused):
    """A draft that lacks something; ``lacking`` names everything at once."""

    def __init__(self, lacking: tuple[Lacking, ...]) -> None:
        super().__init__(" ".join(in_words.all_of(lacking)))
        self.lacking = lacking


@transaction.atomic
def begin_plan(patient: Patient, *, by: User, at: datetime) -> CarePlan:
    """Begin the next version of the plan: empty the first time, later from the one in force.

    Where one is being written already, that is the one. Raises Refused for somebody who is not in care.
    """
    require(by, Permission.WRITE_PLAN, patient)
    episode = EpisodeOfCare.objects.open_for(patient)
    if episode is None:
        raise Refused(_("%(name)s is not in care now. Admit first, then plan.") % {"name": patient.called})
    if begun := CarePlan.objects.being_written_for(patient):
        return begun
    before = CarePlan.objects.whole().active_for(patient)
    try:
        with transaction.atomic():
            plan = _begin(episode, before, by=by, at=at)
    except IntegrityError:
        # Somebody began it in the same moment.
        begun = CarePlan.objects.being_written_for(patient)
        if begun is None:
            raise
        return begun
    if before is not None:
        for goal in before.goals.all():
            _copy_goal(goal, to=plan, by=by, at=at)
    audit.record(by=by, did=audit.Did.CREATED, to=plan)
    return plan


def _begin(episode: EpisodeOfCare, before: CarePlan | None, *, by: User, at: datetime) -> CarePlan:
    last = CarePlan.objects.filter(episode=episode).aggregate(Max("number"))["number__max"]
    plan = CarePlan(
        patient=episode.patient,
        episode=episode,
        number=(last or 0) + 1,
        recorded_by=by,
        recorded_at=at,
        changed_by=by,
        changed_at=at,
    )
    if before is not None:
        plan.minutes_a_week = before.minutes_a_week
    plan.save()
    return plan


def _copy_goal(goal: Goal, *, to: CarePlan, by: User, at: datetime) -> None:
    copy = Goal.objects.create(
        patient=to.patient,
        plan=to,
        continues=goal,
        position=goal.position,
        words=goal.words,
        label=goal.label,
        recorded_by=by,
        recorded_at=at,
    )
    for each in goal.interventions.all():
        Intervention.objects.create(
            patient=to.patient,
            goal=copy,
            position=each.position,
            kind=each.kind,
            description=each.description,
            minutes_a_week=each.minutes_a_week,
            recorded_by=by,
            recorded_at=at,
        )


@transaction.atomic
def save_draft(plan: CarePlan, text: PlanText, *, version: int, by: User, at: datetime) -> CarePlan:
    """Make the draft say what was written, whole.

    Raises ChangedMeanwhile when somebody saved after this writer opened it. Saving the same text once more
    is harmless.
    """
    require(by, Permission.WRITE_PLAN, plan.patient)
    plan = _locked(plan)
    if plan.version != version:
        if text_of(plan) == text:
            return plan
        raise ChangedMeanwhile(_("Somebody saved this plan after you opened it. Your words are still here."))
    if not plan.is_draft:
        raise Refused(_("This plan was sent for signatures. Take it back before you change it."))
    _write_goals(plan, text.goals, by=by, at=at)
    plan.minutes_a_week = text.minutes_a_week
    plan.version += 1
    plan.changed_by, plan.changed_at = by, at
    plan.save(update_fields=["minutes_a_week", "version", "changed_by", "changed_at"])
    audit.record(by=by, did=audit.Did.CHANGED, to=plan)
    return _whole(plan)


def _write_goals(plan: CarePlan, goals: tuple[GoalText, ...], *, by: User, at: datetime) -> None:
    known = {goal.id: goal for goal in plan.goals.all()}
    for position, text in enumerate(goals, start=1):
        goal = known.pop(text.id, None) if text.id else None
        if goal is None:
            goal = Goal(plan=plan, patient=plan.patient, recorded_by=by, recorded_at=at)
        kept = list(goal.interventions.all()) if not goal._state.adding else []
        goal.position, goal.words, goal.label = position, text.words, text.label
        goal.save()
        _write_interventions(goal, kept, text.interventions, by=by, at=at)
    for goal in known.values():
        for each in goal.interventions.all():
            each.strike_out(by=by, at=at, because=_TAKEN_OUT)
        goal.strike_out(by=by, at=at, because=_TAKEN_OUT)


#: Kept in the record, not shown: nothing clinical is ever deleted, a row taken out of a draft is struck out.
_TAKEN_OUT = "Taken out of the draft."


def _write_interventions(
    goal: Goal, before: list[Intervention], texts: tuple[InterventionText, ...], *, by: User, at: datetime
) -> None:
    known: dict[UUID, Intervention] = {each.id: each for each in before}
    for position, text in enumerate(texts, start=1):
        row = known.pop(text.id, None) if text.id else None
        if row is None:
            row = Intervention(goal=goal, patient=goal.patient, recorded_by=by, recorded_at=at)
        row.position, row.kind, row.description = position, text.kind, text.description
        row.minutes_a_week = text.minutes_a_week
        row.save()
    for row in known.values():
        row.strike_out(by=by, at=at, because=_TAKEN_OUT)


@transaction.atomic
def send_for_signatures(plan: CarePlan, *, version: int, by: User, at: datetime) -> None:
    """Ask both to sign the plan as it stands. Raises NotReady with everything that it lacks."""
    require(by, Permission.WRITE_PLAN, plan.patient)
    plan = _locked(plan)
    if plan.awaits_signatures and plan.version == version:
        return
    if plan.version != version:
        raise ChangedMeanwhile(_("Somebody saved this plan after you opened it. Look at it again."))
    try:
        standing = life_cycle.after_sending(plan.standing)
    except NotNow:
        raise Refused(_("Only a draft can be sent for signatures.")) from None
    if lacking := what_is_lacking(facts_of(plan)):
        raise NotReady(lacking)
    plan.status = standing.status
    plan.changed_by, plan.changed_at = by, at
    plan.save(update_fields=["status", "changed_by", "changed_at"])
    audit.record(by=by, did=audit.Did.CHANGED, to=plan, because="sent for signatures")


@transaction.atomic
def return_to_draft(plan: CarePlan, *, by: User, at: datetime) -> None:
    """Take a plan back to change it. Signatures given so far were to the words as they were, so they go."""
    require(by, Permission.WRITE_PLAN, plan.patient)
    plan = _locked(plan)
    if plan.is_draft:
        return
    _return(plan, by=by, at=at)
    audit.record(by=by, did=audit.Did.CHANGED, to=plan, because="taken back to the draft")


@transaction.atomic
def ask_to_change(plan: CarePlan, *, words: str, by: User, at: datetime) -> None:
    """The person wants something to be different: their words go with the plan, back to the draft."""
    require(by, Permission.SIGN_OWN_PLAN, plan.patient)
    words = words.strip()
    if not words:
        raise Refused(_("Tell us what you want to change, in a few words."), field="words")
    plan = _locked(plan)
    if plan.is_draft and plan.change_wishes.in_force().filter(words=words, recorded_by=by).exists():
        return
    _return(plan, by=by, at=at)
    ChangeWish.objects.create(patient=plan.patient, plan=plan, words=words, recorded_by=by, recorded_at=at)
    audit.record(by=by, did=audit.Did.ANSWERED, to=plan, because="asked to change the plan")


def _return(plan: CarePlan, *, by: User, at: datetime) -> None:
    try:
        standing = life_cycle.after_returning(plan.standing)
    except NotNow:
        raise Refused(
            _("This plan is not waiting for signatures any more. Look at it as it is now.")
        ) from None
    plan.status = standing.status
    plan.signed_by_patient = plan.signed_by_patient_at = None
    plan.signed_by_clinician = plan.signed_by_clinician_at = None
    plan.changed_by, plan.changed_at = by, at
    plan.save()


@transaction.atomic
def sign_as_clinician(plan: CarePlan, *, version: int, by: User, at: datetime) -> None:
    """The clinician's signature. The plan is in force once the patient has signed as well."""
    require(by, Permission.SIGN_PLAN, plan.patient)
    if plan.patient.user_id == by.pk:
        raise Refused(_("Nobody signs their own plan as the clinician."))
    plan = _locked(plan)
    if plan.signed_by_clinician_id == by.pk:
        return
    _sign(plan, Signer.CLINICIAN, version=version, by=by, at=at)
    audit.record(by=by, did=audit.Did.SIGNED, to=plan)


@transaction.atomic
def sign_as_patient(plan: CarePlan, *, version: int, by: User, at: datetime) -> None:
    """The person's own signature, given from their own sign-in and from nowhere else."""
    require(by, Permission.SIGN_OWN_PLAN, plan.patient)
    plan = _locked(plan)
    if plan.signed_by_patient_id == by.pk:
        return
    _sign(plan, Signer.PATIENT, version=version, by=by, at=at)
    audit.record(by=by, did=audit.Did.SIGNED, to=plan)


def _sign(plan: CarePlan, signer: Signer, *, version: int, by: User, at: datetime) -> None:
    if plan.episode.ended_on is not None:
        raise Refused(_("Care has ended. This plan is not signed any more."))
    # What is signed is what was seen.
    if plan.version != version:
        raise ChangedMeanwhile(_("The plan was changed after you opened it. Read it again, then sign."))
    try:
        standing = life_cycle.after_signing(plan.standing, signer)
    except NotNow:
        raise Refused(_("This plan is not waiting for your signature. Look at it as it is now.")) from None
    if signer is Signer.PATIENT:
        plan.signed_by_patient, plan.signed_by_patient_at = by, at
    else:
        plan.signed_by_clinician, plan.signed_by_clinician_at = by, at
    plan.status = standing.status
    if plan.is_active:
        day = plan.patient.center.day_of(at)
        plan.review_due_on = reviews.DEFAULT.due_after(day, admitted_on=plan.episode.admitted_on)
        _replace_the_one_before(plan, on=day)
        by_rule.reviewed(plan.patient, at=at)
    plan.save()


def _replace_the_one_before(plan: CarePlan, *, on: date) -> None:
    """Only one version is in force; the steps of this week go on under the same goal of the new one."""
    before = CarePlan.objects.in_force().filter(episode=plan.episode_id, status=life_cycle.Status.ACTIVE)
    for replaced in before.select_for_update():
        replaced.status = life_cycle.after_replacing(replaced.standing).status
        replaced.save(update_fields=["status"])
    this_week = Week.of(on).monday
    for goal in plan.goals.exclude(continues=None):
        Step.objects.in_force().filter(goal=goal.continues_id, week_of__gte=this_week).update(goal=goal)


@transaction.atomic
def add_step(goal: Goal, *, words: str, week: Week, by: User, at: datetime) -> Step:
    """A small step toward a goal, for one week. The same step twice is one step."""
    require(by, Permission.WRITE_PLAN, goal.patient)
    words = words.strip()
    if not words:
        raise Refused(_("Write the step in a few words."), field="words")
    if not goal.plan.is_active:
        raise Refused(_("Steps belong to the plan in force. This one is not in force now."), field="words")
    step, is_new = Step.objects.get_or_create(
        goal=goal,
        week_of=week.monday,
        words=words,
        entered_in_error_at=None,
        defaults={"patient": goal.patient, "recorded_by": by, "recorded_at": at},
    )
    if is_new:
        audit.record(by=by, did=audit.Did.CREATED, to=step)
    return step


@transaction.atomic
def check_off(step: Step, *, done: bool, by: User, at: datetime) -> None:
    """The person says that a step is done, or that it is not after all."""
    require(by, Permission.SIGN_OWN_PLAN, step.patient)
    step = Step.objects.select_for_update().get(pk=step.pk)
    if bool(step.done_on) is done:
        return
    step.done_on = step.patient.center.day_of(at) if done else None
    step.save(update_fields=["done_on"])
    audit.record(by=by, did=audit.Did.ANSWERED, to=step)


def _locked(plan: CarePlan) -> CarePlan:
    CarePlan.objects.select_for_update().get(pk=plan.pk)
    return _whole(plan)


def _whole(plan: CarePlan) -> CarePlan:
    return CarePlan.objects.whole().get(pk=plan.pk)
